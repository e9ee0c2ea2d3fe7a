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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenApiDescriptionTest {

    private static JsonNode page() throws Exception {
        OpenAPI api = new OpenAPI().paths(new Paths()).components(new Components());
        OpenApiDescription.describe(api);
        return new ObjectMapper().readTree(Json31.mapper().writeValueAsString(api));
    }

    @Test
    void every_reference_of_the_pages_leads_somewhere_but_to_what_the_controllers_bring() throws Exception {
        JsonNode api = page();
        assertThat(api.findValuesAsText("$ref")).hasSizeGreaterThan(100).allSatisfy(reference -> assertThat(
                        reference.startsWith("#/components/schemas/")
                                || !api.at(reference.substring(1)).isMissingNode())
                .isTrue());
        for (String schema : List.of("BookingReceipt", "BookingProblem", "CertificateReceipt", "SignatureOrder")) {
            assertThat(api.at("/components/schemas/" + schema).isObject())
                    .as(schema)
                    .isTrue();
        }
    }

    @Test
    void every_call_of_the_pages_has_a_summary_and_a_name_of_its_own() throws Exception {
        List<JsonNode> calls = new ArrayList<>();
        page().path("paths").forEach(path -> path.forEach(calls::add));
        assertThat(calls)
                .hasSizeGreaterThan(70)
                .allSatisfy(call -> assertThat(call.path("summary").asText()).isNotBlank());
        assertThat(calls).extracting(call -> call.path("operationId").asText()).doesNotHaveDuplicates();
    }

    @Test
    void a_person_of_a_booking_has_a_name_of_its_own_among_the_schemas() throws Exception {
        JsonNode schemas = page().at("/components/schemas");
        assertThat(schemas.at("/BookingPatient/properties").has("phones")).isTrue();
        assertThat(schemas.at("/Patient/properties").has("phones"))
                .as("the certificate's")
                .isFalse();
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
