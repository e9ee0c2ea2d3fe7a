package it.snodo.booking.promemoria;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRootName;
import com.fasterxml.jackson.dataformat.xml.annotation.JacksonXmlElementWrapper;
import com.fasterxml.jackson.dataformat.xml.annotation.JacksonXmlProperty;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;

/**
 * What {@code cda-templates/promemoria/promemoria.xsl} reads. Days and hours are those of Europe/Rome.
 *
 * @param code codice della richiesta, to revoke or move (R82)
 * @param region organization that SovraCup belongs to
 * @param azienda name; null when the table does not know it
 * @param fillerCode the CUP's own number; null when it gave none
 * @param prescriptions numbers of the impegnativa
 * @param ticket sum due; null when the CUP did not say it
 * @param payment before or after (R71)
 * @param exempt nothing is due by an exemption
 * @param revokeBefore the last moment to revoke in time (R83)
 * @param revokeHours how many hours before that is
 * @param notes note avvertenza and preparation, each once (R84)
 * @param forms to bring filled in (R85)
 */
@JsonRootName("promemoria")
@JsonInclude(JsonInclude.Include.NON_NULL)
record PromemoriaPage(
        String code,
        String region,
        LocalDate printed,
        String azienda,
        String telecom,
        String fillerCode,
        Person patient,

        @JacksonXmlElementWrapper(useWrapping = false) @JacksonXmlProperty(localName = "prescription")
        List<String> prescriptions,

        @JacksonXmlElementWrapper(useWrapping = false) @JacksonXmlProperty(localName = "line")
        List<Line> lines,

        BigDecimal ticket,
        String payment,
        boolean exempt,
        LocalDateTime revokeBefore,
        Integer revokeHours,

        @JacksonXmlElementWrapper(useWrapping = false) @JacksonXmlProperty(localName = "note")
        List<Text> notes,

        @JacksonXmlElementWrapper(useWrapping = false) @JacksonXmlProperty(localName = "form")
        List<String> forms) {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Person(String family, String given, LocalDate birthDate, String fiscalCode) {}

    /**
     * @param start null when the CUP named no hour
     * @param place where, in words
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Line(
            String code,
            String title,
            int quantity,
            String side,
            LocalDateTime start,
            Integer minutes,
            String place,
            String unit,
            BigDecimal ticket) {}

    /** @param service title of the service it is about; null for all */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Text(String service, String text) {}
}
