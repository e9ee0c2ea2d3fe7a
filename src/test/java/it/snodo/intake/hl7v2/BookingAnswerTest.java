package it.snodo.intake.hl7v2;

import static it.snodo.intake.hl7v2.Answers.field;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.AvailabilityAnswer;
import it.snodo.booking.AvailabilityAnswer.Silent;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingReply;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Decision;
import it.snodo.booking.Ruling;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.BookingArrival;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What SRM, SQM and SIU are answered: words, codes and form, also as another's parser reads them. */
class BookingAnswerTest {

    private static final List<String> STRUCTURED = List.of("2.3", "2.3.1", "2.4", "2.5", "2.5.1");

    private final Hl7v2Intake intake = Listener.intake(Listener.properties());

    private BookingArrival arrival(String message) {
        return (BookingArrival)
                intake.read(BookingSamples.bytes(message), "test").get(0);
    }

    private String answer(String message, BookingReply reply) {
        BookingArrival arrival = arrival(message);
        return new String(arrival.writer().write(arrival, reply), StandardCharsets.UTF_8);
    }

    private static List<String> segments(String answer, String id) {
        return answer.lines().filter(line -> line.startsWith(id + "|")).toList();
    }

    private static AvailabilityAnswer found(boolean some) {
        return new AvailabilityAnswer(
                some ? List.of(BookingSamples.proposal("2026-01-22T10:00:00+01:00", "OWN_ASL")) : List.of(),
                some
                        ? List.of(
                                BookingSamples.proposal("2026-01-19T10:00:00+01:00", "FIRST"),
                                BookingSamples.proposal("2026-01-22T10:00:00+01:00", "FIRST"))
                        : List.of(),
                List.of(new Silent("010204", "ASL TO4", "non ha risposto entro 3 s")),
                List.of(),
                List.of(),
                9);
    }

    private static BookingAnswer taken() {
        return new BookingAnswer(
                Result.REFUSED,
                null,
                List.of(),
                List.of(Fault.at(SnodoCode.CODE_UNKNOWN, "lines[0].slot", "Il posto è stato preso da altri.")),
                List.of(BookingSamples.proposal("2026-01-22T10:00:00+01:00", "FIRST")),
                3,
                false);
    }

    // --- SRR -------------------------------------------------------------------------------------------------

    @Test
    void a_booking_is_answered_as_the_mapping_shows() {
        String answer = answer(BookingSamples.request("S01", "2.5"), BookingSamples.done(Operation.BOOK));
        assertThat(field(answer, "MSH", 3)).isEqualTo("CUP");
        assertThat(field(answer, "MSH", 5)).isEqualTo("SOVRACUP");
        assertThat(field(answer, "MSH", 9)).isEqualTo("SRR^S01^SRR_S01");
        assertThat(field(answer, "MSH", 18)).isEqualTo("UNICODE UTF-8");
        assertThat(answer).contains("\rMSA|AA|SC20260112000001\r");
        assertThat(segments(answer, "ERR")).isEmpty();
        assertThat(field(answer, "SCH", 1)).isEqualTo("SC2026000123^SOVRACUP^2.16.840.1.113883.2.9.2.10.4.13.1^ISO");
        assertThat(field(answer, "SCH", 2)).isEqualTo("CUP301-884512^CUP301");
        assertThat(field(answer, "SCH", 4)).startsWith("010A01234567890^NRE");
        assertThat(field(answer, "SCH", 6)).isEqualTo("NEW");
        assertThat(field(answer, "SCH", 9)).isEqualTo("20");
        assertThat(field(answer, "SCH", 10)).isEqualTo("min");
        assertThat(field(answer, "SCH", 11)).isEqualTo("^^20^20260120093000+0100^20260120095000+0100");
        assertThat(field(answer, "SCH", 20)).isEqualTo("OP017^ROSSO^ANNA");
        assertThat(field(answer, "SCH", 25)).isEqualTo("Booked^^HL70278");
        assertThat(field(answer, "TQ1", 7)).isEqualTo("20260120093000+0100");
        assertThat(segments(answer, "NTE"))
                .containsExactly(
                        "NTE|1|L|Ticket 36,15 EUR|TICKET",
                        "NTE|2|L|Portare esami precedenti|PI",
                        "NTE|3|L|Scala B\\F\\piano 2|99NO",
                        "NTE|4|L|95.02: Non guidare dopo la visita (modulo: Consenso)|99NP");
        // the person as the sender wrote it
        assertThat(BookingSamples.request("S01", "2.5"))
                .contains(segments(answer, "PID").get(0))
                .contains(segments(answer, "PV1").get(0));
        assertThat(segments(answer, "RGS")).containsExactly("RGS|1", "RGS|2");
        assertThat(field(answer, "AIS", 3)).isEqualTo("95.02^PRIMA VISITA OCULISTICA^99NTR^301-0042^^99CRP");
        assertThat(field(answer, "AIS", 4)).isEqualTo("20260120093000+0100");
        assertThat(field(answer, "AIS", 11)).isEqualTo("R^^99LATO");
        assertThat(field(answer, "AIS", 12)).isEqualTo("20.66^EUR^99TKT");
        assertThat(field(answer, "AIG", 3)).isEqualTo("AG-OCU-01");
        assertThat(field(answer, "AIL", 3))
                .isEqualTo("AMB12^^^010123&2.16.840.1.113883.2.9.4.1.3&ISO^^C^^^Ospedale Oftalmico, via Juvarra 19"
                        + "~^^^010301&2.16.840.1.113883.2.9.4.1.1&ISO");
    }

