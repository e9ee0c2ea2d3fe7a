package it.snodo.certificate.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import it.snodo.certificate.web.DoctorOrders.Delivery;
import it.snodo.certificate.web.DoctorOrders.OtpOrder;
import it.snodo.certificate.web.DoctorOrders.OtpReceipt;
import it.snodo.certificate.web.DoctorOrders.Provider;
import it.snodo.certificate.web.DoctorOrders.Providers;
import it.snodo.certificate.web.DoctorOrders.SignatureOrder;
import it.snodo.document.Caller;
import it.snodo.fault.Problem;
import it.snodo.flow.DoctorSignatures;
import it.snodo.signature.RemoteSignatures.Otp;
import jakarta.servlet.http.HttpServletRequest;
import java.time.ZoneId;
import java.util.Set;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** A doctor signs a certificate of his that waits for him, with his credential at a provider. */
@RestController
@Tag(name = "certificates")
class SigningController {

    static final ZoneId ROME = ZoneId.of("Europe/Rome");
    static final Set<String> OTP_FIELDS = Set.of("provider", "alias", "delivery");
    static final Set<String> SIGNATURE_FIELDS = Set.of("provider", "alias", "pin", "otp");

    private final CertificateReads reads;
    private final DoctorSignatures signatures;

    SigningController(CertificateReads reads, DoctorSignatures signatures) {
        this.reads = reads;
        this.signatures = signatures;
    }

    @Operation(
            summary = "Come si firma: automaticamente, o con quali provider",
            description = "Ruolo: specialista.",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "Il modo e i provider",
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema = @Schema(implementation = Providers.class),
                                            examples = @ExampleObject(value = CertificateExamples.PROVIDERS))))
    @GetMapping(path = "/api/v1/signature-providers", produces = MediaType.APPLICATION_JSON_VALUE)
    Providers providers() {
        return new Providers(
                signatures.isRemote() ? "REMOTE" : "AUTOMATIC",
                signatures.providers().stream()
                        .map(one -> new Provider(
                                one.code(),
                                one.name(),
                                one.otp(),
                                one.deliveries().stream()
                                        .map(way -> new Delivery(way.code(), way.name()))
                                        .toList()))
                        .toList());
    }

    @Operation(
            summary = "Chiede al provider un OTP per firmare il certificato",
            description = "Ruolo: specialista, il firmatario del certificato. Ciò che si firmerà viene preparato ora e"
                    + " scade con l'OTP; chiedere di nuovo ricomincia da capo.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema = @Schema(implementation = OtpOrder.class),
                                            examples = @ExampleObject(value = CertificateExamples.OTP_ORDER))),
            responses = {
                @ApiResponse(
                        responseCode = "200",
                        description = "L'OTP è in arrivo",
                        content =
                                @Content(
                                        mediaType = "application/json",
                                        schema = @Schema(implementation = OtpReceipt.class),
                                        examples = @ExampleObject(value = CertificateExamples.OTP))),
                @ApiResponse(
                        responseCode = "409",
                        description = "Il certificato non aspetta una firma, o la firma è automatica",
                        content =
                                @Content(
                                        mediaType = Problem.MEDIA_TYPE,
                                        schema = @Schema(implementation = Problem.class),
                                        examples = @ExampleObject(value = CertificateExamples.WRONG_STATE)))
            })
    @IfMatchRefused
    @PostMapping(
            path = "/api/v1/certificates/{number}/otp",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<OtpReceipt> otp(
            @Parameter(description = "Numero del certificato", example = "977") @PathVariable long number,
            @Parameter(description = "L'ETag del certificato letto: se nel frattempo è cambiato la risposta è 412")
                    @RequestHeader(name = "If-Match", required = false)
                    String ifMatch,
            @Parameter(hidden = true) HttpServletRequest request) {
        try (DoctorOrder order = DoctorOrder.read(request, OTP_FIELDS)) {
            Caller caller = reads.allowed("REQUEST_OTP", null, Long.toString(number));
            reads.own(caller, number, "REQUEST_OTP", ifMatch);
            return receipt(
                    signatures.requestOtp(number, order.need("provider"), order.need("alias"), order.text("delivery")));
        }
    }

    static ResponseEntity<OtpReceipt> receipt(Otp otp) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new OtpReceipt(
                        otp.expiresAt() == null
                                ? null
                                : otp.expiresAt().atZone(ROME).toOffsetDateTime(),
                        otp.words()));
    }

    @Operation(
            summary = "Firma il certificato e lo avvia alla pubblicazione",
            description = "Ruolo: specialista, il firmatario del certificato. PIN e OTP non vengono conservati né"
                    + " ripetuti: se la firma non riesce se ne chiede un'altra.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema = @Schema(implementation = SignatureOrder.class),
                                            examples = @ExampleObject(value = CertificateExamples.SIGNATURE_ORDER))),
            responses = {
                @ApiResponse(
                        responseCode = "200",
                        description = "Il documento è stato firmato digitalmente",
                        content =
                                @Content(
                                        mediaType = "application/json",
                                        schema = @Schema(implementation = CertificateView.class),
                                        examples = @ExampleObject(value = CertificateExamples.CERTIFICATE))),
                @ApiResponse(
                        responseCode = "409",
                        description = "Il certificato non aspetta una firma, la firma è automatica o già in corso",
                        content =
                                @Content(
                                        mediaType = Problem.MEDIA_TYPE,
                                        schema = @Schema(implementation = Problem.class),
                                        examples = @ExampleObject(value = CertificateExamples.WRONG_STATE)))
            })
    @IfMatchRefused
    @PostMapping(
            path = "/api/v1/certificates/{number}/signature",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<CertificateView> sign(
            @Parameter(description = "Numero del certificato", example = "977") @PathVariable long number,
            @Parameter(description = "L'ETag del certificato letto: se nel frattempo è cambiato la risposta è 412")
                    @RequestHeader(name = "If-Match", required = false)
                    String ifMatch,
            @Parameter(hidden = true) HttpServletRequest request) {
        try (DoctorOrder order = DoctorOrder.read(request, SIGNATURE_FIELDS)) {
            Caller caller = reads.allowed("SIGN_CERTIFICATE", null, Long.toString(number));
            reads.own(caller, number, "SIGN_CERTIFICATE", ifMatch);
            signatures.sign(
                    number, order.need("provider"), order.need("alias"), order.secret("pin"), order.secret("otp"));
            return CertificatesController.answer(reads.look(caller, number, "READ_CERTIFICATE"));
        }
    }
}
