package it.snodo.simulator.cup;

import static it.snodo.simulator.cup.Desk.ack;
import static it.snodo.simulator.cup.Desk.command;
import static it.snodo.simulator.cup.Desk.condition;
import static it.snodo.simulator.cup.Desk.field;
import static it.snodo.simulator.cup.Desk.note;
import static it.snodo.simulator.cup.Desk.placer;
import static it.snodo.simulator.cup.Desk.siu;
import static it.snodo.simulator.cup.Desk.strict;
import static it.snodo.simulator.cup.Desk.withNotes;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.demo.MllpClient;
import it.snodo.simulator.cup.Desk.Place;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulated CUPs as a system that books meets them: over sockets. */
class CupsTest {
    /** Electrocardiogram, in the local codes of each CUP. */
    private static final String ECG = "-0028";

    private static Desk desk;

    @BeforeAll
    static void start() {
        desk = new Desk();
    }

    @AfterAll
    static void stop() {
        desk.close();
    }

    @BeforeEach
    void reset() {
        desk.reset();
    }

    private static JsonNode bookings(String cup) {
        return desk.get("/cup/" + cup + "/state").path("bookings");
    }

    private static String state(String cup, String placer) {
        for (JsonNode booking : bookings(cup)) {
            if (booking.path("placer").asText().equals(placer)) {
                return booking.path("state").asText();
            }
        }
        return "";
    }

