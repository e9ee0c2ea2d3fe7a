package it.snodo.booking.desk;

import it.snodo.booking.AvailabilityAnswer.Silent;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.Proposal;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CatalogueItem;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.catalogue.Incompatibility;
import it.snodo.booking.desk.Choice.Candidate;
import it.snodo.booking.desk.Register.Known;
import it.snodo.booking.rules.BookingCase;
import it.snodo.booking.rules.RuleBook;
import it.snodo.booking.rules.RuleBook.Judgement;
import it.snodo.booking.rules.Step;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Finds the places of a request: those it names, or such as the rules let stand. */
@Component("bookingPlaces")
class Places {

    private static final DateTimeFormatter WRITTEN = DateTimeFormatter.ofPattern("dd/MM/yyyy 'alle' HH:mm");

    /** Searches for one request. */
    private static final int MOST_LOOKS = 4;

    /** Left over for the answer after a search. */
    private static final Duration LAST_CALL = Duration.ofSeconds(1);

    private final RuleBook rules;
    private final BookingCatalogue catalogue;
    private final Availability availability;
    private final DeskProperties properties;

    Places(RuleBook rules, BookingCatalogue catalogue, Availability availability, DeskProperties properties) {
        this.rules = rules;
        this.catalogue = catalogue;
        this.availability = availability;
        this.properties = properties;
    }

    /**
     * What may be booked, best first; or why nothing.
     *
     * @param open the hub has chosen: when one place is gone the next may be taken
     */
    record Chosen(Offers offers, boolean open, Outcome refusal) {}

    /** @param aside lines of the prescription that are not booked with the others (R37, R38) */
    Chosen choose(
            Work work,
            BookingRequest request,
            ZonedDateTime now,
            List<Slot> wanted,
            Booking standing,
            Known known,
            List<Line> aside) {
        Set<String> aziende = Stream.concat(
                        request.lines().stream().map(line -> Requests.azienda(line, request)),
                        Stream.of(standing == null ? null : standing.azienda()))
                .filter(Objects::nonNull)
                .map(each -> catalogue
                        .azienda(each, now.toLocalDate())
                        .map(CupAzienda::code)
                        .orElse(each))
                .collect(Collectors.toSet());
        if (request.lines().isEmpty()) {
            return new Chosen(
                    Offers.NONE, false, Outcome.refused(SnodoCode.FIELD_MISSING, "lines", "Manca la prestazione."));
        }
        Outcome unclear = unclear(request, now);
        if (unclear != null) {
            return new Chosen(Offers.NONE, false, unclear);
        }
        if (aziende.size() > 1) {
            return new Chosen(
                    Offers.NONE,
                    false,
                    Outcome.refused(
                            SnodoCode.ONE_AZIENDA,
                            "lines",
                            "I posti sono di aziende diverse: %s.".formatted(String.join(", ", aziende))));
        }
        String azienda = aziende.stream()
                .findFirst()
                .or(() -> rules.boundTo(asCase(request, work, now, wanted, standing, known)))
                .orElse(null);
        if (azienda != null && catalogue.azienda(azienda, now.toLocalDate()).isEmpty()) {
            return new Chosen(
                    Offers.NONE,
                    false,
                    Outcome.refused(
                            SnodoCode.AZIENDA_NOT_CONNECTED,
                            "lines[0].azienda",
                            "L'azienda «%s» non è collegata.".formatted(azienda)));
        }
        for (int i = 0; i < wanted.size(); i++) {
            Slot slot = wanted.get(i);
            if (slot != null && (azienda == null || slot.agenda() == null)) {
                Outcome ruled = ruled(work, request, now, wanted, standing, known);
                if (ruled != null) {
                    return new Chosen(Offers.NONE, false, ruled);
                }
                String path = "lines[" + i + "].slot." + (azienda == null ? "azienda" : "agenda");
                return new Chosen(
                        Offers.NONE,
                        false,
                        Outcome.refused(
                                SnodoCode.FIELD_MISSING,
                                path,
                                "Il posto scelto va indicato con azienda, agenda, data e ora."));
            }
        }
        if (wanted.stream().anyMatch(Objects::isNull)) {
            return look(work, request, now, wanted, standing, known, azienda, aside);
        }
        Candidate asked = new Candidate(
                IntStream.range(0, wanted.size())
                        .mapToObj(i -> asked(request.lines().get(i), wanted.get(i)))
                        .toList(),
                0,
                0);
        return agree(work, request, now, standing, known, List.of(asked), false);
    }

