package it.snodo.simulator.signer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.Simulators;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** Calls the simulated provider as an application would, over its socket. */
final class CscClient {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String VERDI = "vrdlgu60a01l219e";
    static final String PIN = "12345678";
    static final String SHA256 = "2.16.840.1.101.3.4.2.1";
    static final String RSA = "1.2.840.113549.1.1.1";
    static final String ECDSA = "1.2.840.10045.4.3.2";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Simulators simulators;

    CscClient(Simulators simulators) {
        this.simulators = simulators;
    }

    static ObjectNode json() {
        return JSON.createObjectNode();
    }

    static ObjectNode of(String credential) {
        return json().put("credentialID", credential);
    }

    HttpResponse<byte[]> send(String path, byte[] body, String... headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(simulators.url() + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        if (body == null) {
            request.GET();
        } else {
            request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<byte[]> raw(String operation, ObjectNode body, String... headers) throws IOException {
        return send("/signer/csc/" + operation, JSON.writeValueAsBytes(body), headers);
    }

    /** A call that must succeed with a body. */
    JsonNode call(String operation, ObjectNode body) throws IOException {
        HttpResponse<byte[]> response = raw(operation, body);
        JsonNode json = JSON.readTree(response.body());
        if (response.statusCode() != 200) {
            throw new AssertionError(operation + ": " + response.statusCode() + " " + json);
        }
        return json;
    }

    /** "error: description" of a call that must fail. */
    String refusal(String operation, ObjectNode body) throws IOException {
        HttpResponse<byte[]> response = raw(operation, body);
        if (response.statusCode() < 400) {
            throw new AssertionError(operation + " was not refused: " + response.statusCode());
        }
        JsonNode json = JSON.readTree(response.body());
        return json.path("error").asText() + ": "
                + json.path("error_description").asText();
    }

    JsonNode state() throws IOException {
        return JSON.readTree(send("/signer/_state", null).body());
    }

    int control(String order) throws IOException {
        return send("/signer/_control", order.getBytes(StandardCharsets.UTF_8)).statusCode();
    }

    /** Asks for an OTP (v1) and reads it from the telephone. */
    String otp(String credential) throws IOException {
        if (raw("v1/credentials/sendOTP", of(credential)).statusCode() != 204) {
            throw new AssertionError("no OTP sent");
        }
        return lastOtp();
    }

    String lastOtp() throws IOException {
        JsonNode messages = state().path("sms");
        return messages.path(messages.size() - 1).path("otp").asText();
    }

    static ObjectNode authorization(String credential, String pin, String otp, byte[]... hashes) {
        ObjectNode body = of(credential).put("numSignatures", hashes.length).put("PIN", pin);
        if (otp != null) {
            body.put("OTP", otp);
        }
        for (byte[] hash : hashes) {
            body.withArray("hash").add(base64(hash));
        }
        return body;
    }

    static ObjectNode signing(String credential, String sad, byte[]... hashes) {
        ObjectNode body = of(credential).put("SAD", sad).put("hashAlgo", SHA256).put("signAlgo", RSA);
        for (byte[] hash : hashes) {
            body.withArray("hash").add(base64(hash));
        }
        return body;
    }

    X509Certificate certificate(String credential, int place) throws IOException, GeneralSecurityException {
        JsonNode info = call("v1/credentials/info", of(credential).put("certificates", "chain"));
        return certificate(Base64.getDecoder()
                .decode(info.path("cert").path("certificates").path(place).asText()));
    }

    static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean verifies(X509Certificate certificate, String algorithm, String text, String signature)
            throws GeneralSecurityException {
        java.security.Signature check = java.security.Signature.getInstance(algorithm);
        check.initVerify(certificate.getPublicKey());
        check.update(text.getBytes(StandardCharsets.UTF_8));
        return check.verify(Base64.getDecoder().decode(signature));
    }
}
