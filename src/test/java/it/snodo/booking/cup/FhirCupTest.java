package it.snodo.booking.cup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort.Found;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.cup.CupPort.Reply.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A CUP that speaks FHIR, over real HTTP. */
class FhirCupTest {

    private static final String BOOKED = "{\"resourceType\":\"Appointment\",\"id\":\"A77\",\"status\":\"booked\","
            + "\"extension\":[{\"url\":\"https://snodo.dev/fhir/booking/TICKET\",\"valueMoney\":{\"value\":36.15}},"
            + "{\"url\":\"https://snodo.dev/fhir/booking/TICKET2\",\"valueMoney\":{\"value\":16.15}}],"
            + "\"serviceType\":[{\"text\":\"a\"},{\"text\":\"b\"}],\"patientInstruction\":\"Portare la tessera\"}";

    private record Seen(String method, String path, String condition, String request, String body) {}

    @FunctionalInterface
    private interface Turn {
        void take(HttpExchange exchange) throws IOException;
    }

    private final ObjectMapper json = new ObjectMapper();
    private final Deque<Turn> turns = new ConcurrentLinkedDeque<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private Cups cups;
    private CupAzienda azienda;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/fhir", exchange -> {
            seen.add(new Seen(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("If-None-Exist"),
                    exchange.getRequestHeaders().getFirst("X-Request-Id"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            Turn turn = turns.pollFirst();
            (turn == null ? says(201, BOOKED) : turn).take(exchange);
        });
        server.start();
        cups = new Cups();
        azienda = Sample.azienda("FHIR", server.getAddress().getPort());
    }

    @AfterEach
    void shut() {
        cups.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private static Turn says(int status, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/fhir+json");
            exchange.getResponseHeaders().set("Location", "http://cup/fhir/Appointment/A78/_history/1");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        };
    }

    private static Turn refuses(int status) {
        return says(
                status,
                "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"business-rule\","
                        + "\"details\":{\"coding\":[{\"code\":\"R-12\"}],\"text\":\"Agenda chiusa\"}}]}");
    }

    @Test
    void a_booking_is_posted_once_only_and_brings_code_and_amounts() throws IOException {
        Reply reply = cups.book(azienda);
        assertThat(reply.outcome()).isEqualTo(Outcome.DONE);
        assertThat(reply.fillerCode()).isEqualTo("A77");
        assertThat(reply.ticket()).isEqualByComparingTo("36.15");
        assertThat(reply.localTickets()).containsOnlyKeys(1);
        assertThat(reply.notes()).extracting("text").containsExactly("Portare la tessera");
        Seen post = seen.get(0);
        assertThat(post.method + " " + post.path).isEqualTo("POST /fhir/Appointment");
        assertThat(post.condition).isEqualTo("identifier=urn:oid:2.16.840.1.113883.2.9.2.10.4.13.1|SC2026000123");
        assertThat(post.request).startsWith("SN");
        JsonNode sent = json.readTree(post.body);
        assertThat(sent.at("/status").asText()).isEqualTo("booked");
        assertThat(sent.at("/identifier/0/value").asText()).isEqualTo("SC2026000123");
        assertThat(sent.at("/serviceType/0/coding/0/code").asText()).isEqualTo("301-0004");
        assertThat(sent.at("/serviceType/0/coding/1/code").asText()).isEqualTo("89.7A.3");
        assertThat(sent.at("/slot")).hasSize(2);
        assertThat(sent.at("/basedOn")).hasSize(2);
        assertThat(post.body)
                .contains("010A01234567890")
                .contains("RSSMRA80A41L219W")
                .contains("booking/ESENZ");
    }

    @Test
    void it_is_changed_where_it_stands() {
        Booking known = Sample.booking(Sample.patient("non fornito"), "A77");
        turns.add(says(200, BOOKED));
        byte[] move = cups.port.command(azienda, known, Operation.MOVE, "SN-M", "ferie");
        assertThat(cups.port
                        .send(azienda, Operation.MOVE, "SN-M", move, Cups.LONG)
                        .outcome())
                .isEqualTo(Outcome.DONE);
        turns.add(says(200, BOOKED.replace("\"booked\"", "\"cancelled\"")));
        byte[] revoke = cups.port.command(azienda, known, Operation.REVOKE, "SN-R", null);
        assertThat(cups.port
                        .send(azienda, Operation.REVOKE, "SN-R", revoke, Cups.LONG)
                        .outcome())
                .isEqualTo(Outcome.DONE);
        assertThat(seen)
                .extracting(each -> each.method + " " + each.path)
                .containsExactly("PUT /fhir/Appointment/A77", "PUT /fhir/Appointment/A77");
        assertThat(new String(revoke, StandardCharsets.UTF_8)).contains("\"cancelled\"");
        assertThat(seen.get(0).body).isEqualTo(new String(move, StandardCharsets.UTF_8));
    }

    @Test
    void a_server_that_gives_nothing_back_tells_the_code_by_the_location() {
        turns.add(says(201, ""));
        assertThat(cups.book(azienda).fillerCode()).isEqualTo("A78");
    }

