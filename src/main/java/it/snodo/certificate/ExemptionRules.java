package it.snodo.certificate;

import static it.snodo.fault.SnodoCode.CODE_NOT_COHERENT;
import static it.snodo.fault.SnodoCode.CODE_UNKNOWN;
import static it.snodo.fault.SnodoCode.FIELD_MISSING;
import static it.snodo.registry.Identifiers.quoted;

import it.snodo.certificate.CertificateProperties.DiagnosisPairs;
import it.snodo.certificate.CertificateRequest.Code;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Diagnosis;
import it.snodo.registry.Exemption;
import it.snodo.registry.Pairing;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** The exemption, and the diagnosis that goes with it. */
final class ExemptionRules {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd/MM/uuuu");

    private final CodeTables tables;
    private final DiagnosisPairs pairs;
    private final CertificateDays days;

    ExemptionRules(CodeTables tables, DiagnosisPairs pairs, CertificateDays days) {
        this.tables = tables;
        this.pairs = pairs;
        this.days = days;
    }

    void check(CertificateRequest request, Findings found) {
        Optional<Exemption> exemption = Optional.empty();
        if (code(request.exemption()) == null) {
            found.needed("exemption.code");
        } else {
            // A day that is wrong itself says nothing of the exemption: one slip, one fault.
            boolean dated = !found.has("visitTime") && !found.has("patient.birthDate");
            exemption = knownExemption(code(request.exemption()), dated ? days.ofVisit(request) : days.today(), found);
        }
        String diagnosis = code(request.diagnosis());
        if (diagnosis == null) {
            exemption
                    .filter(known -> known.diagnosisRequired() && !found.ofAnnulment())
                    .ifPresent(known -> noDiagnosis(known, found));
        } else if (CodeTables.isFiller(diagnosis)) {
            exemption.ifPresent(known -> filler(known, diagnosis, found));
        } else {
            diagnosis(exemption, diagnosis, found);
        }
    }

    private Optional<Exemption> knownExemption(String code, LocalDate day, Findings found) {
        Optional<Exemption> valid = tables.exemption(code, day);
        if (valid.isEmpty()) {
            Optional<Exemption> other = tables.exemption(code);
            String reason = other.map(known -> known.validTo() != null && day.isAfter(known.validTo())
                            ? "L'esenzione " + quoted(code) + " non è più in uso: valeva fino al "
                                    + DAY.format(known.validTo())
                                    + (known.note() == null ? "" : " (" + known.note() + ")") + "."
                            : "L'esenzione " + quoted(code) + " non era ancora in uso il " + DAY.format(day)
                                    + ": vale dal " + DAY.format(known.validFrom()) + ".")
                    .orElse("Il codice di esenzione " + quoted(code) + " non è nel catalogo delle esenzioni.");
            found.add(CODE_UNKNOWN, "exemption.code", reason);
        }
        return valid;
    }

    private void noDiagnosis(Exemption exemption, Findings found) {
        List<String> fillers = tables.fillersFor(exemption.code());
        found.add(
                FIELD_MISSING,
                "diagnosis.code",
                fillers.isEmpty()
                        ? "Manca la diagnosi: per l'esenzione " + exemption.code() + " serve un codice ICD-9-CM."
                        : "Manca la diagnosi: per l'esenzione " + exemption.code() + " indicare "
                                + String.join(" o ", fillers) + ", oppure un codice ICD-9-CM coerente.");
    }

    /** A filler is good for its own exemption; one that the table does not know, where no diagnosis is needed. */
    private void filler(Exemption exemption, String filler, Findings found) {
        List<String> meant = tables.fillerExemptions(filler);
        boolean general = meant.contains("*") || meant.isEmpty();
        boolean good = meant.contains(exemption.code())
                || general
                        && (!exemption.diagnosisRequired()
                                || meant.contains("*")
                                        && !tables.fillersFor(exemption.code()).isEmpty());
        if (good) {
            return;
        }
        if (meant.isEmpty()) {
            found.add(
                    CODE_UNKNOWN,
                    "diagnosis.code",
                    "Il codice di riempimento " + quoted(filler)
                            + " non è in tabella, e l'esenzione " + exemption.code()
                            + " richiede una diagnosi: indicare un codice ICD-9-CM.");
        } else {
            found.add(
                    CODE_NOT_COHERENT,
                    "diagnosis.code",
                    "Il codice di riempimento " + quoted(filler) + " non vale per l'esenzione " + exemption.code()
                            + (exemption.diagnosisRequired() ? ": indicare un codice ICD-9-CM." : "."));
        }
    }

    private void diagnosis(Optional<Exemption> exemption, String code, Findings found) {
        Optional<Diagnosis> known = tables.diagnosis(code);
        if (known.isEmpty()) {
            found.add(
                    CODE_UNKNOWN,
                    "diagnosis.code",
                    "Il codice di diagnosi " + quoted(code) + " non è nella classificazione ICD-9-CM.");
            return;
        }
        if (!known.get().inFse()) {
            found.add(
                    CODE_UNKNOWN,
                    "diagnosis.code",
                    "Il codice di diagnosi " + quoted(code) + " (" + known.get().title()
                            + ") non è accettato dal FSE: usare un codice ICD-9-CM vicino o più specifico.");
            return;
        }
        exemption.ifPresent(of -> {
            Pairing pairing = tables.pairing(of.code(), code);
            boolean refused =
                    pairing == Pairing.REFUSED || pairing == Pairing.NOT_LISTED && pairs == DiagnosisPairs.REFUSE;
            if (refused) {
                List<String> fillers = tables.fillersFor(of.code());
                found.add(
                        CODE_NOT_COHERENT,
                        "diagnosis.code",
                        "La diagnosi " + quoted(code) + " (" + known.get().title()
                                + ") non è tra quelle previste per l'esenzione " + of.code() + " (" + of.title() + ")"
                                + (fillers.isEmpty()
                                        ? "."
                                        : ": indicare una diagnosi coerente, oppure " + String.join(" o ", fillers)
                                                + "."));
            }
        });
    }

    private static String code(Code code) {
        return code == null ? null : code.code();
    }
}
