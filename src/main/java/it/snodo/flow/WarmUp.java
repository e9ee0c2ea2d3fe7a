package it.snodo.flow;

import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.certificate.CertificateDocument;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.config.ConfigurationRevision;
import it.snodo.document.CdaTemplates;
import it.snodo.document.CdaValidator;
import it.snodo.document.PdfRenderer;
import it.snodo.registry.CodeTables;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Reads tables, templates, schemas and fonts before the first certificate needs them, by making one document of an
 * invented person and throwing it away. Runs beside the start and never stops it.
 */
@Component
class WarmUp {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private final CodeTables tables;
    private final BookingCatalogue bookings;
    private final CdaTemplates templates;
    private final CdaValidator validator;
    private final PdfRenderer renderer;
    private final ConfigurationRevision configuration;

    WarmUp(
            CodeTables tables,
            BookingCatalogue bookings,
            CdaTemplates templates,
            CdaValidator validator,
            PdfRenderer renderer,
            ConfigurationRevision configuration) {
        this.tables = tables;
        this.bookings = bookings;
        this.templates = templates;
        this.validator = validator;
        this.renderer = renderer;
        this.configuration = configuration;
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        Thread thread = new Thread(this::once, "warm-up");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.start();
    }

    private void once() {
        try (InputStream in = WarmUp.class.getResourceAsStream("/it/snodo/flow/warm-up.xml")) {
            configuration.current();
            tables.warm();
            validator.warm();
            CertificateDocument sample =
                    CertificateRequestCodec.documentFromXml(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            byte[] cda = templates.render(sample);
            renderer.render(validator.check(cda));
            bookings.warm();
        } catch (Exception e) {
            LOG.warn("Warm-up did not complete; the first certificate will be slower: {}", e.toString());
        }
    }
}
