package it.snodo.flow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRootName;
import java.time.LocalDate;
import java.time.LocalDateTime;

/**
 * What {@code cda-templates/annullamento/annullamento.xsl} reads. Days and hours are those of Europe/Rome. It names the
 * certificate and says nothing of what is in it.
 *
 * @param documentId of the certificato annullativo itself
 * @param askedAt when the annulment was asked for: the document's own time
 * @param region organization of the region
 * @param azienda name; null when it is not known
 * @param reason the doctor's words; null when there are none
 */
@JsonRootName("annullamento")
@JsonInclude(JsonInclude.Include.NON_NULL)
record AnnulmentPage(
        String documentId,
        LocalDateTime askedAt,
        String region,
        String azienda,
        String telecom,
        Annulled annulled,
        Person patient,
        Person doctor,
        String reason) {

    /**
     * @param number of the certificate, the region's progressive
     * @param madeOn day it was issued
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Annulled(long number, String documentId, int version, String title, LocalDate madeOn, LocalDate signedOn) {}

    /** @param code codice fiscale, or the person's other identifier */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Person(String family, String given, LocalDate birthDate, String code) {}
}
