package it.snodo.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.booking.AvailabilityAnswer;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Decision;
import it.snodo.booking.Proposal;
import it.snodo.booking.Ruling;
import it.snodo.booking.Slot;
import it.snodo.booking.Unreadable;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Bookings over REST, against a desk that says what it is told to. */
@OverHttp
class BookingHttpTest {

    private static final String BOOKINGS = "/api/v1/bookings";

    @LocalServerPort
    int port;

    @Autowired
    PlayedDesk desk;

    @Autowired
    JdbcClient jdbc;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void an_empty_desk() {
        desk.bookings.clear();
        desk.arrivals.clear();
        desk.play = PlayedDesk::booked;
    }

    private HttpResponse<byte[]> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("cup:p".getBytes(StandardCharsets.UTF_8)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private JsonNode tree(HttpResponse<byte[]> response) throws Exception {
        return json.readTree(response.body());
    }

    private static String text(HttpResponse<byte[]> response) {
        return response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8);
    }

    private ObjectNode request() throws Exception {
        return (ObjectNode) json.readTree("""
                {"patient":{"fiscalCode":"RSSMRA80A41L219Z","family":"Rossi","given":"Maria","birthDate":"1980-01-01",
                  "sex":"F","phones":["non fornito"]},
                 "prescription":{"numbers":["010A01234567890"],"compiled":"2026-11-20","priority":"D"},
                 "lines":[{"service":"89.7A.3","quantity":1,
                   "slot":{"azienda":"010301","agenda":"AG-1","start":"2026-12-01T09:30:00+01:00"}}]}""");
    }

    private BookingRequest asked() {
        return (BookingRequest) desk.last().ask();
    }

    private Booking booking() throws Exception {
        send("POST", BOOKINGS, request().toString());
        desk.arrivals.clear();
        return desk.bookings.get("SC2026000123");
    }

    private static Ruling ruling(String code, Decision decision, String path) {
        return new Ruling(code, decision, 207, path, "Titolo " + code, "Messaggio " + code, "dettaglio");
    }

    // --- booking ---------------------------------------------------------------------------------------------

    @Test
    void a_booking_is_created_with_its_place_and_revision() throws Exception {
        HttpResponse<byte[]> response = send("POST", BOOKINGS, request().toString());
        assertThat(response.statusCode()).as(text(response)).isEqualTo(201);
        assertThat(response.headers().firstValue("Location")).contains("/api/v1/bookings/SC2026000123");
        assertThat(response.headers().firstValue("ETag")).contains("\"3\"");
        assertThat(response.headers().firstValue("Snodo-Message-Id")).isPresent();
        assertThat(tree(response).at("/booking/fillerCode").asText()).isEqualTo("CUP301-884512");
        assertThat(asked().operation()).isEqualTo(Operation.BOOK);
        assertThat(asked().requester().application()).isEqualTo("cup");
        assertThat(asked().lines().get(0).slot().start()).isEqualTo(OffsetDateTime.parse("2026-12-01T09:30:00+01:00"));
        assertThat(desk.last().type()).isEqualTo("POST /bookings");
        assertThat(desk.last().sender()).isEqualTo("cup");
    }

    @Test
    void the_same_key_gets_the_same_answer_and_no_key_is_a_call_of_its_own() throws Exception {
        String body = request().toString();
        String key = "k-" + System.nanoTime();
        HttpResponse<byte[]> first = send("POST", BOOKINGS, body, "Idempotency-Key", key);
        HttpResponse<byte[]> second = send("POST", BOOKINGS, body, "Idempotency-Key", key);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertThat(second.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(desk.arrivals).hasSize(1);
        send("POST", BOOKINGS, body);
        send("POST", BOOKINGS, body);
        assertThat(desk.arrivals).hasSize(3);
    }

    @Test
    void a_sender_that_names_itself_is_known_by_that_name() throws Exception {
        ObjectNode body = request();
        body.putObject("requester").put("application", "CUPWEB").put("facility", "010301");
        send("POST", BOOKINGS, body.toString());
        assertThat(desk.last().sender()).isEqualTo("CUPWEB|010301");
        assertThat(desk.last().peer()).isEqualTo("cup");
    }

    @Test
    void while_the_CUP_has_not_answered_the_booking_is_accepted_and_not_booked() throws Exception {
        desk.play = arrival -> PlayedDesk.done(arrival, Result.UNKNOWN, Booking.State.UNKNOWN);
        HttpResponse<byte[]> response = send("POST", BOOKINGS, request().toString());
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("Location")).contains("/api/v1/bookings/SC2026000123");
        assertThat(tree(response).at("/booking/state").asText()).isEqualTo("UNKNOWN");
    }

