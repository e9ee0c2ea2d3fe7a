package it.snodo.booking.cup;

import ca.uhn.fhir.context.FhirContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.BookingCatalogue.LocalService;
import it.snodo.booking.catalogue.CatalogueItem;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.intake.hl7v2.Hl7Time;
import it.snodo.publication.Pause;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;

/**
 * The CUPs of the aziende, each in the profile of its row: a new azienda is a row, and no code. Behind a gate for each, so that
 * the callers of a dead one are told at once, and counted.
 */
@Component("cupPort")
class CupClient implements CupPort, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CupClient.class);

    private final CupProperties properties;
    private final BookingCatalogue catalogue;
    private final CupGates gates;
    private final MeterRegistry meters;
    private final MllpLines lines;
    private final FhirCup fhir;
    private final Map<String, Cup> profiles;

    CupClient(
            CupProperties properties,
            BookingCatalogue catalogue,
            FhirContext context,
            SslBundles bundles,
            CupGates gates,
            MeterRegistry meters) {
        this.properties = properties;
        this.catalogue = catalogue;
        this.gates = gates;
        this.meters = meters;
        this.lines = new MllpLines(properties, bundles, new CupEvents(meters));
        this.fhir = new FhirCup(context, properties, bundles, catalogue);
        this.profiles = Map.of(
                "SIU", new Hl7Cup("SIU", SiuWriter::write, properties, lines, catalogue),
                "SRM", new Hl7Cup("SRM", SrmWriter::write, properties, lines, catalogue),
                "OMG", new Hl7Cup("OMG", OmgWriter::write, properties, lines, catalogue),
                "FHIR", fhir);
    }

    @Override
    public byte[] command(CupAzienda azienda, Booking booking, Operation operation, String controlId, String reason) {
        return profile(azienda)
                .orElseThrow(() -> new IllegalArgumentException(
                        "azienda %s has no CUP of a known profile: %s".formatted(azienda.code(), azienda.profile())))
                .command(azienda, booking, operation, controlId, reason);
    }

    @Override
    public boolean speaks(CupAzienda azienda, byte[] command) {
        // a row without a profile says nothing against them
        return profile(azienda).map(cup -> cup.wrote(command)).orElse(true);
    }

    @Override
    public Reply send(CupAzienda azienda, Operation operation, String controlId, byte[] command, Duration deadline) {
        Cup cup = profile(azienda).orElse(null);
        if (cup == null) {
            return Replies.unsent("l'azienda %s non ha un CUP collegato".formatted(azienda.code()));
        }
        if (!cup.wrote(command)) {
            return Replies.unsent(
                    "la riga dell'azienda %s è cambiata mentre si scriveva al suo CUP".formatted(azienda.code()));
        }
        Deadline end = Deadline.in(deadline == null ? properties.timeout() : deadline);
        Timer.Sample time = Timer.start(meters);
        Reply reply = sent(azienda, cup, operation, controlId, command, end);
        stop(time, azienda, operation.name(), reply.outcome().name());
        return reply;
    }

    private Reply sent(
            CupAzienda azienda, Cup cup, Operation operation, String controlId, byte[] command, Deadline end) {
        String paused = paused(azienda);
        if (paused != null) {
            return Replies.unsent(paused);
        }
        CupGate gate = gates.of(azienda).commands();
        if (!gate.allows()) {
            return Replies.unsent(shut(azienda, gate));
        }
        boolean told = false;
        long began = System.nanoTime();
        try {
            Reply reply = cup.send(azienda, operation, controlId, command, end);
            answered(azienda, gate);
            told = true;
            return reply;
        } catch (NoAnswer e) {
            told = true;
            failed(azienda, gate, e);
            String words = "Il CUP di %s: %s".formatted(azienda.name(), e.getMessage());
            Reply none = e.kind() == NoAnswer.Kind.UNKNOWN ? Replies.unknown(words, null) : Replies.unsent(words);
            return none.waited(System.nanoTime() - began);
        } finally {
            if (!told) {
                gate.untried();
            }
        }
    }

    @Override
    public Found find(CupAzienda azienda, AvailabilityQuery query, boolean publicOnly, Duration deadline) {
        Cup cup = profile(azienda).orElse(null);
        if (cup == null) {
            return new Found(List.of(), "l'azienda non ha un CUP collegato");
        }
        List<SqmWriter.Wanted> wanted = wanted(azienda, query);
        if (wanted.isEmpty()) {
            // Its CUP offers none of them: there is nothing to ask.
            return new Found(List.of(), null);
        }
        Deadline end = Deadline.in(deadline == null ? properties.searchTimeout() : deadline);
        Timer.Sample time = Timer.start(meters);
        Found found = found(azienda, cup, query, publicOnly, wanted, end);
        stop(time, azienda, "FIND", found.failure() == null ? "DONE" : "FAILED");
        return found;
    }

    private Found found(
            CupAzienda azienda,
            Cup cup,
            AvailabilityQuery query,
            boolean publicOnly,
            List<SqmWriter.Wanted> wanted,
            Deadline end) {
        String paused = paused(azienda);
        if (paused != null) {
            return new Found(List.of(), paused);
        }
        CupGate gate = gates.of(azienda).searches();
        if (!gate.allows()) {
            return new Found(List.of(), shut(azienda, gate));
        }
        boolean told = false;
        long began = System.nanoTime();
        try {
            Found found = cup.find(azienda, query, publicOnly, wanted, end);
            answered(azienda, gate);
            told = true;
            return found;
        } catch (NoAnswer e) {
            told = true;
            failed(azienda, gate, e);
            return new Found(List.of(), e.getMessage(), System.nanoTime() - began);
        } finally {
            if (!told) {
                gate.untried();
            }
        }
    }

    /** The CUP's own codes of what is looked for: of a service, those of its specific items too (R36). */
    private List<SqmWriter.Wanted> wanted(CupAzienda azienda, AvailabilityQuery query) {
        LocalDate today = LocalDate.now(Hl7Time.ROME);
        Map<String, SqmWriter.Wanted> found = new LinkedHashMap<>();
        for (Line line : query.lines()) {
            String code = line.item() == null ? line.service() : line.item();
            if (code == null) {
                continue;
            }
            for (LocalService local : catalogue.local(azienda.code(), code, today)) {
                String title = catalogue
                        .item(local.item(), today)
                        .map(CatalogueItem::title)
                        .orElse(line.description());
                found.putIfAbsent(local.localCode(), new SqmWriter.Wanted(local.localCode(), local.service(), title));
            }
        }
        return List.copyOf(found.values());
    }

    private Optional<Cup> profile(CupAzienda azienda) {
        return azienda.profile() == null
                ? Optional.empty()
                : Optional.ofNullable(profiles.get(azienda.profile().strip().toUpperCase(Locale.ROOT)));
    }

    /** Why nothing is sent to it; null when nobody has stopped it. */
    private String paused(CupAzienda azienda) {
        Pause pause = gates.pause(azienda.code());
        return pause == null ? null : "Il CUP di %s è in pausa: %s".formatted(azienda.name(), pause.reason());
    }

    private static String shut(CupAzienda azienda, CupGate gate) {
        String why = gate.standing().lastFailureWords();
        return "Il CUP di %s non risponde: l'hub riprova tra poco%s"
                .formatted(azienda.name(), why == null ? "" : " (" + why + ")");
    }

    private static void answered(CupAzienda azienda, CupGate gate) {
        int failures = gate.answered();
        if (failures > 0) {
            LOG.info("CUP {} ({}) risponde di nuovo dopo {} errori", azienda.code(), azienda.name(), failures);
        }
    }

    private static void failed(CupAzienda azienda, CupGate gate, NoAnswer why) {
        if (why.kind() == NoAnswer.Kind.NOT_TRIED) {
            gate.untried();
        } else if (gate.failed(why.getMessage()) == 1) {
            LOG.warn(
                    "CUP {} ({}) non risponde: {} (i prossimi errori sono solo contati)",
                    azienda.code(),
                    azienda.name(),
                    why.getMessage());
        }
    }

    private void stop(Timer.Sample time, CupAzienda azienda, String operation, String outcome) {
        time.stop(
                meters.timer("snodo.cup.calls", "azienda", azienda.code(), "operation", operation, "outcome", outcome));
    }

    @Override
    public void close() {
        lines.close();
        fhir.close();
    }
}
