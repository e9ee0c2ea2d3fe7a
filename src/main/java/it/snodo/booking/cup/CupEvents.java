package it.snodo.booking.cup;

import io.micrometer.core.instrument.MeterRegistry;
import it.snodo.booking.catalogue.CupAzienda;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a CUP sends that answers nothing: counted and said, never taken for an answer. */
final class CupEvents {

    private static final Logger LOG = LoggerFactory.getLogger(CupEvents.class);

    private final MeterRegistry meters;

    CupEvents(MeterRegistry meters) {
        this.meters = meters;
    }

    /** @param event {@code foreign}: belongs to another message; {@code unasked}: came while nothing was under way */
    void happened(CupAzienda azienda, String event) {
        meters.counter("snodo.cup.events", "azienda", azienda.code(), "event", event)
                .increment();
        LOG.warn(
                "CUP {} ({}): {}; la connessione viene chiusa",
                azienda.code(),
                azienda.name(),
                event.equals("foreign")
                        ? "è arrivata una risposta che non appartiene al messaggio in attesa"
                        : "è arrivata una risposta che nessuno attendeva");
    }
}