    /** A place that is named in two ways, or by half, or that is over, is not guessed at. */
    private Outcome unclear(BookingRequest request, ZonedDateTime now) {
        List<Fault> faults = new ArrayList<>();
        String wish = request.wish() == null ? null : request.wish().azienda();
        for (int i = 0; i < request.lines().size(); i++) {
            Line line = request.lines().get(i);
            Slot slot = line.slot();
            String at = "lines[" + i + "]";
            String ofSlot = slot == null ? null : slot.azienda();
            if (differ(ofSlot, line.azienda(), now)) {
                faults.add(twice(at + ".slot.azienda", ofSlot, at + ".azienda", line.azienda()));
            } else if (differ(ofSlot, wish, now)) {
                faults.add(twice(at + ".slot.azienda", ofSlot, "wish.azienda", wish));
            } else if (differ(line.azienda(), wish, now)) {
                faults.add(twice(at + ".azienda", line.azienda(), "wish.azienda", wish));
            }
            if (slot != null && slot.start() == null && slot.agenda() != null) {
                faults.add(Fault.at(
                        SnodoCode.FIELD_MISSING,
                        at + ".slot.start",
                        "Il posto scelto va indicato con azienda, agenda, data e ora: dell'agenda «%s» mancano data e ora."
                                .formatted(slot.agenda())));
            }
            if (slot != null && slot.start() != null && slot.start().toInstant().isBefore(now.toInstant())) {
                faults.add(Fault.at(
                        SnodoCode.SLOT_PAST,
                        at + ".slot.start",
                        "Il posto chiesto era il %s: è già passato."
                                .formatted(WRITTEN.format(slot.start().atZoneSameInstant(Register.ROME)))));
            }
        }
        return faults.isEmpty() ? null : Outcome.refused(faults);
    }

    private boolean differ(String one, String other, ZonedDateTime now) {
        return one != null && other != null && !code(one, now).equals(code(other, now));
    }

    private String code(String azienda, ZonedDateTime now) {
        return catalogue
                .azienda(azienda, now.toLocalDate())
                .map(CupAzienda::code)
                .orElse(azienda);
    }

    private static Fault twice(String path, String one, String otherPath, String other) {
        return Fault.at(
                SnodoCode.NOT_ALLOWED_TOGETHER,
                path,
                "L'azienda è «%s» in %s e «%s» in %s: indicarne una sola.".formatted(one, path, other, otherPath));
    }

    /** What the rules say against places that are not named in full: who corrects them need not be told twice. */
    private Outcome ruled(
            Work work, BookingRequest request, ZonedDateTime now, List<Slot> wanted, Booking standing, Known known) {
        if (wanted.stream().anyMatch(Objects::isNull)) {
            return null;
        }
        Judgement with = rules.judge(asCase(request, work, now, wanted, standing, known), Step.Phase.WITH_SLOT);
        Outcome stopped = new Outcome(Result.REFUSED, with.rulings(), List.of(), List.of());
        return with.stops() && !Offers.onlyAsks(stopped) ? stopped : null;
    }

    /** Where the person can also have what goes along without a booking (R37, R38) comes first, of places within the term. */
    private List<Candidate> nearTo(List<Line> aside, List<Candidate> candidates, LocalDate day) {
        if (aside.isEmpty()) {
            return candidates;
        }
        return candidates.stream()
                .sorted(Comparator.comparing(Candidate::late)
                        .thenComparing(each -> !doesAll(each.slots().get(0).azienda(), aside, day)))
                .toList();
    }

