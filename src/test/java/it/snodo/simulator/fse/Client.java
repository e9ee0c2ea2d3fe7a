package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/** A plain client of the gateway, over real sockets. */
final class Client {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final String BOUNDARY = "----prova7f3a";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    /** @param base address up to and including {@code /fse} */
    Client(String base) {
        this.base = base;
    }

    record Reply(int status, String contentType, String text, HttpResponse<byte[]> raw) {
        JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException(text, e);
            }
        }
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofMinutes(10));
    }

    Reply send(HttpRequest request) throws IOException {
        try {
            HttpResponse<byte[]> response = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    new String(response.body(), StandardCharsets.UTF_8),
                    response);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonNode state() throws IOException {
        return send(to("/_state").GET().build()).json();
    }

    void order(String rule) throws IOException {
        Reply reply = send(
                to("/_control").POST(HttpRequest.BodyPublishers.ofString(rule)).build());
        if (reply.status() != 200) {
            throw new IllegalStateException(reply.text());
        }
    }

    /** Multipart body; a part that is null is left out. {@code jsonType} null sends the JSON part without a type. */
    static HttpRequest.Builder multipart(
            HttpRequest.Builder request, String method, byte[] file, String fileName, String json, String jsonType) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (file != null) {
            out.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                            + fileName + "\"\r\nContent-Type: application/pdf\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.writeBytes(file);
            out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        if (json != null) {
            out.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"requestBody\"\r\n"
                            + (jsonType == null ? "" : "Content-Type: " + jsonType + "\r\n") + "\r\n" + json + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        out.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return request.header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(out.toByteArray()));
    }

    /** A signed token; claims are sent as they are. */
    static String token(JsonNode claims) {
        try {
            Base64.Encoder url = Base64.getUrlEncoder().withoutPadding();
            ObjectNode header = JSON.createObjectNode().put("alg", "RS256").put("typ", "JWT");
            header.putArray("x5c").add(Base64.getEncoder().encodeToString(SamplePdf.CERTIFICATE.getEncoded()));
            String content = url.encodeToString(JSON.writeValueAsBytes(header)) + "."
                    + url.encodeToString(JSON.writeValueAsBytes(claims));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(SamplePdf.KEYS.getPrivate());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + url.encodeToString(signature.sign());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static ObjectNode bearerClaims(String sub) {
        long now = Instant.now().getEpochSecond();
        return JSON.createObjectNode()
                .put("iss", "auth:S1#111PROVA")
                .put("iat", now - 60)
                .put("exp", now + 600)
                .put("jti", UUID.randomUUID().toString())
                .put("aud", "https://modipa-val.fse.salute.gov.it/govway/rest/in/FSE/gateway/v1")
                .put("sub", sub);
    }

    /** Claims of FSE-JWT-Signature that pass; {@code hash} may be null. */
    static ObjectNode claims(String person, String action, String purpose, String hash) {
        ObjectNode claims = bearerClaims("PROVAX00X00X000Y^^^&2.16.840.1.113883.2.9.4.3.2&ISO");
        claims.put("iss", "integrity:S1#111PROVA")
                .put("subject_organization_id", "010")
                .put("subject_organization", "Regione Piemonte")
                .put("locality", "AZIENDA DI PROVA^^^^^&2.16.840.1.113883.2.9.4.1.3&ISO^^^^010203123456")
                .put("subject_role", "AAS")
                .put("person_id", person + "^^^&2.16.840.1.113883.2.9.4.3.2&ISO")
                .put("patient_consent", true)
                .put("purpose_of_use", purpose)
                .put("action_id", action)
                .put("resource_hl7_type", "('11488-4^^2.16.840.1.113883.6.1')")
                .put("subject_application_id", "HUB")
                .put("subject_application_vendor", "PROVA")
                .put("subject_application_version", "1.0");
        if (hash != null) {
            claims.put("attachment_hash", hash);
        }
        return claims;
    }

    HttpRequest.Builder authorized(HttpRequest.Builder request, JsonNode claims) {
        request.header("Authorization", "Bearer " + token(bearerClaims("S1#111PROVA")));
        if (claims != null) {
            request.header("FSE-JWT-Signature", token(claims));
        }
        return request;
    }

    static ObjectNode publicationBody(String document, String wii) {
        ObjectNode body = JSON.createObjectNode();
        if (wii != null) {
            body.put("workflowInstanceId", wii);
        }
        return body.put("healthDataFormat", "CDA")
                .put("mode", "ATTACHMENT")
                .put("tipologiaStruttura", "Ospedale")
                .put("identificativoDoc", document)
                .put("identificativoRep", "2.16.840.1.113883.2.9.2.10.4.5.1")
                .put("tipoDocumentoLivAlto", "REF")
                .put("assettoOrganizzativo", "AD_PSC043")
                .put("tipoAttivitaClinica", "ERP")
                .put("identificativoSottomissione", "2.16.840.1.113883.2.9.2.10.4.3.1");
    }

    Reply validate(byte[] pdf, String person) throws IOException {
        return send(multipart(
                        authorized(to("/v1/documents/validation"), claims(person, "CREATE", "TREATMENT", null)),
                        "POST",
                        pdf,
                        "a.pdf",
                        "{\"healthDataFormat\":\"CDA\",\"mode\":\"ATTACHMENT\",\"activity\":\"VALIDATION\"}",
                        "application/json")
                .build());
    }

    HttpRequest creation(byte[] pdf, String person, ObjectNode body) {
        return multipart(
                        authorized(to("/v1/documents"), claims(person, "CREATE", "TREATMENT", CdaText.sha256(pdf))),
                        "POST",
                        pdf,
                        "a.pdf",
                        body.toString(),
                        "application/json")
                .build();
    }

    HttpRequest replacement(String old, byte[] pdf, String person, ObjectNode body) {
        return multipart(
                        authorized(
                                to("/v1/documents/" + old.replace("^", "%5E")),
                                claims(person, "UPDATE", "UPDATE", CdaText.sha256(pdf))),
                        "PUT",
                        pdf,
                        "a.pdf",
                        body.toString(),
                        "application/json")
                .build();
    }

    /** Validates the unsigned document, then publishes the signed one. */
    Reply publish(byte[] unsigned, byte[] signed, String person, String document) throws IOException {
        String wii =
                validate(unsigned, person).json().path("workflowInstanceId").asText();
        return send(creation(signed, person, publicationBody(document, wii)));
    }

    Reply status(String wii) throws IOException {
        return send(authorized(to("/v1/status/" + wii.replace("^", "%5E")), null)
                .GET()
                .build());
    }
}
