package it.snodo.signature.csc;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What the hub asks providers to sign with, always upon SHA-256. */
enum CscAlgorithm {
    RSA("SHA256withRSA", List.of("1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1"), null),
    /** DER of RSASSA-PSS-params: SHA-256, MGF1 with SHA-256, 32 bytes of salt (RFC 8017 A.2.3). */
    PSS(
            "SHA256withRSAandMGF1",
            List.of("1.2.840.113549.1.1.10"),
            "MDSgDzANBglghkgBZQMEAgEFAKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgEFAKIDAgEg"),
    ECDSA("SHA256withECDSA", List.of("1.2.840.10045.4.3.2", "1.2.840.10045.2.1"), null);

    /** OID of SHA-256. */
    static final String SHA256 = "2.16.840.1.101.3.4.2.1";

    private final String name;
    private final List<String> oids;
    final String parameters;

    CscAlgorithm(String name, List<String> oids, String parameters) {
        this.name = name;
        this.oids = oids;
        this.parameters = parameters;
    }

    /** @return null when there is none of this name */
    static CscAlgorithm of(String name) {
        return Arrays.stream(values())
                .filter(a -> a.name.equalsIgnoreCase(name))
                .findFirst()
                .orElse(null);
    }

    /**
     * What a key signs with: one on an elliptic curve with ECDSA, whatever is configured.
     *
     * @return null when the key cannot sign with what is configured
     */
    CscAlgorithm with(PublicKey key) {
        boolean rsa = key.getAlgorithm().startsWith("RSA");
        if (!rsa) {
            return ECDSA;
        }
        return this == ECDSA ? null : this;
    }

    /** As the Java Cryptography Architecture calls it. */
    String jcaName() {
        return name;
    }

    static String names() {
        return Arrays.stream(values()).map(a -> a.name).collect(Collectors.joining(", "));
    }

    /** Which of its OIDs a credential offers, in {@code key/algo}; null when none. One that names none takes any. */
    String offered(JsonNode offered) {
        if (offered.isEmpty()) {
            return oids.get(0);
        }
        for (String oid : oids) {
            for (JsonNode one : offered) {
                if (oid.equals(one.asText())) {
                    return oid;
                }
            }
        }
        return null;
    }
}
