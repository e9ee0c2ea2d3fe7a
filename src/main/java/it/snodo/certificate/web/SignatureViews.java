package it.snodo.certificate.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.OffsetDateTime;
import java.util.List;

/** What a doctor who signs is answered. */
final class SignatureViews {

    private SignatureViews() {}

    /** @param words what the doctor is told */
    @Schema(name = "OtpReceipt", description = "L'OTP è stato chiesto")
    record OtpReceipt(
            @Schema(description = "Fino a quando si può firmare con questo OTP")
            OffsetDateTime expiresAt,

            String words) {}

    @Schema(name = "SignatureProviders", description = "Come firma un medico su questo hub")
    record Providers(
            @Schema(
                    description = "AUTOMATIC: firma l'hub; REMOTE: firma il medico",
                    allowableValues = {"AUTOMATIC", "REMOTE"})
            String mode,

            List<Provider> items) {}

    @Schema(name = "SignatureProvider")
    record Provider(
            @Schema(example = "SIM") String code,
            @Schema(example = "Provider simulato") String name,

            @Schema(description = "Se per firmare serve un OTP")
            boolean otp,

            @Schema(description = "Come il provider può consegnare l'OTP; vuoto se lo produce un'app o un dispositivo")
            List<Delivery> deliveries) {}

    @Schema(name = "OtpDelivery")
    record Delivery(
            @Schema(example = "SMS") String code,
            @Schema(example = "SMS al telefono registrato") String name) {}
}
