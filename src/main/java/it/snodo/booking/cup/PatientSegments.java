package it.snodo.booking.cup;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingFact;
import it.snodo.booking.BookingRequest.Entitlement;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import java.util.Set;
import java.util.regex.Pattern;

/** Who it is for and what was prescribed: PID, PD1, PV1, OBX, DG1. Source: hl7-booking.md §5.2, §5.3. */
final class PatientSegments {

    /** What stands for a telephone number when there is none (R45). */
    private static final String NOT_GIVEN = "non fornito";

    private static final int QUESTION = 40;

    private static final Pattern FISCAL =
            Pattern.compile("[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]");
    private static final Set<String> FAMILY_DOCTORS = Set.of("MMG", "PLS");

    private PatientSegments() {}

    /** @param booking its code stands in for an identifier where the person has none: PID-3 is required */
    static void pid(Hl7Text text, Dialect dialect, Patient patient, String booking) {
        text.segment("PID").put(1, 1);
        if (!identifiers(text, patient)) {
            identifier(text, booking, "SOVRACUP", Hl7Names.SOVRACUP_OID, "U");
        }
        boolean nameless = patient.family() == null && patient.given() == null;
        // a name is required, and U says that it is not known
        text.put(5, patient.family(), patient.given(), null, null, null, null, nameless ? "U" : null)
                .raw(7, Dialect.day(patient.birthDate()))
                .put(8, patient.sex());
        address(text, patient);
        for (String phone : patient.phones()) {
            text.raw(13, phone(dialect, phone));
        }
        text.put(23, patient.birthPlace());
        String citizenship =
                patient.entitlement() == null ? null : patient.entitlement().citizenship();
        // four characters in 2.3; whole it stands among the facts
        if (citizenship != null && (dialect.atLeast("2.3.1") || citizenship.length() <= 4)) {
            text.put(26, citizenship);
        }
    }

    /** @return whether there was any */
    private static boolean identifiers(Hl7Text text, Patient patient) {
        boolean any = identifier(text, patient.fiscalCode(), "MEF", Hl7Names.FISCAL_OID, "NNITA");
        any |= identifier(text, patient.regionalId(), "AURA", "2.16.840.1.113883.2.9.2.10.4.1", "PI");
        any |= identifier(text, patient.stp(), "STP", "2.16.840.1.113883.2.9.4.3.17", "STP");
        any |= identifier(text, patient.eni(), "ENI", "2.16.840.1.113883.2.9.4.3.18", "ENI");
        Entitlement papers = patient.entitlement();
        if (papers != null && papers.state() != null) {
            any |= identifier(
                    text, ofState(papers, papers.cardNumber()), "TEAM", "2.16.840.1.113883.2.9.4.3.7", "TEAM");
            any |= identifier(
                    text,
                    ofState(papers, papers.personalNumber()),
                    "TEAM",
                    "2.16.840.1.113883.2.9.4.3.3",
                    "NN" + papers.state());
        }
        return any;
    }

    private static String ofState(Entitlement papers, String number) {
        return number == null ? null : papers.state() + "." + number;
    }

    private static boolean identifier(Hl7Text text, String value, String authority, String oid, String type) {
        if (value != null) {
            text.put(3, value, null, null, Hl7Text.within(authority, oid, "ISO"), type);
        }
        return value != null;
    }

    private static void address(Hl7Text text, Patient patient) {
        if (patient.address() == null && patient.comune() == null) {
            return;
        }
        boolean coded = patient.comune() != null && patient.comune().matches("\\d{6}");
        // who lives abroad has the state there, by ISTAT's three digits
        boolean abroad = patient.comune() != null && patient.comune().matches("\\d{3}");
        text.put(
                11,
                patient.address(),
                null,
                coded || abroad ? null : patient.comune(),
                null,
                null,
                // 100 is ISTAT's code of Italy
                abroad ? patient.comune() : patient.comune() == null ? null : "100",
                "L",
                null,
                coded ? patient.comune() : null);
    }

