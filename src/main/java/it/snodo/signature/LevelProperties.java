package it.snodo.signature;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How far signatures go beyond the signer's own (ETSI EN 319 142-1).
 *
 * @param level B-B the signature alone; B-T with a timestamp; B-LT also with certificates and the state of revocation
 * @param tsa authority for timestamps, from B-T on
 * @param trust files with certificates of the authorities to trust (PEM or DER), for B-LT: of signers and of timestamps
 * @param revocationTimeout for each answer of OCSP and CRL servers
 */
@ConfigurationProperties("snodo.signature")
record LevelProperties(
        @DefaultValue("B-B") Level level,
        @DefaultValue Tsa tsa,
        List<Path> trust,
        @DefaultValue("10s") Duration revocationTimeout) {

    LevelProperties {
        trust = trust == null ? List.of() : List.copyOf(trust);
    }

    /** PAdES baseline levels. */
    enum Level {
        B_B,
        B_T,
        B_LT
    }

    /** When what a level adds cannot be had. */
    enum WhenMissing {
        /** There is no signed file yet. An automatic signature is made again; a remote one is kept, and finished later. */
        FAIL,
        /** The signature stays at level B-B. */
        B_B
    }

    /**
     * Timestamp authorities of RFC 3161 over HTTP.
     *
     * @param urls asked in this order until one answers
     * @param user for HTTP Basic, with its password; none when absent
     * @param policy OID that is asked for; the authority's usual one when absent
     * @param timeout for each answer
     * @param whenMissing what becomes of a signature for which no timestamp, or no state of revocation, can be had
     * @param size bytes kept free for a timestamp with its certificates
     */
    record Tsa(
            List<String> urls,
            String user,
            String password,
            String policy,
            @DefaultValue("10s") Duration timeout,
            @DefaultValue("fail") WhenMissing whenMissing,
            @DefaultValue("12288") int size) {

        Tsa {
            urls = urls == null ? List.of() : List.copyOf(urls);
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Tsa[urls=" + urls + ", whenMissing=" + whenMissing + "]";
        }
    }

    /** @throws SnodoException {@link SnodoCode#SIGNER_NOT_CONFIGURED} which says what is missing */
    void check() {
        if (level == Level.B_B) {
            return;
        }
        require(!tsa.urls().isEmpty(), "snodo.signature.level=" + name() + " chiede snodo.signature.tsa.urls");
        for (String url : tsa.urls()) {
            require(isAddress(url), "snodo.signature.tsa.urls: " + url + " non è un indirizzo http");
        }
        require(
                level != Level.B_LT || !trust.isEmpty(),
                "snodo.signature.level=B-LT chiede snodo.signature.trust, i certificati delle autorità di cui fidarsi");
    }

    private String name() {
        return level.name().replace('_', '-');
    }

    private static boolean isAddress(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void require(boolean holds, String words) {
        if (!holds) {
            throw new SnodoException(SnodoCode.SIGNER_NOT_CONFIGURED, words + ".");
        }
    }
}