    @Test
    void a_yes_that_shows_no_appointment_is_believed_only_from_a_FHIR_server() {
        turns.add(says(200, "<html>Benvenuti</html>"));
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.UNKNOWN);
        turns.add(says(201, "<html>Benvenuti</html>"));
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.UNKNOWN);
        turns.add(says(200, ""));
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.UNKNOWN);
        turns.add(says(
                201,
                "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"information\",\"code\":"
                        + "\"informational\"}]}"));
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.DONE);
        Booking known = Sample.booking(Sample.patient("non fornito"), "A77");
        byte[] move = cups.port.command(azienda, known, Operation.MOVE, "SN-M", "ferie");
        turns.add(says(200, ""));
        assertThat(cups.port
                        .send(azienda, Operation.MOVE, "SN-M", move, Cups.LONG)
                        .outcome())
                .isEqualTo(Outcome.DONE);
        turns.add(says(200, "<html>Benvenuti</html>"));
        assertThat(cups.port
                        .send(azienda, Operation.MOVE, "SN-M", move, Cups.LONG)
                        .outcome())
                .isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void what_something_before_the_CUP_turns_away_has_not_reached_it() {
        for (int status : new int[] {401, 403, 404, 407}) {
            turns.add(says(status, "<html>Accesso negato</html>"));
            assertThat(cups.book(azienda).outcome()).as("%d", status).isEqualTo(Outcome.UNSENT);
            turns.add(refuses(status));
            assertThat(cups.book(azienda).outcome()).as("%d", status).isEqualTo(Outcome.REFUSED);
        }
    }

    @Test
    void a_conflict_is_a_slot_that_is_gone_unless_it_is_ours() {
        String nobody = "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"}";
        turns.add(refuses(409));
        turns.add(says(200, nobody));
        Reply taken = cups.book(azienda);
        assertThat(taken.outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(taken.words()).isEqualTo("Agenda chiusa");
        turns.add(refuses(409));
        turns.add(
                says(
                        200,
                        "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":{\"resourceType\":"
                                + "\"Appointment\",\"id\":\"A9\",\"status\":\"booked\",\"start\":\"2026-12-10T08:30:00Z\"}}]}"));
        Reply own = cups.book(azienda);
        assertThat(own.outcome()).isEqualTo(Outcome.DONE);
        assertThat(own.fillerCode()).isEqualTo("A9");
        assertThat(seen.get(1).path)
                .isEqualTo("/fhir/Appointment?identifier=urn%3Aoid%3A2.16.840.1.113883.2.9.2.10.4.13.1%7CSC2026000123");
    }

    @Test
    void a_refusal_is_told_with_the_cups_code_and_words() {
        turns.add(refuses(422));
        Reply reply = cups.book(azienda);
        assertThat(reply.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(reply.code()).isEqualTo("R-12");
        assertThat(reply.words()).isEqualTo("Agenda chiusa");
    }

    @Test
    void control_characters_in_the_cups_words_are_left_out_since_no_store_takes_them() {
        turns.add(says(
                422,
                "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"business-rule\","
                        + "\"diagnostics\":\"Agenda\\u0000 chiu\\u001Fsa\\nda ieri\"}]}"));
        assertThat(cups.book(azienda).words()).isEqualTo("Agenda chiusa\nda ieri");
    }

    @Test
    void what_may_have_taken_effect_is_unknown() {
        turns.add(refuses(500));
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.UNKNOWN);
        turns.add(HttpExchange::close);
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.UNKNOWN);
        turns.add(says(200, BOOKED.replace("\"booked\"", "\"pending\"")));
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.UNKNOWN);
        await().atMost(Cups.LONG).untilAsserted(() -> {
            turns.clear();
            turns.add(exchange -> {});
            assertThat(cups.book(azienda, Cups.SHORT).outcome()).isEqualTo(Outcome.UNKNOWN);
        });
        turns.clear();
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void a_server_that_is_not_there_has_got_nothing() {
        server.stop(0);
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.UNSENT);
    }

    @Test
    void free_places_are_asked_for_and_read() throws IOException {
        turns.add(says(
                200,
                "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":{\"resourceType\":"
                        + "\"Appointment\",\"status\":\"proposed\",\"start\":\"2026-12-11T09:30:00+01:00\","
                        + "\"end\":\"2026-12-11T09:50:00+01:00\",\"slot\":[{\"reference\":\"#s\"}],\"contained\":[{"
                        + "\"resourceType\":\"Slot\",\"id\":\"s\",\"status\":\"free\",\"schedule\":{\"identifier\":{"
                        + "\"value\":\"AG-9\"}}}],\"serviceType\":[{\"coding\":[{\"code\":\"301-0004\"}]}],"
                        + "\"comment\":\"Piano terra\"}}]}"));
        Line line = new Line("89.7A.3", null, null, null, null, null, null, null, null, null);
        Found found = cups.port.find(
                azienda, new AvailabilityQuery(null, null, null, List.of(line), null, null, null), false, Cups.LONG);
        assertThat(found.failure()).isNull();
        assertThat(found.proposals()).singleElement().satisfies(each -> {
            assertThat(each.service()).isEqualTo("89.7A.3");
            assertThat(each.slot().agenda()).isEqualTo("AG-9");
            assertThat(each.slot().minutes()).isEqualTo(20);
            assertThat(each.slot().start().toInstant()).isEqualTo("2026-12-11T08:30:00Z");
            assertThat(each.slot().proposed()).isTrue();
        });
        assertThat(seen.get(0).path).isEqualTo("/fhir/Appointment/$find");
        assertThat(json.readTree(seen.get(0).body).at("/parameter"))
                .extracting(each -> each.path("name").asText())
                .containsExactly("start", "end", "service-type", "_count");
        turns.add(refuses(422));
        assertThat(cups.port
                        .find(
                                azienda,
                                new AvailabilityQuery(null, null, null, List.of(line), null, null, null),
                                false,
                                Cups.LONG)
                        .failure())
                .contains("Agenda chiusa");
    }
}
