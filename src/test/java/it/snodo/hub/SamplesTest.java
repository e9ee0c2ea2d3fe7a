package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.intake.Demo;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The samples of the demo, through the public ports, looked at from outside. */
class SamplesTest {

    private static final RunningHub HUB = RunningHub.get();
    private static final Outside OUT = new Outside(HUB);

    @Test
    void each_good_sample_is_published_once_with_a_valid_document() throws Exception {
        for (String file :
                List.of("01-cronica", "02-rara", "03-tumore-048", "04-minore-oscurato", "05-leggi-speciali")) {
            assertThat(HUB.mllp(Demo.text(file + ".hl7"))).as(file).contains("MSA|AA|DEMO-000");
        }
        HttpResponse<byte[]> message = HUB.post(
                "/fhir/$process-message", "specialista", "application/fhir+json", Demo.bytes("07-fhir-messaggio.json"));
        assertThat(message.statusCode()).as(Outside.text(message)).isEqualTo(200);
        HttpResponse<byte[]> transaction =
                HUB.post("/fhir", "specialista", "application/fhir+json", Demo.bytes("08-fhir-transazione.json"));
        assertThat(transaction.statusCode()).as(Outside.text(transaction)).isEqualTo(200);
        for (String file : List.of("09-rest", "10-rest-minima")) {
            HttpResponse<byte[]> answer = HUB.post(
                    "/api/v1/certificates",
                    "specialista",
                    "application/json",
                    Demo.bytes(file + ".json"),
                    "Idempotency-Key",
                    "sample-" + file);
            assertThat(answer.statusCode()).as(Outside.text(answer)).isEqualTo(201);
        }

        for (String id : List.of(
                "DEMO-0001",
                "DEMO-0002",
                "DEMO-0003",
                "DEMO-0004",
                "DEMO-0005",
                "057b3148-cda6-5c43-80da-388ab7648709",
                "6eb014c5-0034-5ed0-856c-85ddcdeba12f",
                "sample-09-rest",
                "sample-10-rest-minima")) {
            JsonNode entry = OUT.published(id);
            String document = entry.path("documentId").asText();
            OUT.publishedOnce(document);
            OUT.sound(document, true);
        }
    }

    @Test
    void the_wrong_sample_is_refused_with_each_of_its_faults_and_leaves_nothing() throws Exception {
        String ack = HUB.mllp(Demo.text("06-errata.hl7"));

        assertThat(ack).contains("MSA|AE|DEMO-0006");
        assertThat(ack.lines().filter(line -> line.startsWith("ERR"))).hasSize(3);
        assertThat(ack).contains("ERR||PID^1^7|", "ERR||PID^1^3^1|", "ERR||OBX^2^5^1^1|");
        assertThat(HUB.message("DEMO-0006").path("state").asText()).isEqualTo("REFUSED");
        assertThat(HUB.message("DEMO-0006").has("documentId")).isFalse();
    }
}
