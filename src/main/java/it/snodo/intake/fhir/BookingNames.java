package it.snodo.intake.fhir;

import it.snodo.booking.BookingFact;
import java.util.Set;

/** The URLs and codes that a booking uses in FHIR; described in {@code src/docs/bookings.md}. */
final class BookingNames {

    /** Base of all extensions: followed by the name of a {@link BookingFact}, or by the path of a field of the request. */
    static final String EXTENSION = BookingFact.EXTENSION;

    /** Rulings in OperationOutcome.issue.details. */
    static final String RULES = "https://snodo.dev/fhir/booking-rules";

    /** What a rule decided, in an issue: WARN, CONFIRM, REJECT, ROUTE_LOCAL, REFER. */
    static final String DECISION = EXTENSION + "decision";
    /** The value for programs that goes with a ruling. */
    static final String DETAIL = EXTENSION + "detail";
    /** Reference to the contained OperationOutcome with the notices. */
    static final String NOTICES = EXTENSION + "notices";
    /** Sum due, and price of a place. */
    static final String TICKET = EXTENSION + "ticket";
    /** Why a proposal stands where it stands: CONTINUITY, OWN_ASL, FIRST. */
    static final String WHY = EXTENSION + "why";
    /** Whether a proposal is within the term of its priority class. */
    static final String WITHIN_TERM = EXTENSION + "withinTerm";

    /** What only the hub says: taken no notice of when it comes back. */
    static final Set<String> OURS = Set.of("decision", "detail", "notices", "ticket", "why", "withinTerm");

    static final String CODE = "urn:oid:2.16.840.1.113883.2.9.2.10.4.13.1";
    static final Set<String> CODES = Set.of(CODE, "https://snodo.dev/fhir/sid/booking");
    static final String FILLER = "https://snodo.dev/fhir/sid/cup/";

    /** Numbers of prescriptions, electronic and on paper. */
    static final Set<String> PRESCRIPTIONS = Set.of(
            "http://hl7.it/sid/nre",
            "urn:oid:2.16.840.1.113883.2.9.4.3.9",
            "urn:oid:2.16.840.1.113883.2.9.4.3.8",
            "urn:oid:2.16.840.1.113883.2.9.4.3.4");

    static final String SERVICES = "urn:oid:2.16.840.1.113883.2.9.2.10.6.11";
    static final String ITEMS = "https://snodo.dev/fhir/sid/booking-item";
    static final String SIDES = "https://snodo.dev/fhir/sid/side";
    static final String PRIORITIES = "urn:oid:2.16.840.1.113883.2.9.5.2.3";
    static final String AZIENDE = "http://hl7.it/sid/fls";
    static final String STRUCTURES = "http://hl7.it/sid/sts";
    static final String UNITS = "urn:oid:2.16.840.1.113883.2.9.4.1.6";
    static final String AGENDAS = "https://snodo.dev/fhir/sid/agenda";
    static final String EXEMPTIONS = "http://terminology.hl7.it/CodeSystem/minsan-esenzioni";
    static final String NO_EXEMPTION = "urn:oid:2.16.840.1.113883.2.9.5.2.2";

    private BookingNames() {}
}