    @ParameterizedTest
    @CsvSource({"S01,Booked", "S02,Booked", "S03,Booked", "S04,Cancelled", "S06,Deleted"})
    void each_operation_has_its_event_and_status(String event, String status) {
        BookingArrival arrival = arrival(BookingSamples.request(event, "2.5"));
        Operation operation = ((it.snodo.booking.BookingRequest) arrival.ask()).operation();
        String answer = answer(BookingSamples.request(event, "2.5"), BookingSamples.done(operation));
        assertThat(field(answer, "MSH", 9)).isEqualTo("SRR^" + event + "^SRR_S01");
        assertThat(field(answer, "SCH", 25)).isEqualTo(status + "^^HL70278");
    }

    @Test
    void every_ruling_is_an_ERR_with_its_code_and_place() {
        String answer = answer(
                BookingSamples.request("S01", "2.5"),
                BookingSamples.answer(
                        Result.REFUSED, null, List.of(BookingSamples.expired(), BookingSamples.noPhone()), List.of()));
        assertThat(answer).contains("\rMSA|AE|SC20260112000001\r");
        assertThat(segments(answer, "ERR"))
                .containsExactly(
                        "ERR||ARQ^1^4|207^Application error^HL70357|E|SC-012^Impegnativa scaduta^99SC|2026-03-02||"
                                + "Prescrizione oltre 60 giorni: occorre nuova impegnativa",
                        "ERR||PID^1^13^1|101^Required field missing^HL70357|E|SC-045^Telefono assente^99SC|||Manca il telefono.");
        assertThat(answer).doesNotContain("\rSCH|");
    }

    @Test
    void before_2_5_the_same_refusal_has_its_older_form() {
        String answer = answer(
                BookingSamples.request("S01", "2.4"),
                BookingSamples.answer(
                        Result.REFUSED, null, List.of(BookingSamples.expired(), BookingSamples.noPhone()), List.of()));
        assertThat(field(answer, "MSA", 3)).isEqualTo("SC-012 Impegnativa scaduta; SC-045 Telefono assente");
        assertThat(field(answer, "MSA", 6)).contains("occorre nuova impegnativa");
        assertThat(segments(answer, "ERR"))
                .containsExactly("ERR|ARQ^1^4^207&Application error&HL70357&SC-012&Impegnativa scaduta"
                        + "~PID^1^13^101&Required field missing&HL70357&SC-045&Telefono assente");
    }

    @Test
    void a_notice_goes_along_with_what_is_done() {
        BookingAnswer answer = BookingSamples.answer(
                Result.BOOKED,
                BookingSamples.booking(Booking.State.BOOKED),
                List.of(BookingSamples.usualClass()),
                List.of());
        String now = answer(BookingSamples.request("S01", "2.5"), answer);
        assertThat(field(now, "MSA", 1)).isEqualTo("AA");
        assertThat(field(now, "ERR", 4)).isEqualTo("W");
        assertThat(field(now, "ERR", 5)).startsWith("SC-058^");
        assertThat(now).contains("\rSCH|SC2026000123^");
        String old = answer(BookingSamples.request("S01", "2.3"), answer);
        assertThat(segments(old, "ERR")).isEmpty();
        assertThat(segments(old, "NTE"))
                .anyMatch(note -> note.contains("SC-058 Classe di priorità assente: Vale la classe P.|99SC"));
    }

