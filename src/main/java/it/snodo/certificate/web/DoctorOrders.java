package it.snodo.certificate.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.OffsetDateTime;
import java.util.List;

/** The bodies of a doctor's orders as OpenAPI shows them, and the answers; {@link DoctorOrder} reads the former. */
final class DoctorOrders {

    private DoctorOrders() {}

    @Schema(name = "OtpOrder", description = "Richiesta di un OTP al provider di firma")
    record OtpOrder(
            @Schema(description = "Codice del provider", example = "SIM", requiredMode = Schema.RequiredMode.REQUIRED)
            String provider,

            @Schema(
                    description = "Alias della credenziale del medico",
                    example = "vrdlgu60a01l219e",
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String alias,

            @Schema(description = "Modalità di consegna; se manca quella consueta", example = "SMS")
            String delivery) {}

    @Schema(name = "SignatureOrder", description = "La firma del medico; PIN e OTP non vengono conservati")
    record SignatureOrder(
            @Schema(description = "Codice del provider", example = "SIM", requiredMode = Schema.RequiredMode.REQUIRED)
            String provider,

            @Schema(
                    description = "Alias della credenziale del medico",
                    example = "vrdlgu60a01l219e",
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String alias,

            @Schema(description = "PIN della credenziale, se il provider lo chiede: di norma sì", format = "password")
            String pin,

            @Schema(description = "OTP, se il provider lo chiede", format = "password")
            String otp) {}

    @Schema(name = "AnnulmentOrder", description = "Annullamento, con la firma se il provider non chiede un OTP")
    record AnnulmentOrder(
            @Schema(
                    description = "Deve essere true: un annullamento non si disfa",
                    example = "true",
                    requiredMode = Schema.RequiredMode.REQUIRED)
            boolean confirm,

            @Schema(description = "Motivo, riportato nel certificato annullativo", maxLength = 500)
            String reason,

            @Schema(description = "Codice del provider", example = "SIM")
            String provider,

            @Schema(description = "Alias della credenziale del medico")
            String alias,

            @Schema(description = "PIN della credenziale", format = "password")
            String pin,

            @Schema(description = "OTP, se il provider lo chiede", format = "password")
            String otp) {}

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
