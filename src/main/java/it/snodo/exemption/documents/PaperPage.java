package it.snodo.exemption.documents;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.dataformat.xml.annotation.JacksonXmlElementWrapper;
import com.fasterxml.jackson.dataformat.xml.annotation.JacksonXmlProperty;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;

/**
 * All that an attestato or a promemoria says, in words: what {@code cda-templates/attestato/attestato.xsl} and
 * {@code cda-templates/esenzione/esenzione.xsl} read, and what is kept so that the page can be made at any later time.
 *
 * @param issued the day in Europe/Rome
 * @param region organization that issues it, such as Regione Piemonte
 * @param asl name of the ASL in whose name it is issued
 * @param contacts URI of the ASL; null when the table has none
 * @param exemptions of an attestato those in force, the oldest first; of a promemoria the one
 * @param services of a promemoria, in words; none when the table has none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PaperPage(
        Long number,
        Integer version,
        LocalDate issued,
        String region,
        String asl,
        String contacts,
        Person person,

        @JacksonXmlElementWrapper(useWrapping = false) @JacksonXmlProperty(localName = "exemption")
        List<Line> exemptions,

        @JacksonXmlElementWrapper(useWrapping = false) @JacksonXmlProperty(localName = "service")
        List<String> services) {

    PaperPage {
        exemptions = exemptions == null ? List.of() : List.copyOf(exemptions);
        services = services == null ? List.of() : List.copyOf(services);
    }

    /** @param sex M or F; null or another letter when not known */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Person(String family, String given, LocalDate birthDate, String sex, String fiscalCode) {}

    /**
     * @param diagnosis with the dot; null when there is none, or it is not to be told
     * @param to last day; null when unlimited
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Line(
            String code,
            String title,
            String group,
            String diagnosis,
            String diagnosisTitle,
            LocalDate from,
            LocalDate to,
            String asl,
            String pratica) {

        /** Whether it says more than the code, the days and the ASL. */
        boolean tells() {
            return diagnosis != null || !Objects.equals(title, group);
        }
    }

    PaperPage as(long itsNumber, int itsVersion, LocalDate itsDay) {
        return new PaperPage(itsNumber, itsVersion, itsDay, region, asl, contacts, person, exemptions, services);
    }

    /** Whether both say the same, whatever their version and day. */
    boolean saysTheSameAs(PaperPage other) {
        return Objects.equals(region, other.region)
                && Objects.equals(asl, other.asl)
                && Objects.equals(contacts, other.contacts)
                && Objects.equals(person, other.person)
                && exemptions.equals(other.exemptions)
                && services.equals(other.services);
    }
}