    @Test
    void a_question_is_AE_with_a_mild_severity() {
        Ruling asked =
                new Ruling("SC-040", Decision.CONFIRM, 207, "lines[0]", "Già prenotata", "Confermare.", "SC2026000007");
        String answer = answer(
                BookingSamples.request("S01", "2.5"),
                BookingSamples.answer(Result.REFUSED, null, List.of(asked), List.of()));
        assertThat(field(answer, "MSA", 1)).isEqualTo("AE");
        assertThat(field(answer, "ERR", 4)).isEqualTo("W");
        assertThat(field(answer, "ERR", 2)).startsWith("AIS^1");
    }

    @Test
    void what_nobody_knows_yet_is_pending_and_never_booked() {
        String answer = answer(
                BookingSamples.request("S01", "2.5"),
                BookingSamples.answer(
                        Result.UNKNOWN, BookingSamples.booking(Booking.State.UNKNOWN), List.of(), List.of()));
        assertThat(field(answer, "MSA", 1)).isEqualTo("AE");
        assertThat(field(answer, "ERR", 4)).isEqualTo("W");
        assertThat(field(answer, "ERR", 8)).contains("Esito non ancora noto");
        assertThat(field(answer, "SCH", 25)).isEqualTo("Pending^^HL70278");
        assertThat(answer).doesNotContain("Booked");
    }

    @Test
    void a_place_that_is_gone_is_answered_with_the_next_ones() {
        String answer = answer(BookingSamples.request("S01", "2.5"), taken());
        assertThat(field(answer, "MSA", 1)).isEqualTo("AE");
        assertThat(field(answer, "ERR", 2)).isEqualTo("AIS^1^4");
        assertThat(segments(answer, "NTE"))
                .containsExactly("NTE|1|L|service=89.7A.3;azienda=010301;agenda=AG-CAR-02;start=20260122100000+0100;"
                        + "minutes=20;structure=010123;unit=AMB12;ticket=20.66|99PROP");
        assertThat(field(answer, "SCH", 25)).isNullOrEmpty();
        assertThat(field(answer, "AIS", 10)).isNullOrEmpty();
        assertThat(field(answer, "AIS", 4)).isEqualTo("20260122100000+0100");
    }

    @Test
    void an_absent_observation_is_named() {
        Ruling missing = new Ruling(
                "SC-014", Decision.REFER, 101, "prescription.compiled", "Data assente", "Manca la data.", null);
        String answer = answer(
                BookingSamples.request("S01", "2.5").replaceAll("OBX\\|1[^\r]*\r", ""),
                BookingSamples.answer(Result.REFUSED, null, List.of(missing), List.of()));
        assertThat(field(answer, "ERR", 2)).isEqualTo("OBX^^3");
        assertThat(field(answer, "ERR", 7)).contains("DTCOMP^^99SC".replace("^", "\\S\\"));
    }

    @ParameterizedTest
    @CsvSource({
        "SRM^S09^SRM_S01,2.5,201,SRR^S09^SRR_S01",
        "SRM^S99^SRM_S01,2.5,201,ACK^S99^ACK",
        "SRM^S01^SRM_S01,2.9,203,SRR^S01^SRR_S01",
        "SQM^S99,2.5,201,ACK^S99^ACK",
        "SIU^S23^SIU_S12,2.5,201,ACK^S23^ACK",
        "SIU^^SIU_S12,2.5,201,ACK"
    })
    void what_the_hub_does_not_speak_is_rejected_with_AR(
            String type, String version, String condition, String answered) {
        String message = BookingSamples.request("S01", version).replace("SRM^S01^SRM_S01", type);
        BookingArrival arrival = arrival(message);
        assertThat(arrival.ask()).isNull();
        String answer = answer(message, BookingAnswer.refused(List.of(), arrival.faults()));
        assertThat(field(answer, "MSH", 9)).isEqualTo(answered);
        assertThat(field(answer, "MSA", 1)).isEqualTo("AR");
        assertThat(field(answer, "ERR", 3)).startsWith(condition + "^");
    }

