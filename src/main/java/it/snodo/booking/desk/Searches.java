package it.snodo.booking.desk;

import it.snodo.booking.AvailabilityAnswer;
import it.snodo.booking.AvailabilityAnswer.Silent;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Proposal;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.desk.BookingDesk.Answered;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.BookingArrival;
import it.snodo.messages.BookingJournal;
import it.snodo.messages.MessageState;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Searches that somebody asks for. They have no effect, so they are written down after the answer, and nobody waits for that. */
@Component("bookingSearches")
class Searches implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(Searches.class);

    private final Availability availability;
    private final BookingCatalogue catalogue;
    private final BookingJournal journal;
    private final DeskProperties properties;
    private final DeskMeters meters;
    private final ThreadPoolExecutor afterwards;

    Searches(
            Availability availability,
            BookingCatalogue catalogue,
            BookingJournal journal,
            DeskProperties properties,
            DeskMeters meters) {
        this.availability = availability;
        this.catalogue = catalogue;
        this.journal = journal;
        this.properties = properties;
        this.meters = meters;
        this.afterwards = new ThreadPoolExecutor(0, 1, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1000), task -> {
            Thread thread = new Thread(task, "booking-search-journal");
            thread.setDaemon(true);
            return thread;
        });
    }

    Answered search(BookingArrival arrival, AvailabilityQuery query, long end) {
        AtomicLong waited = new AtomicLong();
        AvailabilityAnswer answer = answer(arrival, query, end, waited);
        byte[] bytes = arrival.writer().write(arrival, answer);
        keep(arrival, query, answer, bytes);
        return new Answered(bytes, answer, 0, false, waited.get());
    }

    private AvailabilityAnswer answer(BookingArrival arrival, AvailabilityQuery query, long end, AtomicLong waited) {
        List<Fault> faults = new ArrayList<>(Conversation.unclaimed(arrival, Set.of()));
        LocalDate today = Settlement.today();
        if (query.lines().isEmpty()) {
            faults.add(Fault.at(SnodoCode.FIELD_MISSING, "lines", "Manca la prestazione da cercare."));
        }
        Set<String> wanted = query.lines().stream()
                .map(each -> each.azienda() != null
                        ? each.azienda()
                        : query.wish() == null ? null : query.wish().azienda())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        List<CupAzienda> aziende = wanted.isEmpty()
                ? availability.aziende(null, today)
                : wanted.stream()
                        .flatMap(each -> availability.aziende(each, today).stream())
                        .distinct()
                        .toList();
        if (!wanted.isEmpty() && aziende.isEmpty()) {
            faults.add(Fault.at(
                    SnodoCode.AZIENDA_NOT_CONNECTED,
                    "wish.azienda",
                    "L'azienda «%s» non è collegata.".formatted(String.join(", ", wanted))));
        }
        if (!faults.isEmpty()) {
            return new AvailabilityAnswer(
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    faults.stream()
                            .map(each -> Conversation.placed(arrival, each))
                            .toList(),
                    0);
        }
        Availability.Result found =
                availability.search(query, aziende, false, today, Duration.ofNanos(end - System.nanoTime()));
        waited.set(found.waited());
        int limit = query.limit() == null
                ? properties.search().limit()
                : Math.max(1, Math.min(query.limit(), 10 * properties.search().limit()));
        String continuity = query.continuity() != null
                ? query.continuity()
                : query.wish() == null ? null : query.wish().structure();
        List<Proposal> first = Availability.first(found.proposals(), continuity, asl(query, today));
        return new AvailabilityAnswer(
                first.stream().limit(limit).toList(),
                Availability.absolute(found.proposals()).stream().limit(limit).toList(),
                found.silent(),
                List.of(),
                List.of(),
                0);
    }

    private String asl(AvailabilityQuery query, LocalDate today) {
        return query.patient() == null || query.patient().asl() == null
                ? null
                : catalogue
                        .azienda(query.patient().asl(), today)
                        .map(CupAzienda::code)
                        .orElse(null);
    }

    private void keep(BookingArrival arrival, AvailabilityQuery query, AvailabilityAnswer answer, byte[] bytes) {
        MessageState state = answer.faults().isEmpty() ? MessageState.ANSWERED : MessageState.REFUSED;
        BookingJournal.Step step = new BookingJournal.Step(
                "ricerca",
                Instant.now(),
                answer.faults().isEmpty() ? "OK" : "REFUSED",
                answer.absolute().size() + " posti"
                        + (answer.silent().isEmpty()
                                ? ""
                                : ", senza risposta: "
                                        + answer.silent().stream()
                                                .map(Silent::azienda)
                                                .collect(Collectors.joining(" "))));
        try {
            afterwards.execute(() -> {
                try {
                    journal.search(arrival, Desk.keys(query), state, answer.faults(), bytes, step);
                } catch (DataAccessException | TransactionException e) {
                    lost(e.getMessage());
                }
            });
        } catch (RejectedExecutionException full) {
            lost("too many at once");
        }
    }

    private void lost(String why) {
        meters.registry().counter("snodo.journal.calls.lost").increment();
        LOG.warn("A search could not be written down: {}", why);
    }

    @Override
    public void destroy() throws InterruptedException {
        afterwards.shutdown();
        afterwards.awaitTermination(5, TimeUnit.SECONDS);
    }
}
