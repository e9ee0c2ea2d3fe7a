package it.snodo.exemption;

import it.snodo.aura.PatientProfile;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.registry.Azienda;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Exemption;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What stands against issuing an exemption: catalogue, period and age by themselves; person and ASL with AURA's eyes. */
final class ExemptionChecks {

    static final String REGION = "010";
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd/MM/uuuu");
    /** Premature babies: for their first three years of life. */
    private static final String FIRST_YEARS = "040";

    private static final String ENDOMETRIOSIS = "063";
    private static final String KLINEFELTER = "066";

    private final CodeTables tables;

    ExemptionChecks(CodeTables tables) {
        this.tables = tables;
    }

    /** What can be said without asking anybody. */
    List<Fault> alone(IssuedExemption exemption) {
        List<Fault> faults = new ArrayList<>();
        Optional<Exemption> known = tables.exemption(exemption.code(), exemption.from());
        if (known.isEmpty()) {
            faults.add(fault(
                    SnodoCode.EXEMPTION_NOT_IN_CATALOGUE,
                    "exemption",
                    "L'esenzione " + exemption.code() + " non è nel catalogo in vigore il "
                            + DAY.format(exemption.from()) + "."));
        }
        if (exemption.diagnosis() != null
                && tables.diagnosis(exemption.diagnosis()).isEmpty()) {
            faults.add(fault(
                    SnodoCode.EXEMPTION_NOT_IN_CATALOGUE,
                    "diagnosis",
                    "Il codice di diagnosi " + exemption.diagnosis() + " non è nella classificazione ICD-9-CM."));
        }
        if (exemption.to() != null && exemption.to().isBefore(exemption.from())) {
            faults.add(fault(
                    SnodoCode.EXEMPTION_PERIOD_WRONG,
                    "end",
                    "La data di fine validità (" + DAY.format(exemption.to()) + ") è anteriore all'inizio ("
                            + DAY.format(exemption.from()) + ")."));
        }
        if (known.isPresent() && otherSex(known.get(), exemption.sex())) {
            faults.add(fault(
                    SnodoCode.EXEMPTION_NOT_FOR_AGE,
                    "exemption",
                    "L'esenzione " + exemption.code() + " non è prevista per una persona di sesso "
                            + ("M".equals(exemption.sex()) ? "maschile" : "femminile") + "."));
        }
        if (FIRST_YEARS.equals(exemption.code()) && exemption.birthDate() != null) {
            LocalDate third = exemption.birthDate().plusYears(3);
            if (!exemption.from().isBefore(third)) {
                faults.add(fault(
                        SnodoCode.EXEMPTION_NOT_FOR_AGE,
                        "exemption",
                        "L'esenzione 040 vale solo nei primi tre anni di vita."));
            } else if (exemption.to() == null || exemption.to().isAfter(third)) {
                faults.add(fault(
                        SnodoCode.EXEMPTION_PERIOD_WRONG,
                        "end",
                        "L'esenzione 040 termina al più tardi il terzo compleanno (" + DAY.format(third) + ")."));
            }
        }
        return faults;
    }

    /** As AURA has it; what it does not say stands against nothing. */
    private static boolean otherSex(Exemption known, String sex) {
        boolean womens = "pregnancy".equals(known.family()) || ENDOMETRIOSIS.equals(known.code());
        return "M".equals(sex) && womens || "F".equals(sex) && KLINEFELTER.equals(known.code());
    }

    /** Whether an exemption can be asked for that person at all. */
    List<Fault> person(Optional<PatientProfile> profile) {
        if (profile.isEmpty()) {
            return List.of(
                    fault(SnodoCode.PERSON_NOT_ON_AURA, "patient.fiscalCode", SnodoCode.PERSON_NOT_ON_AURA.cause()));
        }
        List<Fault> faults = new ArrayList<>();
        PatientProfile known = profile.get();
        if (!known.active()) {
            faults.add(fault(SnodoCode.PERSON_NOT_ACTIVE, "patient", SnodoCode.PERSON_NOT_ACTIVE.cause()));
        }
        if (known.deathDate() != null) {
            faults.add(fault(
                    SnodoCode.PERSON_DECEASED,
                    "patient",
                    "Secondo AURA l'assistito è deceduto il " + DAY.format(known.deathDate()) + "."));
        }
        if (!inRegion(asl(known.aslOfCare())) && !inRegion(asl(known.aslOfResidence()))) {
            faults.add(fault(
                    SnodoCode.OUTSIDE_REGION,
                    "patient",
                    "Secondo AURA l'assistito non è residente né assistito in Piemonte."));
        }
        return faults;
    }

