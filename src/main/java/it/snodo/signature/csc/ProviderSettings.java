package it.snodo.signature.csc;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A provider of remote signatures that speaks the API of the Cloud Signature Consortium.
 *
 * @param code as callers name it
 * @param name as people know it; the code when absent
 * @param api which version it speaks
 * @param url up to and including {@code /csc/v1} or {@code /csc/v2}; https, except on this machine
 * @param auth how the hub itself is known there
 * @param user of the hub, for BASIC: exchanged for a token at {@code auth/login}
 * @param password of that user
 * @param clientId of the hub, for OAUTH2CLIENT
 * @param clientSecret of that client
 * @param tokenUrl where tokens are given; what the provider's {@code info} names, when absent
 * @param scope asked for with the token
 * @param algorithm of RSA keys: {@code SHA256withRSA} or {@code SHA256withRSAandMGF1}; keys on a curve sign with
 *     {@code SHA256withECDSA}, which configured here leaves RSA keys out
 * @param find what an alias is there
 * @param otp whether signing needs an OTP as a rule; what a credential itself says counts
 * @param deliveries how an OTP can be sent: the code goes out as {@code clientData} (v1) or chooses the authentication
 *     object (v2)
 * @param otpLifetime how long an OTP holds, and what was prepared with it
 * @param tlsBundle name of a Spring SSL bundle; the platform's trust when absent
 * @param connectTimeout to the open connection
 * @param responseTimeout to the whole answer
 */
public record ProviderSettings(
        String code,
        String name,
        Api api,
        String url,
        @DefaultValue("none") Auth auth,
        String user,
        String password,
        String clientId,
        String clientSecret,
        String tokenUrl,
        @DefaultValue("service") String scope,
        @DefaultValue("SHA256withRSA") String algorithm,
        @DefaultValue("id") Find find,
        @DefaultValue("true") boolean otp,
        List<Delivery> deliveries,
        @DefaultValue("180s") Duration otpLifetime,
        String tlsBundle,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("30s") Duration responseTimeout) {

    /** Version of the API: 1.0.4 or 2. */
    public enum Api {
        CSC1,
        CSC2
    }

    /** How the hub is known to the provider. */
    public enum Auth {
        NONE,
        BASIC,
        OAUTH2CLIENT
    }

    /** What an alias is: a {@code credentialID}, or a {@code userID} whose credentials are looked up. */
    public enum Find {
        ID,
        USER
    }

    /** @param code such as SMS @param name in words; the code when absent */
    public record Delivery(String code, String name) {

        public Delivery {
            name = name == null || name.isBlank() ? code : name;
        }
    }

    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

    public ProviderSettings {
        name = name == null || name.isBlank() ? code : name;
        deliveries = deliveries == null ? List.of() : List.copyOf(deliveries);
        while (url != null && url.endsWith("/")) {
            url = url.substring(0, url.length() - 1);
        }
    }

    /** @throws SnodoException {@link SnodoCode#SIGNER_NOT_CONFIGURED} which says what is missing or wrong */
    public void check() {
        require(!blank(code), "manca code");
        require(api != null, "manca api (CSC1 o CSC2)");
        address("url", url);
        require(CscAlgorithm.of(algorithm) != null, "algorithm non è uno di " + CscAlgorithm.names());
        if (auth == Auth.BASIC) {
            require(!blank(user) && !blank(password), "auth=basic chiede user e password");
        }
        if (auth == Auth.OAUTH2CLIENT) {
            require(!blank(clientId) && !blank(clientSecret), "auth=oauth2client chiede client-id e client-secret");
            if (!blank(tokenUrl)) {
                address("token-url", tokenUrl);
            }
        }
        require(otpLifetime.toSeconds() > 0, "otp-lifetime deve essere positivo");
        require(
                connectTimeout.toMillis() > 0 && responseTimeout.toMillis() > 0,
                "i limiti di tempo devono essere positivi");
        Set<String> seen = new HashSet<>();
        for (Delivery delivery : deliveries) {
            require(!blank(delivery.code()), "un modo di invio dell'OTP non ha code");
            require(seen.add(delivery.code()), "il modo di invio " + delivery.code() + " c'è due volte");
        }
    }

    private void address(String what, String value) {
        require(!blank(value), "manca " + what);
        try {
            URI uri = URI.create(value);
            require(uri.getHost() != null, what + " non è un indirizzo");
            require(
                    isPrivate(uri),
                    what + " deve essere https: il PIN non viaggia in chiaro (http vale solo per localhost)");
        } catch (IllegalArgumentException e) {
            require(false, what + " non è un indirizzo");
        }
    }

    /** Secrets go out over TLS, or stay on this machine. */
    static boolean isPrivate(URI uri) {
        return "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && LOCAL.contains(uri.getHost());
    }

    private void require(boolean holds, String words) {
        if (!holds) {
            throw new SnodoException(
                    SnodoCode.SIGNER_NOT_CONFIGURED,
                    "Fornitore di firma " + (blank(code) ? "senza codice" : code) + " (snodo.signature.providers): "
                            + words + ".");
        }
    }

    static boolean blank(String text) {
        return text == null || text.isBlank();
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "ProviderSettings[code=" + code + ", api=" + api + ", url=" + url + ", auth=" + auth + "]";
    }
}
