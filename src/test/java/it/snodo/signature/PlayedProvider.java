package it.snodo.signature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A provider of remote signatures as the tests need it, in both versions of the API, on a socket: it checks PIN and OTP,
 * binds what it authorises to the exact hash, and locks after three errors.
 */
final class PlayedProvider implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SecureRandom RANDOM = new SecureRandom();
    /** DigestInfo of SHA-256 (RFC 8017 section 9.2). */
    private static final byte[] SHA256_PREFIX = new byte[] {
        0x30,
        0x31,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x60,
        (byte) 0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        0x01,
        0x05,
        0x00,
        0x04,
        0x20
    };

    /** A doctor's key there. What tests change, they change in place. */
    static final class Key {
        final TestAuthority.Issued issued;
        volatile List<X509Certificate> chain;
        volatile String status = "enabled";
        volatile String certificateStatus = "valid";
        volatile boolean otpNeeded = true;
        volatile String otpType = "online";
        volatile List<String> algorithms = List.of("1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1");
        final String pin = digits(8);
        volatile String otp;
        volatile int wrongPins;
        volatile int wrongOtps;

        Key(TestAuthority.Issued issued) {
            this.issued = issued;
            this.chain = issued.chain();
        }
    }

    final Map<String, Key> keys = new ConcurrentHashMap<>();
    /** Users and the identifiers of their credentials. */
    final Map<String, List<String>> users = new ConcurrentHashMap<>();
    /** Paths in the order in which they were called. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    final List<JsonNode> otpRequests = new CopyOnWriteArrayList<>();
    /** Paths whose answer is not given, although all is done. */
    final Set<String> losing = ConcurrentHashMap.newKeySet();
    /** What is said in place of an answer, by path. */
    final Map<String, String> saying = new ConcurrentHashMap<>();
    /** Paths that are answered when somebody lets them. */
    final Map<String, CountDownLatch> holding = new ConcurrentHashMap<>();

    volatile boolean signsSomethingElse;
    /** A token that every call must bear; none when null. */
    volatile String token;

    private final Map<String, Set<String>> authorised = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    PlayedProvider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    String url(String version) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/csc/" + version;
    }

    static String digits(int length) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < length; i++) {
            digits.append((char) ('0' + RANDOM.nextInt(10)));
        }
        return digits.toString();
    }

    long called(String path) {
        return calls.stream().filter(path::equals).count();
    }

    private record No(int status, String error, String words) {}

    private static final class Refusal extends RuntimeException {
        private final No no;

        Refusal(int status, String error, String words) {
            this.no = new No(status, error, words);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String[] parts = exchange.getRequestURI().getPath().split("/csc/v", 2);
        boolean second = parts.length > 1 && parts[1].startsWith("2");
        String path = parts.length > 1 ? parts[1].substring(2) : parts[0];
        byte[] body = exchange.getRequestBody().readAllBytes();
        calls.add(path);
        if (holding.containsKey(path)) {
            try {
                holding.get(path).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        int status = 200;
        byte[] answer;
        try {
            Object given = answer(path, second, exchange, body);
            answer = given == null ? new byte[0] : JSON.writeValueAsBytes(given);
            status = given == null ? 204 : 200;
        } catch (Refusal e) {
            status = e.no.status();
            answer = JSON.writeValueAsBytes(Map.of("error", e.no.error(), "error_description", e.no.words()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        if (losing.contains(path)) {
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer);
        }
    }

    private Object answer(String path, boolean second, HttpExchange exchange, byte[] body)
            throws IOException, GeneralSecurityException {
        if (saying.containsKey(path)) {
            throw new Refusal(400, "invalid_request", saying.get(path));
        }
        String bearer = exchange.getRequestHeaders().getFirst("Authorization");
        if (path.equals("auth/login")) {
            require(
                    ("Basic " + Base64.getEncoder().encodeToString("hub:segreto".getBytes(StandardCharsets.UTF_8)))
                            .equals(bearer),
                    401,
                    "authentication_error",
                    "An error occurred during authentication process");
            return Map.of("access_token", token, "expires_in", 3600);
        }
        if (path.equals("/oauth2/token")) {
            String form = new String(body, StandardCharsets.UTF_8);
            require(
                    form.contains("grant_type=client_credentials") && form.contains("client_secret=segreto"),
                    401,
                    "invalid_client",
                    "Unknown client");
            return Map.of("access_token", token, "token_type", "Bearer", "expires_in", 3600);
        }
        if (path.equals("info")) {
            return Map.of("specs", "1.0.4.0", "name", "Prova", "authType", List.of("oauth2client"), "oauth2", root());
        }
        require(
                token == null || ("Bearer " + token).equals(bearer),
                401,
                "invalid_token",
                "The access token is not valid");
        JsonNode request = JSON.readTree(body);
        return switch (path) {
            case "credentials/list" ->
                Map.of(
                        "credentialIDs",
                        users.getOrDefault(request.path("userID").asText(), List.of()));
            case "credentials/info" -> info(key(request), second);
            case "credentials/sendOTP", "credentials/getChallenge" -> {
                otpRequests.add(request);
                key(request).otp = digits(6);
                yield null;
            }
            case "credentials/authorize" -> authorize(request, second);
            case "signatures/signHash" -> sign(request, second);
            default -> throw new Refusal(404, "not_implemented", "No such method");
        };
    }

    private String root() {
        return URI.create(url("v1")).resolve("/").toString();
    }

    private static void require(boolean holds, int status, String error, String words) {
        if (!holds) {
            throw new Refusal(status, error, words);
        }
    }

    private Key key(JsonNode request) {
        Key key = keys.get(request.path("credentialID").asText());
        require(key != null, 400, "invalid_request", "Invalid parameter credentialID");
        return key;
    }

    private static Object info(Key key, boolean second) throws GeneralSecurityException {
        List<String> chain = new ArrayList<>();
        for (X509Certificate one : key.chain) {
            chain.add(Base64.getEncoder().encodeToString(one.getEncoded()));
        }
        Map<String, Object> keyInfo = Map.of("status", key.status, "algo", key.algorithms, "len", 2048);
        Map<String, Object> certificate = Map.of("status", key.certificateStatus, "certificates", chain);
        if (second) {
            List<Object> objects = new ArrayList<>();
            objects.add(Map.of("type", "Password", "id", "PIN", "format", "N"));
            if (key.otpNeeded) {
                objects.add(
                        key.otpType.equals("online")
                                ? Map.of("type", "ChallengeResponse", "id", "SMS", "format", "N")
                                : Map.of("type", "Password", "id", "OTP", "format", "N", "generator", "totp"));
            }
            return Map.of(
                    "key",
                    keyInfo,
                    "cert",
                    certificate,
                    "auth",
                    Map.of("mode", "explicit", "expression", "PIN AND OTP", "objects", objects),
                    "multisign",
                    1,
                    "SCAL",
                    "2");
        }
        return Map.of(
                "key",
                keyInfo,
                "cert",
                certificate,
                "authMode",
                "explicit",
                "SCAL",
                "2",
                "multisign",
                1,
                "PIN",
                Map.of("presence", "true", "format", "N"),
                "OTP",
                key.otpNeeded
                        ? Map.of("presence", "true", "type", key.otpType, "format", "N")
                        : Map.of("presence", "false"));
    }

    private Object authorize(JsonNode request, boolean second) {
        Key key = key(request);
        String pin = secret(request, second, "PIN");
        String otp = secret(request, second, second && key.otpType.equals("online") ? "SMS" : "OTP");
        require(key.wrongPins < 3, 400, "invalid_request", "PIN locked");
        require(key.wrongOtps < 3, 400, "invalid_request", "OTP locked");
        if (!key.pin.equals(pin)) {
            key.wrongPins++;
            // as badly behaved as some are: it repeats what it was sent
            throw new Refusal(400, second ? "invalid_authentication_data" : "invalid_pin", "Invalid PIN " + pin);
        }
        if (key.otpNeeded && (key.otp == null || !key.otp.equals(otp))) {
            key.wrongOtps++;
            throw new Refusal(
                    400, second ? "invalid_authentication_data" : "invalid_otp", "The OTP is invalid: " + otp);
        }
        key.wrongPins = 0;
        key.wrongOtps = 0;
        key.otp = null;
        Set<String> hashes = new HashSet<>();
        request.path(second ? "hashes" : "hash").forEach(hash -> hashes.add(hash.asText()));
        require(!hashes.isEmpty(), 400, "invalid_request", "Empty hash array");
        String sad = digits(20);
        authorised.put(sad + request.path("credentialID").asText(), hashes);
        return Map.of("SAD", sad, "expiresIn", 300);
    }

    private static String secret(JsonNode request, boolean second, String name) {
        if (!second) {
            return request.path(name).asText(null);
        }
        for (JsonNode one : request.path("authData")) {
            if (one.path("id").asText().equals(name)) {
                return one.path("value").asText();
            }
        }
        return null;
    }

    private Object sign(JsonNode request, boolean second) throws GeneralSecurityException {
        Key key = key(request);
        Set<String> hashes = authorised.get(
                request.path("SAD").asText() + request.path("credentialID").asText());
        require(hashes != null, 400, "invalid_request", "Invalid parameter SAD");
        String hash = request.path(second ? "hashes" : "hash").path(0).asText();
        require(hashes.remove(hash), 400, "invalid_request", "Hash is not authorized by the SAD.");
        require(
                request.path(second ? "hashAlgorithmOID" : "hashAlgo").asText().equals("2.16.840.1.101.3.4.2.1"),
                400,
                "invalid_request",
                "Invalid parameter hashAlgo");
        require(
                key.algorithms.contains(request.path("signAlgo").asText()),
                400,
                "invalid_request",
                "Invalid parameter signAlgo");
        byte[] digest = Base64.getDecoder().decode(hash);
        require(digest.length == 32, 400, "invalid_request", "Invalid digest value length");
        boolean rsa = key.issued.keys().getPrivate().getAlgorithm().equals("RSA");
        Signature signature = Signature.getInstance(rsa ? "NONEwithRSA" : "NONEwithECDSA");
        signature.initSign(key.issued.keys().getPrivate());
        if (rsa) {
            signature.update(SHA256_PREFIX);
        }
        if (signsSomethingElse) {
            digest[0] ^= 1;
        }
        signature.update(digest);
        return Map.of("signatures", List.of(Base64.getEncoder().encodeToString(signature.sign())));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