    @Test
    void every_refusal_of_a_rule_is_told_with_its_place() throws Exception {
        desk.play = arrival -> BookingAnswer.refused(
                List.of(
                        ruling("SC-058", Decision.WARN, "prescription.priority"),
                        ruling("SC-012", Decision.REJECT, "prescription.compiled"),
                        ruling("SC-025", Decision.ROUTE_LOCAL, "lines[0].service")),
                List.of());
        HttpResponse<byte[]> response = send("POST", BOOKINGS, request().toString());
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        JsonNode problem = tree(response);
        assertThat(problem.path("code").asText()).isEqualTo("SC-012");
        assertThat(problem.path("decision").asText()).isEqualTo("REJECT");
        assertThat(problem.path("rulings").findValuesAsText("code")).containsExactly("SC-012", "SC-025", "SC-058");
        assertThat(problem.at("/rulings/1/pointer").asText()).isEqualTo("/lines/0/service");
        assertThat(problem.at("/rulings/0/detail").asText()).isEqualTo("dettaglio");
        assertThat(problem.has("confirmations")).isFalse();
    }

    @Test
    void what_must_be_confirmed_is_listed_and_is_a_conflict() throws Exception {
        desk.play = arrival -> BookingAnswer.refused(
                List.of(ruling("SC-040", Decision.CONFIRM, "lines[0].service"), ruling("SC-084", Decision.CONFIRM, "")),
                List.of());
        HttpResponse<byte[]> response = send("POST", BOOKINGS, request().toString());
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(tree(response).path("confirmations"))
                .extracting(JsonNode::asText)
                .containsExactly("SC-040", "SC-084");
        desk.play = arrival -> BookingAnswer.refused(
                List.of(ruling("SC-040", Decision.CONFIRM, ""), ruling("SC-029", Decision.REJECT, "lines")), List.of());
        HttpResponse<byte[]> both = send("POST", BOOKINGS, request().toString());
        assertThat(both.statusCode()).as("confirming alone would not help").isEqualTo(422);
        assertThat(tree(both).path("code").asText()).isEqualTo("SC-029");
    }

    @Test
    void notices_go_along_with_what_was_done() throws Exception {
        desk.play = arrival -> {
            BookingAnswer done = PlayedDesk.booked(arrival);
            return new BookingAnswer(
                    done.result(),
                    done.booking(),
                    List.of(ruling("SC-058", Decision.WARN, "prescription.priority")),
                    List.of(),
                    List.of(),
                    8,
                    false);
        };
        HttpResponse<byte[]> response = send("POST", BOOKINGS, request().toString());
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(tree(response).at("/rulings/0/code").asText()).isEqualTo("SC-058");
    }

    @Test
    void a_slot_that_is_gone_is_told_with_the_next_ones() throws Exception {
        desk.play = arrival -> new BookingAnswer(
                Result.REFUSED,
                null,
                List.of(),
                List.of(Fault.at(SnodoCode.NOT_NOW, "lines[0].slot", "Il posto è stato preso.")),
                List.of(proposal("010302")),
                9,
                false);
        HttpResponse<byte[]> response = send("POST", BOOKINGS, request().toString());
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(tree(response).at("/errors/0/pointer").asText()).isEqualTo("/lines/0/slot");
        assertThat(tree(response).at("/proposals/0/slot/azienda").asText()).isEqualTo("010302");
    }

    private static Proposal proposal(String azienda) {
        return new Proposal(
                "89.7A.3",
                "302-0001",
                new Slot(
                        azienda,
                        "AG-2",
                        OffsetDateTime.parse("2026-12-02T08:00:00+01:00"),
                        20,
                        null,
                        "Ospedale",
                        null,
                        false,
                        true),
                null,
                true,
                "FIRST",
                List.of());
    }

    // --- what cannot be read ---------------------------------------------------------------------------------

    @Test
    void fields_that_cannot_be_read_are_named_and_the_others_still_read() throws Exception {
        ObjectNode body = request();
        ((ObjectNode) body.get("prescription")).put("compiled", "1/2/2008").put("colour", "red");
        ((ObjectNode) body.at("/lines/0")).put("quantity", "due");
        ((ObjectNode) body.get("patient")).put("family", 5).put("given", "a\u0000b");
        send("POST", BOOKINGS, body.toString());
        assertThat(desk.last().unreadable())
                .extracting(Unreadable::path)
                .containsExactlyInAnyOrder(
                        "prescription.compiled",
                        "prescription.colour",
                        "lines[0].quantity",
                        "patient.family",
                        "patient.given");
        assertThat(desk.last().locate("lines[0].quantity")).isEqualTo("/lines/0/quantity");
        assertThat(asked().patient().birthDate()).isEqualTo(LocalDate.of(1980, 1, 1));
        assertThat(asked().prescription().priority()).isEqualTo("D");
    }

