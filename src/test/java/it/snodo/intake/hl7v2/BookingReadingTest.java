package it.snodo.intake.hl7v2;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.Shared;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.BookingNotice;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Unreadable;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Arrival;
import it.snodo.intake.BookingArrival;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the hub understands of SRM, SQM and SIU, in the forms that real senders write. */
class BookingReadingTest {

    private final Hl7v2Intake intake = Listener.intake(Listener.properties());

    private BookingArrival arrival(String message) {
        List<Arrival> read = intake.read(BookingSamples.bytes(message), "test");
        assertThat(read).hasSize(1);
        return (BookingArrival) read.get(0);
    }

    private BookingRequest request(String message) {
        BookingArrival arrival = arrival(message);
        assertThat(arrival.faults()).isEmpty();
        return (BookingRequest) arrival.ask();
    }

    private BookingNotice notice(String message) {
        BookingArrival arrival = arrival(message);
        assertThat(arrival.faults()).isEmpty();
        return (BookingNotice) arrival.ask();
    }

    private static String with(String message, String segment, int field, String value) {
        String[] lines = message.split("\r");
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].startsWith(segment)) {
                String[] fields = lines[i].split("\\|", -1);
                int index = segment.startsWith("MSH") ? field - 1 : field;
                if (index >= fields.length) {
                    int before = fields.length;
                    fields = java.util.Arrays.copyOf(fields, index + 1);
                    java.util.Arrays.fill(fields, before, index + 1, "");
                }
                fields[index] = value;
                lines[i] = String.join("|", fields);
            }
        }
        return String.join("\r", lines) + "\r";
    }

    private static String plus(String message, String... segments) {
        return message + String.join("\r", segments) + "\r";
    }

    // --- SRM -------------------------------------------------------------------------------------------------

    @Test
    void a_request_gives_every_field_of_the_mapping() {
        BookingArrival arrival = arrival(BookingSamples.request("S01", "2.5"));
        assertThat(arrival.type()).isEqualTo("SRM^S01");
        assertThat(arrival.controlId()).isEqualTo("SC20260112000001");
        assertThat(arrival.sender()).isEqualTo("SOVRACUP|010");
        assertThat(arrival.faults()).isEmpty();
        assertThat(arrival.unreadable()).isEmpty();
        BookingRequest request = (BookingRequest) arrival.ask();
        assertThat(request.operation()).isEqualTo(Operation.BOOK);
        // the code of a new booking is SovraCup's to give
        assertThat(request.bookingCode()).isNull();
        assertThat(request.reason()).isNull();
        assertThat(request.requester().application()).isEqualTo("SOVRACUP");
        assertThat(request.requester().facility()).isEqualTo("010");
        assertThat(request.requester().operator()).isEqualTo("OP017");
        assertThat(request.requester().desk()).isEqualTo("SP-101-03");
        assertThat(request.patient().fiscalCode()).isEqualTo("RSSMRA80A41L219M");
        assertThat(request.patient().family()).isEqualTo("ROSSI");
        assertThat(request.patient().given()).isEqualTo("MARIA");
        assertThat(request.patient().birthDate()).isEqualTo(LocalDate.of(1980, 1, 1));
        assertThat(request.patient().sex()).isEqualTo("F");
        assertThat(request.patient().comune()).isEqualTo("001272");
        assertThat(request.patient().address()).isEqualTo("VIA PO 1");
        assertThat(request.patient().phones()).containsExactly("+390115661566");
        assertThat(request.patient().entitlement()).isNull();
        assertThat(request.prescription().numbers()).containsExactly("010A01234567890");
        assertThat(request.prescription().compiled()).isEqualTo(LocalDate.of(2026, 1, 10));
        assertThat(request.prescription().exemption()).isEqualTo("048");
        assertThat(request.prescription().priority()).isEqualTo("B");
        assertThat(request.prescription().prescriber()).isEqualTo("VRDLGU60A01L219X");
        assertThat(request.wish().from()).isEqualTo(LocalDate.of(2026, 1, 12));
        assertThat(request.wish().to()).isEqualTo(LocalDate.of(2026, 1, 22));
        Line line = request.lines().get(0);
        assertThat(request.lines()).hasSize(1);
        assertThat(line.service()).isEqualTo("95.02");
        assertThat(line.item()).isNull();
        assertThat(line.description()).isEqualTo("PRIMA VISITA OCULISTICA");
        assertThat(line.azienda()).isEqualTo("010301");
        assertThat(line.slot().azienda()).isEqualTo("010301");
        assertThat(line.slot().agenda()).isEqualTo("AG-OCU-01");
        assertThat(line.slot().start()).isEqualTo(OffsetDateTime.parse("2026-01-20T09:30:00+01:00"));
        assertThat(line.slot().minutes()).isEqualTo(20);
        assertThat(line.slot().structure()).isEqualTo("010123");
        assertThat(line.slot().unit()).isEqualTo("AMB12");
        assertThat(request.identification()).isNull();
        assertThat(arrival.locate("prescription.compiled")).isEqualTo("OBX^1^5");
        assertThat(arrival.locate("prescription.numbers")).isEqualTo("ARQ^1^4");
        assertThat(arrival.locate("lines[0].service")).isEqualTo("AIS^1^3^1^1");
        assertThat(arrival.locate("lines[0].slot.start")).isEqualTo("AIS^1^4");
        assertThat(arrival.locate("patient.phones")).isEqualTo("PID^1^13^1");
        // where it should stand
        assertThat(arrival.locate("prescription.form")).isEqualTo("OBX^^3");
    }

    @ParameterizedTest
    @CsvSource({"S01,BOOK", "S02,MOVE", "S03,CHANGE", "S04,REVOKE", "S06,DELETE"})
    void the_event_is_the_operation_and_names_the_booking(String event, Operation operation) {
        BookingRequest request = request(BookingSamples.request(event, "2.5"));
        assertThat(request.operation()).isEqualTo(operation);
        assertThat(request.bookingCode()).isEqualTo(operation == Operation.BOOK ? null : "SC2026000123");
    }

    @ParameterizedTest
    @ValueSource(strings = {"S05", "S07", "S08", "S09", "S10", "S11", "S12", ""})
    void other_events_of_a_request_are_unsupported(String event) {
        assertThat(arrival(BookingSamples.request(event, "2.5")).faults())
                .extracting(Fault::code)
                .containsExactly(SnodoCode.EVENT_UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6"})
    void every_version_gives_the_same_request(String version) {
        assertThat(request(BookingSamples.request("S02", version)))
                .isEqualTo(request(BookingSamples.request("S02", "2.5")));
    }

    @Test
    void a_caller_s_own_number_does_not_hide_SovraCup_s() {
        String message = with(BookingSamples.request("S04", "2.5"), "ARQ", 1, "4711^CARTELLA");
        assertThat(request(with(message, "ARQ", 2, "SC2026000123^SOVRACUP")).bookingCode())
                .isEqualTo("SC2026000123");
    }

    @Test
    void the_facts_without_a_field_come_as_observations() {
        BookingRequest request = request(plus(
                BookingSamples.request("S01", "2.5"),
                "OBX|3|ST|MODULO^^99SC||M10||||||F",
                "OBX|4|ID|TIMBRI^^99SC||S||||||F",
                "OBX|5|ID|CORREZIONI^^99SC||n||||||F",
                "OBX|6|ID|AUTOCERT^^99SC||true||||||F",
                "OBX|7|ST|CONFERMA^^99SC||SC-028~SC-040||||||F",
                "OBX|8|ST|CONFERMA^^99SC||SC-084||||||F",
                "OBX|9|ID|SOSTITUISCI^^99SC||Y||||||F",
                "OBX|10|ST|CANALE^^99SC||PHONE||||||F",
                "OBX|11|DT|STPDATA^^99SC||20260115||||||F",
                "OBX|12|ST|CATEGORIA^^99SC||STP||||||F",
                "OBX|13|TS|IDDATAORA^^99SC||202601200930||||||F",
                "OBX|14|ST|TIPORIC^^99SC||UE||||||D",
                "OBX|15|NM|8867-4^FREQUENZA^LN||80||||||F"));
        assertThat(request.prescription().form()).isEqualTo("M10");
        assertThat(request.prescription().stamped()).isTrue();
        assertThat(request.prescription().corrected()).isFalse();
        assertThat(request.prescription().selfDeclared()).isTrue();
        assertThat(request.prescription().recipeType()).as("withdrawn").isNull();
        assertThat(request.confirmations()).containsExactly("SC-028", "SC-040", "SC-084");
        assertThat(request.replaceExisting()).isTrue();
        assertThat(request.requester().channel()).isEqualTo("PHONE");
        assertThat(request.patient().entitlement().category()).isEqualTo("STP");
        assertThat(request.patient().entitlement().stpIssued()).isEqualTo(LocalDate.of(2026, 1, 15));
        assertThat(request.identification().start()).isEqualTo(LocalDateTime.of(2026, 1, 20, 9, 30));
    }

    @ParameterizedTest
    @CsvSource({"20260110,2026-01-10", "20260110093000+0100,2026-01-10", "10/01/2026,2026-01-10"})
    void a_day_is_read(String given, LocalDate day) {
        assertThat(request(with(BookingSamples.request("S01", "2.5"), "OBX|1", 5, given))
                        .prescription()
                        .compiled())
                .isEqualTo(day);
    }

    @ParameterizedTest
    @ValueSource(strings = {"202601", "2026", "1/2/2026", "10/01/26", "20260230", "31/02/2026", "ieri"})
    void what_is_no_day_goes_on_as_it_came(String given) {
        BookingArrival arrival = arrival(with(BookingSamples.request("S01", "2.5"), "OBX|1", 5, given));
        assertThat(((BookingRequest) arrival.ask()).prescription().compiled()).isNull();
        assertThat(arrival.unreadable())
                .containsExactly(new Unreadable("prescription.compiled", given, "una data aaaa-mm-gg"));
        assertThat(arrival.locate("prescription.compiled")).isEqualTo("OBX^1^5");
        assertThat(arrival.faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "20260120093000+0100,2026-01-20T09:30:00+01:00",
        "202601200930,2026-01-20T09:30:00+01:00",
        "20260720093000,2026-07-20T09:30:00+02:00",
        "202601200930^YYYYLLDDHHMM,2026-01-20T09:30:00+01:00",
        "20260120083000+0000,2026-01-20T08:30:00Z",
        // the hour that the clock passes twice: the first of the two
        "20261025023000,2026-10-25T02:30:00+02:00"
    })
    void a_time_is_an_instant_with_or_without_offset(String given, OffsetDateTime instant) {
        assertThat(request(with(BookingSamples.request("S01", "2.5"), "AIS", 4, given))
                        .lines()
                        .get(0)
                        .slot()
                        .start())
                .isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"20260120", "20260329023000", "2026012025", "20260120253000", "domani"})
    void what_is_no_time_of_an_appointment_is_unreadable(String given) {
        assertThat(arrival(with(BookingSamples.request("S01", "2.5"), "AIS", 4, given))
                        .unreadable())
                .extracting(Unreadable::path)
                .containsExactly("lines[0].slot.start");
    }

    @Test
    void a_flag_that_is_none_and_a_number_that_is_none_are_unreadable() {
        BookingArrival arrival = arrival(plus(
                with(
                        BookingSamples.request("S01", "2.5"),
                        "AIS",
                        11,
                        "due^n^99QTY~R^^99LATO~sospetta cataratta^^99QUES~N^^99ESE"),
                "OBX|3|ID|TIMBRI^^99SC||forse||||||F"));
        assertThat(arrival.unreadable())
                .extracting(Unreadable::path)
                .containsExactlyInAnyOrder("lines[0].quantity", "prescription.stamped");
        Line line = ((BookingRequest) arrival.ask()).lines().get(0);
        assertThat(line.side()).isEqualTo("R");
        assertThat(line.question()).isEqualTo("sospetta cataratta");
        assertThat(line.exempt()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3^n^99QTY", "3^^99QTY", "quantity^3^99QTY"})
    void a_quantity_is_found_on_either_side(String given) {
        assertThat(request(with(BookingSamples.request("S01", "2.5"), "AIS", 11, given))
                        .lines()
                        .get(0)
                        .quantity())
                .isEqualTo(3);
    }

    @Test
    void a_fact_that_nobody_knows_is_told_and_not_overlooked() {
        BookingArrival arrival =
                arrival(plus(BookingSamples.request("S01", "2.5"), "OBX|3|ST|DTCOMPIL^^99SC||20260110||||||F"));
        assertThat(arrival.unreadable()).hasSize(1);
        assertThat(arrival.unreadable().get(0).path()).contains("DTCOMPIL");
        assertThat(arrival.locate(arrival.unreadable().get(0).path())).isEqualTo("OBX^3^3");
    }

    @Test
    void before_2_4_what_AIS_has_no_field_for_comes_as_notes() {
        String message = BookingSamples.request("S01", "2.3")
                .replace("AIL|", "NTE|1|P|3|99QTY\rNTE|2|P|L^^99LATO\rNTE|3|P|Portare la TAC\rAIL|");
        Line line = request(message).lines().get(0);
        assertThat(line.quantity()).isEqualTo(3);
        assertThat(line.side()).isEqualTo("L");
    }

    @ParameterizedTest
    @CsvSource({"B,B", "TD10,B", "TD30,D", "TD60,D", "TD180,P", "S,U", "TH72,U", "d,D", "Z,Z", "Programmata,P"})
    void the_priority_class_is_a_letter_whatever_the_table(String given, String letter) {
        assertThat(request(with(BookingSamples.request("S01", "2.5"), "ARQ", 12, given))
                        .prescription()
                        .priority())
                .isEqualTo(letter);
    }

    @Test
    void the_italian_letter_of_a_TQ1_is_worth_more_than_the_days_beside_it() {
        String message = with(BookingSamples.request("S01", "2.5"), "ARQ", 12, "")
                .replace("PID|", "TQ1|1||||||||TD60^entro 60 giorni^HL70485~P^Programmata^99UBDP\rPID|");
        assertThat(request(message).prescription().priority()).isEqualTo("P");
    }

    @ParameterizedTest
    @CsvSource({
        "010301,010301",
        "301,301",
        "ASL CITTA' DI TORINO^010301^ISO,010301",
        "SOVRACUP,",
        "'',",
        "SNODO,",
        "ASL 3,ASL 3"
    })
    void the_azienda_is_the_one_addressed_unless_a_place_names_it(String receiver, String azienda) {
        assertThat(request(with(BookingSamples.request("S01", "2.5"), "MSH", 6, receiver))
                        .lines()
                        .get(0)
                        .azienda())
                .isEqualTo(azienda);
        String placed = with(
                with(BookingSamples.request("S01", "2.5"), "MSH", 6, receiver),
                "AIL",
                3,
                "AMB12^^^010123&2.16.840.1.113883.2.9.4.1.3&ISO~^^^010204");
        assertThat(request(placed).lines().get(0).azienda()).isEqualTo("010204");
        assertThat(request(placed).lines().get(0).slot().structure()).isEqualTo("010123");
    }

    @Test
    void each_group_is_a_line_and_a_line_without_time_leaves_its_place_to_the_wish() {
        String message = plus(
                with(BookingSamples.request("S01", "2.5"), "AIS", 4, ""),
                "AIP|1||BNCCRL70A01L219X^BIANCHI",
                "RGS|2",
                "AIS|1||95.09.1^FONDO^99NTR^95.09.1-X^^99CRP",
                "RGS|3",
                "AIS|1|D|95.13^ECOGRAFIA^99NTR",
                "AIS|2||95.05^CAMPO VISIVO^99NTR^301-0077^^99CRP");
        BookingRequest request = request(message);
        assertThat(request.lines()).extracting(Line::service).containsExactly("95.02", "95.09.1", "95.05");
        assertThat(request.lines()).extracting(Line::slot).containsOnlyNulls();
        // a CUP's own code is no item of the catalogue
        assertThat(request.lines()).extracting(Line::item).containsExactly(null, "95.09.1-X", null);
        assertThat(request.wish().structure()).isEqualTo("010123");
        assertThat(request.wish().practitioner()).isEqualTo("BNCCRL70A01L219X");
    }

    @Test
    void segments_in_another_order_are_the_same_request() {
        String usual = BookingSamples.request("S01", "2.5");
        String[] lines = usual.split("\r");
        String turned = String.join(
                        "\r", lines[0], lines[1], lines[6], lines[8], lines[7], lines[5], lines[2], lines[4], lines[3])
                + "\r";
        assertThat(request(turned.replace("OBX|2|", "OBX|2|"))).isEqualTo(request(usual));
    }

    @Test
    void two_prescriptions_in_one_request_are_both_read() {
        assertThat(request(with(BookingSamples.request("S01", "2.5"), "ARQ", 24, "010A09999999999~010A01234567890"))
                        .prescription()
                        .numbers())
                .containsExactly("010A01234567890", "010A09999999999");
    }

    @ParameterizedTest
    @CsvSource({
        "STP0010011234567^^^STP&2.16.840.1.113883.2.9.4.3.17&ISO^STP,stp,STP0010011234567",
        "STP001001123^^^STP&2.16.840.1.113883.2.9.4.3.17&ISO^STP,stp,STP001001123",
        "ENI0010011234567^^^ENI^ENI,eni,ENI0010011234567",
        "6921767^^^AURA&2.16.840.1.113883.2.9.2.10.4.1&ISO^PI,regionalId,6921767",
        "RSSMRA80A41L219M^^^^,fiscalCode,RSSMRA80A41L219M",
        "-1^^^MEF^NNITA,fiscalCode,"
    })
    void identifiers_are_told_apart_as_for_certificates(String cx, String field, String value) {
        var patient = request(with(BookingSamples.request("S01", "2.5"), "PID", 3, cx))
                .patient();
        String read =
                switch (field) {
                    case "stp" -> patient.stp();
                    case "eni" -> patient.eni();
                    case "regionalId" -> patient.regionalId();
                    default -> patient.fiscalCode();
                };
        assertThat(read).isEqualTo(value);
    }

    @Test
    void the_european_card_and_the_citizenship_are_grounds_of_entitlement() {
        String message = with(
                with(
                        BookingSamples.request("S01", "2.5"),
                        "PID",
                        3,
                        "DEU.80276000000000000001^^^TEAM&2.16.840.1.113883.2.9.4.3.7&ISO^TEAM~"
                                + "DEU.A123456789^^^TEAM&2.16.840.1.113883.2.9.4.3.3&ISO^NNDEU"),
                "PID",
                26,
                "216^GERMANIA^ISTAT");
        var entitlement = request(message).patient().entitlement();
        assertThat(entitlement.cardNumber()).isEqualTo("80276000000000000001");
        assertThat(entitlement.personalNumber()).isEqualTo("A123456789");
        assertThat(entitlement.state()).isEqualTo("DEU");
        assertThat(entitlement.citizenship()).isEqualTo("GERMANIA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.3", "2.5"})
    void the_literal_for_no_phone_is_kept(String version) {
        assertThat(request(with(BookingSamples.request("S01", version), "PID", 13, "non fornito"))
                        .patient()
                        .phones())
                .containsExactly("non fornito");
    }

    @Test
    void the_identification_is_only_what_the_caller_says_expressly() {
        String message = BookingSamples.request("S04", "2.5");
        assertThat(request(message).identification()).isNull();
        var expressly = request(plus(message, "OBX|3|ST|IDCOGNOME^^99SC||BIANCHI||||||F"))
                .identification();
        assertThat(expressly.family()).isEqualTo("BIANCHI");
        assertThat(expressly.given()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"NEW,", "MAL^Malattia,Malattia", "Il paziente non può venire,Il paziente non può venire", "CANCEL,"})
    void a_reason_is_a_reason_and_no_name_of_the_event(String given, String reason) {
        assertThat(request(with(BookingSamples.request("S04", "2.5"), "ARQ", 6, given))
                        .reason())
                .isEqualTo(reason);
    }

    @Test
    void of_two_persons_or_without_ARQ_there_is_nothing_to_book() {
        String message = BookingSamples.request("S01", "2.5");
        assertThat(arrival(plus(message, "PID|2||BNCCRL70A01L219X^^^MEF^NNITA")).faults())
                .extracting(Fault::code)
                .containsExactly(SnodoCode.NOT_ALLOWED_TOGETHER);
        BookingArrival without = arrival(message.replaceAll("ARQ[^\r]*\r", ""));
        assertThat(without.ask()).isNull();
        assertThat(without.faults()).extracting(Fault::location).containsExactly("ARQ^1");
        assertThat(arrival(plus(message, "OBX|3|DT|DTCOMP^^99SC||20260111||||||F"))
                        .faults())
                .extracting(Fault::location)
                .containsExactly("OBX^3^5");
    }

    // --- SQM -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"2.3", "2.4", "2.5"})
    void a_search_says_what_where_and_when(String version) {
        BookingArrival arrival =
                arrival(plus(BookingSamples.search(version), "OBX|1|ST|CONTINUITA^^99SC||010123||||||F"));
        assertThat(arrival.faults()).isEmpty();
        assertThat(arrival.unreadable()).isEmpty();
        AvailabilityQuery query = (AvailabilityQuery) arrival.ask();
        assertThat(query.requester().azienda()).isEqualTo("010205");
        assertThat(query.patient().birthDate()).isEqualTo(LocalDate.of(1980, 1, 1));
        assertThat(query.prescription().priority()).isEqualTo("B");
        assertThat(query.lines()).extracting(Line::service).containsExactly("89.7A.3");
        assertThat(query.lines()).extracting(Line::azienda).containsExactly("010301");
        assertThat(query.wish().from()).isEqualTo(LocalDate.of(2026, 1, 15));
        assertThat(query.wish().to()).isEqualTo(LocalDate.of(2026, 2, 14));
        assertThat(query.wish().azienda()).isNull();
        assertThat(query.wish().practitioner()).isEqualTo("BNCCRL70A01L219X");
        assertThat(query.limit()).isEqualTo(5);
        assertThat(query.continuity()).isEqualTo("010123");
        // without ARQ-11 the filter of the query counts
        AvailabilityQuery filtered = (AvailabilityQuery)
                arrival(with(BookingSamples.search(version), "ARQ", 11, "")).ask();
        assertThat(filtered.wish().from()).isEqualTo(LocalDate.of(2026, 1, 13));
        assertThat(filtered.wish().to()).isEqualTo(LocalDate.of(2026, 3, 1));
    }

    // --- SIU -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"S12,BOOKED", "S13,MOVED", "S14,CHANGED", "S15,CANCELLED", "S16,CANCELLED", "S17,DELETED", "S26,NO_SHOW"
    })
    void a_notice_says_what_the_CUP_has_decided(String event, BookingNotice.Event what) {
        BookingNotice notice = notice(BookingSamples.notice(event, "2.5"));
        assertThat(notice.event()).isEqualTo(what);
        assertThat(notice.azienda()).isEqualTo("010301");
        assertThat(notice.bookingCode()).isEqualTo("SC2026000123");
        assertThat(notice.fillerCode()).isEqualTo("CUP301-884512");
        assertThat(notice.patient()).isNull();
        assertThat(notice.reason()).isEqualTo("Medico assente");
        assertThat(notice.line().service()).isEqualTo("95.02");
        assertThat(notice.line().slot().start()).isEqualTo(OffsetDateTime.parse("2026-01-21T10:10:00+01:00"));
        assertThat(notice.line().slot().agenda()).isEqualTo("AG-OCU-01");
        assertThat(notice.line().slot().minutes()).isEqualTo(20);
    }

    private static final String SECOND = "RGS|2\rAIS|1||301-0043^FONDO^99CRP|20260121104000+0100|||20|min";

    @Test
    void a_move_tells_of_every_service() {
        BookingNotice notice = notice(plus(BookingSamples.notice("S13", "2.5"), SECOND));
        assertThat(notice.lines()).extracting(Line::service).containsExactly("95.02", "301-0043");
        assertThat(notice.lines())
                .extracting(each -> each.slot().start())
                .containsExactly(
                        OffsetDateTime.parse("2026-01-21T10:10:00+01:00"),
                        OffsetDateTime.parse("2026-01-21T10:40:00+01:00"));
        assertThat(notice(BookingSamples.notice("S13", "2.5")).lines()).isEmpty();
    }

    @Test
    void the_time_of_the_whole_appointment_is_no_time_of_each_service() {
        String whole = plus(BookingSamples.notice("S13", "2.5"), SECOND)
                .replaceAll("(AIS\\|[^\r]*?)\\|20260121[0-9]+[+]0100", "$1|");
        BookingNotice notice = notice(whole);
        assertThat(notice.lines()).extracting(Line::service).containsExactly("95.02", "301-0043");
        assertThat(notice.lines()).extracting(Line::slot).containsOnlyNulls();
        assertThat(notice.line().slot().start()).isNotNull();
    }

    @Test
    void a_change_with_new_times_tells_of_every_service_too() {
        assertThat(notice(plus(BookingSamples.notice("S14", "2.5"), SECOND)).lines())
                .extracting(each -> each.slot().start())
                .containsExactly(
                        OffsetDateTime.parse("2026-01-21T10:10:00+01:00"),
                        OffsetDateTime.parse("2026-01-21T10:40:00+01:00"));
    }

    @Test
    void a_service_that_is_taken_out_is_not_where_the_booking_goes() {
        String moved = BookingSamples.notice("S13", "2.5")
                .replace("RGS|1\r", "RGS|1|D\rAIS|1|D|301-0042^VISITA OCULISTICA^99CRP|20260120093000+0100\rRGS|2|A\r")
                .replace("AIS|1||", "AIS|1|A|");
        assertThat(notice(moved).line().slot().start()).isEqualTo(OffsetDateTime.parse("2026-01-21T10:10:00+01:00"));
    }

    @ParameterizedTest
    @CsvSource({
        "S12,Cancelled,CANCELLED",
        "S13,CANCELLED,CANCELLED",
        "S14,Canceled,CANCELLED",
        "S14,Dc,CANCELLED",
        "S12,Deleted,DELETED",
        "S13,No Show,NO_SHOW",
        "S14,Noshow,NO_SHOW",
        "S12,Pending,TENTATIVE",
        "S12,WAITLIST,TENTATIVE",
        "S12,Blocked,TENTATIVE",
        "S12,ARRIVED,BOOKED",
        "S14,Pending,CHANGED",
        "S15,Booked,CANCELLED",
        "S26,Booked,NO_SHOW"
    })
    void the_status_of_the_filler_says_what_an_event_does_not(String event, String status, BookingNotice.Event what) {
        String message = BookingSamples.notice(event, "2.5");
        assertThat(notice(message.replace("|BOOKED", "|" + status)).event()).isEqualTo(what);
        assertThat(notice(message.replace("|BOOKED", "|^" + status + "^L")).event())
                .isEqualTo(what);
    }

    @Test
    void who_gets_another_time_after_not_having_come_is_moved() {
        String later = BookingSamples.notice("S13", "2.5")
                .replace("|BOOKED", "|No Show")
                .replace(
                        "20260121",
                        LocalDate.now().plusDays(30).format(java.time.format.DateTimeFormatter.BASIC_ISO_DATE));
        assertThat(notice(later).event()).isEqualTo(BookingNotice.Event.MOVED);
    }

    @Test
    void a_CUP_that_puts_our_code_second_is_understood() {
        BookingNotice turned = notice(BookingSamples.notice("S15", "2.5")
                .replace("SC2026000123^SOVRACUP|CUP301-884512^CUP301", "CUP301-884512|SC2026000123^SOVRACUP"));
        assertThat(turned.bookingCode()).isEqualTo("SC2026000123");
        assertThat(turned.fillerCode()).isEqualTo("CUP301-884512");
        BookingNotice own = notice(BookingSamples.notice("S15", "2.5")
                .replace("SC2026000123^SOVRACUP|CUP301-884512^CUP301", "77^EPIC|SC2026000123^CUP301"));
        assertThat(own.bookingCode())
                .as("the CUP's own, whatever it looks like")
                .isNull();
        assertThat(own.fillerCode()).isEqualTo("SC2026000123");
    }

    @Test
    void an_end_is_told_whatever_else_cannot_be_read() {
        String odd = BookingSamples.notice("S15", "2.5")
                .replace("20260121101000+0100", "20260121")
                .replace("RGS|1", "PID|1||RSSMRA80A41L219M^^^MEF^NNITA||ROSSI^MARIA||1980||||||9999\rRGS|1");
        assertThat(arrival(odd).unreadable()).isEmpty();
        assertThat(arrival(odd.replace("S15", "S12")).unreadable()).isNotEmpty();
    }

    @Test
    void a_notice_of_which_nobody_knows_what_goes_where_is_refused_and_not_taken_in_part() {
        String twice = plus(BookingSamples.notice("S13", "2.5"), SECOND + "\r" + SECOND.replace("1040", "1100"));
        for (String message : List.of(twice, twice.replace("S13", "S14"))) {
            BookingArrival arrival = arrival(message);
            assertThat(arrival.ask()).isNull();
            assertThat(arrival.faults()).extracting(Fault::location).containsExactly("AIS^2");
        }
        assertThat(arrival(plus(BookingSamples.notice("S15", "2.5"), SECOND)).ask())
                .as("an end is the end of all")
                .isInstanceOf(BookingNotice.class);
    }

    @ParameterizedTest
    @CsvSource({
        "CUP,010",
        "CUP,REGIONE PIEMONTE",
        "CUP,Piemonte",
        "SNODO,CSI",
        "SNODO,Sistema regionale",
        "SOVRACUP,TORINO"
    })
    void a_request_to_the_hub_or_the_region_is_to_no_azienda(String application, String facility) {
        String message = with(with(BookingSamples.request("S01", "2.5"), "MSH", 5, application), "MSH", 6, facility);
        assertThat(request(message).lines().get(0).azienda()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"SNODO,010301", "SOVRACUP,301", "CUP,OSPEDALE"})
    void a_request_to_an_azienda_names_it(String application, String facility) {
        String message = with(with(BookingSamples.request("S01", "2.5"), "MSH", 5, application), "MSH", 6, facility);
        assertThat(request(message).lines().get(0).azienda()).isEqualTo(facility);
    }

    @Test
    void the_time_of_a_notice_is_found_wherever_its_version_has_it() {
        String old = BookingSamples.notice("S13", "2.3").replaceAll("AIS[^\r]*\r", "");
        assertThat(notice(old).line().slot().start()).isEqualTo(OffsetDateTime.parse("2026-01-21T10:10:00+01:00"));
        String newer = with(old, "SCH", 11, "").replace("RGS|1", "TQ1|1||||||20260121111000+0100\rRGS|1");
        assertThat(notice(newer).line().slot().start()).isEqualTo(OffsetDateTime.parse("2026-01-21T11:10:00+01:00"));
        String bare = plus(with(old, "SCH", 11, ""), "AIL|1||AMB12^^^OFTALMICO|||20260121121000+0100");
        assertThat(notice(bare).line().slot().start()).isEqualTo(OffsetDateTime.parse("2026-01-21T12:10:00+01:00"));
    }

    @ParameterizedTest
    @CsvSource({
        "Cancelled,CANCELLED",
        "NOSHOW,NO_SHOW",
        "No-show,NO_SHOW",
        "booked,CHANGED",
        "ARRIVED,CHANGED",
        "'',CHANGED"
    })
    void a_modification_with_the_status_of_an_end_is_that_end(String status, BookingNotice.Event what) {
        assertThat(notice(with(BookingSamples.notice("S14", "2.5"), "SCH", 25, status))
                        .event())
                .isEqualTo(what);
    }

    @Test
    void a_booking_that_is_not_SovraCup_s_has_only_the_CUP_s_code() {
        BookingNotice notice =
                notice(with(with(BookingSamples.notice("S12", "2.5"), "SCH", 1, "99812^CUP301"), "SCH", 2, ""));
        assertThat(notice.bookingCode()).isNull();
        assertThat(notice.fillerCode()).isEqualTo("99812");
    }

    @Test
    void a_no_show_may_have_a_documented_reason() {
        assertThat(notice(plus(BookingSamples.notice("S26", "2.5"), "OBX|1|ID|FORZAMAGGIORE^^99SC||Y||||||F"))
                        .forceMajeure())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.2", "2.3", "2.5.1"})
    void a_notice_with_the_header_of_2_2_is_read_as_2_3(String version) {
        assertThat(notice(BookingSamples.notice("S13", version)).event()).isEqualTo(BookingNotice.Event.MOVED);
    }

    @Test
    void notices_of_other_vendors_are_read_or_refused_but_never_fail() throws IOException {
        Optional<Path> corpus = Shared.dir("hl7-messages");
        Assumptions.assumeTrue(corpus.isPresent(), "no corpus beside the repository");
        int read = 0;
        try (Stream<Path> files = Files.list(corpus.get())) {
            for (Path file :
                    files.filter(each -> each.toString().contains("_SIU_")).toList()) {
                BookingArrival arrival = (BookingArrival)
                        intake.read(Files.readAllBytes(file), "test").get(0);
                if (arrival.faults().isEmpty()) {
                    BookingNotice notice = (BookingNotice) arrival.ask();
                    assertThat(notice.event()).as("%s", file).isNotNull();
                    assertThat(notice.fillerCode()).as("%s", file).isNotBlank();
                    read++;
                } else {
                    assertThat(arrival.ask()).isNull();
                }
            }
        }
        assertThat(read).isPositive();
    }
}
