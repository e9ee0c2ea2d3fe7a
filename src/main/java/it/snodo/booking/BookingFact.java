package it.snodo.booking;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * Facts of a request that neither HL7 v2 nor FHIR has a field for. One table for both: in HL7 v2 an OBX of the PATIENT group
 * with OBX-3 = the name and system {@code 99SC}; in FHIR an extension {@code https://snodo.dev/fhir/booking/NAME} of the
 * ServiceRequest or Appointment; in JSON simply the path.
 */
public enum BookingFact {
    DTCOMP("prescription.compiled", Kind.DATE),
    TIPOPRE("prescription.type", Kind.CODE),
    TIPORIC("prescription.recipeType", Kind.CODE),
    TARIFFA("prescription.tariff", Kind.CODE),
    ESENZ("prescription.exemption", Kind.CODE),
    NONESENTE("prescription.notExempt", Kind.FLAG),
    CONTR("prescription.contract", Kind.CODE),
    MODULO("prescription.form", Kind.CODE),
    EMITTENTE("prescription.issuer", Kind.CODE),
    CORREZIONI("prescription.corrected", Kind.FLAG),
    CONTROFIRMA("prescription.countersigned", Kind.FLAG),
    TIMBRI("prescription.stamped", Kind.FLAG),
    LEGGIBILE("prescription.legible", Kind.FLAG),
    AUTOCERT("prescription.selfDeclared", Kind.FLAG),
    PRESCRITTORE("prescription.prescriberKind", Kind.CODE),
    TESSERINO("prescription.cardNotCertified", Kind.FLAG),
    INAIL("prescription.inailReport", Kind.FLAG),
    ULTIMOESAME("prescription.lastScreening", Kind.DATE),
    PUBBLICA("prescription.publicStructure", Kind.FLAG),
    CONFERMA("confirmations", Kind.CODES),
    SOSTITUISCI("replaceExisting", Kind.FLAG),
    SPOSTADA("movesFrom", Kind.CODE),
    CANALE("requester.channel", Kind.CODE),
    AZIENDASPORT("requester.azienda", Kind.CODE),
    ASL("patient.asl", Kind.CODE),
    CATEGORIA("patient.entitlement.category", Kind.CODE),
    TITOLO("patient.entitlement.title", Kind.CODE),
    TESSERASCAD("patient.entitlement.cardExpiry", Kind.DATE),
    RINNOVO("patient.entitlement.renewalShown", Kind.FLAG),
    STPDATA("patient.entitlement.stpIssued", Kind.DATE),
    AFFIDODATA("patient.entitlement.orderDate", Kind.DATE),
    ATTESTATO("patient.entitlement.attestation", Kind.FLAG),
    ESCLFAM("patient.entitlement.dependantExclusion", Kind.CODE),
    CITTADINANZA("patient.entitlement.citizenship", Kind.CODE),
    STATO("patient.entitlement.state", Kind.CODE),
    ISTITUZIONE("patient.entitlement.institution", Kind.CODE),
    IDPERS("patient.entitlement.personalNumber", Kind.CODE),
    NUMTESS("patient.entitlement.cardNumber", Kind.CODE),
    RETRODOC("patient.entitlement.recoveredFromDocument", Kind.FLAG),
    /** Data the caller has supplied about an existing booking (R64). */
    IDCODICE("identification.bookingCode", Kind.CODE),
    IDCOGNOME("identification.family", Kind.CODE),
    IDNOME("identification.given", Kind.CODE),
    IDNASCITA("identification.birthDate", Kind.DATE),
    IDPREST("identification.service", Kind.CODE),
    IDDATAORA("identification.start", Kind.TIME),
    IDTEL("identification.phone", Kind.CODE);

    /** How the value is written: Y/N for a flag, day for a date, repeats for codes. */
    public enum Kind {
        CODE,
        CODES,
        FLAG,
        DATE,
        TIME
    }

    /** System of the names in OBX-3. */
    public static final String SYSTEM = "99SC";

    /** Base of the extensions' addresses. */
    public static final String EXTENSION = "https://snodo.dev/fhir/booking/";

    private final String path;
    private final Kind kind;

    BookingFact(String path, Kind kind) {
        this.path = path;
        this.kind = kind;
    }

    /** Field of the {@link BookingRequest}. */
    public String path() {
        return path;
    }

    public Kind kind() {
        return kind;
    }

    public static Optional<BookingFact> named(String name) {
        return Stream.of(values())
                .filter(each -> each.name().equalsIgnoreCase(name))
                .findFirst();
    }
}