    @Test
    void a_number_between_quotes_is_told_to_lose_them() throws Exception {
        ObjectNode body = request();
        ((ObjectNode) body.at("/lines/0")).put("quantity", "2");
        send("POST", BOOKINGS, body.toString());
        assertThat(desk.last().unreadable()).singleElement().satisfies(each -> {
            assertThat(each.path()).isEqualTo("lines[0].quantity");
            assertThat(each.expected()).isEqualTo("un numero intero, senza virgolette");
        });
    }

    @Test
    void a_text_of_digits_only_is_no_moment() throws Exception {
        ObjectNode body = request();
        ((ObjectNode) body.at("/lines/0/slot")).put("start", "20260120");
        ((ObjectNode) body.get("patient")).put("birthDate", "19800101");
        send("POST", BOOKINGS, body.toString());
        assertThat(desk.last().unreadable())
                .extracting(Unreadable::path)
                .containsExactlyInAnyOrder("lines[0].slot.start", "patient.birthDate");
        assertThat(asked().lines().get(0).slot().start()).isNull();
        ((ObjectNode) body.at("/lines/0/slot")).put("start", 1768892400);
        send("POST", BOOKINGS, body.toString());
        assertThat(desk.last().unreadable()).extracting(Unreadable::path).contains("lines[0].slot.start");
    }

