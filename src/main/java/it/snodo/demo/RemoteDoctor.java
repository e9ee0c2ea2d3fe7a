package it.snodo.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs for the doctors of the samples when the hub works with remote signatures: asks for an OTP, reads it from the simulated
 * telephone, gives it back with the PIN. The provider's two interfaces take turns.
 */
final class RemoteDoctor {

    private static final Logger OUT = LoggerFactory.getLogger("snodo.demo");
    private static final String USER = "specialista";

    private final DemoClient hub;
    /** How often each has signed. */
    private final Map<String, Integer> turns = new HashMap<>();

    RemoteDoctor(DemoClient hub) {
        this.hub = hub;
    }

    /**
     * @param number of the certificate
     * @param what empty for the certificate itself, {@code /annulment} for its annulment
     * @return whether it is signed
     */
    boolean sign(String number, String what) throws IOException, InterruptedException {
        String path = "/api/v1/certificates/" + number;
        String alias = hub.get(path, USER).path("signer").asText().toLowerCase(Locale.ROOT);
        int turn = turns.merge(alias, 1, Integer::sum);
        String who = "{\"provider\":\"%s\",\"alias\":\"%s\"".formatted(turn % 2 == 1 ? "SIM" : "SIM2", alias);
        HttpResponse<String> asked = post(path + what + "/otp", who + "}");
        // a credential gets an OTP every half minute at most
        for (int again = 0; asked.statusCode() == 429 && again < 12; again++) {
            TimeUnit.SECONDS.sleep(5);
            asked = post(path + what + "/otp", who + "}");
        }
        if (asked.statusCode() != 200) {
            OUT.info("      {}", asked.body());
            return false;
        }
        // the PIN of all, which nothing of the demo holds: the digits from 1 to 8
        String pin = IntStream.rangeClosed(1, 8).mapToObj(Integer::toString).collect(Collectors.joining());
        HttpResponse<String> signed =
                post(path + what + "/signature", who + ",\"pin\":\"" + pin + "\",\"otp\":\"" + otp(alias) + "\"}");
        if (signed.statusCode() != 200) {
            OUT.info("      {}", signed.body());
        }
        return signed.statusCode() == 200;
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = hub.post(path, USER, "application/json", body.getBytes(StandardCharsets.UTF_8));
        OUT.info("→ POST {}  ← HTTP {}", path, answer.statusCode());
        return answer;
    }

    private String otp(String alias) throws IOException, InterruptedException {
        String otp = "";
        for (JsonNode message : hub.simulator("/signer/_state").path("sms")) {
            if (message.path("alias").asText().equals(alias) && message.has("otp")) {
                otp = message.path("otp").asText();
            }
        }
        return otp;
    }
}
