package it.snodo.certificate.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import it.snodo.certificate.CertificateRequest;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * A certificate as its doctor sees it: the card of a search, or one that is read. An operator sees that it exists and how it
 * stands: patient, exemption, diagnosis, the failure's reason, the request and all that is said of them are null then.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Certificate", description = "Un certificato; chi gestisce l'hub ne vede solo stato e date")
record CertificateView(
        @Schema(description = "Numero progressivo", example = "977")
        long number,

        @Schema(
                description = "DA_FIRMARE, VALIDO, SCADUTO, SOSTITUITO o ANNULLATO",
                example = "VALIDO",
                allowableValues = {"DA_FIRMARE", "VALIDO", "SCADUTO", "SOSTITUITO", "ANNULLATO"})
        String state,

        @Schema(
                description = "A che punto è il lavoro: AWAITING_SIGNATURE aspetta la firma del medico",
                example = "PUBLISHED",
                allowableValues = {
                    "RECEIVED",
                    "DOCUMENT",
                    "AWAITING_SIGNATURE",
                    "SIGNED",
                    "PUBLISHED",
                    "FAILED",
                    "ENDED"
                })
        String stage,

        @Schema(description = "Applicazione e struttura del mittente", example = "CARTELLA|OSPEDALE")
        String sender,

        @Schema(description = "Numero del documento presso il mittente", example = "2026/000123")
        String documentNumber,

        @Schema(description = "Identificativo del documento", example = "SN20260301ABCDEFGHJK")
        String documentId,

        @Schema(description = "Identificativo della prima versione")
        String setId,

        @Schema(description = "Versione", example = "1") int version,

        @Schema(description = "Identificativo del documento che sostituisce")
        String replaces,

        @Schema(description = "Data di emissione", example = "2026-03-01T10:15:00+01:00")
        OffsetDateTime madeAt,

        PatientView patient,

        @Schema(description = "Codice di esenzione, come è stato inviato", example = "048")
        String exemption,

        @Schema(description = "Descrizione dell'esenzione") String exemptionTitle,

        @Schema(description = "Tipo", example = "Malattie croniche")
        String kind,

        @Schema(description = "Codice di diagnosi, come è stato inviato", example = "F002")
        String diagnosis,

        @Schema(description = "La diagnosi come si mostra: 000 - - quando non c'è", example = "000 - -")
        String diagnosisShown,

        @Schema(description = "Ultimo giorno di validità; assente quando è illimitata o non ancora definita")
        LocalDate validUntil,

        @Schema(description = "Codice fiscale del medico che firma", example = "VRDLGU60A01L219E")
        String signer,

        @Schema(description = "Se una pratica lo ha già usato per chiedere o rilasciare un'esenzione")
        Boolean used,

        @Schema(
                description = "Come sta il suo annullamento; assente quando non è stato chiesto",
                allowableValues = {"RICHIESTO", "DA_FIRMARE", "FIRMATO", "SENZA_FIRMA"})
        String annulment,

        @Schema(
                description = "Che cosa può farne ora chi lo legge: FIRMA, ANNULLA, FIRMA_ANNULLAMENTO,"
                        + " RITIRA_ANNULLAMENTO, RICHIEDI_ESENZIONE, CREA_E_VALIDA")
        List<String> actions,

        FailureView failure,

        @Schema(description = "Che cosa contenevano rotte, tabelle e modelli quando è stato accettato")
        String configurationRevision,

        @Schema(description = "Cresce con gli interventi di chi gestisce l'hub", example = "0")
        int revision,

        @Schema(description = "La richiesta ricevuta, con il PIN annerito; solo quando si legge un certificato")
        CertificateRequest request) {

    /** Whose it is. */
    @Schema(name = "CertificatePatient", description = "Il beneficiario")
    record PatientView(
            @Schema(description = "Codice fiscale, o STP, ENI, TEAM", example = "RSSMRA80A01L219M")
            String id,

            @Schema(example = "ROSSI") String family,
            @Schema(example = "MARIO") String given) {}

    /** Why it cannot go on. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "CertificateFailure", description = "Perché non va avanti")
    record FailureView(@Schema(example = "SNODO-3005") String code, String reason) {}
}
