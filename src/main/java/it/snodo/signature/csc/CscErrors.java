package it.snodo.signature.csc;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.fault.SnodoCode;
import it.snodo.signature.csc.CscService.Step;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a provider's no means, told from {@code error} and {@code error_description} (v1 section 7.5, v2 section 10). */
final class CscErrors {

    private static final int LONGEST = 300;
    private static final Pattern LOCKED = word("locked?|blocked|bloccat[oa]");
    private static final Pattern PIN = word("pin");
    private static final Pattern OTP = word("otp");

    private CscErrors() {}

    /** Also a part of a name such as {@code pin_locked}: for a regex an underscore is a letter. */
    private static Pattern word(String words) {
        return Pattern.compile("(?<![\\p{L}\\d])(?:" + words + ")(?![\\p{L}\\d])");
    }

    static Refused refusal(ProviderSettings provider, Step step, int status, JsonNode body) {
        String error = body.path("error").asText("");
        String said = body.path("error_description").asText("");
        // after the authorisation the OTP has done its work
        boolean late = step == Step.SIGN;
        Meaning meaning = meaning(step, status, error, said.toLowerCase(Locale.ROOT));
        String words = said.isBlank() ? error : said;
        if (words.length() > LONGEST) {
            words = words.substring(0, LONGEST) + "…";
        }
        return new Refused(
                meaning.code,
                words.isBlank()
                        ? "%s %s (HTTP %d).".formatted(provider.name(), meaning.words, status)
                        : "%s %s: «%s».".formatted(provider.name(), meaning.words, words.strip()),
                late || meaning.spent);
    }

    private record Meaning(SnodoCode code, String words, boolean spent) {}

    private static Meaning meaning(Step step, int status, String error, String said) {
        // at the login it is the hub's own account
        if (step != Step.LOGIN
                && (LOCKED.matcher(said).find() || LOCKED.matcher(error).find())) {
            return OTP.matcher(error + " " + said).find()
                    ? new Meaning(SnodoCode.SIGNATURE_OTP_LOCKED, "ha bloccato l'OTP", true)
                    : new Meaning(
                            SnodoCode.SIGNATURE_PIN_LOCKED,
                            PIN.matcher(error + " " + said).find()
                                    ? "ha bloccato il PIN"
                                    : "ha bloccato la credenziale",
                            true);
        }
        if (step == Step.LOGIN && status < 500) {
            return new Meaning(
                    SnodoCode.SIGNATURE_PROVIDER_REFUSED,
                    "non riconosce l'hub: verificare utente e segreti in snodo.signature.providers",
                    false);
        }
        if (status == 401 && !isSecret(error)) {
            return new Meaning(
                    SnodoCode.SIGNATURE_PROVIDER_REFUSED,
                    "non riconosce l'hub: il suo accesso manca, è scaduto o è stato revocato; verificare auth in"
                            + " snodo.signature.providers",
                    false);
        }
        if (status == 403 && !isSecret(error)) {
            return new Meaning(
                    SnodoCode.SIGNATURE_PROVIDER_REFUSED,
                    "riconosce l'hub ma non gli permette questa operazione o questa credenziale: chiedere"
                            + " l'abilitazione al fornitore",
                    false);
        }
        if (error.equals("invalid_otp")
                || error.equals("invalid_authentication_data")
                        && OTP.matcher(said).find()) {
            return said.contains("expire")
                    ? new Meaning(SnodoCode.SIGNATURE_OTP_EXPIRED, "dice che l'OTP è scaduto", true)
                    : new Meaning(SnodoCode.SIGNATURE_OTP_WRONG, "non accetta l'OTP", false);
        }
        if (error.equals("invalid_pin")
                || error.equals("invalid_authentication_data")
                        && PIN.matcher(said).find()) {
            return new Meaning(SnodoCode.SIGNATURE_PIN_WRONG, "non accetta il PIN", false);
        }
        if (error.equals("invalid_authentication_data") || error.equals("authentication_error")) {
            return new Meaning(SnodoCode.SIGNATURE_PIN_WRONG, "non accetta PIN o OTP", false);
        }
        if (error.equals("expired_token")
                || said.contains("expired")
                        && (said.contains("sad") || OTP.matcher(said).find())) {
            return new Meaning(SnodoCode.SIGNATURE_OTP_EXPIRED, "dice che l'autorizzazione è scaduta", true);
        }
        if (said.contains("expired")) {
            return new Meaning(SnodoCode.SIGNATURE_CREDENTIAL_EXPIRED, "dice che la credenziale è scaduta", true);
        }
        if (said.contains("disabled") || said.contains("suspended") || said.contains("revoked")) {
            return new Meaning(SnodoCode.SIGNATURE_CREDENTIAL_DISABLED, "non lascia usare la credenziale", true);
        }
        if (said.contains("credentialid") || said.contains("userid")) {
            return new Meaning(SnodoCode.SIGNATURE_CREDENTIAL_UNKNOWN, "non conosce l'alias", true);
        }
        if (said.contains("hash")
                || said.contains("digest")
                || said.contains("signalgo")
                || said.contains("algorithm")) {
            return new Meaning(SnodoCode.SIGNATURE_HASH_REFUSED, "non accetta l'impronta", true);
        }
        if (OTP.matcher(said).find()) {
            return new Meaning(SnodoCode.SIGNATURE_OTP_WRONG, "non accetta l'OTP", false);
        }
        if (status >= 500 || status == 429) {
            return new Meaning(SnodoCode.SIGNATURE_PROVIDER_DOWN, "non può rispondere ora", false);
        }
        return new Meaning(SnodoCode.SIGNATURE_PROVIDER_REFUSED, "ha rifiutato la richiesta", false);
    }

    private static boolean isSecret(String error) {
        return error.equals("invalid_pin")
                || error.equals("invalid_otp")
                || error.equals("invalid_authentication_data");
    }
}
