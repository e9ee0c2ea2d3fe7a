package it.snodo.simulator.signer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Rules;
import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** What both versions of the Cloud Signature Consortium's interface have in common; they differ in names and forms. */
abstract class Csc {
    static final String LANG = "it-IT";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    final Vault vault;
    final Authority authority;
    private final Stamps stamps;

    Csc(Vault vault, Authority authority, Stamps stamps) {
        this.vault = vault;
        this.authority = authority;
        this.stamps = stamps;
    }

    /** Whether this version has that operation. */
    abstract boolean offers(String operation);

    abstract ObjectNode info(String base);

    /** What authInfo adds to a description of a credential. */
    abstract void authInfo(ObjectNode into, Credential credential);

    /** The members of the request that hold digests, and the OID of their algorithm. */
    abstract String hashesName();

    abstract String hashAlgoName();

    abstract Answer authorize(Params params);

    /** In this version's words. */
    abstract CscError error(Vault.Refused refused);

    abstract void sendOtp(Params params);

    Answer call(String operation, Params params, Rules.Order order) {
        try {
            return switch (operation) {
                case "credentials/list" -> list(params);
                case "credentials/info" -> Answer.json(200, describe(Json.object(), find(params), params));
                case "credentials/sendOTP", "credentials/getChallenge" -> {
                    sendOtp(params);
                    yield Answer.nothing();
                }
                case "credentials/authorize" -> authorize(params);
                case "credentials/extendTransaction" ->
                    sad(vault.extend(find(params), params.need("SAD"), params.hashes(hashesName())));
                case "signatures/signHash" -> signHash(params, order);
                case "signatures/timestamp" -> timestamp(params);
                default -> throw new CscError(501, "not_implemented", "Method not implemented");
            };
        } catch (Vault.Refused refused) {
            throw error(refused);
        }
    }

    final Credential find(Params params) {
        return vault.find(params.need("credentialID"));
    }

    Answer sad(String sad) {
        return Answer.json(
                200,
                Json.object().put("SAD", sad).put("expiresIn", vault.sadLife().toSeconds()));
    }

    /** Each user has one credential, of the user's own name. */
    private Answer list(Params params) {
        Credential credential;
        try {
            credential = vault.find(params.need("userID"));
        } catch (CscError e) {
            throw params.has("userID") ? CscError.parameter("userID") : e;
        }
        ObjectNode answer = Json.object();
        answer.putArray("credentialIDs").add(credential.alias);
        listed(answer, credential, params);
        return Answer.json(200, answer);
    }

    /** What a list tells beside the ids. */
    void listed(ObjectNode answer, Credential credential, Params params) {}

    final ObjectNode describe(ObjectNode into, Credential credential, Params params) {
        String wanted = params.may("certificates");
        if (wanted != null && !List.of("none", "single", "chain").contains(wanted)) {
            throw CscError.parameter("certificates");
        }
        into.put("description", "Firma remota simulata di " + credential.doctor.family());
        ObjectNode key = into.putObject("key").put("status", credential.disabled ? "disabled" : "enabled");
        ArrayNode algorithms = key.putArray("algo");
        Algorithms.of(credential).forEach(algorithms::add);
        key.put("len", credential.elliptic ? 256 : 2048);
        if (credential.elliptic) {
            key.put("curve", Algorithms.P256);
        }
        certificate(into.putObject("cert"), credential, wanted, params.flag("certInfo"));
        authInfo(into, credential);
        return into.put("SCAL", "2").put("multisign", Vault.MULTISIGN).put("lang", LANG);
    }

    private void certificate(ObjectNode into, Credential credential, String wanted, boolean info) {
        X509Certificate own = authority.of(credential).certificate();
        if (info) {
            into.put("status", vault.standing(credential.alias).status());
        }
        if (!"none".equals(wanted)) {
            ArrayNode list = into.putArray("certificates");
            list.add(base64(own));
            if ("chain".equals(wanted)) {
                list.add(base64(authority.ca().certificate()));
            }
        }
        if (info) {
            into.put("issuerDN", own.getIssuerX500Principal().getName())
                    .put("serialNumber", own.getSerialNumber().toString(16).toUpperCase(Locale.ROOT))
                    .put("subjectDN", own.getSubjectX500Principal().getName())
                    .put("validFrom", TIME.format(own.getNotBefore().toInstant()))
                    .put("validTo", TIME.format(own.getNotAfter().toInstant()));
        }
    }

    private static String base64(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer signHash(Params params, Rules.Order order) {
        Credential credential = find(params);
        String sad = params.need("SAD");
        List<byte[]> hashes = params.hashes(hashesName());
        String mode = params.may("operationMode");
        if (mode != null && !mode.equals("S")) {
            throw CscError.parameter("operationMode");
        }
        String digest =
                Algorithms.digest(credential, params.need("signAlgo"), params.may(hashAlgoName()), hashAlgoName());
        Algorithms.checkLengths(digest, hashes);
        Identity identity = authority.of(credential);
        boolean wrong = order.word("signature").equals("wrong");
        List<String> made = vault.sign(credential, sad, hashes, (c, hash) -> {
            byte[] signed = hash.clone();
            if (wrong) {
                signed[0] ^= 1;
            }
            return Algorithms.sign(identity, digest, signed);
        });
        ArrayNode signatures = Json.array();
        made.forEach(signatures::add);
        return Answer.json(200, Json.object().set("signatures", signatures));
    }

    private Answer timestamp(Params params) {
        String digest = params.need(hashAlgoName());
        byte[] hash;
        try {
            hash = Base64.getDecoder().decode(params.need("hash"));
        } catch (IllegalArgumentException e) {
            throw CscError.invalid("Invalid Base64 hash string parameter");
        }
        Algorithms.checkLengths(digest, List.of(hash));
        String nonce = params.may("nonce");
        try {
            byte[] token = stamps.token(digest, hash, nonce == null ? null : new BigInteger(nonce, 16));
            return Answer.json(
                    200, Json.object().put("timestamp", Base64.getEncoder().encodeToString(token)));
        } catch (NumberFormatException e) {
            throw CscError.parameter("nonce");
        }
    }
}