    @ParameterizedTest
    @ValueSource(strings = {"301", "203", "204", "909", "205"})
    void a_search_gives_free_places_that_can_then_be_booked(String cup) {
        String reply = desk.say(cup, Desk.search(cup, cup + ECG, "20261123", "20270301"));

        strict(reply);
        assertThat(field(reply, "QAK", 1)).isEqualTo("Q1");
        assertThat(field(reply, "QAK", 2)).isEqualTo("OK");
        List<Place> places = Desk.places(reply);
        assertThat(places).hasSize(10);
        assertThat(places)
                .extracting(Place::start)
                .isSorted()
                .allMatch(start -> start.compareTo("20261123090000+0100") > 0);
        assertThat(places).allSatisfy(place -> {
            assertThat(place.agenda()).startsWith("AG-" + cup);
            assertThat(place.ticket()).matches("\\d+\\.\\d\\d");
            assertThat(place.location())
                    .matches(
                            ".+\\^\\^\\^\\d{6}&2\\.16\\.840\\.1\\.113883\\.2\\.9\\.4\\.1\\.3&ISO\\^\\^[CP]\\^\\^\\^.+");
        });
        assertThat(ack(desk.say(cup, command(cup, "BOOK", placer(), cup + ECG, places.get(9)))))
                .isEqualTo("AA");
        assertThat(desk.free(cup, cup + ECG)).doesNotContain(places.get(9)).contains(places.get(8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"301", "203", "204"})
    void a_booking_is_made_moved_changed_and_revoked(String cup) {
        List<Place> places = desk.free(cup, cup + ECG);
        String placer = placer();

        String booked = desk.say(cup, command(cup, "BOOK", placer, cup + ECG, places.get(0), places.get(1)));
        assertThat(ack(booked)).isEqualTo("AA");
        assertThat(state(cup, placer)).isEqualTo("BOOKED");

        String moved = desk.say(cup, command(cup, "MOVE", placer, cup + ECG, places.get(4), places.get(5)));
        assertThat(ack(moved)).isEqualTo("AA");
        assertThat(desk.free(cup, cup + ECG))
                .contains(places.get(0), places.get(1))
                .doesNotContain(places.get(4), places.get(5));

        String changed = desk.say(cup, command(cup, "CHANGE", placer, cup + ECG, places.get(4), places.get(5)));
        assertThat(ack(changed)).isEqualTo("AA");

        String revoked = desk.say(cup, command(cup, "REVOKE", placer, cup + ECG, places.get(4), places.get(5)));
        assertThat(ack(revoked)).isEqualTo("AA");
        assertThat(state(cup, placer)).isEqualTo("REVOKED");
        assertThat(desk.free(cup, cup + ECG)).isEqualTo(places);
        assertThat(ack(desk.say(cup, command(cup, "REVOKE", placer, cup + ECG, places.get(4)))))
                .as("a second time")
                .isEqualTo("AA");
        for (String reply : List.of(booked, moved, changed, revoked)) {
            boolean notes = !cup.equals("203");
            assertThat(notes ? withNotes(reply) : strict(reply)).isNotNull();
            assertThat(field(reply, "MSH", 6)).isEqualTo("010^2.16.840.1.113883.2.9.4.1.1^ISO");
        }
    }

    @Test
    void what_was_booked_by_mistake_is_deleted() {
        String placer = placer();
        Place place = desk.free("301", "301" + ECG).get(0);
        desk.say("301", siu("301", "BOOK", placer, "301" + ECG, place));

        assertThat(ack(desk.say("301", siu("301", "DELETE", placer, "301" + ECG, place))))
                .isEqualTo("AA");
        assertThat(state("301", placer)).isEqualTo("DELETED");
    }

    @Test
    void an_acknowledgement_tells_code_price_and_warnings() {
        List<Place> places = desk.free("301", "301" + ECG);

        String reply = desk.say("301", siu("301", "BOOK", placer(), "301" + ECG, places.get(0), places.get(1)));

        assertThat(note(reply, "FILLER")).isEqualTo("CUP301-000001");
        assertThat(note(reply, "TICKET1")).isEqualTo("11.62");
        assertThat(note(reply, "TICKET2")).isEqualTo("11.62");
        assertThat(note(reply, "TICKET")).isEqualTo("23.24");
        assertThat(note(reply, "PI")).contains("elettrocardiogramma");
    }

    @Test
    void an_srr_shows_the_booking_and_the_price_of_each_service() {
        Place place = desk.free("203", "203" + ECG).get(0);

        String reply = desk.say("203", command("203", "BOOK", "SC2026000777", "203" + ECG, place));

        strict(reply);
        assertThat(field(reply, "MSH", 9)).isEqualTo("SRR^S01^SRR_S01");
        assertThat(field(reply, "SCH", 1)).isEqualTo("SC2026000777^SOVRACUP");
        assertThat(field(reply, "SCH", 2)).isEqualTo("CUP203-000001^CUP203");
        assertThat(field(reply, "SCH", 25)).startsWith("Booked");
        assertThat(field(reply, "AIS", 4)).isEqualTo(place.start());
        assertThat(field(reply, "AIS", 12)).isEqualTo("11.62^EUR^99TKT");
    }

    @Test
    void orders_are_answered_by_orders_or_by_a_plain_ack() {
        List<Place> places = desk.free("204", "204" + ECG);

        String orders = desk.say("204", command("204", "BOOK", placer(), "204" + ECG, places.get(0)));
        strict(orders);
        assertThat(field(orders, "MSH", 9)).isEqualTo("ORG^O20^ORG_O20");
        assertThat(field(orders, "ORC", 1)).isEqualTo("OK");
        assertThat(field(orders, "ORC", 3)).isEqualTo("CUP204-000001#1");

        String refused = desk.say("204", command("204", "BOOK", placer(), "204" + ECG, places.get(0)));
        strict(refused);
        assertThat(ack(refused)).isEqualTo("AE");
        assertThat(condition(refused)).isEqualTo("206");
        assertThat(field(refused, "ORC", 1)).isEqualTo("UA");

        desk.post("/cup/204/rules", "{\"plainAck\":true}");
        String plain = desk.say("204", command("204", "BOOK", placer(), "204" + ECG, places.get(1)));
        assertThat(field(plain, "MSH", 9)).isEqualTo("ACK^O19^ACK");
        assertThat(ack(plain)).isEqualTo("AA");
    }

    @Test
    void who_is_exempt_pays_nothing_and_nobody_more_than_the_cap_but_at_the_cup_set_up_wrongly() {
        String exempt = siu(
                        "301",
                        "BOOK",
                        placer(),
                        "301-0029",
                        desk.free("301", "301-0029").get(0))
                .replace("\rRGS|1", "\rOBX|1|CE|ESENZ^^99SC||048^^99ESE||||||F\rRGS|1");
        assertThat(note(desk.say("301", exempt), "TICKET")).isEqualTo("0.00");

        assertThat(note(
                        desk.say(
                                "301",
                                siu(
                                        "301",
                                        "BOOK",
                                        placer(),
                                        "301-0029",
                                        desk.free("301", "301-0029").get(0))),
                        "TICKET"))
                .isEqualTo("36.15");
        assertThat(note(
                        desk.say(
                                "212",
                                siu(
                                        "212",
                                        "BOOK",
                                        placer(),
                                        "212-0029",
                                        desk.free("212", "212-0029").get(0))),
                        "TICKET"))
                .isEqualTo("51.65");
    }

    @ParameterizedTest
    @ValueSource(strings = {"301", "203", "204"})
    void the_same_code_at_the_same_place_is_the_same_booking(String cup) {
        List<Place> places = desk.free(cup, cup + ECG);
        String placer = placer();
        desk.say(cup, command(cup, "BOOK", placer, cup + ECG, places.get(0)));

        String again = desk.say(cup, command(cup, "BOOK", placer, cup + ECG, places.get(0)));
        assertThat(ack(again)).isEqualTo("AA");
        assertThat(again).contains("CUP" + cup + "-000001");
        assertThat(bookings(cup)).hasSize(1);

        String elsewhere = desk.say(cup, command(cup, "BOOK", placer, cup + ECG, places.get(1)));
        assertThat(ack(elsewhere)).isEqualTo("AE");
        assertThat(condition(elsewhere)).isEqualTo("205");
        assertThat(bookings(cup)).hasSize(1);
    }

    @Test
    void the_same_message_gets_the_same_answer_even_when_its_booking_is_revoked() {
        String placer = placer();
        Place place = desk.free("301", "301" + ECG).get(0);
        String book = siu("301", "BOOK", placer, "301" + ECG, place);
        String first = desk.say("301", book);
        desk.say("301", siu("301", "REVOKE", placer, "301" + ECG, place));

        assertThat(desk.say("301", book)).isEqualTo(first);
        assertThat(state("301", placer)).isEqualTo("REVOKED");

        String other = desk.say("301", book.replace("ELENA", "MARTA"));
        assertThat(condition(other)).isEqualTo("205");
        assertThat(field(other, "ERR", 2)).isEqualTo("MSH^1^10");
    }

    @Test
    void of_two_hundred_who_want_one_place_exactly_one_gets_it() throws Exception {
        Place place = desk.free("301", "301" + ECG).get(3);
        List<Callable<String>> wishes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String message = siu("301", "BOOK", placer(), "301" + ECG, place);
            wishes.add(() -> desk.say("301", message));
        }
        ExecutorService callers = Executors.newFixedThreadPool(40);
        List<String> replies = new ArrayList<>();
        try {
            for (Future<String> reply : callers.invokeAll(wishes)) {
                replies.add(reply.get());
            }
        } finally {
            callers.shutdownNow();
        }

        assertThat(replies).filteredOn(reply -> ack(reply).equals("AA")).hasSize(1);
        assertThat(replies).filteredOn(reply -> condition(reply).equals("206")).hasSize(199);
        assertThat(bookings("301")).hasSize(1);
    }

