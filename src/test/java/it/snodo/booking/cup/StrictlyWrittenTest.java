package it.snodo.booking.cup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.BookingFact;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Requester;
import it.snodo.booking.Slot;
import it.snodo.intake.hl7v2.StrictReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the hub sends to CUPs, as the strictest reader sees it: bookings with everything, with little, and with odd values. */
class StrictlyWrittenTest {

    private static final String ODD = "Così|detto^e ~ fatto & \\ da \"Ù\"\nriga due";

    private static Cups cups;

    @BeforeAll
    static void open() {
        cups = new Cups();
    }

    @AfterAll
    static void shut() {
        cups.close();
    }

    /** Every fact that a prescription and a person can have, with a value of its kind. */
    private static BookingRequest everything() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        ObjectNode patient = tree.putObject("patient");
        patient.put("fiscalCode", "RSSMRA80A41L219W")
                .put("stp", "STP0010011234567")
                .put("eni", "ENI0010011234567")
                .put("regionalId", "6921767")
                .put("family", "ROSSI " + ODD)
                .put("given", "MARIA")
                .put("birthDate", "1980-01-01")
                .put("sex", "F")
                .put("birthPlace", "TORINO")
                .put("comune", "001272")
                .put("address", ODD);
        patient.putArray("phones").add("+39 011 5661566").add("333 1234567").add("non fornito");
        tree.putObject("prescription")
                .put("priority", "B")
                .put("prescriber", "Dott.ssa Anna d'Este")
                .put("question", ODD)
                .putArray("numbers")
                .add("010A01234567890");
        for (BookingFact fact : BookingFact.values()) {
            if (fact.path().startsWith("patient.") || fact.path().startsWith("prescription.")) {
                ObjectNode at = tree;
                String[] steps = fact.path().split("\\.");
                for (int i = 0; i < steps.length - 1; i++) {
                    at = at.withObject("/" + steps[i]);
                }
                String name = steps[steps.length - 1];
                switch (fact.kind()) {
                    case FLAG -> at.put(name, true);
                    case DATE -> at.put(name, "2026-11-20");
                    default -> at.put(name, "DEU");
                }
            }
        }
        BookingReading<BookingRequest> reading = BookingReading.of(tree, BookingRequest.class);
        assertThat(reading.unreadable()).isEmpty();
        return reading.ask();
    }

    private static Booking with(
            Booking of, Patient patient, BookingRequest.Prescription prescription, BookedLine... lines) {
        return new Booking(
                of.code(),
                of.revision(),
                of.state(),
                of.azienda(),
                of.fillerCode(),
                patient,
                prescription,
                List.of(lines),
                of.ticket(),
                of.notes(),
                of.pending(),
                of.replaces(),
                of.origin(),
                of.created(),
                of.updated());
    }

    private static Map<String, Booking> bookings() {
        Booking usual = Sample.booking(Sample.patient("+39 011 5661566"), "CUP301-884512");
        BookingRequest all = everything();
        Slot somewhere = new Slot("010301", "AG-1", Sample.FIRST, 20, "010012", ODD, "AMB12", true, false);
        Slot time = new Slot("010301", null, Sample.FIRST, null, null, null, null, null, null);
        Patient bare =
                new Patient(null, null, null, null, null, null, null, null, null, null, null, List.of(), null, null);
        Map<String, Booking> found = new LinkedHashMap<>();
        found.put("usual", usual);
        found.put("particular", Sample.particular());
        found.put(
                "everything",
                with(
                                usual,
                                all.patient(),
                                all.prescription(),
                                new BookedLine(
                                        "89.7A.3", "89.7A.3.1", ODD, "301-0004", 12, "B", somewhere, null, ODD, ODD),
                                new BookedLine("89.52", null, null, null, 1, null, somewhere, null))
                        .askedBy(new Requester("APP", "FAC", "OP017", "SP-101-03", "PHONE", "010301")));
        found.put("little", with(usual, null, null, new BookedLine("89.7A.3", null, null, null, 1, null, time, null)));
        found.put("nobody", with(usual, bare, null, new BookedLine("89.7A.3", null, null, null, 1, null, time, null)));
        return found;
    }

    private static String structure(String profile, String version, Operation operation) {
        if (profile.equals("OMG")) {
            return "OMG_O19";
        }
        // 2.3 has a structure for each event
        boolean each = version.equals("2.3");
        return switch (operation) {
            case BOOK -> profile.equals("SIU") ? "SIU_S12" : "SRM_S01";
            case MOVE ->
                each ? profile.equals("SIU") ? "SIU_S13" : "SRM_S02" : profile.equals("SIU") ? "SIU_S12" : "SRM_S01";
            case CHANGE ->
                each ? profile.equals("SIU") ? "SIU_S14" : "SRM_S03" : profile.equals("SIU") ? "SIU_S12" : "SRM_S01";
            case REVOKE ->
                each ? profile.equals("SIU") ? "SIU_S15" : "SRM_S04" : profile.equals("SIU") ? "SIU_S12" : "SRM_S01";
            default ->
                each ? profile.equals("SIU") ? "SIU_S17" : "SRM_S06" : profile.equals("SIU") ? "SIU_S12" : "SRM_S01";
        };
    }

    @ParameterizedTest
    @CsvSource({
        "SIU,2.3", "SIU,2.3.1", "SIU,2.4", "SIU,2.5", "SIU,2.5.1", "SIU,2.6",
        "SRM,2.3", "SRM,2.3.1", "SRM,2.4", "SRM,2.5", "SRM,2.5.1", "SRM,2.6",
        "OMG,2.4", "OMG,2.5", "OMG,2.5.1"
    })
    void the_strictest_reader_finds_nothing_wrong_with_a_command(String profile, String version) {
        List<String> wrong = new ArrayList<>();
        bookings().forEach((name, booking) -> {
            for (Operation operation : Operation.values()) {
                if (operation == Operation.REPRINT) {
                    continue;
                }
                String[] quirks = operation == Operation.BOOK
                        ? new String[] {"", "TS_LOCAL", "ORIGINAL_MODE", "NO_MSH18"}
                        : new String[] {""};
                for (String quirk : quirks) {
                    String text = new String(
                            cups.port.command(
                                    Sample.azienda(profile, "127.0.0.1", 1, version, null, null, quirk),
                                    booking,
                                    operation,
                                    "SN20261122000000001",
                                    ODD),
                            StandardCharsets.UTF_8);
                    List<String> faults = StrictReader.faults(text, structure(profile, version, operation));
                    if (!faults.isEmpty()) {
                        wrong.add(name + " " + operation + " " + faults);
                    }
                }
            }
        });
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6"})
    void nor_with_a_search(String version) {
        List<String> wrong = new ArrayList<>();
        LocalDate day = Sample.FIRST.toLocalDate();
        for (Patient patient : new Patient[] {null, Sample.patient("non fornito")}) {
            for (Slot.Wish wish : new Slot.Wish[] {null, new Slot.Wish(day, day.plusDays(9), null, "010012", null)}) {
                for (boolean publicOnly : new boolean[] {false, true}) {
                    String text = SqmWriter.write(
                            Dialect.of(Sample.azienda("SIU", "127.0.0.1", 1, version, null, null)),
                            new AvailabilityQuery(
                                    null, patient, Sample.booking().prescription(), List.of(), wish, null, null),
                            publicOnly,
                            List.of(
                                    new SqmWriter.Wanted("301-0004", "89.7A.3", ODD),
                                    new SqmWriter.Wanted("301-0010", "89.52", null)),
                            "SQ20261122000000001",
                            20);
                    List<String> faults = StrictReader.faults(text, "SQM_S25");
                    if (!faults.isEmpty()) {
                        wrong.add(faults.toString());
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }
}
