package it.snodo.certificate.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import it.snodo.certificate.Annulments;
import it.snodo.certificate.Annulments.Annulment;
import it.snodo.certificate.Annulments.State;
import it.snodo.certificate.web.SignatureViews.OtpReceipt;
import it.snodo.document.Caller;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.flow.DoctorAnnulments;
import it.snodo.flow.DoctorSignatures;
import jakarta.servlet.http.HttpServletRequest;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A doctor annuls a certificate of his: no signature, no annulment, but for one that was never signed itself. */
@RestController
@RequestMapping("/api/v1/certificates/{number}/annulment")
class AnnulmentsController {

    private static final Set<String> FIELDS = Set.of("confirm", "reason", "provider", "alias", "pin", "otp");
    private static final int LONGEST_REASON = 500;

    private final CertificateReads reads;
    private final DoctorAnnulments annulling;
    private final DoctorSignatures signatures;
    private final Annulments annulments;
    private final JdbcClient jdbc;

    AnnulmentsController(
            CertificateReads reads,
            DoctorAnnulments annulling,
            DoctorSignatures signatures,
            Annulments annulments,
            JdbcClient jdbc) {
        this.reads = reads;
        this.annulling = annulling;
        this.signatures = signatures;
        this.annulments = annulments;
        this.jdbc = jdbc;
    }

    /** @param publications how it is being taken back where it was published */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Annulment", description = "L'annullamento di un certificato")
    record AnnulmentView(
            @Schema(example = "977") long certificateNumber,

            @Schema(
                    description =
                            "RICHIESTO: in preparazione; DA_FIRMARE: aspetta la firma del medico; FIRMATO: in vigore;"
                                    + " SENZA_FIRMA: in vigore, il certificato non era mai stato firmato",
                    allowableValues = {"RICHIESTO", "DA_FIRMARE", "FIRMATO", "SENZA_FIRMA"})
            String state,

            @Schema(description = "Identificativo del certificato annullativo; assente quando non ce n'è uno")
            String documentId,

            @Schema(description = "Identificativo del documento annullato")
            String annulledDocumentId,

            OffsetDateTime askedAt,

            @Schema(description = "Chi lo ha chiesto: l'utente, o l'applicazione mittente")
            String askedBy,

            @Schema(description = "Il motivo indicato dal medico")
            String reason,

            OffsetDateTime signedAt,
            String words,

            @Schema(description = "Perché l'ultimo tentativo non è riuscito; l'hub riprova da solo")
            CertificateView.FailureView failure,

            List<PublicationView> publications) {}

