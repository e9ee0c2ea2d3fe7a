package it.snodo.certificate;

import it.snodo.certificate.CertificateRequest.Encounter;
import it.snodo.registry.Azienda;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Structure;
import it.snodo.registry.Unit;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Finds the azienda that a certificate belongs to: the one the encounter names, else the one the sender's facility code
 * names (azienda or structure), else the one of the structure, else the one of the unit.
 */
@Component
class AziendaResolver {

    private final CodeTables tables;

    AziendaResolver(CodeTables tables) {
        this.tables = tables;
    }

    /** The azienda; empty when nothing in the request names one. */
    Optional<Azienda> find(CertificateRequest request) {
        Encounter encounter = request.encounter();
        if (encounter != null && encounter.azienda() != null) {
            return tables.azienda(encounter.azienda());
        }
        String facility = request.sender() == null ? null : request.sender().facilityCode();
        return tables.azienda(facility)
                .or(() -> structure(request).flatMap(structure -> tables.azienda(structure.azienda())))
                .or(() -> unit(request).flatMap(unit -> tables.azienda(unit.azienda())));
    }

    /** The structure that the encounter names, else the one that the sender's code names, else the unit's. */
    Optional<Structure> structure(CertificateRequest request) {
        String named = request.encounter() == null ? null : request.encounter().structureCode();
        if (named != null) {
            return tables.structure(named);
        }
        String facility = request.sender() == null ? null : request.sender().facilityCode();
        Optional<Structure> ofSender =
                tables.azienda(facility).isPresent() ? Optional.empty() : tables.structure(facility);
        return ofSender.or(() -> unit(request).flatMap(unit -> tables.structure(unit.structure())));
    }

    Optional<Unit> unit(CertificateRequest request) {
        return request.encounter() == null
                ? Optional.empty()
                : tables.unit(request.encounter().unitCode());
    }
}
