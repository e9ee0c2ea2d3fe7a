package it.snodo.booking.cup;

import ca.uhn.fhir.context.FhirContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort.Reply;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;

/** The client as the hub has it, for a test. */
final class Cups implements AutoCloseable {

    /** Long enough for two slow cores and a pause of the whole process; only a test whose CUP never answers waits for less. */
    static final Duration LONG = Duration.ofMinutes(5);

    static final Duration SHORT = Duration.ofMillis(600);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final CupProperties properties;
    final CupGates gates;
    final CupClient port;

    Cups() {
        this(properties(1000, Duration.ofMinutes(10)), new DefaultSslBundleRegistry());
    }

    Cups(CupProperties properties, SslBundles bundles) {
        this(properties, bundles, Sample.catalogue());
    }

    Cups(CupProperties properties, SslBundles bundles, BookingCatalogue catalogue) {
        this.properties = properties;
        this.gates = new CupGates(properties);
        this.port = new CupClient(properties, catalogue, FhirContext.forR4Cached(), bundles, gates, meters);
    }

    static CupProperties properties(int failures, Duration open) {
        return new CupProperties(
                null, 26000, LONG, LONG, Duration.ofSeconds(30), 4, Duration.ofMinutes(10), failures, open, open);
    }

    static String id() {
        return "SN" + NUMBER.incrementAndGet();
    }

    Reply book(CupAzienda azienda) {
        return book(azienda, LONG);
    }

    Reply book(CupAzienda azienda, Duration deadline) {
        return command(azienda, Operation.BOOK, deadline);
    }

    Reply command(CupAzienda azienda, Operation operation, Duration deadline) {
        String id = id();
        byte[] command = port.command(azienda, Sample.booking(), operation, id, null);
        return port.send(azienda, operation, id, command, deadline);
    }

    double events(String event) {
        var found = meters.find("snodo.cup.events").tag("event", event).counter();
        return found == null ? 0 : found.count();
    }

    @Override
    public void close() {
        port.close();
    }
}
