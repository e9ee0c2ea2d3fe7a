package it.snodo.signature.csc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import it.snodo.fault.SnodoCode;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a provider's no is taken for. */
class CscErrorsTest {

    private static final ProviderSettings PROVIDER = new ProviderSettings(
            "P",
            "Provider",
            ProviderSettings.Api.CSC2,
            "http://localhost",
            null,
            null,
            null,
            null,
            null,
            null,
            "service",
            "SHA256withRSA",
            null,
            true,
            List.of(),
            null,
            null,
            null,
            null);

    @ParameterizedTest
    @CsvSource({
        "pin_locked,, SIGNATURE_PIN_LOCKED",
        "account_locked,, SIGNATURE_PIN_LOCKED",
        "otp_locked,, SIGNATURE_OTP_LOCKED",
        "invalid_request, Il PIN è bloccato, SIGNATURE_PIN_LOCKED",
        "invalid_request, The OTP is locked, SIGNATURE_OTP_LOCKED",
        "invalid_request, The OTP is not unlocked, SIGNATURE_OTP_WRONG",
        "server_error, blockedness, SIGNATURE_PROVIDER_REFUSED"
    })
    void a_lock_is_known_also_inside_the_name_of_an_error(String error, String said, SnodoCode code) {
        var body = JsonNodeFactory.instance.objectNode().put("error", error).put("error_description", said);

        Refused refused = CscErrors.refusal(PROVIDER, CscService.Step.AUTHORIZE, 400, body);

        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.locked()).isEqualTo(code.name().endsWith("LOCKED"));
    }

    @ParameterizedTest
    @CsvSource({
        "LOGIN, 400, verificare utente e segreti",
        "INFO, 401, scaduto o è stato revocato",
        "AUTHORIZE, 401, scaduto o è stato revocato",
        "INFO, 403, non gli permette",
        "SIGN, 403, non gli permette"
    })
    void why_the_hub_itself_is_refused_is_said(CscService.Step step, int status, String words) {
        var body = JsonNodeFactory.instance.objectNode().put("error", "access_denied");

        Refused refused = CscErrors.refusal(PROVIDER, step, status, body);

        assertThat(refused.code()).isEqualTo(SnodoCode.SIGNATURE_PROVIDER_REFUSED);
        assertThat(refused).hasMessageContaining(words).hasMessageContaining("Provider");
    }
}
