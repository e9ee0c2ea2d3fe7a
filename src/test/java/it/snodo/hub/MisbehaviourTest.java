package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * FSE and ROL that fail in every way the simulators know. Rules for what comes after the validation are aimed at one
 * document, whose id is known when it is accepted: its validation is held back until they are ordered. Rules for the
 * validation itself are ordered before, for the next that comes.
 */
class MisbehaviourTest {

    private static final RunningHub HUB = RunningHub.get();
    private static final Outside OUT = new Outside(HUB);

    /** Accepts a certificate, with the rules in force before they are needed. */
    private static String sent(Certificate certificate, String... systemAndRule) {
        boolean validation = systemAndRule[1].contains("\"VALIDATION\"");
        if (validation) {
            OUT.order("fse", systemAndRule[1].replace("\"document\":\"DOC\",", ""));
        } else {
            OUT.order("fse", "{\"operation\":\"VALIDATION\",\"delayMs\":1500}");
        }
        String id = OUT.accepted(certificate);
        String document = HUB.message(id).path("documentId").asText();
        if (!validation) {
            OUT.order(systemAndRule[0], systemAndRule[1].replace("DOC", document));
        }
        // the rule for the validation is used up by this certificate and by no other
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> HUB.simulator("/fse/_control").findParents("operation").stream()
                        .filter(rule -> rule.path("operation").asText().equals("VALIDATION"))
                        .allMatch(rule -> rule.path("applied").asInt() > 0));
        return document;
    }

    private static Certificate certificate(String what) {
        return Certificate.plain(Outside.unique(what));
    }

    @Test
    void lost_or_broken_answers_and_passing_errors_end_published_once() {
        Map<Certificate, String[]> all = new LinkedHashMap<>();
        all.put(certificate("LOST"), fse("CREATE", "\"wire\":\"LOST_ANSWER\""));
        all.put(certificate("HALF"), fse("CREATE", "\"wire\":\"HALF\""));
        all.put(certificate("RESET"), fse("CREATE", "\"wire\":\"RESET\""));
        all.put(certificate("DROP"), fse("VALIDATION", "\"wire\":\"DROP\""));
        all.put(certificate("VLOST"), fse("VALIDATION", "\"wire\":\"LOST_ANSWER\""));
        all.put(certificate("504"), fse("CREATE", "\"error\":{\"status\":504}"));
        all.put(certificate("429"), fse("CREATE", "\"error\":{\"status\":429,\"retryAfter\":1}"));
        all.put(certificate("VDOWN"), fse("VALIDATION", "\"error\":{\"status\":503}"));
        all.put(certificate("RLOST"), rol("\"wire\":\"LOST_ANSWER\""));
        all.put(certificate("RDOWN"), rol("\"times\":2,\"error\":{\"status\":503}"));

        // one after the other: the circuit breaker would else make one outage of them all
        all.forEach((certificate, rule) -> {
            String document = sent(certificate, rule);
            OUT.published("NEW/" + certificate.number());
            OUT.inForceOnce(document);
            assertThat(HUB.simulator("/" + rule[0] + "/_control").findValues("applied"))
                    .as("the rule took effect: " + rule[1])
                    .allMatch(applied -> applied.asInt() > 0);
            forget();
        });
    }

    /** Each fault alone is in the test above; here several at once, that the waits are waited for together. */
    @Test
    void whatever_a_partner_does_to_an_answer_each_document_is_there_once() {
        List<String> faults = List.of(
                "\"wire\":\"HALF\"",
                "\"wire\":\"RESET\"",
                "\"wire\":\"TWICE\"",
                "\"wire\":\"DROP\"",
                "\"error\":{\"status\":502}",
                "\"error\":{\"status\":504},\"takesEffect\":true",
                "\"error\":{\"status\":429,\"retryAfter\":1}",
                "\"delayMs\":2500");
        OUT.order("fse", "{\"operation\":\"VALIDATION\",\"delayMs\":3000,\"times\":" + 2 * faults.size() + "}");
        Map<Certificate, String> documents = new LinkedHashMap<>();
        for (String fault : faults) {
            for (String system : List.of("fse", "rol")) {
                Certificate certificate = certificate("MANY");
                String document = HUB.message(OUT.accepted(certificate))
                        .path("documentId")
                        .asText();
                OUT.order(
                        system,
                        "{\"operation\":\"%s\",\"document\":\"%s\",%s}"
                                .formatted(system.equals("fse") ? "CREATE" : "INSERIMENTO", document, fault));
                documents.put(certificate, document);
            }
        }
        documents.forEach((certificate, document) -> {
            OUT.published("NEW/" + certificate.number());
            OUT.inForceOnce(document);
        });
        for (String system : List.of("fse", "rol")) {
            for (JsonNode rule : HUB.simulator("/" + system + "/_control").path("rules")) {
                if (rule.has("document")) {
                    assertThat(rule.path("applied").asInt()).as(rule.toString()).isEqualTo(1);
                }
            }
        }
    }

    @AfterEach
    void forget() {
        OUT.forget("fse");
        OUT.forget("rol");
    }

    private static String[] fse(String operation, String what) {
        return new String[] {"fse", "{\"operation\":\"" + operation + "\",\"document\":\"DOC\"," + what + "}"};
    }

    private static String[] rol(String what) {
        return new String[] {"rol", "{\"operation\":\"INSERIMENTO\",\"document\":\"DOC\"," + what + "}"};
    }

    @Test
    void a_document_that_the_gateway_finds_wrong_is_failed_in_its_words_and_never_signed() {
        Certificate wrong = certificate("V422");
        String document = sent(
                wrong,
                "fse",
                "{\"operation\":\"VALIDATION\",\"document\":\"DOC\","
                        + "\"error\":{\"type\":\"/msg/semantic\",\"detail\":\"[ERRORE-b77| motivo di prova\"}}");

        JsonNode entry = OUT.state("NEW/" + wrong.number(), "FAILED");

        assertThat(entry.toString()).contains("SNODO-5004").contains("motivo di prova");
        assertThat(OUT.atFse(document).isMissingNode()).isTrue();
        assertThat(OUT.atRol(document).isMissingNode()).isTrue();
        JsonNode kept = HUB.json("/api/v1/documents/" + document, "ops");
        assertThat(kept.path("signedAt").isMissingNode()
                        || kept.path("signedAt").isNull())
                .isTrue();
        assertThat(HUB.get("/api/v1/documents/" + document + "/pdf", "specialista")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_publication_that_the_gateway_refuses_is_failed_in_its_words_while_ROL_goes_on() {
        Certificate wrong = certificate("C400");
        String document = sent(
                wrong,
                "fse",
                "{\"operation\":\"CREATE\",\"document\":\"DOC\",\"times\":0,"
                        + "\"error\":{\"type\":\"/msg/mandatory-element\",\"detail\":\"elemento di prova\"}}");

        JsonNode entry = OUT.state("NEW/" + wrong.number(), "FAILED");

        assertThat(entry.toString()).contains("elemento di prova");
        JsonNode delivery = OUT.delivery(document, "CREATE", "FAILED");
        assertThat(delivery.path("lastAnswer").asText()).contains("elemento di prova");
        assertThat(delivery.path("advice").asText()).isNotBlank();
        OUT.delivery(document, "INSERIMENTO", "CONFIRMED", "DELIVERED");
        assertThat(OUT.atFse(document).isMissingNode()).isTrue();
        assertThat(HUB.get("/api/v1/documents/" + document, "fse").statusCode()).isEqualTo(404);
    }

    @Test
    void ROL_down_does_not_hold_the_FSE() {
        Certificate certificate = certificate("ROLKO");
        String document = sent(
                certificate,
                "rol",
                "{\"operation\":\"INSERIMENTO\",\"document\":\"DOC\",\"times\":3,\"error\":{\"status\":500}}");

        OUT.delivery(document, "CREATE", "CONFIRMED");
        assertThat(OUT.atFse(document).path("timesPublished").asInt()).isEqualTo(1);
        OUT.published("NEW/" + certificate.number());
        OUT.inForceOnce(document);
    }
}
