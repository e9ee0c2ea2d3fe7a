package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Repeated, replaced, annulled, obscured: what becomes of a certificate after it was sent. */
class JourneyTest {

    private static final RunningHub HUB = RunningHub.get();
    private static final Outside OUT = new Outside(HUB);

    @Test
    void the_same_message_again_gets_the_same_bytes_and_has_no_second_effect() {
        Certificate certificate = Certificate.plain(Outside.unique("REP"));
        String id = Outside.unique("C");
        String message = certificate.hl7(id);

        String first = OUT.mllp(message);
        String again = OUT.mllp(message);

        assertThat(first).contains("MSA|AA|" + id);
        assertThat(again).isEqualTo(first);
        String document = OUT.published(id).path("documentId").asText();
        assertThat(OUT.mllp(message)).isEqualTo(first);
        OUT.publishedOnce(document);
        double told = otherContent();
        String other = OUT.mllp(message.replace("Visita di controllo.", "Altra visita."));
        assertThat(other).contains("MSA|AE|" + id).contains("|205^").contains("SNODO-1007");
        assertThat(otherContent()).as("an alert can be set on it").isGreaterThan(told);
        assertThat(HUB.message(id).path("state").asText()).isEqualTo("PUBLISHED");
    }

    private static double otherContent() {
        return Outside.text(HUB.management("/actuator/prometheus", "ops"))
                .lines()
                .filter(line -> line.startsWith("snodo_messages_other_content_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_document_number_takes_effect_once_whatever_the_message_is_called() {
        Certificate certificate = Certificate.plain(Outside.unique("NUM"));
        OUT.accepted(certificate);

        String ack = OUT.mllp(certificate.hl7(Outside.unique("C")));

        assertThat(ack).contains("MSA|AE|").contains("SNODO-2007").contains("ERR||TXA^1^12|");
        assertThat(ack.lines().filter(line -> line.startsWith("ERR"))).hasSize(1);
    }

    @Test
    void the_same_batch_again_gets_the_same_bytes_whatever_became_of_its_messages() {
        String refused = Certificate.plain(Outside.unique("B")).hl7(Outside.unique("C"));
        String batch = "FHS|^~\\&|CARTELLA|ASL\rBHS|^~\\&|CARTELLA|ASL|SNODO|REGIONE|20261112||||B80\r"
                + Certificate.plain(Outside.unique("B")).hl7(Outside.unique("C")) + "\r"
                + refused.replaceFirst("\rPID\\|.*?\r", "\rPID|1\r") + "\r"
                + Certificate.plain(Outside.unique("B")).hl7(Outside.unique("C")) + "\r"
                + "BTS|3\rFTS|1\r";
        String first = OUT.mllp(batch);
        assertThat(first.split("\r"))
                .filteredOn(line -> line.startsWith("MSA|"))
                .extracting(line -> line.substring(0, 6))
                .containsExactly("MSA|AA", "MSA|AE", "MSA|AA");
        // a second later the clock would show in it
        await().pollDelay(Duration.ofMillis(1100))
                .untilAsserted(() -> assertThat(OUT.mllp(batch)).isEqualTo(first));
        assertThat(OUT.mllp(batch.replace("|B80", "|B81"))).isNotEqualTo(first).contains("|B81\r");
    }

    @Test
    void the_same_request_again_by_REST_and_FHIR_gets_the_same_answer_and_has_no_second_effect() {
        Certificate byRest = Certificate.plain(Outside.unique("RST"));
        Certificate byFhir = Certificate.plain(Outside.unique("FHR"));
        String key = Outside.unique("K");
        String bundle = Outside.unique("B");

        HttpResponse<byte[]> rest = OUT.rest(byRest, key);
        HttpResponse<byte[]> fhir = OUT.fhirMessage(byFhir, bundle);
        HttpResponse<byte[]> restAgain = OUT.rest(byRest, key);
        HttpResponse<byte[]> fhirAgain = OUT.fhirMessage(byFhir, bundle);

        assertThat(rest.statusCode()).as(Outside.text(rest)).isEqualTo(201);
        assertThat(fhir.statusCode()).as(Outside.text(fhir)).isEqualTo(200);
        assertThat(restAgain.body()).isEqualTo(rest.body());
        assertThat(restAgain.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(fhirAgain.body()).isEqualTo(fhir.body());
        assertThat(fhirAgain.headers().firstValue("Idempotency-Replayed")).contains("true");
        OUT.publishedOnce(OUT.published(key).path("documentId").asText());
        OUT.publishedOnce(
                OUT.published("urn:prove:messaggi|" + bundle).path("documentId").asText());
        HttpResponse<byte[]> otherContent = OUT.rest(byRest.copy().with("question", "Altro."), key);
        assertThat(otherContent.statusCode()).isEqualTo(409);
        assertThat(Outside.text(otherContent)).contains("SNODO-1007");
    }

    @Test
    void a_replacement_takes_the_place_of_the_old_document_everywhere() {
        Certificate first = Certificate.plain(Outside.unique("OLD"));
        String oldId = OUT.published(OUT.accepted(first)).path("documentId").asText();
        Certificate second = first.replacement(Outside.unique("NEW")).with("question", "Visita rettificata.");

        String newId = OUT.published(OUT.accepted(second)).path("documentId").asText();

        String cda = new String(OUT.content(newId, "cda"), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(cda)
                .contains("<versionNumber value=\"2\"/>")
                .contains("typeCode=\"RPLC\"")
                .contains(oldId);
        OUT.sound(newId, false);
        // the index knows a moment after the gateway has taken it in charge
        OUT.publishedOnce(newId);
        assertThat(OUT.atFse(oldId).path("state").asText()).isEqualTo("REPLACED");
        assertThat(OUT.atFse(oldId).path("timesReplaced").asInt()).isEqualTo(1);
        JsonNode old = HUB.json("/api/v1/documents/" + oldId, "ops");
        JsonNode now = HUB.json("/api/v1/documents/" + newId, "ops");
        assertThat(old.path("state").asText()).isEqualTo("SUPERSEDED");
        assertThat(now.path("state").asText()).isEqualTo("CURRENT");
        assertThat(now.path("documentSetId").asText())
                .isNotEmpty()
                .isEqualTo(old.path("documentSetId").asText());
        assertThat(now.path("replaces").asText()).isEqualTo(oldId);
        JsonNode current = HUB.json(
                "/fhir/DocumentReference?identifier=" + "urn:oid:2.16.840.1.113883.2.9.2.10.4.4%7C" + oldId
                        + "&status=current",
                "fse");
        assertThat(current.path("total").asInt(-1)).isZero();

        String again = OUT.mllp(first.replacement(Outside.unique("NEW")).hl7(Outside.unique("C")));
        assertThat(again).contains("MSA|AE|").contains("SNODO-2009").contains("già stato sostituito");
        String annulled = OUT.mllp(first.annulment(first.number()).hl7(Outside.unique("C")));
        assertThat(annulled).contains("MSA|AE|").contains("SNODO-2009").contains("già stato sostituito");
    }

    @Test
    void an_annulment_takes_the_document_back_everywhere() {
        Certificate certificate = Certificate.plain(Outside.unique("ANN"));
        String document =
                OUT.published(OUT.accepted(certificate)).path("documentId").asText();

        String annulment = OUT.accepted(certificate.annulment(certificate.number()));

        OUT.published(annulment);
        assertThat(OUT.atFse(document).path("state").asText()).isEqualTo("DELETED");
        assertThat(OUT.atFse(document).path("timesDeleted").asInt()).isEqualTo(1);
        assertThat(OUT.atRol(document).path("times").path("ANNULLAMENTO").asInt())
                .isEqualTo(1);
        assertThat(HUB.json("/api/v1/documents/" + document, "ops")
                        .path("state")
                        .asText())
                .isEqualTo("ANNULLED");
        assertThat(HUB.get("/api/v1/documents/" + document + "/pdf", "fse").statusCode())
                .isEqualTo(404);
        assertThat(OUT.mllp(certificate.annulment(certificate.number()).hl7(Outside.unique("C"))))
                .contains("MSA|AE|")
                .contains("SNODO-2009")
                .contains("già stato annullato");
        assertThat(OUT.mllp(certificate.replacement(Outside.unique("NEW")).hl7(Outside.unique("C"))))
                .contains("MSA|AE|")
                .contains("SNODO-2009")
                .contains("già stato annullato");
    }

    @Test
    void what_was_never_sent_can_be_neither_replaced_nor_annulled() {
        Certificate certificate = Certificate.plain(Outside.unique("MAI"));

        assertThat(OUT.mllp(certificate.replacement(Outside.unique("NEW")).hl7(Outside.unique("C"))))
                .contains("MSA|AE|")
                .contains("SNODO-2008")
                .contains("ERR||TXA^1^13|");
        assertThat(OUT.mllp(certificate.annulment(certificate.number()).hl7(Outside.unique("C"))))
                .contains("MSA|AE|")
                .contains("SNODO-2008");
    }

    @Test
    void an_annulment_on_the_heels_of_its_certificate_never_leaves_it_published() {
        List<Certificate> all = java.util.stream.IntStream.range(0, 6)
                .mapToObj(i -> Certificate.plain(Outside.unique("RACE")))
                .toList();
        for (int i = 0; i < all.size(); i++) {
            OUT.accepted(all.get(i));
            if (i >= 3) {
                // each a little further on its way
                String sent = "NEW/" + all.get(i).number();
                int steps = i - 1;
                await().atMost(Duration.ofSeconds(30))
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> OUT.steps(sent).path("steps").size() >= steps);
            }
            OUT.accepted(all.get(i).annulment(all.get(i).number()));
        }
        for (Certificate certificate : all) {
            String document = HUB.message("NEW/" + certificate.number())
                    .path("documentId")
                    .asText();
            await(document)
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        List<String> open = HUB.json("/api/v1/publications?documentId=" + document, "ops")
                                .path("items")
                                .findValuesAsText("state");
                        return open.stream().noneMatch(state -> List.of("WAITING", "TAKEN", "DELIVERED")
                                        .contains(state))
                                && List.of("PUBLISHED", "ENDED", "ANNULLED")
                                        .contains(HUB.message("ANNULMENT/" + certificate.number())
                                                .path("state")
                                                .asText());
                    });
            assertThat(OUT.atFse(document).path("state").asText("")).isNotEqualTo("PUBLISHED");
            assertThat(OUT.atRol(document).path("state").asText("")).isNotEqualTo("PRESENTE");
        }
    }

    @Test
    void what_the_person_hides_is_withheld_at_once_and_the_gateway_is_told() {
        Certificate certificate = Certificate.plain(Outside.unique("OSC"));
        String document =
                OUT.published(OUT.accepted(certificate)).path("documentId").asText();
        assertThat(HUB.get("/api/v1/documents/" + document, "fse").statusCode()).isEqualTo(200);

        HttpResponse<byte[]> changed =
                OUT.put("/api/v1/documents/" + document + "/metadata", "specialista", "{\"obscured\": true}");

        assertThat(changed.statusCode()).as(Outside.text(changed)).isEqualTo(202);
        assertThat(HUB.get("/api/v1/documents/" + document, "fse").statusCode()).isEqualTo(404);
        OUT.delivery(document, "METADATA", "DELIVERED", "CONFIRMED");
        assertThat(OUT.atFse(document).path("timesUpdated").asInt()).isEqualTo(1);
    }
}
