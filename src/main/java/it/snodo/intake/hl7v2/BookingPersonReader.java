package it.snodo.intake.hl7v2;

import it.snodo.certificate.CertificateRequest.TeamCard;
import java.util.Set;

/** Reads the person out of PID, under {@code patient}. */
final class BookingPersonReader {

    /** Codes of Italian citizenship: ISTAT and ISO 3166. */
    private static final Set<String> ITALIAN = Set.of("100", "IT", "ITA", "ITALIA", "ITALIANA");

    private static final String FISCAL_CODE_OID = "2.16.840.1.113883.2.9.4.3.2";

    private final Er7.Segment pid;
    private final BookingTree tree;

    BookingPersonReader(Er7 message, BookingTree tree) {
        this.pid = message.segment("PID");
        this.tree = tree;
    }

    void read() {
        tree.place("patient", "PID^1");
        tree.place("patient.fiscalCode", "PID^1^3");
        if (!pid.exists()) {
            names();
            return;
        }
        PatientIdentifiers ids = new PatientIdentifiers(tree, pid);
        identifiers(ids);
        tree.text("patient.regionalId", ids.regionalId(), place("regionalId"));
        names();
        residence();
        phones(13);
        phones(14);
        tree.place("patient.phones", "PID^1^13");
        card(ids.team());
        citizenship();
    }

    /** An STP or ENI code that is said to be a codice fiscale stands in the wrong field: R21 says so. */
    private void identifiers(PatientIdentifiers ids) {
        boolean stp = ids.fiscalCode() == null && isSaidFiscal("stp");
        boolean eni = ids.fiscalCode() == null && !stp && isSaidFiscal("eni");
        String moved = stp ? ids.stp() : eni ? ids.eni() : ids.fiscalCode();
        tree.text("patient.fiscalCode", moved, place(stp ? "stp" : eni ? "eni" : "fiscalCode"));
        tree.text("patient.stp", stp ? null : ids.stp(), place("stp"));
        tree.text("patient.eni", eni ? null : ids.eni(), place("eni"));
    }

    private boolean isSaidFiscal(String field) {
        String at = place(field);
        if (!at.startsWith("PID^1^3^")) {
            return false;
        }
        int repetition = Integer.parseInt(at.substring("PID^1^3^".length()));
        String oid = pid.get(3, repetition, 4, 2);
        String name = pid.get(3, repetition, 4, 1);
        return oid != null
                ? oid.equals(FISCAL_CODE_OID)
                : name != null && (name.equalsIgnoreCase("MEF") || name.equalsIgnoreCase("CF"));
    }

    private String place(String field) {
        return tree.locations().getOrDefault("patient." + field, "PID^1^3");
    }

    private void names() {
        int name = CertificateReader.bestName(pid);
        String given = pid.get(5, name, 2);
        String second = pid.get(5, name, 3);
        tree.text("patient.family", pid.get(5, name, 1), "PID^1^5^" + name + "^1");
        tree.text(
                "patient.given",
                given == null || second == null ? given : given + " " + second,
                "PID^1^5^" + name + "^2");
        tree.day("patient.birthDate", pid.get(7), "PID^1^7");
        tree.code("patient.sex", pid.get(8), "PID^1^8");
    }

    private void residence() {
        String birthPlace = pid.get(23, 2) != null ? pid.get(23, 2) : pid.get(23, 1);
        String birthAt = "PID^1^23";
        boolean home = false;
        for (int i = 1; i <= pid.repetitions(11); i++) {
            String at = "PID^1^11^" + i;
            String comune = pid.get(11, i, 9) != null ? pid.get(11, i, 9) : pid.get(11, i, 3);
            if ("N".equalsIgnoreCase(pid.get(11, i, 7))) {
                if (birthPlace == null) {
                    birthPlace = comune != null ? comune : pid.get(11, i, 6);
                    birthAt = at;
                }
            } else if (!home && pid.text(11, i) != null) {
                home = true;
                tree.text("patient.comune", comune, at + (pid.get(11, i, 9) != null ? "^9" : "^3"));
                String street = pid.get(11, i, 1);
                String more = pid.get(11, i, 2);
                tree.text("patient.address", street == null || more == null ? street : street + " " + more, at + "^1");
            }
        }
        tree.text("patient.birthPlace", birthPlace, birthAt);
    }

    /** The literal "non fornito" is a phone number here (R45). */
    private void phones(int field) {
        for (int i = 1; i <= pid.repetitions(field); i++) {
            boolean mail = "NET".equalsIgnoreCase(pid.get(field, i, 2))
                    || "Internet".equalsIgnoreCase(pid.get(field, i, 3))
                    || pid.get(field, i, 1) == null
                            && pid.get(field, i, 7) == null
                            && pid.get(field, i, 9) == null
                            && pid.get(field, i, 12) == null;
            if (!mail) {
                tree.more("patient.phones", CertificateReader.telecom(pid, field, i), "PID^1^" + field + "^" + i);
            }
        }
    }

    /** The European card stands among the identifiers. */
    private void card(TeamCard team) {
        if (team == null) {
            return;
        }
        String at = "PID^1^3";
        tree.text(
                "patient.entitlement.cardNumber",
                team.cardNumber(),
                tree.locations().getOrDefault("patient.team.cardNumber", at));
        tree.text(
                "patient.entitlement.personalNumber",
                team.personalNumber(),
                tree.locations().getOrDefault("patient.team.personalNumber", at));
        tree.text("patient.entitlement.state", team.state(), at);
    }

    private void citizenship() {
        for (int field : new int[] {26, 28}) {
            String code = pid.get(field, 1);
            String named = pid.get(field, 2);
            if (code != null && !ITALIAN.contains(code.toUpperCase(java.util.Locale.ROOT))) {
                // the numbers of ISTAT mean nothing without their name
                boolean number = code.chars().allMatch(Character::isDigit);
                tree.text("patient.entitlement.citizenship", number && named != null ? named : code, "PID^1^" + field);
                return;
            }
        }
    }
}