    @Test
    void what_is_wrong_with_the_message_is_told_also_when_its_id_was_used_before() {
        String answer = answer(
                BookingSamples.request("S01", "2.9"),
                BookingAnswer.refused(
                        List.of(), List.of(Fault.at(SnodoCode.DUPLICATE_OTHER_CONTENT, "", "Già ricevuto."))));
        assertThat(field(answer, "MSA", 1)).isEqualTo("AR");
        assertThat(segments(answer, "ERR")).hasSize(2);
        assertThat(field(answer, "ERR", 3)).startsWith("203^");
    }

    // --- SQR and ACK -----------------------------------------------------------------------------------------

    @Test
    void a_search_is_answered_with_a_group_for_each_free_place() {
        String answer = answer(BookingSamples.search("2.5"), found(true));
        assertThat(field(answer, "MSH", 9)).isEqualTo("SQR^S25^SQR_S25");
        assertThat(field(answer, "MSA", 1)).isEqualTo("AA");
        assertThat(segments(answer, "QAK")).containsExactly("QAK|Q-77|OK||2|2|0");
        // the best one first, and each place once
        assertThat(segments(answer, "AIS"))
                .containsExactly(
                        "AIS|1||89.7A.3^^99NTR^301-0004^^99CRP|20260122100000+0100|||20|min||||20.66^EUR^99TKT",
                        "AIS|1||89.7A.3^^99NTR^301-0004^^99CRP|20260119100000+0100|||20|min||||20.66^EUR^99TKT");
        assertThat(segments(answer, "SCH")).hasSize(2).allMatch(sch -> !sch.contains("HL70278"));
        assertThat(segments(answer, "NTE"))
                .contains("NTE|1|L|Ticket 20,66 EUR|TICKET", "NTE|2|L|OWN_ASL|99WHY", "NTE|3|L|Entrata B|99NO");
        // who did not answer is named
        assertThat(segments(answer, "ERR")).hasSize(1);
        assertThat(field(answer, "ERR", 4)).isEqualTo("W");
        assertThat(field(answer, "ERR", 6)).isEqualTo("010204");
        assertThat(field(answer, "ERR", 8)).isEqualTo("010204 ASL TO4: non ha risposto entro 3 s");
        String old = answer(BookingSamples.search("2.3"), found(true));
        assertThat(segments(old, "QAK")).containsExactly("QAK|Q-77|OK");
        assertThat(field(old, "MSA", 6)).contains("non ha risposto");
    }

    @Test
    void a_search_without_places_and_one_that_is_refused_say_so_in_QAK() {
        assertThat(field(answer(BookingSamples.search("2.5"), found(false)), "QAK", 2))
                .isEqualTo("NF");
        AvailabilityAnswer refused = new AvailabilityAnswer(
                List.of(), List.of(), List.of(), List.of(BookingSamples.expired()), List.of(), 0);
        String answer = answer(BookingSamples.search("2.5"), refused);
        assertThat(field(answer, "MSA", 1)).isEqualTo("AE");
        assertThat(field(answer, "QAK", 2)).isEqualTo("AE");
        assertThat(field(answer, "ERR", 5)).startsWith("SC-012");
    }

    @ParameterizedTest
    @CsvSource({"2.3,ACK", "2.2,ACK", "2.4,ACK^S13^ACK", "2.5,ACK^S13^ACK"})
    void a_notice_is_answered_by_a_plain_acknowledgement(String version, String type) {
        String answer = answer(
                BookingSamples.notice("S13", version),
                BookingSamples.answer(
                        Result.NOTED, BookingSamples.booking(Booking.State.BOOKED), List.of(), List.of()));
        assertThat(field(answer, "MSH", 9)).isEqualTo(type);
        assertThat(field(answer, "MSH", 12)).isEqualTo(version);
        assertThat(answer.strip()).endsWith("MSA|AA|N1");
    }

    @ParameterizedTest
    @CsvSource({"v2.5,2.5", "2.3.0,2.3", "2.5.2,2.5", "V2.5.1,2.5.1", "2.3.1,2.3.1"})
    void the_version_goes_back_as_the_table_writes_it(String given, String version) {
        String answer = answer(
                BookingSamples.notice("S13", given),
                BookingSamples.answer(
                        Result.NOTED, BookingSamples.booking(Booking.State.BOOKED), List.of(), List.of()));
        assertThat(field(answer, "MSH", 12)).isEqualTo(version);
    }

