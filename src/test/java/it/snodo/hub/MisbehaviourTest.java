package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.RouteController;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * FSE and ROL that fail in every way the simulators know. Rules are aimed at one document, whose id is known when it is
 * accepted: until they are ordered the route that makes documents stands still, however long that takes. Rules for the
 * validation are for the next that comes, because that call does not name its document; those for a document's publication
 * name no operation, because after a fault the hub may validate and publish in one call.
 */
class MisbehaviourTest {

    private static final RunningHub HUB = RunningHub.get();
    private static final Outside OUT = new Outside(HUB);
    /** Nothing starts it again but this test: a certificate waits before it. */
    private static final String FIRST_STEP = "certificate-document";

    @BeforeAll
    static void a_hub_whose_routes_are_ours_to_stop() {
        Assumptions.assumeTrue(HUB.context != null, "the routes of a hub elsewhere are not ours to stop");
    }

    private static void hold() throws Exception {
        routes().stopRoute(FIRST_STEP);
    }

    private static void letGo() throws Exception {
        routes().startRoute(FIRST_STEP);
    }

    private static RouteController routes() {
        return HUB.context.getBean(CamelContext.class).getRouteController();
    }

    /** Accepts a certificate, with the rule in force before it is needed. */
    private static String sent(Certificate certificate, String... systemAndRule) throws Exception {
        hold();
        String document =
                HUB.message(OUT.accepted(certificate)).path("documentId").asText();
        boolean validation = systemAndRule[1].contains("\"VALIDATION\"");
        OUT.order(
                systemAndRule[0],
                validation
                        ? systemAndRule[1].replace("\"document\":\"DOC\",", "")
                        : systemAndRule[1].replace("DOC", document));
        letGo();
        return document;
    }

    private static Certificate certificate(String what) {
        return Certificate.plain(Outside.unique(what));
    }

    @Test
    void lost_or_broken_answers_and_passing_errors_end_published_once() throws Exception {
        Map<Certificate, String[]> all = new LinkedHashMap<>();
        all.put(certificate("LOST"), fse("*", "\"wire\":\"LOST_ANSWER\""));
        all.put(certificate("HALF"), fse("*", "\"wire\":\"HALF\""));
        all.put(certificate("RESET"), fse("*", "\"wire\":\"RESET\""));
        all.put(certificate("DROP"), fse("VALIDATION", "\"wire\":\"DROP\""));
        all.put(certificate("VLOST"), fse("VALIDATION", "\"wire\":\"LOST_ANSWER\""));
        all.put(certificate("504"), fse("*", "\"error\":{\"status\":504}"));
        all.put(certificate("429"), fse("*", "\"error\":{\"status\":429,\"retryAfter\":1}"));
        all.put(certificate("VDOWN"), fse("VALIDATION", "\"error\":{\"status\":503}"));
        all.put(certificate("RLOST"), rol("\"wire\":\"LOST_ANSWER\""));
        all.put(certificate("RDOWN"), rol("\"times\":2,\"error\":{\"status\":503}"));

        // one after the other: the circuit breaker would else make one outage of them all
        for (Map.Entry<Certificate, String[]> each : all.entrySet()) {
            Certificate certificate = each.getKey();
            String[] rule = each.getValue();
            String document = sent(certificate, rule);
            OUT.published("NEW/" + certificate.number());
            OUT.inForceOnce(document);
            assertThat(HUB.simulator("/" + rule[0] + "/_control").findValues("applied"))
                    .as("the rule took effect: " + rule[1])
                    .isNotEmpty()
                    .allMatch(applied -> applied.asInt() > 0);
            forgetRules();
        }
    }

    /** Each fault alone is in the test above; here several at once, that the waits are waited for together. */
    @Test
    void whatever_a_partner_does_to_an_answer_each_document_is_there_once() throws Exception {
        List<String> faults = List.of(
                "\"wire\":\"HALF\"",
                "\"wire\":\"RESET\"",
                "\"wire\":\"TWICE\"",
                "\"wire\":\"DROP\"",
                "\"error\":{\"status\":502}",
                "\"error\":{\"status\":504},\"takesEffect\":true",
                "\"error\":{\"status\":429,\"retryAfter\":1}",
                "\"delayMs\":2500");
        hold();
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
                                .formatted(system.equals("fse") ? "*" : "INSERIMENTO", document, fault));
                documents.put(certificate, document);
            }
        }
        letGo();
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
    void leave_the_hub_as_it_was() throws Exception {
        letGo();
        forgetRules();
    }

    private static void forgetRules() {
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
    void a_document_that_the_gateway_finds_wrong_is_failed_in_its_words_and_never_signed() throws Exception {
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
    void a_publication_that_the_gateway_refuses_is_failed_in_its_words_while_ROL_goes_on() throws Exception {
        Certificate wrong = certificate("C400");
        String document = sent(
                wrong,
                "fse",
                "{\"operation\":\"*\",\"document\":\"DOC\",\"times\":0,"
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
    void ROL_down_does_not_hold_the_FSE() throws Exception {
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