    private boolean doesAll(String azienda, List<Line> lines, LocalDate day) {
        return lines.stream()
                .map(line -> line.item() != null ? line.item() : line.service())
                .allMatch(code ->
                        code == null || !catalogue.local(azienda, code, day).isEmpty());
    }

    /**
     * Looks for places that the rules let stand. A CUP gives the first so many: when the rules refuse all of them (every one in
     * a private structure, with a form that is good in public ones only), those behind them are looked at.
     */
    private Chosen look(
            Work work,
            BookingRequest request,
            ZonedDateTime now,
            List<Slot> wanted,
            Booking standing,
            Known known,
            String azienda,
            List<Line> aside) {
        Chosen chosen = null;
        Set<Proposal> all = new LinkedHashSet<>();
        boolean together = wanted.stream().filter(Objects::isNull).count() > 1;
        BookingRequest looking = prepared(request, wanted, now.toLocalDate());
        for (int looks = 0; looks < MOST_LOOKS; looks++) {
            Availability.Result found = search(work, looking, azienda, standing, now);
            if (!together) {
                // each of those before was refused for itself: they would only stand in the way of these
                all.clear();
            }
            all.addAll(found.proposals());
            List<Candidate> candidates = nearTo(
                    aside,
                    Choice.candidates(
                            request.lines(),
                            wanted,
                            all,
                            request.wish() == null ? null : request.wish().structure(),
                            asl(request, standing, now),
                            fits(now.toLocalDate())),
                    now.toLocalDate());
            if (chosen == null
                    && (found.proposals().isEmpty()
                            || candidates.isEmpty() && request.lines().size() == 1)) {
                return new Chosen(Offers.NONE, true, nowhere(work, request, now, wanted, standing, known, found));
            }
            if (found.proposals().isEmpty()) {
                return chosen;
            }
            if (candidates.isEmpty()) {
                // each has places, and none goes together with the others': later ones may
                chosen = new Chosen(Offers.NONE, true, noPlace(request, found));
                looking = Requests.from(request, dayBehind(found.proposals()));
                continue;
            }
            Chosen here = agree(work, request, now, standing, known, candidates, true);
            chosen = chosen == null || here.refusal() == null || Offers.onlyAsks(here.refusal()) ? here : chosen;
            if (chosen.refusal() == null
                    || Offers.onlyAsks(chosen.refusal())
                    || isAboutPerson(chosen.refusal())
                    || work.left().compareTo(LAST_CALL.multipliedBy(2)) < 0) {
                return chosen;
            }
            looking = Requests.from(request, dayBehind(found.proposals()));
        }
        return chosen;
    }

    /** What needs days of preparation is not looked for before they are over (R33). */
    private BookingRequest prepared(BookingRequest request, List<Slot> wanted, LocalDate today) {
        List<Optional<CatalogueItem>> items = Requests.items(request, catalogue, today);
        int days = IntStream.range(0, wanted.size())
                .filter(i -> wanted.get(i) == null)
                .map(i -> items.get(i).map(CatalogueItem::preparationDays).orElse(0))
                .min()
                .orElse(0);
        LocalDate first = today.plusDays(days);
        Slot.Wish wish = request.wish();
        boolean later = days > 0
                && (wish == null
                        || (wish.from() == null || wish.from().isBefore(first))
                                && (wish.to() == null || !wish.to().isBefore(first)));
        return later ? Requests.from(request, first) : request;
    }

    /** Nobody has a place: the rules say where the person goes (R60), unless somebody did not answer. */
    private Outcome nowhere(
            Work work,
            BookingRequest request,
            ZonedDateTime now,
            List<Slot> wanted,
            Booking standing,
            Known known,
            Availability.Result found) {
        if (found.silent().isEmpty()) {
            Judgement with = rules.judge(asCase(request, work, now, wanted, standing, known), Step.Phase.WITH_SLOT);
            if (with.stops()) {
                return new Outcome(Result.REFUSED, with.rulings(), List.of(), List.of());
            }
        }
        return noPlace(request, found);
    }

