package it.snodo.simulator.signer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Who may call at all: bearer tokens, by auth/login with a password or by OAuth 2 with client credentials. */
final class Tokens {
    private static final Duration LIFE = Duration.ofHours(1);

    private final SignerSettings settings;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Instant> good = new HashMap<>();
    private boolean required;

    Tokens(SignerSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Whether calls without a token are refused. They are not until it is ordered. */
    synchronized void require(boolean yes) {
        required = yes;
    }

    synchronized void forgetAll() {
        good.clear();
    }

    /** auth/login. */
    ObjectNode login(Request request) {
        if (!basic(request.header("Authorization"))) {
            throw new CscError(401, "authentication_error", "An error occurred during authentication process");
        }
        return fresh();
    }

    /** oauth2/token, grant_type client_credentials. */
    ObjectNode token(Request request) {
        Map<String, String> form = new HashMap<>();
        for (String pair : request.text().split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        if (!"client_credentials".equals(form.get("grant_type"))) {
            throw new CscError(400, "unsupported_grant_type", "Only client_credentials");
        }
        boolean inForm = settings.username().equals(form.get("client_id"))
                && settings.password().equals(form.get("client_secret"));
        if (!inForm && !basic(request.header("Authorization"))) {
            throw new CscError(401, "invalid_client", "Client authentication failed");
        }
        return fresh().put("token_type", "Bearer");
    }

    private boolean basic(String header) {
        if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return false;
        }
        try {
            String pair =
                    new String(Base64.getDecoder().decode(header.substring(6).trim()), StandardCharsets.UTF_8);
            return pair.equals(settings.username() + ":" + settings.password());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private synchronized ObjectNode fresh() {
        byte[] bytes = new byte[24];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        good.put(token, clock.instant().plus(LIFE));
        return Json.object().put("access_token", token).put("expires_in", LIFE.toSeconds());
    }

    synchronized void revoke(String token) {
        good.remove(token);
    }

    synchronized void check(Request request) {
        String header = request.header("Authorization");
        if (header == null) {
            if (required) {
                throw new CscError(401, "invalid_token", "The access token is missing");
            }
            return;
        }
        if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw CscError.invalid("Malformed authorization header");
        }
        Instant until = good.get(header.substring(7).trim());
        if (until == null) {
            throw new CscError(401, "invalid_token", "The access token is not valid");
        }
        if (!clock.instant().isBefore(until)) {
            throw new CscError(401, "expired_token", "The access token has expired");
        }
    }
}
