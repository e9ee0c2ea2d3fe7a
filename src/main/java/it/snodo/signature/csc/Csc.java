package it.snodo.signature.csc;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.signature.csc.Credential.Need;
import java.security.cert.X509Certificate;
import java.util.List;

/** What the two versions of the API do differently. */
interface Csc {

    /** Path of the call that has an OTP sent. */
    String otpPath();

    WipedJson otpRequest(Credential credential, String delivery);

    /**
     * Reads {@code credentials/info}.
     *
     * @param algorithm null when the key cannot sign with what is configured
     */
    Credential credential(String id, JsonNode info, List<X509Certificate> chain, CscAlgorithm algorithm);

    WipedJson authorize(Credential credential, String hash, char[] pin, char[] otp, String delivery);

    WipedJson signHash(Credential credential, String sad, String hash);

    static Csc of(ProviderSettings.Api api) {
        return api == ProviderSettings.Api.CSC1 ? new V1() : new V2();
    }

    /** 1.0.4, sections 11.5 to 11.9. */
    final class V1 implements Csc {

        @Override
        public String otpPath() {
            return "/credentials/sendOTP";
        }

        @Override
        public WipedJson otpRequest(Credential credential, String delivery) {
            return new WipedJson().text("credentialID", credential.id()).text("clientData", delivery);
        }

        @Override
        public Credential credential(String id, JsonNode info, List<X509Certificate> chain, CscAlgorithm algorithm) {
            // "implicit" leaves everything to the service: it asks the doctor in its own way
            boolean explicit = !"implicit".equals(info.path("authMode").asText("explicit"));
            Need otp = explicit ? need(info.path("OTP")) : Need.NONE;
            boolean own = "offline".equals(info.path("OTP").path("type").asText());
            return new Credential(
                    id,
                    "enabled".equals(info.path("key").path("status").asText()),
                    info.path("cert").path("status").asText(""),
                    chain,
                    algorithm == null ? null : algorithm.jcaName(),
                    algorithm == null
                            ? null
                            : algorithm.offered(info.path("key").path("algo")),
                    explicit ? need(info.path("PIN")) : Need.NONE,
                    otp,
                    otp != Need.NONE && !own,
                    "PIN",
                    List.of("OTP"),
                    otp != Need.NONE && own ? "OTP" : null);
        }

        private static Need need(JsonNode secret) {
            return switch (secret.path("presence").asText("false")) {
                case "true" -> Need.REQUIRED;
                case "optional" -> Need.OPTIONAL;
                default -> Need.NONE;
            };
        }

        @Override
        public WipedJson authorize(Credential credential, String hash, char[] pin, char[] otp, String delivery) {
            return new WipedJson()
                    .text("credentialID", credential.id())
                    .number("numSignatures", 1)
                    .texts("hash", hash)
                    .secret("PIN", pin)
                    .secret("OTP", otp);
        }

        @Override
        public WipedJson signHash(Credential credential, String sad, String hash) {
            return new WipedJson()
                    .text("credentialID", credential.id())
                    .text("SAD", sad)
                    .texts("hash", hash)
                    .text("hashAlgo", CscAlgorithm.SHA256)
                    .text("signAlgo", credential.signAlgorithm())
                    .text("signAlgoParams", CscAlgorithm.of(credential.algorithm()).parameters);
        }
    }

    /** 2.0.0.2, sections 11.5 to 11.10, with the authentication objects of 8.3. */
    final class V2 implements Csc {

        @Override
        public String otpPath() {
            return "/credentials/getChallenge";
        }

        @Override
        public WipedJson otpRequest(Credential credential, String delivery) {
            return new WipedJson()
                    .text("credentialID", credential.id())
                    .text("authObjectID", otpObject(credential, delivery))
                    .text("clientData", delivery);
        }

        @Override
        public Credential credential(String id, JsonNode info, List<X509Certificate> chain, CscAlgorithm algorithm) {
            String pin = null;
            List<String> sent = new java.util.ArrayList<>();
            List<String> own = new java.util.ArrayList<>();
            for (JsonNode object : info.path("auth").path("objects")) {
                String name = object.path("id").asText();
                String type = object.path("type").asText();
                if (isOtp(object)) {
                    // one that the doctor's own device makes has a generator and no challenge
                    boolean device = "totp".equals(object.path("generator").asText()) && !type.startsWith("Challenge");
                    (device ? own : sent).add(name);
                } else if (pin == null && type.equals("Password")) {
                    pin = name;
                }
            }
            List<String> otps =
                    java.util.stream.Stream.concat(sent.stream(), own.stream()).toList();
            return new Credential(
                    id,
                    "enabled".equals(info.path("key").path("status").asText()),
                    info.path("cert").path("status").asText(""),
                    chain,
                    algorithm == null ? null : algorithm.jcaName(),
                    algorithm == null
                            ? null
                            : algorithm.offered(info.path("key").path("algo")),
                    pin == null ? Need.NONE : Need.REQUIRED,
                    otps.isEmpty() ? Need.NONE : Need.REQUIRED,
                    !sent.isEmpty(),
                    pin,
                    otps,
                    own.isEmpty() ? null : own.get(0));
        }

        private static boolean isOtp(JsonNode object) {
            return object.path("type").asText().startsWith("ChallengeResponse")
                    || object.hasNonNull("generator")
                    || object.path("id")
                            .asText()
                            .toUpperCase(java.util.Locale.ROOT)
                            .contains("OTP");
        }

        /** The object that is named like the delivery, else the first. */
        private static String otpObject(Credential credential, String delivery) {
            return credential.otpObjects().stream()
                    .filter(id -> id.equalsIgnoreCase(delivery))
                    .findFirst()
                    .orElseGet(() -> credential.otpObjects().isEmpty()
                            ? "OTP"
                            : credential.otpObjects().get(0));
        }

        @Override
        public WipedJson authorize(Credential credential, String hash, char[] pin, char[] otp, String delivery) {
            String pinObject = credential.pinObject() == null ? "PIN" : credential.pinObject();
            return new WipedJson()
                    .text("credentialID", credential.id())
                    .number("numSignatures", 1)
                    .texts("hashes", hash)
                    .text("hashAlgorithmOID", CscAlgorithm.SHA256)
                    .authData(pinObject, pin, otpObject(credential, delivery), otp);
        }

        @Override
        public WipedJson signHash(Credential credential, String sad, String hash) {
            return new WipedJson()
                    .text("credentialID", credential.id())
                    .text("SAD", sad)
                    .texts("hashes", hash)
                    .text("hashAlgorithmOID", CscAlgorithm.SHA256)
                    .text("signAlgo", credential.signAlgorithm())
                    .text("signAlgoParams", CscAlgorithm.of(credential.algorithm()).parameters)
                    .text("operationMode", "S");
        }
    }
}
