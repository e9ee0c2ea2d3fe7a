package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.signature.SignatureCheck;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;

/** A doctor annuls over REST, on a hub that signs by itself. */
class AnnulmentTest {

    private static final RunningHub HUB = RunningHub.get();
    private static final Outside OUT = new Outside(HUB);
    private static final String CONFIRMED = "{\"confirm\": true, \"reason\": \"Intestato alla persona sbagliata\"}";

    private static HttpResponse<byte[]> post(long number, String what, String user, String body, String... headers) {
        return HUB.post(
                "/api/v1/certificates/" + number + "/" + what,
                user,
                "application/json",
                body.getBytes(StandardCharsets.UTF_8),
                headers);
    }

    private static long published(Certificate certificate) {
        return OUT.published(OUT.accepted(certificate))
                .path("certificateNumber")
                .asLong();
    }

    private static JsonNode read(long number) {
        return HUB.json("/api/v1/certificates/" + number, "specialista");
    }

    @Test
    void a_doctor_annuls_with_a_signed_certificato_annullativo_and_what_was_published_is_taken_back() throws Exception {
        Certificate certificate = Certificate.plain(Outside.unique("DOC"));
        long number = published(certificate);
        JsonNode before = read(number);
        assertThat(before.path("state").asText()).isEqualTo("VALIDO");
        assertThat(before.path("actions").toString())
                .isEqualTo("[\"ANNULLA\",\"RICHIEDI_ESENZIONE\",\"CREA_E_VALIDA\"]");

        HttpResponse<byte[]> answer = post(number, "annulment", "specialista", CONFIRMED);

        assertThat(answer.statusCode()).as(Outside.text(answer)).isEqualTo(200);
        JsonNode annulment = HUB.read(answer);
        assertThat(annulment.path("state").asText()).isEqualTo("FIRMATO");
        assertThat(annulment.path("words").asText()).isEqualTo("Certificato di malattia " + number + " annullato");
        assertThat(annulment.path("publications").findValuesAsText("action")).containsExactly("DELETE", "ANNULLAMENTO");
        JsonNode now = read(number);
        assertThat(now.path("state").asText()).isEqualTo("ANNULLATO");
        assertThat(now.path("actions")).isEmpty();
        String document = now.path("documentId").asText();
        OUT.delivery(document, "DELETE", "DELIVERED", "CONFIRMED");
        OUT.delivery(document, "ANNULLAMENTO", "DELIVERED", "CONFIRMED");
        assertThat(OUT.atFse(document).path("state").asText()).isEqualTo("DELETED");

        HttpResponse<byte[]> pdf = HUB.get("/api/v1/certificates/" + number + "/annulment/document", "specialista");
        assertThat(pdf.statusCode()).isEqualTo(200);
        assertThat(new SignatureCheck(List.of()).check(pdf.body()).isSignedOnce())
                .isTrue();
        try (var file = Loader.loadPDF(pdf.body())) {
            assertThat(new PDFTextStripper().getText(file).replaceAll("\\s+", " "))
                    .contains("annulla il certificato n. " + number)
                    .contains(document + ", versione 1")
                    .contains("Intestato alla persona sbagliata")
                    .doesNotContain(before.path("diagnosis").asText())
                    .doesNotContain(before.path("exemptionTitle").asText());
        }
        HttpResponse<byte[]> again = post(number, "annulment", "specialista", CONFIRMED);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(Outside.text(again)).contains("SNODO-2009").contains("già stato annullato");
    }

    @Test
    void an_annulment_that_is_not_confirmed_or_comes_from_another_changes_nothing() {
        Certificate certificate = Certificate.plain(Outside.unique("NO"));
        long number = published(certificate);
        String tag = HUB.get("/api/v1/certificates/" + number, "specialista")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        assertThat(post(number, "annulment", "specialista", "{\"confirm\": false}")
                        .statusCode())
                .isEqualTo(422);
        HttpResponse<byte[]> unknownField =
                post(number, "annulment", "specialista", "{\"confirm\": true, \"pine\": \"8520\"}");
        assertThat(unknownField.statusCode()).isEqualTo(400);
        assertThat(Outside.text(unknownField)).doesNotContain("8520").contains("ammessi");
        HttpResponse<byte[]> number4 = post(number, "annulment", "specialista", "{\"confirm\": true, \"pin\": 8520}");
        assertThat(number4.statusCode()).isEqualTo(400);
        assertThat(Outside.text(number4)).doesNotContain("8520").contains("«pin»");
        HttpResponse<byte[]> broken = post(number, "annulment", "specialista", "{\"confirm\": true, \"pin\": 8520x}");
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(Outside.text(broken)).doesNotContain("8520");
        // neither is its signer
        assertThat(post(number, "annulment", "neri", CONFIRMED).statusCode()).isEqualTo(404);
        for (String user : List.of("ops", "distretto", "fse", "cup", "assistenza")) {
            assertThat(post(number, "annulment", user, CONFIRMED).statusCode())
                    .as(user)
                    .isEqualTo(403);
        }
        HttpResponse<byte[]> stale =
                post(number, "annulment", "specialista", CONFIRMED, "If-Match", "\"9-DA_FIRMARE--\"");
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(Outside.text(stale)).contains("VALIDO");
        for (String signing : List.of("otp", "signature", "annulment/otp", "annulment/signature")) {
            HttpResponse<byte[]> automatic = post(
                    number,
                    signing,
                    "specialista",
                    signing.endsWith("otp")
                            ? "{\"provider\": \"SIM\", \"alias\": \"x\"}"
                            : "{\"provider\": \"SIM\", \"alias\": \"x\", \"pin\": \"85208520\"}");
            assertThat(automatic.statusCode()).as(signing).isEqualTo(409);
            assertThat(Outside.text(automatic)).contains("automatica").doesNotContain("85208520");
        }
        assertThat(post(number, "annulment/withdrawal", "specialista", "").statusCode())
                .isEqualTo(409);
        assertThat(HUB.get("/api/v1/certificates/" + number + "/annulment", "specialista")
                        .statusCode())
                .isEqualTo(404);
        HttpResponse<byte[]> same = HUB.get("/api/v1/certificates/" + number, "specialista");
        assertThat(same.headers().firstValue("ETag")).contains(tag);
        assertThat(HUB.read(same).path("state").asText()).isEqualTo("VALIDO");
        assertThat(post(number, "annulment", "specialista", CONFIRMED, "If-Match", tag)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void what_is_being_replaced_or_has_been_is_not_annulled() {
        Certificate first = Certificate.plain(Outside.unique("OLD"));
        long number = published(first);
        OUT.published(OUT.accepted(first.replacement(Outside.unique("NEW"))));
        assertThat(read(number).path("state").asText()).isEqualTo("SOSTITUITO");
        HttpResponse<byte[]> answer = post(number, "annulment", "specialista", CONFIRMED);
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(Outside.text(answer)).contains("già stato sostituito");
    }
}
