package it.snodo.certificate;

import static it.snodo.fault.SnodoCode.CODE_UNKNOWN;
import static it.snodo.fault.SnodoCode.FIELD_MISSING;
import static it.snodo.fault.SnodoCode.NOT_ALLOWED_TOGETHER;
import static it.snodo.registry.Identifiers.quoted;

import it.snodo.certificate.CertificateRequest.OnlineCollection;
import java.time.LocalDate;
import java.time.Period;
import java.util.Set;

/** Who may see the certificate: its confidentiality, the parent of a minor, the citizen on line. */
final class VisibilityRules {

    private static final Set<String> LEVELS = Set.of("N", "R", "V");
    static final int OF_AGE = 18;

    private final CertificateDays days;

    VisibilityRules(CertificateDays days) {
        this.days = days;
    }

    void check(CertificateRequest request, Findings found) {
        confidentiality(request, found);
        parent(request, found);
        OnlineCollection online = request.onlineCollection();
        if (online != null && Boolean.TRUE.equals(online.requested()) && online.pin() == null) {
            found.add(
                    FIELD_MISSING,
                    "onlineCollection.pin",
                    "È richiesto lo scarico on line ma manca il PIN da comunicare al cittadino.");
        }
    }

    private static void confidentiality(CertificateRequest request, Findings found) {
        String level = request.confidentiality();
        if (level == null) {
            return;
        }
        if (!LEVELS.contains(level)) {
            found.add(
                    CODE_UNKNOWN,
                    "confidentiality",
                    "Il livello di riservatezza " + quoted(level)
                            + " non è ammesso: usare N (normale), R (riservato) o V (molto riservato).");
        } else if (request.underSpecialLaws() && !level.equals("V")) {
            found.add(
                    NOT_ALLOWED_TOGETHER,
                    "confidentiality",
                    "Il livello di riservatezza " + quoted(level)
                            + " contraddice l'indicazione «leggi speciali», che richiede V.");
        }
    }

    private void parent(CertificateRequest request, Findings found) {
        LocalDate birth = request.patient() == null ? null : request.patient().birthDate();
        if (!request.hiddenFromParent() || birth == null || found.has("patient.birthDate")) {
            return;
        }
        int age = age(birth, days.ofVisit(request));
        if (age >= OF_AGE) {
            found.add(
                    NOT_ALLOWED_TOGETHER,
                    "obscuredToParent",
                    "«Oscurato al genitore» è ammesso solo per i minorenni: alla visita l'assistito ha " + age
                            + " anni.");
        }
    }

    /** In years, on the day of the visit. */
    static int age(LocalDate birth, LocalDate visit) {
        return Period.between(birth, visit).getYears();
    }
}
