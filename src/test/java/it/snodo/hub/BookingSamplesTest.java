package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.demo.BookingPlayer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bookings of the demo, through the public ports. */
class BookingSamplesTest {

    private static final RunningHub HUB = RunningHub.get();
    /** A machine that stands still for a while makes CUPs miss their deadlines: then the samples are played anew. */
    private static final int TRIES = 5;

    private static BookingPlayer player(int attempt) {
        return new BookingPlayer(new ObjectMapper(), HUB.http, HUB.mllp, HUB.simulator, "%08d".formatted(attempt));
    }

    @Test
    void each_sample_ends_as_it_should_and_a_second_play_has_no_second_effect() throws Exception {
        BookingPlayer first = player(1);
        boolean well = first.play();
        int attempt = 1;
        while (!well && attempt < TRIES) {
            first = player(++attempt);
            well = first.play();
        }
        assertThat(well)
                .as("each sample as it should, in one of %d plays", TRIES)
                .isTrue();

        BookingPlayer second = player(attempt);
        second.play();
        assertThat(second.codes()).isEqualTo(first.codes());
    }

    @Test
    void who_was_told_that_the_cup_is_away_books_under_the_same_id_when_it_is_back_and_once() {
        BookingSample rest = away();
        String key = Outside.unique("away");
        BookingSample hl7 = away();
        String id = Outside.unique("SRM").replace("-", "").substring(3);
        String srm = hl7.srm(id);
        BookingSample fhir = away();
        String name = "identifier=urn:prova|" + Outside.unique("away");
        byte[] appointment = fhir.fhirAppointment();

        order("POST", "/cup/301/down");
        try {
            HttpResponse<byte[]> refused = post(rest, key);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(HUB.read(refused).path("code").asText()).isEqualTo("SNODO-8002");
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(HUB.mllp(srm)).contains("MSA|AE|" + id).contains("SNODO-8002");
            refused = post(appointment, name);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        } finally {
            order("POST", "/cup/301/up");
        }
        // the hub lets it be for a while before it asks it again
        await().atMost(HubProcess.PATIENCE)
                .untilAsserted(() -> assertThat(post(rest, key).statusCode()).isEqualTo(201));
        assertThat(HUB.mllp(srm)).contains("MSA|AA|" + id);
        assertThat(post(appointment, name).statusCode()).isEqualTo(201);

        HttpResponse<byte[]> again = post(rest, key);
        assertThat(again.body()).isEqualTo(post(rest, key).body());
        assertThat(HUB.mllp(srm)).isEqualTo(HUB.mllp(srm)).contains("MSA|AA|" + id);
        assertThat(post(appointment, name).statusCode()).isEqualTo(200);
        List<String> persons = new ArrayList<>();
        HUB.simulator("/cup/301/state")
                .path("bookings")
                .forEach(each -> persons.add(each.at("/person/id").asText()));
        for (BookingSample each : List.of(rest, hl7, fhir)) {
            assertThat(persons).containsOnlyOnce(each.text("/patient/fiscalCode"));
        }
        // each try is in the journal under the sender's id
        assertThat(HUB.json("/api/v1/messages?controlId=" + id, "ops").path("items"))
                .extracting(each -> each.path("state").asText())
                .containsExactly("BOOKED", "REFUSED");
    }

    private static BookingSample away() {
        return new BookingSample().with("lines[0].service=89.7B.9;lines[0].slot=AG-301-FES-1 +70d");
    }

    private static HttpResponse<byte[]> post(BookingSample sample, String key) {
        return HUB.post("/api/v1/bookings", "cup", "application/json", sample.json(), "Idempotency-Key", key);
    }

    private static HttpResponse<byte[]> post(byte[] appointment, String name) {
        return HUB.post("/fhir/Appointment", "cup", "application/fhir+json", appointment, "If-None-Exist", name);
    }

    private static void order(String method, String path) {
        HUB.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + HUB.simulator + path))
                        .method(method, HttpRequest.BodyPublishers.noBody()),
                null);
    }
}
