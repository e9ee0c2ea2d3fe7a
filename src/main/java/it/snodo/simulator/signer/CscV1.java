package it.snodo.simulator.signer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Json;
import java.util.List;

/** Version 1.0.4 of the interface: PIN and OTP are parameters of their own, errors name which of them was wrong. */
final class CscV1 extends Csc {
    private static final List<String> METHODS = List.of(
            "info",
            "auth/login",
            "auth/revoke",
            "oauth2/token",
            "credentials/list",
            "credentials/info",
            "credentials/sendOTP",
            "credentials/authorize",
            "credentials/extendTransaction",
            "signatures/signHash",
            "signatures/timestamp");

    CscV1(Vault vault, Authority authority, Stamps stamps) {
        super(vault, authority, stamps);
    }

    @Override
    boolean offers(String operation) {
        return METHODS.contains(operation);
    }

    @Override
    ObjectNode info(String base) {
        ObjectNode info = Json.object()
                .put("specs", "1.0.4.0")
                .put("name", "Firma remota simulata")
                .put("logo", base + "/signer/")
                .put("region", "IT")
                .put("lang", LANG)
                .put("description", "Fornitore di firma remota inventato, per prove e dimostrazioni");
        info.putArray("authType").add("basic").add("oauth2client");
        info.put("oauth2", base + "/signer/csc/v1");
        ArrayNode methods = info.putArray("methods");
        METHODS.stream().filter(m -> !m.equals("info")).forEach(methods::add);
        return info;
    }

    @Override
    String hashesName() {
        return "hash";
    }

    @Override
    String hashAlgoName() {
        return "hashAlgo";
    }

    @Override
    void authInfo(ObjectNode into, Credential credential) {
        into.put("authMode", "explicit");
        into.putObject("PIN")
                .put("presence", "true")
                .put("format", "N")
                .put("label", "PIN")
                .put("description", "PIN di otto cifre");
        ObjectNode otp = into.putObject("OTP").put("presence", credential.needsOtp ? "true" : "false");
        if (credential.needsOtp) {
            otp.put("type", "online")
                    .put("format", "N")
                    .put("label", "OTP")
                    .put("description", "Codice di sei cifre inviato per SMS")
                    .put("ID", "SMS")
                    .put("provider", "simulato");
        }
    }

    @Override
    void sendOtp(Params params) {
        vault.sendOtp(find(params), params.may("clientData"));
    }

    @Override
    Answer authorize(Params params) {
        Credential credential = find(params);
        int count = params.number("numSignatures");
        List<byte[]> hashes = params.hashes("hash");
        String pin = params.need("PIN");
        String otp = credential.needsOtp ? params.need("OTP") : null;
        return sad(vault.authorize(credential, count, hashes, pin, otp));
    }

    @Override
    CscError error(Vault.Refused refused) {
        String factor = refused.factor.name();
        String words = refused.locked
                ? factor + " locked"
                : refused.expired ? "The " + factor + " is expired" : "The " + factor + " is invalid";
        return new CscError(400, refused.factor == Vault.Factor.PIN ? "invalid_pin" : "invalid_otp", words);
    }
}