    private Choice.Fits fits(LocalDate day) {
        List<Incompatibility> pairs = catalogue.incompatibilities(day);
        return new Choice.Fits() {
            @Override
            public boolean line(Line line, Proposal place) {
                return Places.this.fits(line, place);
            }

            @Override
            public boolean together(Line one, Proposal place, Line other, Proposal otherPlace) {
                return pairs.stream()
                        .allMatch(pair -> (!isOf(pair.first(), one)
                                        || !isOf(pair.second(), other)
                                        || pair.allows(start(place), start(otherPlace)))
                                && (!isOf(pair.first(), other)
                                        || !isOf(pair.second(), one)
                                        || pair.allows(start(otherPlace), start(place))));
            }
        };
    }

    private static boolean isOf(String code, Line line) {
        return code.equals(line.item()) || code.equals(line.service());
    }

    private static ZonedDateTime start(Proposal place) {
        return place.slot().start().atZoneSameInstant(Register.ROME);
    }

    /** The day after the last one that every azienda has shown places of. */
    private static LocalDate dayBehind(List<Proposal> found) {
        return found.stream()
                .collect(Collectors.toMap(
                        each -> each.slot().azienda(),
                        each -> each.slot().start().toLocalDate(),
                        (one, other) -> one.isAfter(other) ? one : other))
                .values()
                .stream()
                .min(Comparator.naturalOrder())
                .orElseThrow()
                .plusDays(1);
    }

    /** No other place would change it. */
    private static boolean isAboutPerson(Outcome refusal) {
        return refusal.rulings().stream()
                .anyMatch(one -> one.decision().stops()
                        && one.path() != null
                        && one.path().startsWith("patient"));
    }

    /** Whether the CUP's code of a place is one that stands for the item of the line: the right hand's is none for the left. */
    private boolean fits(Line line, Proposal place) {
        if (line.item() == null || place.localCode() == null) {
            return true;
        }
        List<BookingCatalogue.LocalService> own =
                catalogue.local(place.slot().azienda(), line.item(), Settlement.today());
        return own.isEmpty() || own.stream().anyMatch(each -> each.localCode().equals(place.localCode()));
    }

    private Proposal asked(Line line, Slot slot) {
        return availability
                .seen
                .find(slot)
                .filter(each -> Objects.equals(each.service(), line.service()) && fits(line, each))
                .map(each -> new Proposal(
                        each.service(), each.localCode(), slot, each.ticket(), each.withinTerm(), null, each.notes()))
                .orElseGet(() -> new Proposal(line.service(), null, slot, null, null, null, null));
    }

    private Chosen agree(
            Work work,
            BookingRequest request,
            ZonedDateTime now,
            Booking standing,
            Known known,
            List<Candidate> candidates,
            boolean open) {
        Offers offers = new Offers(
                candidates,
                open,
                properties.maxProposals(),
                each -> rules.judge(asCase(request, work, now, each.slots(), standing, known), Step.Phase.WITH_SLOT));
        Outcome refusal = offers.refusal();
        work.step(
                "regole con il posto",
                refusal == null ? "OK" : "REFUSED",
                refusal == null ? "sì, di " + candidates.size() + " posti" : "0 di " + candidates.size() + " posti");
        return new Chosen(offers, open, refusal);
    }

    private Availability.Result search(
            Work work, BookingRequest request, String azienda, Booking standing, ZonedDateTime now) {
        AvailabilityQuery query = new AvailabilityQuery(
                request.requester(),
                patient(request, standing),
                prescription(request, standing),
                request.lines(),
                request.wish(),
                null,
                request.wish() == null ? null : request.wish().structure());
        Availability.Result found = availability.search(
                query,
                availability.aziende(azienda, now.toLocalDate()),
                true,
                now.toLocalDate(),
                work.left().minus(LAST_CALL));
        work.elsewhere += found.waited();
        work.step(
                "ricerca",
                found.proposals().isEmpty() ? "REFUSED" : "OK",
                found.proposals().size() + " posti"
                        + (found.silent().isEmpty()
                                ? ""
                                : ", senza risposta: "
                                        + found.silent().stream()
                                                .map(Silent::azienda)
                                                .collect(Collectors.joining(" "))));
        return found;
    }

