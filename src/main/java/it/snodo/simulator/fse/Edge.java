package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The gateway's edge (GovWay): who signs the tokens, whether they are fresh, and whether they are used once. Its answers
 * have another form than the gateway's own. The certificate need not come from anyone: a demo makes its own.
 */
final class Edge {
    private static final Map<String, String> ALGORITHMS =
            Map.of("RS256", "SHA256withRSA", "RS384", "SHA384withRSA", "RS512", "SHA512withRSA");
    private static final int REMEMBERED = 20_000;

    private final Clock clock;
    private final String audience;
    private final Set<String> seen = Collections.newSetFromMap(Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }));

    Edge(Clock clock, String audience) {
        this.clock = clock;
        this.audience = audience;
    }

    private static final class Rejected extends Exception {
        final int status;
        final String name;

        Rejected(int status, String name, String detail) {
            super(detail);
            this.status = status;
            this.name = name;
        }
    }

    /** The edge's refusal, or null when the call may pass. */
    Answer check(Request request, boolean signatureToken) {
        try {
            String bearer = request.header("Authorization");
            if (bearer == null || !bearer.startsWith("Bearer ")) {
                throw new Rejected(401, "TokenAuthenticationFailed", "Token non presente nella richiesta");
            }
            token(bearer.substring(7), "auth:");
            String integrity = request.header("FSE-JWT-Signature");
            // a missing one is left to the gateway behind, which says so in its own words
            if (signatureToken && integrity != null && !integrity.isBlank()) {
                token(integrity.startsWith("Bearer ") ? integrity.substring(7) : integrity, "integrity:");
            }
            return null;
        } catch (Rejected e) {
            return answer(e.status, e.name, e.getMessage());
        }
    }

    private void token(String token, String issuerPrefix) throws Rejected {
        String[] parts = token.trim().split("\\.", -1);
        if (parts.length != 3) {
            throw new Rejected(401, "TokenAuthenticationFailed", "Token non valido");
        }
        JsonNode payload;
        X509Certificate certificate;
        try {
            Base64.Decoder url = Base64.getUrlDecoder();
            JsonNode header = Json.read(url.decode(parts[0]));
            payload = Json.read(url.decode(parts[1]));
            String algorithm = ALGORITHMS.get(header.path("alg").asText());
            if (algorithm == null) {
                throw new Rejected(401, "TokenAuthenticationFailed", "Algoritmo del token non ammesso");
            }
            byte[] der = Base64.getDecoder().decode(header.path("x5c").path(0).asText());
            certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(certificate);
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            if (!signature.verify(url.decode(parts[2]))) {
                throw new Rejected(401, "TokenAuthenticationFailed", "Firma del token non valida");
            }
            certificate.checkValidity(java.util.Date.from(clock.instant()));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new Rejected(401, "TokenAuthenticationFailed", "Token o certificato non valido");
        }
        Instant now = clock.instant();
        if (!payload.path("exp").isNumber()
                || now.getEpochSecond() >= payload.path("exp").asLong()) {
            throw new Rejected(401, "TokenAuthenticationFailed", "Token scaduto");
        }
        if (!payload.path("iat").isNumber() || payload.path("iat").asLong() > now.getEpochSecond() + 5) {
            throw new Rejected(401, "TokenInTheFuture", "Token emesso nel futuro");
        }
        String issuer = payload.path("iss").asText();
        if (!issuer.equals(issuerPrefix + commonName(certificate))) {
            throw new Rejected(400, "InteroperabilityInvalidRequest", "Claim iss non corrispondente al certificato");
        }
        if (!speaksToUs(payload.path("aud"))) {
            throw new Rejected(400, "InteroperabilityInvalidRequest", "Claim aud non valido");
        }
        String id = payload.path("jti").asText();
        if (id.isEmpty() || !seen.add(issuerPrefix + id)) {
            throw new Rejected(400, "InteroperabilityInvalidRequest", "Claim jti assente o già utilizzato");
        }
    }

    private boolean speaksToUs(JsonNode aud) {
        if (aud.isArray()) {
            for (JsonNode one : aud) {
                if (speaksToUs(one)) {
                    return true;
                }
            }
            return false;
        }
        return audience == null || audience.isBlank() ? !aud.asText().isEmpty() : audience.equals(aud.asText());
    }

    private static String commonName(X509Certificate certificate) {
        try {
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN")) {
                    return rdn.getValue().toString();
                }
            }
        } catch (InvalidNameException e) {
            return "";
        }
        return "";
    }

    /** A problem in GovWay's form. */
    static Answer answer(int status, String name, String detail) {
        String id = UUID.randomUUID().toString();
        return Answer.problem(
                        status,
                        Json.object()
                                .put("type", "https://govway.org/handling-errors/" + status + "/" + name + ".html")
                                .put("title", name)
                                .put("status", status)
                                .put("detail", detail)
                                .put("govway_id", id))
                .with("GovWay-Transaction-ID", id)
                .with("GovWay-Transaction-ErrorType", name);
    }
}
