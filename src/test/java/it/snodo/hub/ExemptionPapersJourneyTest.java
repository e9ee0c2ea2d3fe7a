package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An exemption from its certificate to the papers of the person, as every reader sees it from outside. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExemptionPapersJourneyTest {

    private static final RunningHub HUB = RunningHub.get();
    private static final Outside OUTSIDE = new Outside(HUB);
    private static final String PERSON =
            Certificate.fiscalCode("FERRERO", "TERESA", LocalDate.of(1955, 6, 7), true, "L219");
    private static String pratica;
    private static long exemption;

    @BeforeAll
    static void issued() throws Exception {
        HttpResponse<byte[]> known = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + HUB.simulator + "/aura/_patients"))
                                .POST(HttpRequest.BodyPublishers.ofString("{\"fiscalCode\":\"" + PERSON
                                        + "\",\"family\":\"FERRERO\",\"given\":\"TERESA\",\"sex\":\"F\","
                                        + "\"born\":\"1955-06-07\",\"aslCare\":\"010301\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(known.statusCode()).as(Outside.text(known)).isEqualTo(201);
        Certificate certificate = Certificate.plain(Outside.unique("CARTE"))
                .with("patient.fiscalCode", PERSON)
                .with("patient.family", "FERRERO")
                .with("patient.given", "TERESA")
                .with("patient.birthDate", "1955-06-07")
                .with("patient.gender", "F")
                .with("author.fiscalCode", "VRDLGU60A01L219E")
                .with("author.family", "VERDI")
                .with("author.given", "LUIGI")
                .with("exemption.code", "019")
                .with("exemption.description", "GLAUCOMA")
                .with("diagnosis.code", "365.5")
                .with("diagnosis.description", "GLAUCOMA");
        HttpResponse<byte[]> sent = OUTSIDE.rest(certificate, certificate.number());
        assertThat(sent.statusCode()).as(Outside.text(sent)).isEqualTo(201);
        long number = HUB.read(sent).path("certificateNumber").asLong();
        await().atMost(Duration.ofMinutes(10))
                .untilAsserted(() -> assertThat(HUB.json("/api/v1/certificates/" + number, "verdi")
                                .path("state")
                                .asText())
                        .isEqualTo("VALIDO"));
        HttpResponse<byte[]> made = HUB.post(
                "/api/v1/certificates/" + number + "/exemption",
                "verdi",
                "application/json",
                "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(made.statusCode()).as(Outside.text(made)).isIn(201, 202);
        pratica = HUB.read(made).path("number").asText();
        await().atMost(Duration.ofMinutes(10)).untilAsserted(() -> {
            JsonNode items = list("verdi");
            assertThat(items.findValuesAsText("state")).containsExactly("ACTIVE");
            exemption = items.at("/0/id").asLong();
        });
    }

    private static JsonNode list(String user) {
        return HUB.json("/api/v1/exemptions?fiscalCode=" + PERSON, user).path("items");
    }

    private static String text(byte[] pdf) throws Exception {
        try (var document = Loader.loadPDF(pdf)) {
            return new PDFTextStripper().getText(document).replaceAll("\\s+", " ");
        }
    }

    private static String attestato() {
        return "/api/v1/patients/" + PERSON + "/attestato";
    }

    @Test
    @Order(2)
    void doctor_and_district_find_it_with_all_that_belongs_to_it() {
        for (String user : new String[] {"verdi", "specialista", "distretto-torino", "distretto"}) {
            assertThat(list(user).findValuesAsText("pratica")).as(user).containsExactly(pratica);
        }
        for (String user : new String[] {"neri", "distretto-cn2"}) {
            assertThat(list(user)).as(user).isEmpty();
        }
        JsonNode detail = HUB.json("/api/v1/exemptions/" + exemption, "verdi");
        assertThat(detail.at("/exemption/title").asText()).isEqualTo("Glaucoma");
        JsonNode links = detail.path("links");
        assertThat(links.size()).isGreaterThanOrEqualTo(5);
        links.forEach(link -> assertThat(HUB.get(link.asText(), "specialista").statusCode())
                .as(link.asText())
                .isEqualTo(200));
        JsonNode both = HUB.json("/api/v1/exemptions?aura=true&fiscalCode=" + PERSON, "distretto-torino");
        assertThat(both.path("aura").asText()).isEqualTo("DISPONIBILE");
        assertThat(both.at("/items/0/onAura").asBoolean()).isTrue();
        assertThat(both.path("items")).hasSize(1);
    }

    @Test
    @Order(2)
    void the_district_finds_on_the_pratica_all_that_it_works_with() throws Exception {
        JsonNode one = HUB.json("/api/v1/pratiche/" + pratica, "distretto-torino");
        assertThat(one.path("title").asText()).isEqualTo("Pratica di esenzione per Malattie croniche");
        assertThat(one.path("updated").asText()).startsWith("Aggiornato al ");
        assertThat(one.at("/services/count").asInt())
                .isEqualTo(one.at("/services/items").size());
        JsonNode links = one.path("links");
        assertThat(links.fieldNames())
                .toIterable()
                .contains("history", "certificate", "exemption", "promemoria", "attestato");
        links.forEach(link -> {
            assertThat(HUB.get(link.asText(), "distretto-torino").statusCode())
                    .as(link.asText())
                    .isEqualTo(200);
            assertThat(HUB.get(link.asText(), "distretto-cn2").statusCode())
                    .as("another ASL, " + link.asText())
                    .isEqualTo(404);
        });
        HttpResponse<byte[]> certificate = HUB.get(links.path("certificate").asText(), "distretto-torino");
        assertThat(certificate.headers().firstValue("Content-Type")).contains("application/pdf");
        assertThat(text(certificate.body())).contains("FERRERO");
        assertThat(HUB.get(links.path("certificate").asText(), "ops").statusCode())
                .isEqualTo(403);
    }

    @Test
    @Order(2)
    void no_other_role_reads_exemptions_over_rest() {
        for (String user : new String[] {"fse", "cup", "ops", "assistenza"}) {
            assertThat(HUB.get(attestato(), user).statusCode()).as(user).isEqualTo(403);
            assertThat(HUB.get("/api/v1/exemptions/" + exemption, user).statusCode())
                    .as(user)
                    .isEqualTo(403);
        }
        assertThat(HUB.get("/api/v1/exemptions/" + exemption, "distretto-cn2").statusCode())
                .isEqualTo(404);
    }

    @Test
    @Order(1)
    void the_attestato_is_made_by_itself_and_handed_out() throws Exception {
        await().atMost(Duration.ofMinutes(10)).until(() -> HUB.context
                .getBean(JdbcClient.class)
                .sql("select count(*) from exemption_document where patient_id = ? and state = 'MADE'"
                        + " and kind = 'ATTESTATO'")
                .param(PERSON)
                .query(Integer.class)
                .single()
                .equals(1));
        HttpResponse<byte[]> paper = HUB.get(attestato(), "distretto-torino");
        assertThat(paper.statusCode()).isEqualTo(200);
        assertThat(paper.headers().firstValue("ETag")).isPresent();
        assertThat(text(paper.body()))
                .contains("FERRERO TERESA", PERSON, "019", "Glaucoma", "illimitata", "versione 1");
        HttpResponse<byte[]> promemoria = HUB.get("/api/v1/exemptions/" + exemption + "/promemoria", "verdi");
        assertThat(promemoria.statusCode()).isEqualTo(200);
        assertThat(text(promemoria.body())).contains("Promemoria di esenzione", "Glaucoma", pratica);
    }

    @Test
    @Order(2)
    void the_fse_reads_it_as_coverage_by_person_pratica_and_id() {
        String person = "http://hl7.it/sid/codiceFiscale%7C" + PERSON;
        for (String query : new String[] {
            "?beneficiary.identifier=" + person,
            "?patient.identifier=" + person + "&status=active",
            "?identifier=" + pratica,
            "?identifier=https://snodo.it/fhir/sid/pratica%7C" + pratica + "&beneficiary.identifier=" + person
        }) {
            JsonNode found = HUB.json("/fhir/Coverage" + query, "fse");
            assertThat(found.path("entry")).as(query).hasSize(1);
            assertThat(found.at("/entry/0/resource/payor/0/identifier/value").asText())
                    .isEqualTo("010301");
        }
        assertThat(HUB.json("/fhir/Coverage?status=cancelled&beneficiary.identifier=" + person, "fse")
                        .path("entry"))
                .isEmpty();
        assertThat(HUB.json("/fhir/Coverage/" + exemption, "fse")
                        .at("/meta/profile/0")
                        .asText())
                .endsWith("Coverage-it-base");
        assertThat(HUB.get("/fhir/Coverage", "fse").statusCode()).isEqualTo(400);
        assertThat(HUB.get("/fhir/Coverage/" + exemption, "distretto-cn2").statusCode())
                .isEqualTo(404);
        assertThat(HUB.get("/fhir/Coverage/" + exemption, "cup").statusCode()).isEqualTo(403);
        assertThat(HUB.context
                        .getBean(JdbcClient.class)
                        .sql("select count(*) from audit where subject = ? and action in ('SEARCH_COVERAGE',"
                                + " 'READ_COVERAGE') and actor = 'fse'")
                        .param(PERSON)
                        .query(Integer.class)
                        .single())
                .isGreaterThanOrEqualTo(5);
    }

    @Test
    @Order(2)
    void every_call_is_described_with_its_answer_and_an_example() {
        JsonNode api = HUB.json("/v3/api-docs", null);
        for (String path : new String[] {
            "/api/v1/exemptions",
            "/api/v1/exemptions/{id}",
            "/api/v1/exemptions/{id}/promemoria",
            "/api/v1/patients/{fiscalCode}/attestato",
            "/api/v1/patients/{fiscalCode}/attestato/versions"
        }) {
            JsonNode call = api.path("paths").path(path).path("get");
            assertThat(call.path("summary").asText()).as(path).isNotBlank();
            JsonNode content = call.at("/responses/200/content");
            assertThat(content.size()).as(path + content).isEqualTo(1);
            assertThat(content.elements().next().path("schema").size()).as(path).isPositive();
            assertThat(content.elements().next().path("examples").size())
                    .as(path)
                    .isEqualTo(1);
            for (JsonNode reference : call.findValues("$ref")) {
                assertThat(api.at(reference.asText().substring(1)).isMissingNode())
                        .as(reference.asText())
                        .isFalse();
            }
        }
        JsonNode schemas = api.at("/components/schemas");
        assertThat(schemas.at("/Exemption/properties").has("stateWords")).isTrue();
        assertThat(schemas.at("/ExemptionDetail/properties").has("services")).isTrue();
    }

    @Test
    @Order(3)
    void after_its_annulment_the_attestato_is_a_new_one_and_the_old_one_is_still_there() throws Exception {
        HttpResponse<byte[]> ended = HUB.post(
                "/api/v1/pratiche/" + pratica + "/annul",
                "distretto-torino",
                "application/json",
                "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(ended.statusCode()).as(Outside.text(ended)).isIn(200, 202);
        await().atMost(Duration.ofMinutes(10))
                .untilAsserted(() -> assertThat(list("distretto-torino").findValuesAsText("state"))
                        .containsExactly("ANNULLED"));

        JsonNode versions =
                HUB.json(attestato() + "/versions", "distretto-torino").path("items");
        assertThat(versions).hasSize(2);
        assertThat(text(HUB.get(attestato(), "distretto-torino").body())).contains("non risultano esenzioni in vigore");
        assertThat(text(HUB.get(attestato() + "?version=1", "distretto-torino").body()))
                .contains("Glaucoma");
        assertThat(HUB.get("/api/v1/exemptions/" + exemption + "/promemoria", "verdi")
                        .statusCode())
                .isEqualTo(409);
    }
}