    private static Outcome noPlace(BookingRequest request, Availability.Result found) {
        String silent = found.silent().stream()
                .map(each -> each.name() + " (" + each.azienda() + "): " + each.reason())
                .collect(Collectors.joining("; "));
        return Outcome.refused(
                SnodoCode.NO_PLACE,
                "",
                "Nessun posto libero per %s."
                                .formatted(request.lines().stream()
                                        .map(Line::service)
                                        .filter(Objects::nonNull)
                                        .collect(Collectors.joining(", ")))
                        + (silent.isEmpty() ? "" : " Non hanno risposto: " + silent + "."));
    }

    /** @param standing the booking that is moved; null for a new one */
    Outcome gone(Work work, BookingRequest request, List<Slot> wanted, Booking standing, ZonedDateTime now) {
        String azienda = wanted.stream()
                .filter(Objects::nonNull)
                .map(Slot::azienda)
                .findFirst()
                .orElse(standing == null ? null : standing.azienda());
        return Outcome.refused(
                        SnodoCode.SLOT_TAKEN,
                        "",
                        "Un'altra richiesta sta prendendo in questo momento il posto chiesto.")
                .with(nextPlaces(work, request, standing, azienda, now));
    }

    /** @param standing the booking that is moved; null for a new one */
    List<Proposal> nextPlaces(Work work, BookingRequest request, Booking standing, String azienda, ZonedDateTime now) {
        Duration left = work.left().minus(LAST_CALL);
        if (azienda == null || left.isNegative()) {
            return List.of();
        }
        AvailabilityQuery query = new AvailabilityQuery(
                request.requester(),
                patient(request, standing),
                prescription(request, standing),
                request.lines(),
                null,
                null,
                null);
        Availability.Result found = availability.search(
                query, availability.aziende(azienda, now.toLocalDate()), true, now.toLocalDate(), left);
        work.elsewhere += found.waited();
        return found.proposals().stream().limit(properties.maxProposals()).toList();
    }

    /** Who moves a booking says of the person only what shows that he knows him. */
    private static BookingRequest.Patient patient(BookingRequest request, Booking standing) {
        return standing == null || standing.patient() == null ? request.patient() : standing.patient();
    }

    /** What is moved stays on the form it was booked with, which tells where it is good (R6). */
    private static BookingRequest.Prescription prescription(BookingRequest request, Booking standing) {
        return standing == null || standing.prescription() == null ? request.prescription() : standing.prescription();
    }

    private String asl(BookingRequest request, Booking standing, ZonedDateTime now) {
        BookingRequest.Patient patient = patient(request, standing);
        return patient == null || patient.asl() == null
                ? null
                : catalogue
                        .azienda(patient.asl(), now.toLocalDate())
                        .map(CupAzienda::code)
                        .orElse(null);
    }

    List<Slot> wanted(BookingRequest request, Booking standing, ZonedDateTime now) {
        List<Slot> wanted = new ArrayList<>();
        for (Line line : request.lines()) {
            wanted.add(
                    availability.seen.checked(Requests.place(line, request, standing, catalogue, now.toLocalDate())));
        }
        return wanted;
    }

    BookingCase asCase(
            BookingRequest request, Work work, ZonedDateTime now, List<Slot> slots, Booking standing, Known known) {
        return new BookingCase(
                request,
                work.arrival.unreadable(),
                now,
                Requests.items(request, catalogue, now.toLocalDate()),
                slots,
                standing,
                known.earlier(),
                null,
                known.alike());
    }
}
