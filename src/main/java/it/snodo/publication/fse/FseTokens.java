package it.snodo.publication.fse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.publication.KeyStores;
import it.snodo.publication.PublicationSubject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The two tokens of every call, both signed with the Ministry's signature certificate: {@code Authorization} says who
 * calls, {@code FSE-JWT-Signature} what for. New ones each time. Their content is never logged.
 */
final class FseTokens {

    static final String FISCAL_CODE_OID = "2.16.840.1.113883.2.9.4.3.2";

    /**
     * Nothing but ASCII: the published dispatcher, when it is called without GovWay in front, reads the payload with the
     * plain Base64 alphabet and knows neither {@code -} nor {@code _}, which only these characters can cause.
     */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final FseProperties properties;
    private final Clock clock;
    private volatile Signature signature;

    FseTokens(FseProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Both header values.
     *
     * @param expires when both have come to their end
     */
    record Pair(String authorization, String signature, Instant expires) {

        @Override
        public String toString() {
            return "Pair[***]";
        }
    }

    private record Signature(JWSSigner signer, JWSHeader header, String commonName, long stamp) {}

    /**
     * @param attachmentHash lower-case hex SHA-256 of the PDF sent; null where the operation has none
     * @throws SnodoException PUBLICATION_NOT_CONFIGURED without a usable key store
     */
    Pair forCall(FseOperation operation, PublicationSubject subject, String locality, String attachmentHash) {
        Signature key = signature();
        Map<String, Object> bearer = base("auth:", key, subjectOf(subject));
        Map<String, Object> claims = base("integrity:", key, subjectOf(subject));
        claims.put("subject_organization_id", properties.organizationId());
        claims.put("subject_organization", properties.organizationName());
        claims.put("locality", locality);
        claims.put("subject_role", properties.subjectRole());
        claims.put("person_id", subject.patientId() + "^^^&" + subject.patientOid() + "&ISO");
        claims.put("patient_consent", true);
        claims.put("purpose_of_use", operation.purposeOfUse());
        claims.put("action_id", operation.actionId());
        if (operation.hasType()) {
            claims.put("resource_hl7_type", "('" + subject.typeCode() + "^^" + subject.typeSystem() + "')");
        }
        if (operation.hasHash()) {
            claims.put("attachment_hash", attachmentHash);
        }
        claims.put("subject_application_id", properties.subjectApplicationId());
        claims.put("subject_application_vendor", properties.subjectApplicationVendor());
        claims.put("subject_application_version", properties.subjectApplicationVersion());
        Instant expires = Instant.ofEpochSecond((long) bearer.get("exp"));
        return new Pair("Bearer " + sign(key, bearer), sign(key, claims), expires);
    }

    /** Whether they are too old by now: the machine may have stood still between their making and their use. */
    boolean areOver(Pair pair) {
        return !clock.instant().isBefore(pair.expires());
    }

    /**
     * The bearer of a status question: its {@code sub} is the certificate's CN, because the gateway compares what follows
     * the {@code #} with the issuer of the events.
     */
    String forStatus() {
        Signature key = signature();
        return "Bearer " + sign(key, base("auth:", key, issuer(key)));
    }

    private Map<String, Object> base(String prefix, Signature key, String sub) {
        Instant now = clock.instant();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", prefix + issuer(key));
        claims.put("iat", now.minus(properties.tokenBackdate()).getEpochSecond());
        claims.put("exp", now.plus(properties.tokenLife()).getEpochSecond());
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("aud", properties.audience());
        claims.put("sub", sub);
        return claims;
    }

    private String issuer(Signature key) {
        return properties.issuer() == null || properties.issuer().isBlank() ? key.commonName() : properties.issuer();
    }

    private String subjectOf(PublicationSubject subject) {
        String fiscalCode = properties.subject() == null || properties.subject().isBlank()
                ? subject.request().author().fiscalCode()
                : properties.subject();
        return fiscalCode + "^^^&" + FISCAL_CODE_OID + "&ISO";
    }

    private static String sign(Signature key, Map<String, Object> claims) {
        try {
            JWSObject token = new JWSObject(key.header(), new Payload(json(claims)));
            token.sign(key.signer());
            return token.serialize();
        } catch (JOSEException e) {
            throw new SnodoException(
                    SnodoCode.PUBLICATION_NOT_CONFIGURED, "La chiave di firma dei token FSE non è utilizzabile.", e);
        }
    }

    static String json(Map<String, Object> claims) {
        try {
            return JSON.writeValueAsString(claims)
                    .replace(">", "\\u003e")
                    .replace("?", "\\u003f")
                    .replace("~", "\\u007e")
                    .replace("\u007f", "\\u007f");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("claims are plain values", e);
        }
    }

    /** The key store is read again when its file changes: certificates are renewed without a restart. */
    private Signature signature() {
        Path file = properties.signatureKeyStore();
        if (file == null) {
            throw new SnodoException(
                    SnodoCode.PUBLICATION_NOT_CONFIGURED,
                    "Manca il certificato di firma dei token FSE (snodo.fse.signature-key-store).");
        }
        try {
            long stamp = Files.getLastModifiedTime(file).toMillis();
            Signature current = signature;
            if (current == null || current.stamp() != stamp) {
                current = read(file, stamp);
                signature = current;
            }
            return current;
        } catch (GeneralSecurityException | IOException | InvalidNameException e) {
            throw new SnodoException(
                    SnodoCode.PUBLICATION_NOT_CONFIGURED,
                    "Il certificato di firma dei token FSE non è leggibile (" + file.getFileName() + ").",
                    e);
        }
    }

    private Signature read(Path file, long stamp) throws GeneralSecurityException, IOException, InvalidNameException {
        String password = properties.signatureKeyStorePassword();
        KeyStore store = KeyStores.load(file, password);
        String alias = properties.signatureKeyAlias();
        if (alias == null || alias.isBlank()) {
            alias = firstKey(store);
        }
        PrivateKey key = (PrivateKey) store.getKey(alias, password == null ? new char[0] : password.toCharArray());
        X509Certificate certificate = (X509Certificate) store.getCertificate(alias);
        if (key == null || certificate == null) {
            throw new GeneralSecurityException("no key entry " + alias);
        }
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(JOSEObjectType.JWT)
                .x509CertChain(List.of(Base64.encode(certificate.getEncoded())))
                .build();
        return new Signature(new RSASSASigner(key), header, commonName(certificate), stamp);
    }

    private static String firstKey(KeyStore store) throws GeneralSecurityException {
        var aliases = store.aliases();
        while (aliases.hasMoreElements()) {
            String alias = aliases.nextElement();
            if (store.isKeyEntry(alias)) {
                return alias;
            }
        }
        throw new GeneralSecurityException("no key entry");
    }

    private static String commonName(X509Certificate certificate) throws InvalidNameException {
        for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
            if (rdn.getType().equalsIgnoreCase("CN")) {
                return rdn.getValue().toString();
            }
        }
        throw new InvalidNameException("certificate without CN");
    }
}