    // --- modes and charsets ----------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"AL,'',CA,CA", "AL,AL,AA,AE", "NE,AL,AA,AE", "ER,AL,AA,AE", "NE,ER,,AE", "NE,SU,AA,", "NE,NE,,"})
    void the_enhanced_mode_answers_what_the_peer_asked_for(String accept, String application, String yes, String no) {
        // without a connection one answer has to do, and the decision is worth more than the receipt
        String message = BookingSamples.request("S01", "2.5")
                .replace("|P|2.5||||||", "|P|2.5|||" + accept + "|" + application + "||");
        String done = answer(message, BookingSamples.done(Operation.BOOK));
        assertThat(done.isEmpty() ? null : field(done, "MSA", 1)).isEqualTo(yes);
        String refused = answer(
                message, BookingSamples.answer(Result.REFUSED, null, List.of(BookingSamples.expired()), List.of()));
        assertThat(refused.isEmpty() ? null : field(refused, "MSA", 1)).isEqualTo(no);
    }

    @Test
    void the_answer_is_in_the_sender_s_charset_and_separators() {
        Charset latin9 = Charset.forName("ISO-8859-15");
        String message = BookingSamples.request("S01", "2.5")
                .replace("UNICODE UTF-8", "8859/15")
                .replace("VIA PO 1", "CORSO UNITÀ 5 €")
                .replace('^', '$');
        BookingArrival arrival =
                (BookingArrival) intake.read(message.getBytes(latin9), "test").get(0);
        String answer = new String(arrival.writer().write(arrival, BookingSamples.done(Operation.BOOK)), latin9);
        assertThat(answer).contains("CORSO UNITÀ 5 €").contains("MSH|$~\\&|").contains("SRR$S01$SRR_S01");
        assertThat(field(answer, "SCH", 25)).isEqualTo("Booked$$HL70278");
    }

    // --- as another reads it ---------------------------------------------------------------------------------

    static Stream<Arguments> answers() {
        return STRUCTURED.stream().flatMap(version -> Stream.of("S01", "S02", "S03", "S04", "S06")
                .flatMap(event -> Stream.of("done", "warned", "refused", "unknown", "taken")
                        .map(outcome -> Arguments.of(version, event, outcome))));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void a_strict_parser_finds_nothing_wrong_with_an_SRR(String version, String event, String outcome) {
        Booking booking = BookingSamples.booking(Booking.State.BOOKED);
        BookingAnswer reply =
                switch (outcome) {
                    case "done" -> BookingSamples.answer(Result.BOOKED, booking, List.of(), List.of());
                    case "warned" ->
                        BookingSamples.answer(Result.BOOKED, booking, List.of(BookingSamples.usualClass()), List.of());
                    case "refused" ->
                        BookingSamples.answer(
                                Result.REFUSED,
                                null,
                                List.of(BookingSamples.expired(), BookingSamples.noPhone()),
                                List.of());
                    case "unknown" -> BookingSamples.answer(Result.UNKNOWN, booking, List.of(), List.of());
                    default -> taken();
                };
        String answer = answer(BookingSamples.request(event, version), reply);
        // 2.3 has a structure for each event, 2.4 and later one for all
        assertThat(StrictReader.faults(answer, version.equals("2.3") ? "SRR_" + event : "SRR_S01"))
                .as(answer)
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.3", "2.3.1", "2.4", "2.5", "2.5.1"})
    void a_strict_parser_finds_nothing_wrong_with_SQR_and_ACK(String version) {
        for (boolean some : new boolean[] {true, false}) {
            String found = answer(BookingSamples.search(version), found(some));
            assertThat(StrictReader.faults(found, "SQR_S25")).as(found).isEmpty();
        }
        for (String event : BookingEvents.NOTICES.keySet()) {
            String noted = answer(
                    BookingSamples.notice(event, version),
                    BookingSamples.answer(
                            Result.REFUSED,
                            null,
                            List.of(),
                            List.of(Fault.at(SnodoCode.NOT_FOUND, "bookingCode", "Nessuna prenotazione."))));
            assertThat(field(noted, "MSA", 1)).isEqualTo("AE");
            assertThat(StrictReader.faults(noted, "ACK")).as(noted).isEmpty();
        }
    }
}
