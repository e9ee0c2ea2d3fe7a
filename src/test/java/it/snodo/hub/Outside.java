package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.document.CdaCheck;
import it.snodo.signature.PdfCheck;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.awaitility.Awaitility;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;

/** What tests of the outside do again and again: send, wait for the end, and look at what came out with others' eyes. */
final class Outside {

    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    final RunningHub hub;

    Outside(RunningHub hub) {
        this.hub = hub;
    }

    /** A name that no other test uses. */
    static String unique(String what) {
        return what + "-" + Long.toString(System.currentTimeMillis(), 36) + "-" + COUNTER.incrementAndGet();
    }

    // --- sending -----------------------------------------------------------------------------------------------

    /** Sends over MLLP under its document number as control id, and requires the yes. */
    String accepted(Certificate certificate) {
        return accepted(certificate, certificate.text("action") + "/" + certificate.number());
    }

    String accepted(Certificate certificate, String controlId) {
        String ack = mllp(certificate.hl7(controlId));
        assertThat(ack).as(controlId).contains("MSA|AA|");
        return controlId;
    }

    String mllp(String message) {
        return hub.mllp(message);
    }

    HttpResponse<byte[]> rest(Certificate certificate, String key) {
        return hub.post(
                "/api/v1/certificates", "specialista", "application/json", certificate.rest(), "Idempotency-Key", key);
    }

    HttpResponse<byte[]> fhirMessage(Certificate certificate, String id) {
        return hub.post("/fhir/$process-message", "specialista", "application/fhir+json", certificate.fhirMessage(id));
    }

    HttpResponse<byte[]> fhirTransaction(Certificate certificate, String id) {
        return hub.post("/fhir", "specialista", "application/fhir+json", certificate.fhirTransaction(id));
    }

