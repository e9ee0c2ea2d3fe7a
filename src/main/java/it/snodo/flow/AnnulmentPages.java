package it.snodo.flow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.xml.XmlMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import it.snodo.certificate.Annulments.Annulment;
import it.snodo.certificate.CertificateDocument.Organization;
import it.snodo.certificate.CertificateDocument.Resolved;
import it.snodo.certificate.CertificateRegister;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateResolver;
import it.snodo.document.PdfPages;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Makes the certificato annullativo, unsigned: PDF/A-3 from {@code cda-templates/annullamento}. */
@Component
class AnnulmentPages {

    private static final String TEMPLATE = "annullamento/annullamento";
    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final XmlMapper XML = XmlMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private final JdbcClient db;
    private final CertificateResolver resolver;
    private final PdfPages pages;

    AnnulmentPages(JdbcClient db, CertificateResolver resolver, PdfPages pages) {
        this.db = db;
        this.resolver = resolver;
        this.pages = pages;
    }

    /** The same annulment always gives the same page. */
    byte[] make(Annulment annulment, CertificateWork work) {
        try {
            return pages.render(
                    TEMPLATE, XML.writeValueAsString(page(annulment, work)).getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an annulment can always be written", e);
        }
    }

    private record Signed(String title, OffsetDateTime signedAt) {}

    private AnnulmentPage page(Annulment annulment, CertificateWork work) {
        CertificateRequest request = work.request();
        Resolved resolved = resolver.resolve(request);
        Organization azienda = resolved.azienda();
        CertificateRequest.Professional doctor = request.signer();
        Signed signed = db.sql("select title, signed_at from document where id = ?")
                .param(annulment.annulledDocumentId())
                .query(Signed.class)
                .single();
        return new AnnulmentPage(
                annulment.documentId(),
                annulment.askedAt().atZoneSameInstant(ROME).toLocalDateTime().withNano(0),
                resolved.regionName() == null ? "Servizio sanitario regionale" : resolved.regionName(),
                azienda == null ? null : azienda.name(),
                azienda == null ? null : azienda.telecom(),
                new AnnulmentPage.Annulled(
                        work.row().number(),
                        annulment.annulledDocumentId(),
                        work.row().version(),
                        signed.title(),
                        work.row().madeAt().atZoneSameInstant(ROME).toLocalDate(),
                        signed.signedAt() == null
                                ? null
                                : signed.signedAt().atZoneSameInstant(ROME).toLocalDate()),
                new AnnulmentPage.Person(
                        request.patient().family(),
                        request.patient().given(),
                        request.patient().birthDate(),
                        CertificateRegister.patientKey(request.patient())),
                new AnnulmentPage.Person(doctor.family(), doctor.given(), null, doctor.fiscalCode()),
                annulment.reason());
    }
}
