package it.snodo.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Paths;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.BookingAsk;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingRequest;
import org.junit.jupiter.api.Test;

class OpenApiBookingsTest {

    private static JsonNode page() throws Exception {
        OpenAPI api = new OpenAPI().paths(new Paths()).components(new Components());
        OpenApiBookings.describe(api);
        return new ObjectMapper().readTree(Json31.mapper().writeValueAsString(api));
    }

    @Test
    void every_call_is_described_and_every_reference_leads_somewhere() throws Exception {
        JsonNode api = page();
        for (String call : new String[] {
            "/paths/~1api~1v1~1bookings/post",
            "/paths/~1api~1v1~1bookings~1{code}/put",
            "/paths/~1api~1v1~1bookings~1{code}/delete",
            "/paths/~1api~1v1~1availability/post"
        }) {
            assertThat(api.at(call + "/summary").asText()).as(call).isNotBlank();
        }
        assertThat(api.findValues("$ref")).hasSizeGreaterThan(20);
        for (JsonNode reference : api.findValues("$ref")) {
            assertThat(api.at(reference.asText().substring(1)).isMissingNode())
                    .as(reference.asText())
                    .isFalse();
        }
    }

    @Test
    void a_person_of_a_booking_has_a_name_of_its_own_among_the_schemas() throws Exception {
        JsonNode schemas = page().at("/components/schemas");
        assertThat(schemas.at("/BookingPatient/properties").has("phones")).isTrue();
        assertThat(schemas.has("Patient")).as("it is the certificate's").isFalse();
    }

    @Test
    void the_examples_are_read_without_anything_unreadable() throws Exception {
        JsonNode api = page();
        read(api, "/paths/~1api~1v1~1bookings/post", "booking-request", BookingRequest.class);
        read(api, "/paths/~1api~1v1~1bookings~1{code}/put", "booking-move", BookingRequest.class);
        read(api, "/paths/~1api~1v1~1availability/post", "availability-query", AvailabilityQuery.class);
    }

    private static <T extends BookingAsk> void read(JsonNode api, String call, String name, Class<T> type) {
        JsonNode example = api.at(call + "/requestBody/content/application~1json/examples/" + name + "/value");
        BookingReading<T> reading = BookingReading.of(example.deepCopy(), type);
        assertThat(reading.unreadable()).isEmpty();
        assertThat(reading.ask()).isNotNull();
    }
}