    HttpResponse<byte[]> put(String path, String user, String json) {
        return send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + hub.http + path))
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(json)),
                user);
    }

    /** Orders the simulator of {@code fse} or {@code rol} to misbehave. */
    void order(String system, String rule) {
        HttpResponse<byte[]> answer = send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + hub.simulator + "/" + system + "/_control"))
                        .POST(HttpRequest.BodyPublishers.ofString(rule)),
                null);
        assertThat(answer.statusCode()).as(text(answer)).isBetween(200, 204);
    }

    /** Takes all such orders back. */
    void forget(String system) {
        send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + hub.simulator + "/" + system + "/_control"))
                        .DELETE(),
                null);
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request, String user) {
        if (user != null) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString((user + ":demo").getBytes(StandardCharsets.UTF_8)));
        }
        try {
            return CLIENT.send(
                    request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    // --- waiting -----------------------------------------------------------------------------------------------

    /** The journal's entry with its steps, once it is in that state. A failure ends the wait with its cause. */
    JsonNode state(String controlId, String wanted) {
        await(controlId + " " + wanted)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(150))
                .until(() -> {
                    String state = hub.message(controlId).path("state").asText();
                    if (List.of("FAILED", "REFUSED").contains(state) && !wanted.equals(state)) {
                        fail(controlId + " is " + state + ": " + steps(controlId));
                    }
                    return state.equals(wanted);
                });
        return steps(controlId);
    }

    JsonNode steps(String controlId) {
        return hub.json("/api/v1/messages/" + hub.message(controlId).path("id").asText(), "ops");
    }

    JsonNode published(String controlId) {
        return state(controlId, "PUBLISHED");
    }

    /** A delivery of the document, once it has come so far. */
    JsonNode delivery(String documentId, String action, String... states) {
        JsonNode[] found = new JsonNode[1];
        await(documentId + " " + action + " " + List.of(states))
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(150))
                .until(() -> {
                    found[0] = delivery(documentId, action);
                    return found[0] != null
                            && List.of(states).contains(found[0].path("state").asText());
                });
        return found[0];
    }

    JsonNode delivery(String documentId, String action) {
        for (JsonNode item :
                hub.json("/api/v1/publications?documentId=" + documentId, "ops").path("items")) {
            if (item.path("action").asText().equals(action)) {
                return item;
            }
        }
        return null;
    }

    // --- looking -----------------------------------------------------------------------------------------------

    /** What the FSE simulator holds of a document; missing when it never took it. */
    JsonNode atFse(String documentId) {
        for (JsonNode document : hub.simulator("/fse/_state").path("documents")) {
            if (document.path("identificativoDoc").asText().endsWith("^" + documentId)) {
                return document;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    JsonNode atRol(String documentId) {
        for (JsonNode document : hub.simulator("/rol/_state").path("documents")) {
            if (document.path("uniqueId").asText().endsWith("^" + documentId)) {
                return document;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    /** Once at the FSE, once at ROL. A document taken in charge is in the index a moment later. */
    void publishedOnce(String documentId) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        atFse(documentId).path("timesPublished").asInt())
                .as("FSE " + documentId)
                .isEqualTo(1));
        assertThat(atFse(documentId).path("refused").asInt())
                .as("FSE " + documentId)
                .isZero();
        assertThat(atRol(documentId).path("times").path("INSERIMENTO").asInt())
                .as("ROL " + documentId)
                .isEqualTo(1);
    }

    /** As {@link #publishedOnce}, where the hub may have had to offer the document again and the index has refused that. */
    void inForceOnce(String documentId) {
        await(documentId + " in the index")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(150))
                .until(() -> atFse(documentId).path("timesPublished").asInt() > 0);
        assertThat(atFse(documentId).path("timesPublished").asInt())
                .as("FSE " + documentId)
                .isEqualTo(1);
        assertThat(atRol(documentId).path("times").path("INSERIMENTO").asInt())
                .as("ROL " + documentId)
                .isEqualTo(1);
    }

    byte[] content(String documentId, String what) {
        HttpResponse<byte[]> answer = hub.get("/api/v1/documents/" + documentId + "/" + what, "specialista");
        assertThat(answer.statusCode()).as(documentId + " " + text(answer)).isEqualTo(200);
        return answer.body();
    }

    /** The stored CDA is valid for everybody, the signed PDF carries it, and the signature is one and whole. */
    void sound(String documentId, boolean withVeraPdf) {
        byte[] cda = content(documentId, "cda");
        byte[] pdf = content(documentId, "pdf");
        assertThat(CdaCheck.findings(cda)).as(documentId).isEmpty();
        assertThat(CdaCheck.attached(pdf)).as(documentId).isEqualTo(cda);
        assertSignedOnce(pdf);
        if (withVeraPdf) {
            assertThat(PdfCheck.failedRules(pdf)).as(documentId).isEmpty();
        }
    }

    private static void assertSignedOnce(byte[] pdf) {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            assertThat(document.getSignatureDictionaries()).hasSize(1);
            assertThat(document.getSignatureFields()).allMatch(field -> field.getSignature() != null);
            PDSignature signature = document.getSignatureDictionaries().get(0);
            int[] range = signature.getByteRange();
            assertThat(range[0]).isZero();
            assertThat(range[2] + range[3]).isEqualTo(pdf.length);
            assertThat(range[2] - range[1]).isEqualTo(signature.getContents(pdf).length * 2 + 2);
            assertThat(signature.getSubFilter()).isEqualTo("ETSI.CAdES.detached");
            assertThat(signature.getSignDate()).isNotNull();
            CMSSignedData cms = new CMSSignedData(
                    new CMSProcessableByteArray(signature.getSignedContent(pdf)), signature.getContents(pdf));
            assertThat(cms.getSignerInfos()).hasSize(1);
            for (SignerInformation signer : cms.getSignerInfos()) {
                X509CertificateHolder certificate = (X509CertificateHolder) cms.getCertificates()
                        .getMatches(signer.getSID())
                        .iterator()
                        .next();
                assertThat(signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(certificate)))
                        .isTrue();
            }
        } catch (IOException | CMSException | OperatorCreationException | java.security.cert.CertificateException e) {
            throw new AssertionError(e);
        }
    }
}
