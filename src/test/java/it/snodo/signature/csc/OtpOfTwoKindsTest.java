package it.snodo.signature.csc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.signature.csc.Credential.Need;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A credential of v2 whose doctor may have the OTP sent, or read it from an app. */
class OtpOfTwoKindsTest {

    private static final Csc V2 = Csc.of(ProviderSettings.Api.CSC2);

    private static Credential credential() throws Exception {
        return V2.credential("c-1", new ObjectMapper().readTree("""
                        {"key": {"status": "enabled"}, "cert": {"status": "valid"},
                         "auth": {"mode": "explicit", "expression": "PIN AND (APP OR SMS)", "objects": [
                           {"type": "Password", "id": "PIN", "format": "N"},
                           {"type": "Password", "id": "APP", "format": "N", "generator": "totp"},
                           {"type": "ChallengeResponse", "id": "SMS", "format": "N"}]}}"""), List.of(), null);
    }

    private static String text(WipedJson json) {
        return new String(json.take(), StandardCharsets.UTF_8);
    }

    @Test
    void one_that_is_asked_for_is_sent_and_one_that_is_not_comes_from_the_app() throws Exception {
        Credential credential = credential();

        assertThat(credential.otp()).isEqualTo(Need.REQUIRED);
        assertThat(credential.sendsOtp()).isTrue();
        assertThat(credential.ownOtpObject()).isEqualTo("APP");
        assertThat(text(V2.otpRequest(credential, null))).contains("\"authObjectID\":\"SMS\"");
        char[] pin = "1".toCharArray();
        char[] otp = "2".toCharArray();
        assertThat(text(V2.authorize(credential, "aGFzaA==", pin, otp, null)))
                .contains("{\"id\":\"SMS\",\"value\":\"2\"}");
        assertThat(text(V2.authorize(credential, "aGFzaA==", pin, otp, credential.ownOtpObject())))
                .contains("{\"id\":\"APP\",\"value\":\"2\"}");
    }
}
