package it.snodo.certificate;

import static it.snodo.fault.SnodoCode.CODE_UNKNOWN;
import static it.snodo.fault.SnodoCode.FIELD_MALFORMED;
import static it.snodo.fault.SnodoCode.FIELD_MISSING;
import static it.snodo.fault.SnodoCode.NOT_ALLOWED_TOGETHER;
import static it.snodo.registry.Identifiers.quoted;

import it.snodo.certificate.CertificateRequest.Encounter;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.regex.Pattern;

/** Where and when: the episode, the azienda it belongs to, the visit. */
final class EncounterRules {

    private static final Set<String> KINDS = Set.of("O", "I", "E");
    private static final Pattern STRUCTURE = Pattern.compile("[A-Z0-9]{6,8}");

    private final AziendaResolver aziende;
    private final CertificateDays days;

    EncounterRules(AziendaResolver aziende, CertificateDays days) {
        this.aziende = aziende;
        this.days = days;
    }

    void check(CertificateRequest request, Findings found) {
        Encounter encounter = request.encounter();
        if (encounter != null) {
            if (encounter.kind() != null && !KINDS.contains(encounter.kind())) {
                found.add(
                        CODE_UNKNOWN,
                        "encounter.kind",
                        "Il tipo di episodio " + quoted(encounter.kind())
                                + " non è ammesso: usare O (ambulatoriale), I (ricovero) o E (pronto soccorso).");
            }
            if (encounter.start() != null) {
                notInTheFuture("encounter.start", "L'inizio dell'episodio", encounter.start(), found);
            }
            if (encounter.start() != null
                    && encounter.end() != null
                    && !found.has("encounter.start")
                    && encounter.end().isBefore(encounter.start())) {
                found.add(
                        NOT_ALLOWED_TOGETHER,
                        "encounter.end",
                        "La fine dell'episodio (" + days.moment(encounter.end()) + ") precede l'inizio ("
                                + days.moment(encounter.start()) + ").");
            }
            if (encounter.structureCode() != null
                    && !STRUCTURE.matcher(encounter.structureCode()).matches()) {
                found.add(
                        FIELD_MALFORMED,
                        "encounter.structureCode",
                        "Il codice di struttura " + quoted(encounter.structureCode())
                                + " non è valido: un codice HSP.11 o STS.11 ha da 6 a 8 lettere o cifre.");
            }
            PersonRules.telecom("encounter.unitTelecom", encounter.unitTelecom(), found);
        }
        if (!found.ofAnnulment() || encounter != null && encounter.azienda() != null) {
            azienda(request, found);
        }
        visit(request, found);
    }

    private void azienda(CertificateRequest request, Findings found) {
        if (aziende.find(request).isPresent()) {
            return;
        }
        String named = request.encounter() == null ? null : request.encounter().azienda();
        String facility = request.sender() == null ? null : request.sender().facilityCode();
        if (named != null) {
            found.add(
                    CODE_UNKNOWN,
                    "encounter.azienda",
                    "L'azienda " + quoted(named)
                            + " non è in tabella: usare le 6 cifre di regione e azienda, per esempio 010301.");
        } else if (facility != null) {
            found.add(
                    CODE_UNKNOWN,
                    "sender.facilityCode",
                    "Il codice " + quoted(facility)
                            + " della struttura mittente non è né un'azienda né una struttura in tabella, e il resto"
                            + " della richiesta non permette di risalire all'azienda: usare le 6 cifre di regione e"
                            + " azienda, per esempio 010301.");
        } else {
            found.add(
                    FIELD_MISSING,
                    "encounter.azienda",
                    "Manca l'azienda sanitaria: indicarla nell'episodio o nel codice della struttura mittente, con le 6"
                            + " cifre di regione e azienda, per esempio 010301.");
        }
    }

    private void visit(CertificateRequest request, Findings found) {
        if (request.visitTime() != null) {
            notInTheFuture("visitTime", "La visita", request.visitTime(), found);
        } else {
            found.needed("visitTime");
        }
    }

    private void notInTheFuture(String path, String what, OffsetDateTime time, Findings found) {
        if (days.inTheFuture(time)) {
            found.add(FIELD_MALFORMED, path, what + " risulta nel futuro: " + days.moment(time) + ".");
        }
    }
}
