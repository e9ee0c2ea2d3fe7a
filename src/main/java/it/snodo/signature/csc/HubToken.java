package it.snodo.signature.csc;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.fault.SnodoCode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.apache.hc.core5.http.ContentType;

/** How the hub itself is known to a provider: a bearer token, got with the configured secrets and kept in memory. */
final class HubToken {

    private static final Duration USUAL_LIFE = Duration.ofHours(1);
    /** A token with less left than this is not begun with: a signature is several calls. */
    private static final Duration MARGIN = Duration.ofSeconds(60);

    private final ProviderSettings settings;
    private final CscService service;
    private String token;
    private Instant until = Instant.MIN;

    HubToken(ProviderSettings settings, CscService service) {
        this.settings = settings;
        this.service = service;
    }

    /** The header's value; null when the provider asks for none. */
    synchronized String authorization() {
        if (settings.auth() == ProviderSettings.Auth.NONE) {
            return null;
        }
        if (token == null || !Instant.now().isBefore(until)) {
            fetch();
        }
        return "Bearer " + token;
    }

    void fresh() {
        authorization();
    }

    synchronized void forget() {
        token = null;
    }

    private void fetch() {
        JsonNode given = settings.auth() == ProviderSettings.Auth.BASIC ? login() : clientCredentials();
        String fetched = given.path("access_token").asText("");
        if (fetched.isEmpty()) {
            throw new Refused(
                    SnodoCode.SIGNATURE_PROVIDER_REFUSED,
                    "%s non ha dato all'hub un token.".formatted(settings.name()),
                    false);
        }
        long seconds = given.path("expires_in").asLong(USUAL_LIFE.toSeconds());
        token = fetched;
        until = Instant.now().plusSeconds(seconds).minus(seconds > 2 * MARGIN.toSeconds() ? MARGIN : Duration.ZERO);
    }

    /** {@code auth/login} (v1 section 11.2). */
    private JsonNode login() {
        return service.post(
                URI.create(settings.url() + "/auth/login"),
                basic(settings.user(), settings.password()),
                ContentType.APPLICATION_JSON,
                "{}".getBytes(StandardCharsets.US_ASCII),
                CscService.Step.LOGIN);
    }

    /** RFC 6749 section 4.4. */
    private JsonNode clientCredentials() {
        String form = "grant_type=client_credentials&scope=" + encoded(settings.scope()) + "&client_id="
                + encoded(settings.clientId()) + "&client_secret=" + encoded(settings.clientSecret());
        return service.post(
                URI.create(tokenUrl()),
                null,
                ContentType.APPLICATION_FORM_URLENCODED,
                form.getBytes(StandardCharsets.US_ASCII),
                CscService.Step.LOGIN);
    }

    private String tokenUrl() {
        if (!ProviderSettings.blank(settings.tokenUrl())) {
            return settings.tokenUrl();
        }
        String base = service.describe().path("oauth2").asText("");
        if (base.isEmpty() || !ProviderSettings.isPrivate(URI.create(base))) {
            throw new Refused(
                    SnodoCode.SIGNATURE_PROVIDER_REFUSED,
                    "%s non dice un indirizzo sicuro a cui chiedere il token: configurare token-url."
                            .formatted(settings.name()),
                    false);
        }
        return (base.endsWith("/") ? base : base + "/") + "oauth2/token";
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text == null ? "" : text, StandardCharsets.UTF_8);
    }
}
