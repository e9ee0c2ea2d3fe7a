package it.snodo.certificate.web;

import io.swagger.v3.oas.annotations.Parameter;
import it.snodo.certificate.web.SignatureViews.Delivery;
import it.snodo.certificate.web.SignatureViews.OtpReceipt;
import it.snodo.certificate.web.SignatureViews.Provider;
import it.snodo.certificate.web.SignatureViews.Providers;
import it.snodo.document.Caller;
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

    @PostMapping(
            path = "/api/v1/certificates/{number}/otp",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<OtpReceipt> otp(
            @PathVariable long number,
            @RequestHeader(name = "If-Match", required = false) String ifMatch,
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

    @PostMapping(
            path = "/api/v1/certificates/{number}/signature",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<CertificateView> sign(
            @PathVariable long number,
            @RequestHeader(name = "If-Match", required = false) String ifMatch,
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