    /**
     * A number stands in XTN-7, where every version takes Italian ones; in XTN-1 2.3 and 2.4 want the American form. The words
     * that say there is none stand, in 2.5, in XTN-1, where people look, and in XTN-12; before in XTN-9, any text. 2.6 has
     * taken XTN-1 away, and who wants it all the same says so by a quirk.
     */
    private static String phone(Dialect dialect, String phone) {
        boolean recent = dialect.atLeast("2.5");
        boolean first = dialect.has("PHONE_XTN1") || !dialect.atLeast("2.6");
        if (phone.equalsIgnoreCase(NOT_GIVEN)) {
            if (recent) {
                return xtn(first ? NOT_GIVEN : null, null, null, NOT_GIVEN);
            }
            return dialect.has("PHONE_XTN1")
                    ? Hl7Text.components(NOT_GIVEN, "PRN", "PH")
                    : Hl7Text.components(null, "PRN", "PH", null, null, null, null, null, NOT_GIVEN);
        }
        String digits = phone.replaceAll("[^0-9+]", "");
        String country = digits.startsWith("+39") || digits.startsWith("0039") ? "39" : null;
        String number = country == null ? digits.replace("+", "") : digits.replaceFirst("^(\\+|00)39", "");
        if (number.isEmpty() && first || dialect.has("PHONE_XTN1")) {
            return xtn(phone, country, number, recent ? phone : null);
        }
        return xtn(null, country, number, recent ? phone : null);
    }

    private static String xtn(String first, String country, String number, String unformatted) {
        return Hl7Text.components(first, "PRN", "PH", null, country, null, number, null, null, null, null, unformatted);
    }

    /** PD1-4: the family doctor, where he is known to be the prescriber. SIU only, from 2.3.1; withdrawn in 2.6. */
    static void pd1(Hl7Text text, Dialect dialect, Prescription prescription) {
        if (dialect.atLeast("2.3.1")
                && !dialect.atLeast("2.6")
                && prescription != null
                && prescription.prescriber() != null
                && prescription.prescriberKind() != null
                && FAMILY_DOCTORS.contains(prescription.prescriberKind())) {
            text.segment("PD1").raw(4, person(prescription.prescriber()));
        }
    }

    /** @param place assigned location; null when it has its own segment */
    static void pv1(Hl7Text text, Prescription prescription, String place) {
        text.segment("PV1").put(1, 1).put(2, "O");
        if (place != null) {
            text.raw(3, place);
        }
        text.raw(8, prescriber(prescription));
    }

    /** Whoever prescribed, as an XCN: by codice fiscale, by another code, or by name. */
    static String prescriber(Prescription prescription) {
        return prescription == null || prescription.prescriber() == null ? "" : person(prescription.prescriber());
    }

    private static String person(String who) {
        String code = who.replace(" ", "");
        if (FISCAL.matcher(code).matches()) {
            return Hl7Text.components(
                    code,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    Hl7Text.within("MEF", Hl7Names.FISCAL_OID, "ISO"),
                    null,
                    null,
                    null,
                    "NNITA");
        }
        boolean coded = who.chars().anyMatch(Character::isDigit) && who.indexOf(' ') < 0;
        return coded ? Hl7Text.escaped(who) : Hl7Text.components(null, who);
    }

    static void facts(Hl7Text text, Dialect dialect, Booking booking) {
        int number = 0;
        for (Facts.Fact fact : Facts.of(booking)) {
            boolean exemption = fact.name() == BookingFact.ESENZ;
            text.segment("OBX")
                    .put(1, ++number)
                    .put(
                            2,
                            exemption
                                    ? dialect.atLeast("2.6") ? "CWE" : "CE"
                                    : fact.name().kind() == BookingFact.Kind.DATE ? "DT" : "ST")
                    .put(3, fact.name().name(), null, BookingFact.SYSTEM)
                    .put(11, "F");
            if (dialect.version().equals("2.3.1")) {
                // required there, and nowhere else
                text.put(4, 1);
            }
            if (exemption) {
                text.put(5, fact.text(), null, "99ESE");
            } else {
                text.put(5, fact.text());
            }
        }
    }

    /** DG1-3, and DG1-4 where it is still there: what the prescriber wants to know. */
    static void question(Hl7Text text, Dialect dialect, Prescription prescription) {
        if (prescription != null && prescription.question() != null) {
            text.segment("DG1").put(1, 1).put(3, null, prescription.question());
            if (!dialect.atLeast("2.6")) {
                text.put(4, shown(prescription.question()));
            }
            // working diagnosis
            text.put(6, "W");
        }
    }

    /** DG1-4 has room for forty characters: a longer question is seen to go on, and is whole in DG1-3. */
    private static String shown(String question) {
        String line = question.replaceAll("\\s+", " ");
        return line.length() <= QUESTION ? line : line.substring(0, QUESTION - 3) + "...";
    }
}
