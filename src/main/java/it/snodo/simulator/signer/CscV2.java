package it.snodo.simulator.signer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Json;
import java.util.List;

/** Version 2.0 of the interface: authentication objects, of which an error does not say which was wrong. */
final class CscV2 extends Csc {
    private static final List<String> METHODS = List.of(
            "info",
            "auth/login",
            "auth/revoke",
            "oauth2/token",
            "credentials/list",
            "credentials/info",
            "credentials/getChallenge",
            "credentials/authorize",
            "credentials/extendTransaction",
            "signatures/signHash",
            "signatures/timestamp");

    CscV2(Vault vault, Authority authority, Stamps stamps) {
        super(vault, authority, stamps);
    }

    @Override
    boolean offers(String operation) {
        return METHODS.contains(operation);
    }

    @Override
    ObjectNode info(String base) {
        ObjectNode info = Json.object()
                .put("specs", "2.0.0.2")
                .put("name", "Firma remota simulata")
                .put("logo", base + "/signer/")
                .put("region", "IT")
                .put("lang", LANG)
                .put("description", "Fornitore di firma remota inventato, per prove e dimostrazioni");
        info.putArray("authType").add("basic").add("oauth2client");
        info.put("oauth2", base + "/signer/csc/v2").put("asynchronousOperationMode", false);
        ArrayNode methods = info.putArray("methods");
        METHODS.stream().filter(m -> !m.equals("info")).forEach(methods::add);
        ArrayNode algorithms = info.putObject("signAlgorithms").putArray("algos");
        List.of("1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2")
                .forEach(algorithms::add);
        return info;
    }

    @Override
    String hashesName() {
        return "hashes";
    }

    @Override
    String hashAlgoName() {
        return "hashAlgorithmOID";
    }

    @Override
    void listed(ObjectNode answer, Credential credential, Params params) {
        if (params.flag("credentialInfo")) {
            describe(
                    answer.putArray("credentialInfos").addObject().put("credentialID", credential.alias),
                    credential,
                    params);
        }
    }

    @Override
    void authInfo(ObjectNode into, Credential credential) {
        ObjectNode auth = into.putObject("auth")
                .put("mode", "explicit")
                .put("expression", credential.needsOtp ? "PIN AND OTP" : "PIN");
        ArrayNode objects = auth.putArray("objects");
        objects.addObject()
                .put("type", "Password")
                .put("id", "PIN")
                .put("format", "N")
                .put("label", "PIN")
                .put("description", "PIN di otto cifre");
        if (credential.needsOtp) {
            objects.addObject()
                    .put("type", "ChallengeResponse")
                    .put("id", "OTP")
                    .put("format", "N")
                    .put("label", "OTP")
                    .put("description", "Codice di sei cifre inviato per SMS");
        }
    }

    @Override
    void sendOtp(Params params) {
        Credential credential = find(params);
        String object = params.need("authObjectID");
        if (!object.equals("OTP")) {
            throw CscError.parameter("authObjectID");
        }
        vault.sendOtp(credential, params.may("clientData"));
    }

    @Override
    Answer authorize(Params params) {
        Credential credential = find(params);
        int count = params.number("numSignatures");
        List<byte[]> hashes = params.hashes("hashes");
        Algorithms.checkLengths(params.need("hashAlgorithmOID"), hashes);
        String pin = params.authData("PIN");
        String otp = params.authData("OTP");
        if (pin == null || credential.needsOtp && otp == null) {
            throw CscError.missing("array", "authData");
        }
        return sad(vault.authorize(credential, count, hashes, pin, otp));
    }

    @Override
    CscError error(Vault.Refused refused) {
        return refused.locked
                ? CscError.invalid("Credential locked: " + refused.factor.name() + " locked")
                : new CscError(400, "invalid_authentication_data", "The authentication data is invalid");
    }
}