    @Schema(name = "AnnulmentPublication", description = "Il ritiro presso una destinazione")
    record PublicationView(
            @Schema(example = "FSE") String destination,
            @Schema(example = "DELETE") String action,

            @Schema(
                    description = "WAITING e TAKEN: in attesa; DELIVERED e CONFIRMED: fatto; FAILED e STOPPED: fermo",
                    example = "DELIVERED")
            String state) {}

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<AnnulmentView> annul(
            @PathVariable long number,
            @RequestHeader(name = "If-Match", required = false) String ifMatch,
            @Parameter(hidden = true) HttpServletRequest request) {
        try (DoctorOrder order = DoctorOrder.read(request, FIELDS)) {
            Caller caller = reads.allowed("ANNUL_CERTIFICATE", null, Long.toString(number));
            reads.own(caller, number, "ANNUL_CERTIFICATE", ifMatch);
            if (!order.flag("confirm")) {
                throw new SnodoException(
                        SnodoCode.ANNULMENT_NOT_CONFIRMED,
                        "L'annullamento del certificato n. %d non si può disfare: ripetere con confirm: true."
                                .formatted(number));
            }
            String reason = order.text("reason");
            if (reason != null && reason.length() > LONGEST_REASON) {
                throw new SnodoException(
                        SnodoCode.REQUEST_INVALID, "Il motivo può avere al massimo " + LONGEST_REASON + " caratteri.");
            }
            boolean withSignature = signatures.isRemote() && order.secret("pin") != null;
            if (withSignature) {
                // before anything is asked for
                order.need("provider");
                order.need("alias");
            }
            Annulment now = annulling.ask(number, caller.name(), reason);
            if (withSignature && now.state() == State.DA_FIRMARE) {
                signatures.signAnnulment(
                        number, order.need("provider"), order.need("alias"), order.secret("pin"), order.secret("otp"));
            }
            return answer(caller, number);
        }
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<AnnulmentView> read(@PathVariable long number) {
        Caller caller = reads.allowed("READ_ANNULMENT", null, Long.toString(number));
        // Whoever is not told the patient is not told the words either: a specialista may be ops too.
        CertificateView certificate =
                reads.look(caller, number, "READ_ANNULMENT").view();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .eTag(CertificateTag.of(certificate))
                .body(view(existing(number), certificate.patient() != null));
    }

    @GetMapping("/document")
    ResponseEntity<byte[]> document(@PathVariable long number) {
        Caller caller = reads.allowed("READ_ANNULMENT_PDF", null, Long.toString(number));
        reads.own(caller, number, "READ_ANNULMENT_PDF", null);
        Annulment annulment = existing(number);
        byte[] pdf = annulments
                .signed(annulment.id())
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.NOT_FOUND,
                        "Il certificato n. " + number + " non ha un certificato annullativo firmato."));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_PDF)
                .cacheControl(CacheControl.noStore())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("certificato-annullativo-" + number + ".pdf")
                                .build()
                                .toString())
                .body(pdf);
    }

    @PostMapping(
            path = "/otp",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<OtpReceipt> otp(
            @PathVariable long number,
            @RequestHeader(name = "If-Match", required = false) String ifMatch,
            @Parameter(hidden = true) HttpServletRequest request) {
        try (DoctorOrder order = DoctorOrder.read(request, SigningController.OTP_FIELDS)) {
            Caller caller = reads.allowed("REQUEST_ANNULMENT_OTP", null, Long.toString(number));
            reads.own(caller, number, "REQUEST_ANNULMENT_OTP", ifMatch);
            return SigningController.receipt(signatures.requestAnnulmentOtp(
                    number, order.need("provider"), order.need("alias"), order.text("delivery")));
        }
    }

    @PostMapping(
            path = "/signature",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<AnnulmentView> sign(
            @PathVariable long number,
            @RequestHeader(name = "If-Match", required = false) String ifMatch,
            @Parameter(hidden = true) HttpServletRequest request) {
        try (DoctorOrder order = DoctorOrder.read(request, SigningController.SIGNATURE_FIELDS)) {
            Caller caller = reads.allowed("SIGN_ANNULMENT", null, Long.toString(number));
            reads.own(caller, number, "SIGN_ANNULMENT", ifMatch);
            signatures.signAnnulment(
                    number, order.need("provider"), order.need("alias"), order.secret("pin"), order.secret("otp"));
            return answer(caller, number);
        }
    }

    @PostMapping(path = "/withdrawal", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<CertificateView> withdraw(
            @PathVariable long number, @RequestHeader(name = "If-Match", required = false) String ifMatch) {
        Caller caller = reads.allowed("WITHDRAW_ANNULMENT", null, Long.toString(number));
        reads.own(caller, number, "WITHDRAW_ANNULMENT", ifMatch);
        annulling.withdraw(number, caller.name());
        return CertificatesController.answer(reads.look(caller, number, "READ_CERTIFICATE"));
    }

    /** With the certificate's own tag: the next order is given on what it is now. */
    private ResponseEntity<AnnulmentView> answer(Caller caller, long number) {
        Annulment now = existing(number);
        return ResponseEntity.status(now.state().waits() ? 202 : 200)
                .cacheControl(CacheControl.noStore())
                .eTag(CertificateTag.of(
                        reads.look(caller, number, "READ_CERTIFICATE").view()))
                .body(view(now, true));
    }

    private Annulment existing(long number) {
        return annulments
                .of(number)
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.NOT_FOUND, "Il certificato n. " + number + " non ha un annullamento."));
    }

    private AnnulmentView view(Annulment one, boolean doctor) {
        List<PublicationView> publications = jdbc.sql("select destination, action, state from delivery"
                        + " where certificate_number = ? and document_id = ? and action in ('DELETE', 'ANNULLAMENTO')"
                        + " order by id")
                .params(one.certificateNumber(), one.annulledDocumentId())
                .query(PublicationView.class)
                .list();
        return new AnnulmentView(
                one.certificateNumber(),
                one.state().name(),
                one.state() == State.SENZA_FIRMA ? null : one.documentId(),
                one.annulledDocumentId(),
                rome(one.askedAt()),
                one.askedBy(),
                doctor ? one.reason() : null,
                rome(one.signedAt()),
                words(one),
                one.failureCode() == null || !one.state().waits()
                        ? null
                        : new CertificateView.FailureView(one.failureCode(), doctor ? one.failure() : null),
                publications);
    }

    private static String words(Annulment one) {
        return switch (one.state()) {
            case RICHIESTO ->
                "Il certificato annullativo è in preparazione: il certificato resta valido fino alla firma.";
            case DA_FIRMARE ->
                "Il certificato annullativo aspetta la firma: il certificato resta valido fino ad allora.";
            case FIRMATO, SENZA_FIRMA -> "Certificato di malattia " + one.certificateNumber() + " annullato";
            case RITIRATO -> "L'annullamento è stato ritirato.";
        };
    }

    private static OffsetDateTime rome(OffsetDateTime moment) {
        return moment == null
                ? null
                : moment.atZoneSameInstant(SigningController.ROME).toOffsetDateTime();
    }
}