    @Test
    void a_move_to_a_taken_place_keeps_the_old_one() {
        List<Place> places = desk.free("301", "301" + ECG);
        String placer = placer();
        desk.say("301", siu("301", "BOOK", placer, "301" + ECG, places.get(0)));
        desk.say("301", siu("301", "BOOK", placer(), "301" + ECG, places.get(1)));

        String reply = desk.say("301", siu("301", "MOVE", placer, "301" + ECG, places.get(1)));

        assertThat(condition(reply)).isEqualTo("206");
        assertThat(desk.free("301", "301" + ECG)).doesNotContain(places.get(0));
        assertThat(ack(desk.say("301", siu("301", "MOVE", placer, "301" + ECG, places.get(0)))))
                .as("where it stands already")
                .isEqualTo("AA");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "||BGGLMR57B58L219T^^^MEF&2.16.840.1.113883.2.9.4.3.2&ISO^NNITA||;||||;           AE;101;PID^1^3",
                "||BOGGIO^ELENA||;||||;                                       AE;101;PID^1^5",
                "|19570218|F;||F;                                             AE;101;PID^1^7",
                "|19570218|F;|19570230|F;                                     AE;102;PID^1^7",
                "|19570218|F;|19570218|;                                      AE;101;PID^1^8",
                "|19570218|F;|19570218|Q;                                     AE;103;PID^1^8",
                "|301-0028^;|301-9999^;                                       AE;103;AIS^1^3",
                "\\rAIG|1||AG-301-CAR-1|;\\rAIG|1||AG-999|;                     AE;204;AIG^1^3",
                "\\rAIG|1||AG-301-CAR-1|;\\rAIG|1||AG-301-OCU-1|;               AE;207;AIG^1^3",
                "|PRENOTAZIONE|;||;                                           AE;101;SCH^1^6",
                "|OP1^ROSSO\\r;|\\r;                                            AE;101;SCH^1^20",
                "|P|2.5|;|P|2.2|;                                             AR;203;MSH^1^12",
                "|P|2.5|;|X|2.5|;                                             AR;202;MSH^1^11",
                "SIU^S12^SIU_S12;SIU^S12^SIU_S13;                             AR;200;MSH^1^9",
                "SIU^S12^SIU_S12;SIU^S20^SIU_S12;                             AR;201;MSH^1^9",
                "SIU^S12^SIU_S12;SRM^S01^SRM_S01;                             AR;200;MSH^1^9",
                "|CUP|010301|;|CUP|010203|;                                   AR;103;MSH^1^6",
                "UNICODE UTF-8;KLINGON;                                       AR;103;MSH^1^18",
                "\\rRGS|1;\\rZZZ|1\\rRGS|1;                                      AE;100;MSH^1",
                "\\rRGS|1\\r;\\rRGS|\\r;                                          AE;101;RGS^1^1",
                "|AGENDA\\r;|\\r;                                               AE;101;AIG^1^4",
            })
    void what_no_cup_would_take_is_refused_and_named(
            String good, String bad, String ack, String condition, String place) {
        Place free = desk.free("301", "301" + ECG).stream()
                .filter(each -> each.agenda().equals("AG-301-CAR-1"))
                .findFirst()
                .orElseThrow();
        String message = siu("301", "BOOK", placer(), "301" + ECG, free);
        String wrong = good.equals("||BOGGIO^ELENA||")
                ? message.replace("||BOGGIO^ELENA||", "||BOGGIO||")
                : message.replace(good.replace("\\r", "\r"), bad.replace("\\r", "\r"));
        assertThat(wrong).isNotEqualTo(message);

        String reply = desk.say("301", wrong);

        assertThat(List.of(ack(reply), condition(reply), field(reply, "ERR", 2)))
                .containsExactly(ack, condition, place);
        assertThat(bookings("301")).isEmpty();
        if (!condition.equals("203")) {
            strict(reply.replace("KLINGON", "UNICODE UTF-8"));
        }
    }

    @Test
    void a_place_that_is_past_or_that_no_agenda_has_is_refused() {
        Place place = desk.free("301", "301" + ECG).get(0);

        String past = desk.say(
                "301",
                siu("301", "BOOK", placer(), "301" + ECG, new Place(place.agenda(), "20261123083000+0100", "", "")));
        assertThat(condition(past)).isEqualTo("207");

        String none = desk.say(
                "301",
                siu("301", "BOOK", placer(), "301" + ECG, new Place(place.agenda(), "20261124084700+0100", "", "")));
        assertThat(condition(none)).isEqualTo("206");
    }

    @Test
    void an_unknown_booking_is_neither_moved_nor_revoked() {
        Place place = desk.free("301", "301" + ECG).get(0);
        for (String operation : List.of("MOVE", "CHANGE", "REVOKE", "DELETE")) {
            String reply = desk.say("301", siu("301", operation, placer(), "301" + ECG, place));
            assertThat(condition(reply)).as(operation).isEqualTo("204");
            assertThat(field(reply, "ERR", 2)).isEqualTo("SCH^1^1");
            strict(reply);
        }
    }

    @Test
    void an_unknown_service_is_not_searched() {
        String reply = desk.say("301", Desk.search("301", "301-9999", "20261123", "20270301"));

        strict(reply);
        assertThat(condition(reply)).isEqualTo("103");
        assertThat(field(reply, "QAK", 2)).isEqualTo("AE");
    }

    @Test
    void far_agendas_have_nothing_near() {
        String near = desk.say("301", Desk.search("301", "301-0050", "20261123", "20270122"));
        assertThat(field(near, "QAK", 2))
                .as("magnetic resonance within 60 days")
                .isEqualTo("NF");
        strict(near);

        String far = desk.say("301", Desk.search("301", "301-0050", "20261123", "20270301"));
        assertThat(field(far, "QAK", 2)).isEqualTo("OK");
    }

    @Test
    void older_versions_get_their_own_form_of_a_refusal() {
        Place place = desk.free("301", "301" + ECG).get(0);
        for (String version : List.of("2.3", "2.4")) {
            String message = siu("301", "BOOK", placer(), "301-9999", place).replace("|P|2.5|", "|P|" + version + "|");
            String reply = desk.say("301", message);
            assertThat(field(reply, "ERR", 1)).startsWith("AIS^1^3^103&");
            assertThat(field(reply, "MSA", 3)).startsWith("PRESTAZIONE");
            strict(reply);
        }
    }

    @Test
    void the_answer_comes_in_the_characters_of_the_question() {
        Place place = desk.free("301", "301-0058").get(0);
        Charset latin = Charset.forName("ISO-8859-15");
        String message = siu("301", "BOOK", placer(), "301-0058", place)
                .replace("UNICODE UTF-8", "8859/15")
                .replace("BOGGIO", "BOGGIÒ");
        try (MllpClient client = desk.open("301")) {
            byte[] reply =
                    client.send(MllpClient.frame(message.getBytes(latin))).receiveBytes();
            assertThat(new String(reply, latin)).contains("|8859/15").contains("sarà messo");
        }
        assertThat(bookings("301").path(0).path("person").path("family").asText())
                .isEqualTo("BOGGIÒ");
    }

    @Test
    void who_asks_for_it_gets_a_commit_acknowledgement_first() {
        Place place = desk.free("301", "301" + ECG).get(0);
        String message = siu("301", "BOOK", placer(), "301" + ECG, place).replace("|||NE|AL|", "|||AL|AL|");
        try (MllpClient client = desk.open("301")) {
            assertThat(ack(client.exchange(message))).isEqualTo("CA");
            assertThat(ack(client.receive())).isEqualTo("AA");
        }
    }

    @Test
    void messages_in_one_packet_are_answered_in_order() {
        List<Place> places = desk.free("301", "301" + ECG);
        String first = siu("301", "BOOK", placer(), "301" + ECG, places.get(0));
        String second = siu("301", "BOOK", placer(), "301" + ECG, places.get(1));
        byte[] both = (new String(MllpClient.frame(first), StandardCharsets.UTF_8)
                        + new String(MllpClient.frame(second), StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
        try (MllpClient client = desk.open("301")) {
            client.send(both);
            assertThat(field(client.receive(), "MSA", 2)).isEqualTo(field(first, "MSH", 10));
            assertThat(field(client.receive(), "MSA", 2)).isEqualTo(field(second, "MSH", 10));
        }
    }

    // ---- misbehaviour

    private static String wish(int place) {
        return siu(
                "301",
                "BOOK",
                placer(),
                "301" + ECG,
                desk.free("301", "301" + ECG).get(place));
    }

    private static void rule(String rule) {
        desk.post("/cup/301/rules", rule);
    }

    @Test
    void it_can_answer_late_and_refuse_with_any_code() {
        rule("{\"operation\":\"BOOK\",\"delayMs\":50}");
        assertThat(ack(desk.say("301", wish(0)))).isEqualTo("AA");
        rule(
                "{\"operation\":\"BOOK\",\"error\":{\"ack\":\"AR\",\"condition\":207,\"code\":\"CHIUSO\",\"text\":\"Il CUP è chiuso\"}}");
        String refused = desk.say("301", wish(0));
        assertThat(ack(refused)).isEqualTo("AR");
        assertThat(field(refused, "ERR", 8)).isEqualTo("Il CUP è chiuso");
        assertThat(bookings("301")).hasSize(1);
        JsonNode rules = desk.get("/cup/301/rules").path("rules");
        assertThat(rules.path(0).path("applied").asInt()).isEqualTo(1);
        assertThat(rules.path(1).path("applied").asInt()).isEqualTo(1);
    }

    @Test
    void it_can_answer_another_message() {
        rule("{\"operation\":\"BOOK\",\"msa2\":\"ALTRO\"}");
        String reply = desk.say("301", wish(0));
        assertThat(field(reply, "MSA", 2)).isEqualTo("ALTRO");
        assertThat(bookings("301")).hasSize(1);
    }

    @Test
    void it_can_give_half_an_answer_none_or_two() {
        rule("[{\"operation\":\"BOOK\",\"wire\":\"HALF\"},{\"operation\":\"BOOK\",\"wire\":\"LOST_ANSWER\"},"
                + "{\"operation\":\"BOOK\",\"wire\":\"RESET\"},{\"operation\":\"BOOK\",\"wire\":\"DROP\"},"
                + "{\"operation\":\"BOOK\",\"wire\":\"TWICE\"}]");
        try (MllpClient client = desk.open("301")) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> client.exchange(wish(0)))
                    .hasRootCauseInstanceOf(java.io.EOFException.class);
        }
        assertThat(desk.say("301", wish(0))).as("effect, no answer").isNull();
        assertThat(desk.say("301", wish(0))).as("reset").isNull();
        assertThat(desk.say("301", wish(0))).as("closed").isNull();
        assertThat(bookings("301")).hasSize(2);
        try (MllpClient client = desk.open("301")) {
            String first = client.exchange(wish(0));
            assertThat(ack(first)).isEqualTo("AA");
            assertThat(client.receive()).isEqualTo(first);
        }
    }

    @Test
    void it_can_stay_silent_after_taking_effect() {
        rule("{\"operation\":\"BOOK\",\"wire\":\"SILENT\"}");
        String message = wish(0);
        try (MllpClient client = desk.open("301")) {
            client.send(MllpClient.frame(message));
            // the next message on the connection is the first to be answered
            client.send(MllpClient.frame(wish(1)));
            assertThat(field(client.receive(), "MSA", 2)).isNotEqualTo(field(message, "MSH", 10));
        }
        assertThat(ack(desk.say("301", message))).as("asked again").isEqualTo("AA");
        assertThat(bookings("301")).hasSize(2);
    }

    @Test
    void somebody_else_can_take_the_place_just_before() {
        List<Place> places = desk.free("301", "301" + ECG);
        rule("{\"operation\":\"BOOK\",\"taken\":true}");
        String placer = placer();
        String reply = desk.say("301", siu("301", "BOOK", placer, "301" + ECG, places.get(0)));
        assertThat(ack(reply)).isEqualTo("AE");
        assertThat(condition(reply)).isEqualTo("206");
        assertThat(desk.free("301", "301" + ECG)).doesNotContain(places.get(0));
        assertThat(ack(desk.say("301", siu("301", "BOOK", placer, "301" + ECG, places.get(1)))))
                .isEqualTo("AA");
    }

    @Test
    void a_rule_may_be_meant_for_one_booking_or_for_searches_only() {
        rule("[{\"operation\":\"SEARCH\",\"delayMs\":20,\"times\":0},{\"document\":\"^SC-ROTTA$\",\"wire\":\"DROP\"}]");
        Place place = desk.free("301", "301" + ECG).get(0);
        assertThat(desk.say("301", siu("301", "BOOK", "SC-ROTTA", "301" + ECG, place)))
                .isNull();
        assertThat(ack(desk.say("301", siu("301", "BOOK", placer(), "301" + ECG, place))))
                .isEqualTo("AA");
    }

    @Test
    void nobody_listens_while_it_is_down() {
        int port = desk.port("205");
        desk.post("/cup/205/down", "");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new MllpClient(port))
                .hasCauseInstanceOf(java.net.ConnectException.class);
        assertThat(desk.get("/cup/205/state").path("up").asBoolean()).isFalse();
        assertThat(desk.free("206", "206" + ECG)).as("the others go on").isNotEmpty();
        desk.post("/cup/205/up", "");
        assertThat(desk.free("205", "205" + ECG)).isNotEmpty();
    }

    // ---- by itself

    @ParameterizedTest
    @CsvSource({"S15,REVOKED,Cancelled", "S13,BOOKED,Booked", "S26,NO_SHOW,Noshow"})
    void what_it_decides_by_itself_it_tells_the_hub(String event, String state, String status) throws Exception {
        List<Place> places = desk.free("301", "301" + ECG);
        String placer = placer();
        desk.say("301", siu("301", "BOOK", placer, "301" + ECG, places.get(0)));
        try (ServerSocket hub = new ServerSocket(0)) {
            CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> answerOnce(hub));
            JsonNode told = desk.post(
                            "/cup/301/notify",
                            "{\"event\":\"" + event + "\",\"placer\":\"" + placer
                                    + "\",\"reason\":\"Guasto\",\"hubPort\":" + hub.getLocalPort() + "}")
                    .path("told");
            String siu = heard.get();
            strict(siu);
            assertThat(field(siu, "MSH", 9)).isEqualTo("SIU^" + event + "^SIU_S12");
            assertThat(field(siu, "MSH", 4)).startsWith("010301^");
            assertThat(field(siu, "SCH", 1)).startsWith(placer + "^");
            assertThat(field(siu, "SCH", 2)).startsWith("CUP301-000001^");
            assertThat(field(siu, "SCH", 6)).endsWith("^Guasto");
            assertThat(field(siu, "SCH", 25)).startsWith(status);
            assertThat(told.path(0).path("answer").asText()).startsWith("MSH|^~\\&|HUB");
            assertThat(state("301", placer)).isEqualTo(state);
            assertThat(field(siu, "AIS", 4).equals(places.get(0).start())).isEqualTo(!event.equals("S13"));
        }
    }

    @Test
    void a_day_of_an_agenda_is_cancelled_as_a_whole_and_a_hub_that_is_away_is_said_so() throws Exception {
        List<Place> places = desk.free("301", "301" + ECG);
        String day = places.get(0).start().substring(0, 8);
        long those = places.stream()
                .limit(3)
                .filter(place -> place.start().startsWith(day))
                .count();
        for (Place place : places.subList(0, 3)) {
            desk.say("301", siu("301", "BOOK", placer(), "301" + ECG, place));
        }
        int nobody;
        try (ServerSocket closed = new ServerSocket(0)) {
            nobody = closed.getLocalPort();
        }
        JsonNode told = desk.post(
                        "/cup/301/notify",
                        "{\"event\":\"S15\",\"day\":\"%s-%s-%s\",\"hubPort\":%d}"
                                .formatted(day.substring(0, 4), day.substring(4, 6), day.substring(6), nobody))
                .path("told");
        assertThat(told).hasSize((int) those);
        assertThat(told.path(0).path("failure").asText()).contains("Nessuna risposta dall'hub");
        assertThat(desk.get("/cup/301/state").path("REVOKED").asLong()).isEqualTo(those);
    }

    private static String answerOnce(ServerSocket hub) {
        try (Socket socket = hub.accept()) {
            StringBuilder message = new StringBuilder();
            for (int next = socket.getInputStream().read();
                    next != 0x1C;
                    next = socket.getInputStream().read()) {
                if (next < 0) {
                    throw new java.io.EOFException();
                }
                if (next != 0x0B) {
                    message.append((char) next);
                }
            }
            socket.getInputStream().read();
            socket.getOutputStream().write(MllpClient.frame("MSH|^~\\&|HUB\rMSA|AA|1\r"));
            return message.toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    // ---- what stays

    @Test
    void a_register_survives_a_restart(@TempDir Path data) {
        String placer = placer();
        List<Place> places;
        try (Desk before = Desk.withData(data)) {
            places = before.free("301", "301" + ECG);
            before.say("301", siu("301", "BOOK", placer, "301" + ECG, places.get(0)));
            before.say("301", siu("301", "MOVE", placer, "301" + ECG, places.get(2)));
            before.say(
                    "203",
                    command(
                            "203",
                            "BOOK",
                            placer,
                            "203" + ECG,
                            before.free("203", "203" + ECG).get(0)));
            before.post("/cup/203/reset", "");
        }
        try (Desk after = Desk.withData(data)) {
            assertThat(after.free("301", "301" + ECG)).contains(places.get(0)).doesNotContain(places.get(2));
            String again = after.say("301", siu("301", "BOOK", placer, "301" + ECG, places.get(2)));
            assertThat(note(again, "FILLER")).isEqualTo("CUP301-000001");
            assertThat(after.get("/cup/203/state").path("bookings")).isEmpty();
        }
    }

    @Test
    void people_see_which_cup_has_what() {
        desk.say("301", wish(0));
        assertThat(desk.page("/cup"))
                .contains("<html lang=\"it\">", "ASL Città di Torino", "AOU San Luigi Gonzaga", "FHIR");
        assertThat(desk.page("/cup/301"))
                .contains("CUP301-000001", "Elettrocardiogramma", "AG-301-CAR-1")
                .doesNotContain("BOGGIO");
        assertThat(desk.page("/")).contains("href=\"/cup\"");
        assertThat(desk.get("/cup/301/journal").path("messages").toString()).contains("BOOK", "SIU^S12");
    }
}
