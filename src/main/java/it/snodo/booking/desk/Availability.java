package it.snodo.booking.desk;

import it.snodo.booking.AvailabilityAnswer.Silent;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.Proposal;
import it.snodo.booking.Slot.Wish;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort;
import it.snodo.booking.cup.CupPort.Found;
import it.snodo.booking.rules.PriorityTerm;
import it.snodo.booking.rules.RuleBook;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Asks the CUPs of many aziende for free places, all at once; who does not answer in time is named and left out. */
@Component
class Availability implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(Availability.class);
    /** Searches at one CUP for one question. */
    private static final int MOST_LOOKS = 6;

    private static final String ONLY_PRIVATE =
            "ha mostrato solo posti di strutture private accreditate, e di quelli pubblici non si sa";

    private final ObjectProvider<CupPort> cups;
    private final BookingCatalogue catalogue;
    private final ObjectProvider<PriorityTerm> terms;
    private final RuleBook rules;
    private final DeskProperties.Search properties;
    private final ThreadPoolExecutor workers;
    /** A slow CUP may not take all workers. */
    private final Map<String, Semaphore> room = new ConcurrentHashMap<>();

    final Seen seen;

    Availability(
            ObjectProvider<CupPort> cups,
            BookingCatalogue catalogue,
            ObjectProvider<PriorityTerm> terms,
            RuleBook rules,
            DeskProperties properties) {
        this.terms = terms;
        this.rules = rules;
        this.cups = cups;
        this.catalogue = catalogue;
        this.properties = properties.search();
        this.seen = new Seen(Clock.systemUTC(), properties.rememberProposals());
        this.workers = new ThreadPoolExecutor(
                0, this.properties.workers(), 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "booking-search");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * What was found.
     *
     * @param proposals of all aziende by time
     * @param waited nanoseconds in which the one was waited for that took longest
     */
    record Result(List<Proposal> proposals, List<Silent> silent, long waited) {}

    /**
     * Aziende that can be asked: the wanted one when there is one, else all that have a CUP.
     *
     * @return empty when the wanted one is not connected
     */
    List<CupAzienda> aziende(String wanted, LocalDate day) {
        if (wanted != null) {
            return catalogue.azienda(wanted, day).stream().toList();
        }
        return catalogue.aziende(day).stream()
                .filter(each -> each.profile() != null)
                .sorted(Comparator.comparing(CupAzienda::code))
                .toList();
    }

    /**
     * Places that are good for the form of the prescription: private ones are left out where it is none for them (R6).
     *
     * @param whole an azienda is asked only when it offers all the lines; else for those that it offers
     * @param patience the most that this takes
     */
    Result search(
            AvailabilityQuery query, Collection<CupAzienda> aziende, boolean whole, LocalDate day, Duration patience) {
        long end = System.nanoTime()
                + Math.min(patience.toNanos(), properties.total().toNanos());
        boolean publicOnly = rules.publicOnly(query.prescription(), day);
        Map<CupAzienda, Future<Found>> asked = new LinkedHashMap<>();
        List<Silent> silent = new ArrayList<>();
        for (CupAzienda azienda : aziende) {
            List<Line> lines = query.lines().stream()
                    .filter(line -> offers(azienda, line, day))
                    .toList();
            if (lines.isEmpty() || whole && lines.size() < query.lines().size()) {
                continue;
            }
            AvailabilityQuery own = new AvailabilityQuery(
                    query.requester(),
                    query.patient(),
                    query.prescription(),
                    lines,
                    query.wish(),
                    query.limit(),
                    query.continuity());
            ask(azienda, own, publicOnly, day, end, asked, silent);
        }
        List<Proposal> proposals = new ArrayList<>();
        long waited = 0;
        for (Map.Entry<CupAzienda, Future<Found>> each : asked.entrySet()) {
            waited = Math.max(waited, collect(each.getKey(), each.getValue(), end, proposals, silent));
        }
        proposals.sort(Comparator.comparing(each -> each.slot().start().toInstant()));
        List<Proposal> termed = withTerm(proposals, query, day);
        seen.add(termed);
        return new Result(termed, List.copyOf(silent), waited);
    }

    /** Whether each lies within what the priority class allows (R59); services without a term say nothing of it. */
    private List<Proposal> withTerm(List<Proposal> proposals, AvailabilityQuery query, LocalDate day) {
        PriorityTerm term = terms.getIfAvailable();
        if (term == null) {
            return List.copyOf(proposals);
        }
        Map<String, Optional<LocalDate>> last = new LinkedHashMap<>();
        for (Line line : query.lines()) {
            String code = line.item() != null ? line.item() : line.service();
            if (code != null && line.service() != null) {
                last.put(
                        line.service(),
                        catalogue.item(code, day).flatMap(item -> term.lastGoodDay(query.prescription(), item, day)));
            }
        }
        return proposals.stream()
                .map(each -> last.getOrDefault(each.service(), Optional.empty())
                        .map(limit -> within(each, limit))
                        .orElse(each))
                .toList();
    }

    private static Proposal within(Proposal each, LocalDate limit) {
        LocalDate start = each.slot().start().atZoneSameInstant(Register.ROME).toLocalDate();
        return new Proposal(
                each.service(),
                each.localCode(),
                each.slot(),
                each.ticket(),
                !start.isAfter(limit),
                each.why(),
                each.notes());
    }

    private boolean offers(CupAzienda azienda, Line line, LocalDate day) {
        String code = line.item() != null ? line.item() : line.service();
        return code != null
                && (!catalogue.local(azienda.code(), code, day).isEmpty()
                        || line.item() != null
                                && line.service() != null
                                && !catalogue
                                        .local(azienda.code(), line.service(), day)
                                        .isEmpty());
    }

    private void ask(
            CupAzienda azienda,
            AvailabilityQuery query,
            boolean publicOnly,
            LocalDate day,
            long end,
            Map<CupAzienda, Future<Found>> asked,
            List<Silent> silent) {
        CupPort cup = cups.getIfAvailable();
        Semaphore places =
                room.computeIfAbsent(azienda.code(), code -> new Semaphore(Math.max(1, properties.workers() / 6)));
        if (cup == null || !places.tryAcquire()) {
            silent.add(new Silent(azienda.code(), azienda.name(), "non ha ancora risposto a ricerche precedenti"));
            return;
        }
        try {
            asked.put(azienda, workers.submit(() -> {
                try {
                    long own = System.nanoTime() + properties.aziendaTimeout().toNanos();
                    return find(cup, azienda, query, publicOnly, day, Math.min(own, end));
                } finally {
                    places.release();
                }
            }));
        } catch (RejectedExecutionException full) {
            places.release();
            silent.add(new Silent(azienda.code(), azienda.name(), "troppe ricerche contemporanee"));
        }
    }

    /**
     * Who was asked for public places and sends private ones only is asked for those behind them. Where private ones are all
     * that was seen in the end, public ones are not known: that is no "nothing free".
     */
    private Found find(
            CupPort cup, CupAzienda azienda, AvailabilityQuery query, boolean publicOnly, LocalDate day, long end) {
        if (!publicOnly) {
            return look(cup, azienda, query, false, end);
        }
        Wish wish = query.wish();
        LocalDate from = wish == null || wish.from() == null ? day : wish.from();
        // the caller's few might all be private
        int limit = Math.max(properties.limit(), query.limit() == null ? 0 : query.limit());
        AvailabilityQuery asking = with(query, wish, limit);
        long waited = 0;
        for (int looks = 1; ; looks++) {
            Found found = look(cup, azienda, asking, true, end);
            waited += found.waited();
            List<Proposal> good = found.proposals().stream()
                    .filter(each -> each.slot() == null
                            || !Boolean.TRUE.equals(each.slot().privateStructure()))
                    .toList();
            Optional<LocalDate> last = found.proposals().stream()
                    .filter(each -> each.slot() != null && each.slot().start() != null)
                    .map(each ->
                            each.slot().start().atZoneSameInstant(Register.ROME).toLocalDate())
                    .max(Comparator.naturalOrder());
            if (found.failure() != null || !good.isEmpty() || last.isEmpty()) {
                return new Found(good, found.failure(), waited);
            }
            if (looks == MOST_LOOKS) {
                return new Found(List.of(), ONLY_PRIVATE, waited);
            }
            if (last.get().isAfter(from)) {
                from = last.get();
            } else if (found.proposals().size() >= limit) {
                // one day has more than it shows
                limit *= 4;
            } else {
                from = last.get().plusDays(1);
            }
            asking = with(query, from(wish, from), limit);
        }
    }

    private static Found look(CupPort cup, CupAzienda azienda, AvailabilityQuery query, boolean publicOnly, long end) {
        long left = end - System.nanoTime();
        return left <= 0
                ? new Found(List.of(), "non è stato chiesto in tempo")
                : cup.find(azienda, query, publicOnly, Duration.ofNanos(left));
    }

    private static Wish from(Wish wish, LocalDate day) {
        return wish == null
                ? new Wish(day, null, null, null, null)
                : new Wish(day, wish.to(), wish.azienda(), wish.structure(), wish.practitioner());
    }

    private static AvailabilityQuery with(AvailabilityQuery query, Wish wish, int limit) {
        return new AvailabilityQuery(
                query.requester(),
                query.patient(),
                query.prescription(),
                query.lines(),
                wish,
                limit,
                query.continuity());
    }

    /** @return nanoseconds in which it was waited for */
    private long collect(
            CupAzienda azienda, Future<Found> answer, long end, List<Proposal> proposals, List<Silent> silent) {
        long began = System.nanoTime();
        try {
            Found found = answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (found.failure() != null) {
                silent.add(new Silent(azienda.code(), azienda.name(), found.failure()));
            }
            found.proposals().stream()
                    .filter(each -> each.slot() != null && each.slot().start() != null)
                    .map(each -> complete(each, azienda))
                    .forEach(proposals::add);
            return found.waited();
        } catch (TimeoutException e) {
            // it ends by its own deadline
            silent.add(new Silent(azienda.code(), azienda.name(), "non ha risposto in tempo"));
        } catch (ExecutionException e) {
            LOG.warn("Search at {} failed: {}", azienda.code(), e.getCause().toString());
            silent.add(new Silent(azienda.code(), azienda.name(), "ha dato una risposta che non si può usare"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            silent.add(new Silent(azienda.code(), azienda.name(), "ricerca interrotta"));
        }
        return System.nanoTime() - began;
    }

    private static Proposal complete(Proposal given, CupAzienda azienda) {
        it.snodo.booking.Slot slot = given.slot();
        it.snodo.booking.Slot whole = new it.snodo.booking.Slot(
                slot.azienda() == null ? azienda.code() : slot.azienda(),
                slot.agenda(),
                slot.start(),
                slot.minutes(),
                slot.structure(),
                slot.place(),
                slot.unit(),
                slot.privateStructure(),
                true);
        return new Proposal(
                given.service(),
                given.localCode(),
                whole,
                given.ticket(),
                given.withinTerm(),
                given.why(),
                given.notes());
    }

    /** Proposals by therapeutic continuity and the patient's ASL (R61), best first. */
    static List<Proposal> first(List<Proposal> all, String continuity, String asl) {
        List<Proposal> first = new ArrayList<>();
        for (String why : List.of("CONTINUITY", "OWN_ASL")) {
            for (Proposal each : all) {
                if (why.equals(why(each, continuity, asl))) {
                    first.add(with(each, why));
                }
            }
        }
        return first;
    }

    /** First in absolute. */
    static List<Proposal> absolute(List<Proposal> all) {
        return all.stream().map(each -> with(each, "FIRST")).toList();
    }

    /** CONTINUITY, OWN_ASL or FIRST. */
    static String why(Proposal each, String continuity, String asl) {
        if (continuity != null
                && (continuity.equals(each.slot().structure())
                        || continuity.equals(each.slot().azienda())
                        || continuity.equals(each.slot().unit()))) {
            return "CONTINUITY";
        }
        return asl != null && asl.equals(each.slot().azienda()) ? "OWN_ASL" : "FIRST";
    }

    private static Proposal with(Proposal each, String why) {
        return new Proposal(
                each.service(), each.localCode(), each.slot(), each.ticket(), each.withinTerm(), why, each.notes());
    }

    @Override
    public void destroy() {
        workers.shutdownNow();
    }
}
