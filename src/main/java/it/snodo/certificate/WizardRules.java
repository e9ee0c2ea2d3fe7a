package it.snodo.certificate;

import static it.snodo.fault.SnodoCode.CODE_NOT_COHERENT;
import static it.snodo.fault.SnodoCode.FIELD_MISSING;
import static it.snodo.registry.Identifiers.quoted;

import it.snodo.certificate.CertificateRequest.Code;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Exemption;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What a doctor fills in himself (seed 000, "Inserisci tipologia": all fields are mandatory). Beside what every request must
 * say: the diagnosis, also where the exemption needs none, leggi speciali, unità produttiva, regime, and for a minor
 * oscurato al genitore.
 */
final class WizardRules {

    private final CodeTables tables;
    private final CertificateDays days;

    WizardRules(CodeTables tables, CertificateDays days) {
        this.tables = tables;
        this.days = days;
    }

    /** To be called after the others, whose reasons say more. */
    void check(CertificateRequest request, Findings found) {
        if (found.ofAnnulment()) {
            return;
        }
        diagnosis(request, found);
        if (request.specialLaws() == null) {
            found.add(
                    FIELD_MISSING,
                    "specialLaws",
                    "Manca l'indicazione «leggi speciali» (art. 5 DM 178/2015): è un dato obbligatorio, true o false.");
        }
        if (request.encounter() == null || request.encounter().unitCode() == null) {
            found.missing("encounter.unitCode");
        }
        if (request.regime() == null) {
            found.missing("regime");
        }
        if (request.obscuredToParent() == null && isMinor(request, found)) {
            found.add(
                    FIELD_MISSING,
                    "obscuredToParent",
                    "Manca l'indicazione «oscurato al genitore»: per un minorenne è un dato obbligatorio, true o false.");
        }
    }

    private void diagnosis(CertificateRequest request, Findings found) {
        if (request.diagnosis() == null || request.diagnosis().code() == null) {
            found.add(
                    FIELD_MISSING,
                    "diagnosis.code",
                    "Manca il codice della diagnosi: è un dato obbligatorio. Per un'esenzione che non ha diagnosi indicare"
                            + " quello che il catalogo propone (GET /api/v1/catalogue/diagnoses).");
            return;
        }
        String diagnosis = request.diagnosis().code();
        Optional.ofNullable(request.exemption())
                .map(Code::code)
                .flatMap(tables::exemption)
                .map(Exemption::code)
                .ifPresent(exemption -> {
                    // what the catalogue offers for these, and nothing else: 048 has F002 alone, shown as 000
                    List<String> own = tables.fillersFor(exemption);
                    if (!own.isEmpty() && own.stream().noneMatch(diagnosis::equalsIgnoreCase)) {
                        found.add(
                                CODE_NOT_COHERENT,
                                "diagnosis.code",
                                "Per l'esenzione " + exemption + " la sola diagnosi ammessa è "
                                        + String.join(" o ", own) + ", che si mostra come 000: " + quoted(diagnosis)
                                        + " non lo è.");
                    }
                });
    }

    private boolean isMinor(CertificateRequest request, Findings found) {
        LocalDate birth = request.patient() == null ? null : request.patient().birthDate();
        return birth != null
                && !found.has("patient.birthDate")
                && VisibilityRules.age(birth, days.ofVisit(request)) < VisibilityRules.OF_AGE;
    }
}