    @Test
    void an_operation_that_nobody_offers_is_left_to_the_rule_about_it() throws Exception {
        send("POST", BOOKINGS, request().put("operation", "PRENOTA").toString());
        assertThat(asked().operation()).isNull();
        assertThat(desk.last().unreadable()).extracting(Unreadable::path).containsExactly("operation");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "5", "{\"a\":1}{}", "{\"a\":1,\"a\":2}", "{\"lines\":[{\"service\":"})
    void a_body_that_is_no_JSON_object_is_told_with_its_place(String body) throws Exception {
        desk.play = arrival -> BookingAnswer.refused(List.of(), arrival.faults());
        HttpResponse<byte[]> response = send("POST", BOOKINGS, body);
        assertThat(response.statusCode()).as(text(response)).isEqualTo(400);
        assertThat(tree(response).path("code").asText()).isEqualTo("SNODO-1001");
        assertThat(desk.last().ask()).isNull();
    }

    @Test
    void a_syntax_error_is_placed_where_it_is() throws Exception {
        desk.play = arrival -> BookingAnswer.refused(List.of(), arrival.faults());
        HttpResponse<byte[]> response = send("POST", BOOKINGS, "{\"lines\":[{\"service\":\"89.7\"},{\"service\":x}]}");
        assertThat(tree(response).at("/errors/0/pointer").asText()).isEqualTo("/lines/1/service");
    }

    // --- update and revoke -----------------------------------------------------------------------------------

    @Test
    void another_slot_is_a_move_and_anything_else_a_change() throws Exception {
        booking();
        desk.play = arrival -> PlayedDesk.done(arrival, Result.MOVED, Booking.State.BOOKED);
        ObjectNode same = request();
        HttpResponse<byte[]> changed = send("PUT", BOOKINGS + "/SC2026000123", same.toString(), "If-Match", "\"3\"");
        assertThat(changed.statusCode()).as(text(changed)).isEqualTo(200);
        assertThat(asked().operation()).isEqualTo(Operation.CHANGE);
        assertThat(asked().bookingCode()).isEqualTo("SC2026000123");
        assertThat(desk.last().ifMatch()).isEqualTo(3L);
        ObjectNode other = request();
        ((ObjectNode) other.at("/lines/0/slot")).put("start", "2026-12-03T09:30:00+01:00");
        other.putObject("identification").put("family", "Rossi");
        send("PUT", BOOKINGS + "/SC2026000123", other.toString());
        assertThat(asked().operation()).isEqualTo(Operation.MOVE);
        assertThat(asked().identification().bookingCode()).isEqualTo("SC2026000123");
        send("PUT", BOOKINGS + "/SC2026000123", "{\"wish\":{\"from\":\"2026-12-10\"}}");
        assertThat(asked().operation()).isEqualTo(Operation.MOVE);
        send("PUT", BOOKINGS + "/SC2026000123", other.put("operation", "CHANGE").toString());
        assertThat(asked().operation()).isEqualTo(Operation.CHANGE);
    }

    @Test
    void an_update_that_contradicts_its_address_is_refused() throws Exception {
        desk.play = arrival -> BookingAnswer.refused(List.of(), arrival.faults());
        HttpResponse<byte[]> other = send(
                "PUT",
                BOOKINGS + "/SC2026000123",
                request().put("bookingCode", "SC2026000999").toString());
        assertThat(other.statusCode()).isEqualTo(400);
        HttpResponse<byte[]> book = send(
                "PUT",
                BOOKINGS + "/SC2026000123",
                request().put("operation", "BOOK").toString());
        assertThat(book.statusCode()).isEqualTo(400);
    }

    @Test
    void a_revision_that_does_not_fit_is_a_failed_precondition() throws Exception {
        desk.play = arrival -> BookingAnswer.refused(
                List.of(), List.of(Fault.at(SnodoCode.CHANGED_MEANWHILE, "", "La revisione è la 4.")));
        assertThat(send("PUT", BOOKINGS + "/SC2026000123", request().toString(), "If-Match", "\"2\"")
                        .statusCode())
                .isEqualTo(412);
        send("PUT", BOOKINGS + "/SC2026000123", request().toString(), "If-Match", "\"altro\"");
        assertThat(desk.last().ifMatch()).as("fits nothing").isEqualTo(-1L);
    }

    @Test
    void a_revoke_says_who_and_why_in_its_address_or_in_its_body() throws Exception {
        desk.play = arrival -> PlayedDesk.done(arrival, Result.REVOKED, Booking.State.REVOKED);
        HttpResponse<byte[]> response = send(
                "DELETE",
                BOOKINGS + "/SC2026000123?family=Rossi&given=Maria&birthDate=1980-01-01&reason=non%20serve%20pi%C3%B9"
                        + "&start=2026-12-01T09:30&phone=011%20555&service=ECG&confirm=SC-062,SC-063&channel=phone",
                null);
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        BookingRequest asked = asked();
        assertThat(asked.operation()).isEqualTo(Operation.REVOKE);
        assertThat(asked.reason()).isEqualTo("non serve più");
        assertThat(asked.identification().bookingCode()).isEqualTo("SC2026000123");
        assertThat(asked.identification().birthDate()).isEqualTo(LocalDate.of(1980, 1, 1));
        assertThat(asked.confirmations()).containsExactly("SC-062", "SC-063");
        assertThat(asked.requester().channel()).isEqualTo("PHONE");
        assertThat(desk.last().unreadable()).isEmpty();
        send("DELETE", BOOKINGS + "/SC2026000123?mistake=true", "{\"reason\":\"errore\"}");
        assertThat(asked().operation()).isEqualTo(Operation.DELETE);
        assertThat(asked().reason()).isEqualTo("errore");
        send("DELETE", BOOKINGS + "/SC2026000123?birthDate=ieri", null);
        assertThat(desk.last().unreadable()).extracting(Unreadable::path).containsExactly("identification.birthDate");
        assertThat(desk.last().locate("identification.birthDate")).isEqualTo("?birthDate");
    }

    @Test
    void a_confirmation_in_the_address_joins_a_list_and_leaves_anything_else_to_be_named() throws Exception {
        desk.play = arrival -> PlayedDesk.done(arrival, Result.REVOKED, Booking.State.REVOKED);
        String path = BOOKINGS + "/SC2026000123?confirm=SC-062";
        assertThat(send("DELETE", path, "{\"confirmations\":\"SC-062\"}").statusCode())
                .isEqualTo(200);
        assertThat(desk.last().unreadable()).extracting(Unreadable::path).containsExactly("confirmations");
        assertThat(send("DELETE", path, "{\"confirmations\":null}").statusCode())
                .isEqualTo(200);
        assertThat(asked().confirmations()).containsExactly("SC-062");
        send("DELETE", path, "{\"confirmations\":[\"SC-063\"]}");
        assertThat(asked().confirmations()).containsExactly("SC-063", "SC-062");
        assertThat(desk.last().unreadable()).isEmpty();
    }

    // --- reading ---------------------------------------------------------------------------------------------

    private long audited(String action, String outcome) {
        return jdbc.sql("select count(*) from audit where action = ? and outcome = ? and actor = 'cup'")
                .params(action, outcome)
                .query(Long.class)
                .single();
    }

    @Test
    void a_booking_is_shown_to_who_says_whose_it_is() throws Exception {
        booking();
        long before = audited("READ_BOOKING", "OK");
        for (String who : List.of("fiscalCode=rssmra80a41l219z", "family=ROSSI&birthDate=1980-01-01")) {
            HttpResponse<byte[]> response = send("GET", BOOKINGS + "/sc2026000123?" + who, null);
            assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
            assertThat(response.headers().firstValue("ETag")).contains("\"3\"");
            assertThat(tree(response).path("code").asText()).isEqualTo("SC2026000123");
        }
        assertThat(audited("READ_BOOKING", "OK")).isEqualTo(before + 2);
    }

    @Test
    void who_says_nothing_or_something_wrong_learns_nothing() throws Exception {
        booking();
        long before = audited("READ_BOOKING", "NEGATO");
        HttpResponse<byte[]> nothing = send("GET", BOOKINGS + "/SC2026000123", null);
        assertThat(nothing.statusCode()).isEqualTo(422);
        assertThat(tree(nothing).path("code").asText()).isEqualTo("SC-080");
        HttpResponse<byte[]> wrong = send("GET", BOOKINGS + "/SC2026000123?family=Bianchi&birthDate=1980-01-01", null);
        HttpResponse<byte[]> absent = send("GET", BOOKINGS + "/SC2026999999?family=Rossi&birthDate=1980-01-01", null);
        assertThat(wrong.statusCode()).isEqualTo(404);
        assertThat(absent.statusCode()).isEqualTo(404);
        assertThat(wrong.body()).as("told apart by nothing").isEqualTo(absent.body());
        assertThat(text(wrong)).doesNotContain("Rossi").doesNotContain("RSSMRA");
        assertThat(send("GET", BOOKINGS + "/SC2026000123?family=Rossi", null).statusCode())
                .as("a surname alone says too little")
                .isEqualTo(422);
        assertThat(audited("READ_BOOKING", "NEGATO")).isEqualTo(before + 4);
    }

    @Test
    void the_promemoria_is_for_who_says_whose_it_is() throws Exception {
        booking();
        desk.play = arrival -> PlayedDesk.done(arrival, Result.REPRINTED, Booking.State.BOOKED);
        HttpResponse<byte[]> response =
                send("GET", BOOKINGS + "/SC2026000123/promemoria?fiscalCode=RSSMRA80A41L219Z", null);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(text(response)).contains("%PDF of SC2026000123");
        assertThat(send("GET", BOOKINGS + "/SC2026000123/promemoria", null).statusCode())
                .isEqualTo(422);
    }

    // --- searching -------------------------------------------------------------------------------------------

    @Test
    void a_search_tells_what_was_found_and_who_was_silent() throws Exception {
        desk.play = arrival -> new AvailabilityAnswer(
                List.of(proposal("010301")),
                List.of(proposal("010302"), proposal("010301")),
                List.of(new AvailabilityAnswer.Silent("010309", "ASL AT", "non ha risposto entro 3 s")),
                List.of(ruling("SC-061", Decision.WARN, "")),
                List.of(),
                12);
        HttpResponse<byte[]> response = send(
                "POST",
                "/api/v1/availability",
                "{\"lines\":[{\"service\":\"89.7A.3\"}],\"wish\":{\"from\":\"2026-12-01\"},\"limit\":5}");
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        JsonNode found = tree(response);
        assertThat(found.path("absolute")).hasSize(2);
        assertThat(found.at("/silent/0/azienda").asText()).isEqualTo("010309");
        assertThat(found.at("/rulings/0/code").asText()).isEqualTo("SC-061");
        AvailabilityQuery query = (AvailabilityQuery) desk.last().ask();
        assertThat(query.limit()).isEqualTo(5);
        assertThat(query.requester().application()).isEqualTo("cup");
        desk.play = arrival -> new AvailabilityAnswer(
                List.of(), List.of(), List.of(), List.of(ruling("SC-057", Decision.REFER, "")), List.of(), 13);
        assertThat(send("POST", "/api/v1/availability", "{}").statusCode()).isEqualTo(422);
    }

    @Test
    void when_the_desk_cannot_keep_it_the_caller_is_told_to_come_back() throws Exception {
        desk.play = arrival -> {
            throw new org.springframework.dao.DataAccessResourceFailureException("prova");
        };
        HttpResponse<byte[]> response = send("POST", BOOKINGS, request().toString());
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }
}