    /** @param byDoctor he issues for residents of his ASL; a district for those its ASL assists */
    List<Fault> asl(IssuedExemption exemption, boolean byDoctor, PatientProfile profile) {
        String patients = asl(byDoctor ? profile.aslOfResidence() : profile.aslOfCare());
        if (exemption.asl().equals(patients)) {
            return List.of();
        }
        return List.of(fault(
                SnodoCode.OTHER_ASL,
                "patient",
                "Secondo AURA l'assistito " + (byDoctor ? "risiede nell'" : "è assistito dall'") + name(patients)
                        + ", l'esenzione sarebbe rilasciata per l'" + name(exemption.asl()) + "."));
    }

    /**
     * Another of the same code in force.
     *
     * @param own of the same person, issued here
     */
    List<Fault> others(IssuedExemption exemption, List<IssuedExemption> own, List<PatientProfile.Exemption> onAura) {
        for (IssuedExemption other : own) {
            boolean same = other.id() != exemption.id() && other.code().equals(exemption.code());
            boolean first = other.state() == IssuedExemption.State.PENDING
                    && (exemption.id() == 0 || other.id() < exemption.id());
            boolean holds =
                    other.state() == IssuedExemption.State.ACTIVE || other.state() == IssuedExemption.State.ANNULLING;
            if (same && (first || holds) && meet(exemption, other.from(), other.to())) {
                return List.of(fault(
                        SnodoCode.EXEMPTION_IN_FORCE,
                        "exemption",
                        "L'assistito ha già l'esenzione " + other.code() + (first ? ", in attesa di AURA" : "")
                                + ": pratica n. " + other.pratica() + "."));
            }
        }
        for (PatientProfile.Exemption other : onAura) {
            boolean itself = Objects.equals(other.from(), exemption.from())
                    && Objects.equals(normal(other.diagnosis()), normal(exemption.diagnosis()));
            if (exemption.code().equalsIgnoreCase(other.code())
                    && !itself
                    && !endedHere(other, own)
                    && meet(exemption, other.from(), other.to())) {
                return List.of(fault(
                        SnodoCode.EXEMPTION_IN_FORCE,
                        "exemption",
                        "Su AURA l'assistito ha già l'esenzione " + other.code()
                                + (other.from() == null ? "" : " dal " + DAY.format(other.from()))
                                + (other.to() == null ? "" : " al " + DAY.format(other.to())) + "."));
            }
        }
        return List.of();
    }

    /** One that was annulled here ends on AURA with the day of its annulment: on that day another may begin. */
    private static boolean endedHere(PatientProfile.Exemption other, List<IssuedExemption> own) {
        return own.stream()
                .anyMatch(mine -> mine.state() == IssuedExemption.State.ANNULLED
                        && mine.code().equalsIgnoreCase(other.code())
                        && mine.from().equals(other.from())
                        && Objects.equals(normal(mine.diagnosis()), normal(other.diagnosis()))
                        && other.to() != null
                        && !other.to().isAfter(mine.annulledOn()));
    }

    private static boolean meet(IssuedExemption exemption, LocalDate from, LocalDate to) {
        return (to == null || !to.isBefore(exemption.from()))
                && (exemption.to() == null || from == null || !from.isAfter(exemption.to()));
    }

    private static String normal(String diagnosis) {
        return diagnosis == null || CodeTables.isFiller(diagnosis) ? null : it.snodo.registry.Icd9.undotted(diagnosis);
    }

    /** Six digits, whatever form AURA used; null when it says none. */
    String asl(String code) {
        return code == null || code.isBlank()
                ? null
                : tables.azienda(code.strip()).map(Azienda::code).orElse(code.strip());
    }

    static boolean inRegion(String asl) {
        return asl != null && asl.length() == 6 && asl.startsWith(REGION);
    }

    private String name(String asl) {
        return asl == null
                ? "ASL non indicata"
                : tables.azienda(asl).map(Azienda::name).orElse("ASL " + asl);
    }

    static Fault fault(SnodoCode code, String path, String words) {
        return Fault.at(code, path, words);
    }
}
