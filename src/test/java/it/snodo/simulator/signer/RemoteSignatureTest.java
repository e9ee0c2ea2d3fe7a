package it.snodo.simulator.signer;

import static it.snodo.simulator.signer.CscClient.PIN;
import static it.snodo.simulator.signer.CscClient.RSA;
import static it.snodo.simulator.signer.CscClient.SHA256;
import static it.snodo.simulator.signer.CscClient.VERDI;
import static it.snodo.simulator.signer.CscClient.authorization;
import static it.snodo.simulator.signer.CscClient.base64;
import static it.snodo.simulator.signer.CscClient.json;
import static it.snodo.simulator.signer.CscClient.of;
import static it.snodo.simulator.signer.CscClient.sha256;
import static it.snodo.simulator.signer.CscClient.signing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteSignatureTest {

    /** Moves only when it is told to. */
    private static final class Hands extends Clock {
        private volatile Instant now = Instant.now();

        void forward(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @TempDir
    Path data;

    private final Hands clock = new Hands();
    private final byte[] hash = sha256("referto");
    private Simulators simulators;
    private CscClient provider;

    @BeforeEach
    void start() {
        simulators = new Simulators(SimulatorSettings.onPort(0).withDataDir(data), clock).start();
        provider = new CscClient(simulators);
    }

    @AfterEach
    void stop() {
        simulators.close();
    }

    private void restart() {
        simulators.close();
        start();
    }

    private String authorized(byte[]... hashes) throws IOException {
        return provider.call("v1/credentials/authorize", authorization(VERDI, PIN, provider.otp(VERDI), hashes))
                .path("SAD")
                .asText();
    }

    private void wrongPin(String expected) throws IOException {
        assertThat(provider.refusal("v1/credentials/authorize", authorization(VERDI, "00000000", "000000", hash)))
                .isEqualTo(expected);
    }

    private JsonNode credential(String alias) throws IOException {
        for (JsonNode one : provider.state().path("credentials")) {
            if (one.path("alias").asText().equals(alias)) {
                return one;
            }
        }
        throw new AssertionError("no credential " + alias);
    }

    @Test
    void with_pin_and_otp_a_digest_is_signed_by_the_doctors_own_key() throws Exception {
        assertThat(provider.call("v1/credentials/list", json().put("userID", VERDI))
                        .path("credentialIDs"))
                .hasSize(1)
                .first()
                .isEqualTo(json().textNode(VERDI));
        byte[] second = sha256("secondo");
        String sad = authorized(hash, second);
        JsonNode signatures = provider.call("v1/signatures/signHash", signing(VERDI, sad, second, hash))
                .path("signatures");
        X509Certificate certificate = provider.certificate(VERDI, 0);
        assertThat(CscClient.verifies(
                        certificate,
                        "SHA256withRSA",
                        "secondo",
                        signatures.path(0).asText()))
                .isTrue();
        assertThat(CscClient.verifies(
                        certificate,
                        "SHA256withRSA",
                        "referto",
                        signatures.path(1).asText()))
                .isTrue();
        assertThat(certificate.getSubjectX500Principal().getName("RFC2253", java.util.Map.of("2.5.4.5", "SN")))
                .contains("SN=TINIT-VRDLGU60A01L219E", "CN=VERDI LUIGI");
        certificate.verify(provider.certificate(VERDI, 1).getPublicKey());
        assertThat(provider.state().path("effects")).hasSize(1);
    }

    @Test
    void version_two_does_the_same_in_its_own_words() throws Exception {
        JsonNode listed = provider.call(
                "v2/credentials/list",
                json().put("userID", VERDI)
                        .put("credentialInfo", true)
                        .put("certificates", "chain")
                        .put("certInfo", true)
                        .put("authInfo", true));
        JsonNode info = listed.path("credentialInfos").path(0);
        assertThat(info.path("auth").path("expression").asText()).isEqualTo("PIN AND OTP");
        assertThat(info.path("auth").path("objects")).hasSize(2);
        assertThat(info.path("cert").path("certificates")).hasSize(2);
        assertThat(info.path("cert").path("status").asText()).isEqualTo("valid");
        assertThat(provider.refusal("v2/credentials/getChallenge", of(VERDI).put("authObjectID", "altro")))
                .isEqualTo("invalid_request: Invalid parameter authObjectID");
        assertThat(provider.raw("v2/credentials/getChallenge", of(VERDI).put("authObjectID", "OTP"))
                        .statusCode())
                .isEqualTo(204);
        ObjectNode authorize = of(VERDI).put("numSignatures", 1).put("hashAlgorithmOID", SHA256);
        authorize.withArray("hashes").add(base64(hash));
        authorize.withArray("authData").addObject().put("id", "PIN").put("value", PIN);
        authorize.withArray("authData").addObject().put("id", "OTP").put("value", provider.lastOtp());
        String sad =
                provider.call("v2/credentials/authorize", authorize).path("SAD").asText();
        ObjectNode sign =
                of(VERDI).put("SAD", sad).put("hashAlgorithmOID", SHA256).put("signAlgo", RSA);
        sign.withArray("hashes").add(base64(hash));
        assertThat(CscClient.verifies(
                        provider.certificate(VERDI, 0),
                        "SHA256withRSA",
                        "referto",
                        provider.call("v2/signatures/signHash", sign)
                                .path("signatures")
                                .path(0)
                                .asText()))
                .isTrue();
        assertThat(provider.refusal("v2/credentials/authorize", authorize))
                .isEqualTo("invalid_authentication_data: The authentication data is invalid");
    }

    @Test
    void an_elliptic_credential_signs_with_ecdsa_and_one_without_otp_with_the_pin_alone() throws Exception {
        String ec = "ec-" + VERDI;
        String sad = provider.call("v1/credentials/authorize", authorization(ec, PIN, provider.otp(ec), hash))
                .path("SAD")
                .asText();
        ObjectNode sign = signing(ec, sad, hash).put("signAlgo", CscClient.ECDSA);
        sign.remove("hashAlgo");
        String signature = provider.call("v1/signatures/signHash", sign)
                .path("signatures")
                .path(0)
                .asText();
        assertThat(CscClient.verifies(provider.certificate(ec, 0), "SHA256withECDSA", "referto", signature))
                .isTrue();
        String plain = "nootp-" + VERDI;
        assertThat(provider.call("v1/credentials/info", of(plain).put("authInfo", true))
                        .path("OTP")
                        .path("presence")
                        .asText())
                .isEqualTo("false");
        assertThat(provider.call("v1/credentials/authorize", authorization(plain, PIN, null, hash))
                        .path("SAD")
                        .asText())
                .isNotEmpty();
    }

    @Test
    void a_sad_is_good_for_its_credential_and_its_digests_only_and_for_each_once() throws Exception {
        String sad = authorized(hash);
        assertThat(provider.refusal("v1/signatures/signHash", signing(VERDI, sad, sha256("un altro"))))
                .isEqualTo("invalid_request: Hash is not authorized by the SAD");
        assertThat(provider.refusal(
                        "v1/signatures/signHash",
                        signing("ec-" + VERDI, sad, hash).put("signAlgo", CscClient.ECDSA)))
                .isEqualTo("invalid_request: Invalid parameter SAD");
        assertThat(provider.refusal("v1/signatures/signHash", signing(VERDI, sad, hash, hash)))
                .isEqualTo("invalid_request: Hash is not authorized by the SAD");
        provider.call("v1/signatures/signHash", signing(VERDI, sad, hash));
        assertThat(provider.refusal("v1/signatures/signHash", signing(VERDI, sad, hash)))
                .isEqualTo("invalid_request: Invalid parameter SAD");
    }

    @Test
    void a_transaction_is_extended_to_more_digests_but_not_to_more_signatures() throws Exception {
        byte[] second = sha256("secondo");
        ObjectNode two = authorization(VERDI, PIN, provider.otp(VERDI), hash).put("numSignatures", 2);
        String sad = provider.call("v1/credentials/authorize", two).path("SAD").asText();
        provider.call("v1/signatures/signHash", signing(VERDI, sad, hash));
        ObjectNode more = of(VERDI).put("SAD", sad);
        more.withArray("hash").add(base64(second));
        String extended = provider.call("v1/credentials/extendTransaction", more)
                .path("SAD")
                .asText();
        assertThat(provider.refusal("v1/signatures/signHash", signing(VERDI, sad, second)))
                .isEqualTo("invalid_request: Invalid parameter SAD");
        provider.call("v1/signatures/signHash", signing(VERDI, extended, second));
        more.put("SAD", extended);
        assertThat(provider.refusal("v1/credentials/extendTransaction", more))
                .isEqualTo("invalid_request: Invalid parameter SAD");
    }

    @Test
    void otp_and_sad_expire() throws Exception {
        String otp = provider.otp(VERDI);
        clock.forward(Duration.ofSeconds(180));
        assertThat(provider.refusal("v1/credentials/authorize", authorization(VERDI, PIN, otp, hash)))
                .isEqualTo("invalid_otp: The OTP is expired");
        assertThat(credential(VERDI).path("otpErrors").asInt()).isZero();
        String sad = authorized(hash);
        clock.forward(Duration.ofSeconds(300));
        assertThat(provider.refusal("v1/signatures/signHash", signing(VERDI, sad, hash)))
                .isEqualTo("invalid_request: SAD expired");
    }

    @Test
    void an_otp_serves_once_and_a_new_one_ends_the_one_before() throws Exception {
        String first = provider.otp(VERDI);
        String second = provider.otp(VERDI);
        if (!first.equals(second)) {
            assertThat(provider.refusal("v1/credentials/authorize", authorization(VERDI, PIN, first, hash)))
                    .isEqualTo("invalid_otp: The OTP is invalid");
        }
        provider.call("v1/credentials/authorize", authorization(VERDI, PIN, second, hash));
        assertThat(provider.refusal("v1/credentials/authorize", authorization(VERDI, PIN, second, hash)))
                .isEqualTo("invalid_otp: The OTP is invalid");
        assertThat(provider.state().path("sms").toString()).doesNotContain("\"otp\"");
    }

    @Test
    void three_wrong_pins_lock_until_somebody_unlocks_and_a_restart_does_not() throws Exception {
        wrongPin("invalid_pin: The PIN is invalid");
        wrongPin("invalid_pin: The PIN is invalid");
        restart();
        wrongPin("invalid_pin: PIN locked");
        assertThat(provider.refusal("v1/credentials/sendOTP", of(VERDI))).isEqualTo("invalid_pin: PIN locked");
        assertThat(provider.refusal("v1/credentials/authorize", authorization(VERDI, PIN, "000000", hash)))
                .isEqualTo("invalid_pin: PIN locked");
        ObjectNode v2 = of(VERDI).put("numSignatures", 1).put("hashAlgorithmOID", SHA256);
        v2.withArray("hashes").add(base64(hash));
        v2.withArray("authData").addObject().put("id", "PIN").put("value", PIN);
        v2.withArray("authData").addObject().put("id", "OTP").put("value", "000000");
        assertThat(provider.refusal("v2/credentials/authorize", v2)).contains("Credential locked", "PIN locked");
        assertThat(provider.control("{\"unlock\":\"" + VERDI + "\"}")).isEqualTo(200);
        assertThat(authorized(hash)).isNotEmpty();
    }

    @Test
    void three_wrong_otps_lock_and_success_in_between_forgives() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThat(provider.refusal("v1/credentials/authorize", authorization(VERDI, PIN, "x", hash)))
                    .isEqualTo("invalid_otp: The OTP is invalid");
        }
        authorized(hash);
        for (String expected : new String[] {"The OTP is invalid", "The OTP is invalid", "OTP locked", "OTP locked"}) {
            assertThat(provider.refusal("v1/credentials/authorize", authorization(VERDI, PIN, "x", hash)))
                    .isEqualTo("invalid_otp: " + expected);
        }
    }

    @Test
    void what_is_missing_or_wrong_is_named_and_costs_no_attempt() throws Exception {
        assertThat(provider.refusal("v1/credentials/info", of("nessuno")))
                .isEqualTo("invalid_request: Invalid parameter credentialID");
        assertThat(provider.refusal("v1/credentials/info", json()))
                .isEqualTo("invalid_request: Missing (or invalid type) string parameter credentialID");
        assertThat(provider.refusal("v1/credentials/list", json().put("userID", "nessuno")))
                .isEqualTo("invalid_request: Invalid parameter userID");
        ObjectNode many = authorization(VERDI, PIN, "000000", hash).put("numSignatures", 11);
        assertThat(provider.refusal("v1/credentials/authorize", many))
                .isEqualTo("invalid_request: Numbers of signatures is too high");
        ObjectNode none = authorization(VERDI, PIN, "000000");
        none.putArray("hash");
        assertThat(provider.refusal("v1/credentials/authorize", none)).isEqualTo("invalid_request: Empty hash array");
        String sad = authorized(hash);
        assertThat(provider.refusal(
                        "v1/signatures/signHash", signing(VERDI, sad, hash).put("signAlgo", "1.2.840.113549.1.1.10")))
                .isEqualTo("invalid_request: Invalid parameter signAlgo");
        assertThat(provider.refusal("v1/signatures/signHash", signing(VERDI, sad, new byte[] {1, 2, 3})))
                .isEqualTo("invalid_request: Invalid digest value length");
        assertThat(provider.raw("v1/signatures/signDoc", json()).statusCode()).isEqualTo(501);
        HttpResponse<byte[]> noJson =
                provider.send("/signer/csc/v1/credentials/info", "PIN=12345678".getBytes(StandardCharsets.UTF_8));
        assertThat(noJson.statusCode()).isEqualTo(400);
        assertThat(new String(noJson.body(), StandardCharsets.UTF_8)).doesNotContain(PIN);
        assertThat(credential(VERDI).path("pinErrors").asInt()).isZero();
        assertThat(credential(VERDI).path("otpErrors").asInt()).isZero();
    }

    @Test
    void a_token_is_got_by_password_or_client_credentials_and_asked_for_when_so_ordered() throws Exception {
        provider.control("{\"requireLogin\":true}");
        assertThat(provider.refusal("v1/credentials/list", json().put("userID", VERDI)))
                .startsWith("invalid_token: ");
        assertThat(provider.raw("v1/auth/login", json(), "Authorization", "Basic " + base64("snodo:no".getBytes()))
                        .statusCode())
                .isEqualTo(401);
        JsonNode login = CscClient.JSON.readTree(
                provider.raw("v1/auth/login", json(), "Authorization", "Basic " + base64("snodo:snodo".getBytes()))
                        .body());
        String bearer = "Bearer " + login.path("access_token").asText();
        assertThat(provider.raw("v1/credentials/list", json().put("userID", VERDI), "Authorization", bearer)
                        .statusCode())
                .isEqualTo(200);
        clock.forward(Duration.ofHours(1));
        assertThat(new String(
                        provider.raw("v1/credentials/list", json().put("userID", VERDI), "Authorization", bearer)
                                .body(),
                        StandardCharsets.UTF_8))
                .contains("expired_token");
        HttpResponse<byte[]> token = provider.send(
                "/signer/csc/v2/oauth2/token",
                "grant_type=client_credentials&client_id=snodo&client_secret=snodo".getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded");
        assertThat(provider.raw(
                                "v2/credentials/list",
                                json().put("userID", VERDI),
                                "Authorization",
                                "Bearer "
                                        + CscClient.JSON
                                                .readTree(token.body())
                                                .path("access_token")
                                                .asText())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void keys_authorizations_and_signatures_survive_a_restart_and_neither_pin_nor_otp_is_written() throws Exception {
        X509Certificate before = provider.certificate(VERDI, 0);
        String otp = provider.otp(VERDI);
        String sad = provider.call("v1/credentials/authorize", authorization(VERDI, PIN, otp, hash))
                .path("SAD")
                .asText();
        restart();
        assertThat(provider.certificate(VERDI, 0)).isEqualTo(before);
        provider.call("v1/signatures/signHash", signing(VERDI, sad, hash));
        restart();
        assertThat(provider.refusal("v1/signatures/signHash", signing(VERDI, sad, hash)))
                .isEqualTo("invalid_request: Invalid parameter SAD");
        assertThat(credential(VERDI).path("signatures").asInt()).isEqualTo(1);
        String pending = provider.otp(VERDI);
        restart();
        assertThat(provider.refusal("v1/credentials/authorize", authorization(VERDI, PIN, pending, hash)))
                .isEqualTo("invalid_otp: The OTP is invalid");
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(PIN, "\"" + otp + "\"", sad);
            }
        }
    }

    @Test
    void the_page_shows_the_message_and_the_lock() throws Exception {
        String otp = provider.otp(VERDI);
        assertThat(page()).contains("<html lang=\"it\">", otp, "LUIGI VERDI");
        wrongPin("invalid_pin: The PIN is invalid");
        wrongPin("invalid_pin: The PIN is invalid");
        wrongPin("invalid_pin: PIN locked");
        assertThat(page()).contains("PIN bloccato");
    }

    private String page() throws IOException {
        return new String(provider.send("/signer/", null).body(), StandardCharsets.UTF_8);
    }

    @Test
    void misbehaviour_is_had_to_order() throws Exception {
        String sad = authorized(hash);
        provider.control("""
                [{"operation":"signatures/signHash","error":{"status":503}},
                 {"operation":"signatures/signHash","error":{"status":400,"error":"invalid_otp","detail":"Altre parole"}},
                 {"operation":"signatures/signHash","wire":"LOST_ANSWER","document":"^vrd"}]""");
        assertThat(provider.refusal("v1/signatures/signHash", signing(VERDI, sad, hash)))
                .startsWith("server_error");
        assertThat(provider.refusal("v1/signatures/signHash", signing(VERDI, sad, hash)))
                .isEqualTo("invalid_otp: Altre parole");
        assertThatThrownBy(() -> provider.call("v1/signatures/signHash", signing(VERDI, sad, hash)))
                .isInstanceOf(IOException.class);
        assertThat(provider.state().path("effects")).hasSize(1);
        assertThat(provider.refusal("v1/signatures/signHash", signing(VERDI, sad, hash)))
                .isEqualTo("invalid_request: Invalid parameter SAD");

        provider.control("{\"operation\":\"signatures/signHash\",\"signature\":\"wrong\"}");
        String bad = provider.call("v1/signatures/signHash", signing(VERDI, authorized(hash), hash))
                .path("signatures")
                .path(0)
                .asText();
        assertThat(CscClient.verifies(provider.certificate(VERDI, 0), "SHA256withRSA", "referto", bad))
                .isFalse();
        assertThat(provider.control("{\"unlock\":\"nessuno\"}")).isEqualTo(400);
    }

    @Test
    void a_test_brings_a_doctor_of_its_own() throws Exception {
        provider.control("{\"doctor\":{\"fiscalCode\":\"RSSMRA80A01L219M\",\"family\":\"ROSSI\",\"given\":\"MARIO\"}}");
        restart();
        assertThat(provider.certificate("rssmra80a01l219m", 0)
                        .getSubjectX500Principal()
                        .getName())
                .contains("ROSSI MARIO");
    }
}
