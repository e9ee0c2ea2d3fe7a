package it.snodo.booking.desk;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.Booking.State;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Note;
import it.snodo.booking.Proposal;
import it.snodo.booking.Ruling;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.desk.BookingDesk.Answered;
import it.snodo.booking.desk.Choice.Candidate;
import it.snodo.booking.desk.Conversation.Spoken;
import it.snodo.booking.desk.Offers.Agreed;
import it.snodo.booking.desk.Places.Chosen;
import it.snodo.booking.desk.Register.Known;
import it.snodo.booking.rules.BookingCase;
import it.snodo.booking.rules.InEffect;
import it.snodo.booking.rules.RuleBook;
import it.snodo.booking.rules.RuleBook.Judgement;
import it.snodo.booking.rules.Step;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.messages.BookingJournal;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** New bookings, and moves: whatever needs a place. */
@Component("newBookings")
class NewBookings {

    /** How often a request is judged anew because the person's bookings have changed under it. */
    private static final int ROUNDS = 20;

    private static final Duration LAST_CALL = Duration.ofSeconds(1);

    private final Register register;
    private final RuleBook rules;
    private final InEffect inEffect;
    private final BookingCatalogue catalogue;
    private final BookingJournal journal;
    private final Places places;
    private final Conversation conversation;
    private final Transactions transactions;
    private final BookingCommits commits;
    private final DeskProperties properties;

    NewBookings(
            Register register,
            RuleBook rules,
            InEffect inEffect,
            BookingCatalogue catalogue,
            BookingJournal journal,
            Places places,
            Conversation conversation,
            Transactions transactions,
            BookingCommits commits,
            DeskProperties properties) {
        this.register = register;
        this.rules = rules;
        this.inEffect = inEffect;
        this.catalogue = catalogue;
        this.journal = journal;
        this.places = places;
        this.conversation = conversation;
        this.transactions = transactions;
        this.commits = commits;
        this.properties = properties;
    }

    /** A command that lies in the register, and the places that are left to try after it. */
    private record Recorded(Command command, int next) {}

    /** @return empty when the answer is to be asked for as a repetition does */
    Optional<Answered> book(Work work, BookingRequest asked) {
        for (int round = 1; ; round++) {
            Known found = round == 1 && work.known != null
                    ? work.known
                    : register.known(asked.patient(), asked.prescription());
            Known known = found.but(asked.movesFrom());
            ZonedDateTime now = known.at().atZone(Register.ROME);
            BookingCase whole = places.asCase(asked, work, now, places.wanted(asked, null, now), null, known);
            Judgement before = rules.judge(whole, Step.Phase.BEFORE_SLOT);
            Outcome refusal = refusal(work, before);
            if (refusal == null) {
                refusal = notToBeMoved(whole);
            }
            String same = rules.replaced(whole).orElse(null);
            if (refusal == null) {
                refusal = notToBeReplaced(whole, same);
            }
            if (refusal != null) {
                return Optional.of(conversation.end(work, refusal, null));
            }
            // What the rules set by themselves is what is booked (R58: class P). Direct access, and what another CUP
            // books, goes on without us: the notices say so (R37, R38)
            BookingRequest request = Requests.without(inEffect.of(whole), rules.setAside(whole));
            List<Slot> wanted = places.wanted(request, null, now);
            Chosen chosen = places.choose(work, request, now, wanted, null, known, aside(asked, whole));
            if (chosen.refusal() != null) {
                return Optional.of(conversation.end(work, chosen.refusal(), null));
            }
            List<Ruling> notices = before.notices();
            // the booking that goes when this one stands: the one it is moved from, or the one of the same service
            String replaced = asked.movesFrom() != null ? asked.movesFrom() : same;
            Attempt attempt = record(work, request, chosen.offers(), notices, replaced, known);
            if (attempt.recorded() != null) {
                return talk(work, request, attempt.recorded(), chosen, notices, null);
            }
            if (!attempt.changed()) {
                return Optional.of(conversation.end(work, places.gone(work, request, wanted, null, now), null));
            }
            if (round == ROUNDS) {
                Outcome busy = Outcome.refused(
                        SnodoCode.BOOKING_BUSY,
                        "",
                        "Altre richieste per la stessa persona sono in corso in questo momento: ripetere tra poco.");
                return Optional.of(conversation.end(work, busy, null));
            }
        }
    }

    /** @param standing the booking that is moved; what may be done with it was looked at already */
    Optional<Answered> move(Work work, BookingRequest request, Booking standing, List<Ruling> notices) {
        ZonedDateTime now = ZonedDateTime.now(Register.ROME);
        List<Slot> wanted = places.wanted(request, standing, now);
        Known known = register.known(standing);
        Chosen chosen = places.choose(work, request, now, wanted, standing, known, List.of());
        if (chosen.refusal() != null) {
            return Optional.of(conversation.end(work, chosen.refusal(), standing));
        }
        Object recorded = transactions.orNothing(() -> {
            Booking still = register.lock(standing.code()).orElseThrow();
            if (still.revision() != standing.revision()
                    || !register.open(standing.code()).isEmpty()) {
                return Boolean.FALSE;
            }
            return record(work, request, chosen.offers(), 0, standing, notices, null);
        });
        if (recorded instanceof Recorded first) {
            return talk(work, request, first, chosen, notices, standing);
        }
        Outcome outcome = recorded == null
                ? places.gone(work, request, wanted, standing, now)
                : Outcome.refused(
                        SnodoCode.BOOKING_CHANGED,
                        "bookingCode",
                        "La prenotazione %s è cambiata mentre la si spostava.".formatted(standing.code()));
        return Optional.of(conversation.end(work, outcome, standing));
    }

    // --- talking to the CUP ----------------------------------------------------------------------------------

    private Optional<Answered> talk(
            Work work, BookingRequest request, Recorded first, Chosen chosen, List<Ruling> notices, Booking standing) {
        Recorded current = first;
        for (int sent = 1; ; sent++) {
            Spoken spoken = conversation.send(current.command(), work);
            boolean taken = spoken.reply().outcome() == Reply.Outcome.TAKEN;
            if (taken && chosen.open() && sent < properties.maxProposals() && enough(work)) {
                Recorded next = another(work, request, current, chosen, notices, spoken, standing);
                if (next != null) {
                    current = next;
                    continue;
                }
            }
            List<Proposal> others = taken
                    ? places.nextPlaces(
                            work, request, standing, current.command().azienda(), ZonedDateTime.now(Register.ROME))
                    : List.of();
            return conversation.settle(work, current.command(), spoken, others);
        }
    }

    /** In one commit the old command ends and the next one is there: a booking without a command would stand still for ever. */
    private Recorded another(
            Work work,
            BookingRequest request,
            Recorded gone,
            Chosen chosen,
            List<Ruling> notices,
            Spoken spoken,
            Booking standing) {
        return transactions.orNothing(() -> {
            Booking now = register.lock(gone.command().booking()).orElseThrow();
            if (!register.isOpen(gone.command().id())) {
                return null;
            }
            if (Settlement.isOver(now) || register.open(now.code()).size() > 1) {
                // The CUP or somebody else wants it gone meanwhile: it ends with this refusal.
                return null;
            }
            register.end(
                    gone.command().id(),
                    Command.State.REFUSED,
                    "206",
                    spoken.reply().words());
            register.free(now.code());
            Recorded next =
                    record(work, request, chosen.offers(), gone.next(), now, notices, standing == null ? now : null);
            if (next != null) {
                journal.call(work.messageId, spoken.call());
            }
            return next;
        });
    }

    private boolean enough(Work work) {
        return work.left().compareTo(LAST_CALL) > 0;
    }

    // --- recording -------------------------------------------------------------------------------------------

    /**
     * What came of recording a new booking.
     *
     * @param recorded null when it is not
     * @param changed the rules are to be asked again, since the person's bookings are others
     */
    private record Attempt(Recorded recorded, boolean changed) {}

    /** The first place that nobody else has a hand on. */
    private Attempt record(
            Work work, BookingRequest request, Offers offers, List<Ruling> notices, String replaced, Known known) {
        BookingCommits.Names names = commits.newNames();
        Agreed one;
        for (int i = 0; (one = offers.get(i)) != null; i++) {
            Instant made = BookingCommits.now();
            Booking booking = new Booking(
                    names.code(),
                    1,
                    State.UNKNOWN,
                    one.candidate().slots().get(0).azienda(),
                    null,
                    request.patient(),
                    request.prescription(),
                    lines(request, one.candidate()),
                    BookingCommits.euro(sum(one.candidate())),
                    notes(request, one.candidate()),
                    Operation.BOOK,
                    replaced,
                    "SOVRACUP",
                    made,
                    made);
            Command command =
                    command(work, booking, Operation.BOOK, request, both(notices, one.notices()), names.command());
            List<Slot> slots = one.candidate().slots();
            switch (transactions.alone(() -> commits.record(
                    work,
                    booking,
                    command,
                    slots,
                    known,
                    request.movesFrom(),
                    conversation.owner,
                    conversation.lease()))) {
                case RECORDED -> {
                    return new Attempt(new Recorded(command, i + 1), false);
                }
                case CHANGED -> {
                    return new Attempt(null, true);
                }
                case GONE -> throw new TakenOver(work.messageId);
                case TAKEN -> {
                    // the next one
                }
            }
        }
        return new Attempt(null, false);
    }

    /**
     * The next place for a booking that is there already.
     *
     * @param fresh the booking is a new one and still to be placed; null for a move
     */
    private Recorded record(
            Work work,
            BookingRequest request,
            Offers offers,
            int from,
            Booking booking,
            List<Ruling> notices,
            Booking fresh) {
        Agreed one;
        for (int i = from; (one = offers.get(i)) != null; i++) {
            if (!register.reserve(booking.code(), one.candidate().slots())) {
                continue;
            }
            Operation operation = fresh == null ? Operation.MOVE : Operation.BOOK;
            if (fresh == null && from == 0 && !journal.attach(work.messageId, work.owner, booking.code())) {
                throw new TakenOver(work.messageId);
            }
            Booking target = placed(booking, request, one.candidate());
            Booking written = fresh == null
                    ? register.update(Settlement.withPending(booking, Operation.MOVE))
                    : register.update(target);
            Booking shall = fresh == null ? withRevision(target, written.revision()) : written;
            Command command =
                    command(work, shall, operation, request, both(notices, one.notices()), register.newCommandId());
            register.insert(command, conversation.owner, conversation.lease());
            return new Recorded(command, i + 1);
        }
        return null;
    }

    private Command command(
            Work work,
            Booking booking,
            Operation operation,
            BookingRequest request,
            List<Ruling> notices,
            Register.CommandId id) {
        Booking target = booking.askedBy(request.requester());
        CupAzienda azienda =
                catalogue.azienda(target.azienda(), Settlement.today()).orElseThrow();
        return new Command(
                id.number(),
                target.code(),
                work.messageId,
                operation,
                target.azienda(),
                id.controlId(),
                conversation.bytes(azienda, target, operation, id.controlId(), request.reason()),
                Command.State.SENT,
                target,
                notices,
                request.reason(),
                null,
                1,
                Instant.now(),
                false);
    }

    private Booking placed(Booking booking, BookingRequest request, Candidate candidate) {
        return booking.but()
                .azienda(candidate.slots().get(0).azienda())
                .lines(lines(request, candidate))
                .ticket(sum(candidate) == null ? booking.ticket() : sum(candidate))
                .notes(notes(request, candidate))
                .made();
    }

    private static Booking withRevision(Booking of, long revision) {
        return of.but().revision(revision).pending(Operation.MOVE).made();
    }

    private List<BookedLine> lines(BookingRequest request, Candidate candidate) {
        List<String> codes = new ArrayList<>();
        List<BigDecimal> tickets = new ArrayList<>();
        for (int i = 0; i < request.lines().size(); i++) {
            Proposal proposal = candidate.proposals().get(i);
            codes.add(
                    proposal.localCode() != null
                            ? proposal.localCode()
                            : localCode(request.lines().get(i), proposal.slot().azienda()));
            tickets.add(proposal.ticket());
        }
        return Requests.booked(request, candidate.slots(), codes, tickets);
    }

    private String localCode(Line line, String azienda) {
        return Stream.of(line.item(), line.service())
                .filter(Objects::nonNull)
                .flatMap(code -> catalogue.local(azienda, code, Settlement.today()).stream())
                .map(each -> each.localCode())
                .findFirst()
                .orElse(null);
    }

    private static BigDecimal sum(Candidate candidate) {
        return candidate.proposals().stream()
                .map(Proposal::ticket)
                .filter(Objects::nonNull)
                .reduce(BigDecimal::add)
                .orElse(null);
    }

    private List<Note> notes(BookingRequest request, Candidate candidate) {
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < request.lines().size(); i++) {
            Line line = request.lines().get(i);
            Proposal proposal = candidate.proposals().get(i);
            String code = line.item() != null ? line.item() : line.service();
            if (code != null) {
                notes.addAll(catalogue.notes(code, proposal.slot().azienda(), Settlement.today()));
            }
            notes.addAll(proposal.notes());
        }
        return notes.stream().distinct().toList();
    }

    private List<Line> aside(BookingRequest asked, BookingCase whole) {
        return rules.setAside(whole).stream().map(asked.lines()::get).toList();
    }

    // --- judging ---------------------------------------------------------------------------------------------

    private Outcome refusal(Work work, Judgement before) {
        List<Fault> unclaimed = Conversation.unclaimed(
                work.arrival, before.rulings().stream().map(Ruling::path).collect(Collectors.toSet()));
        boolean stops = before.stops() || !unclaimed.isEmpty();
        work.step(
                "regole",
                stops ? "REFUSED" : "OK",
                before.rulings().stream().map(Ruling::code).distinct().collect(Collectors.joining(" ")));
        return stops ? new Outcome(Result.REFUSED, before.rulings(), unclaimed, List.of()) : null;
    }

    /** What is moved to another azienda must be there, open, and this person's. */
    private Outcome notToBeMoved(BookingCase whole) {
        BookingRequest request = whole.request();
        if (request.movesFrom() == null) {
            return null;
        }
        Booking old = register.find(request.movesFrom()).orElse(null);
        if (old == null || !Persons.key(old.patient()).equals(Persons.key(request.patient()))) {
            return Outcome.refused(
                    SnodoCode.BOOKING_UNKNOWN,
                    "movesFrom",
                    "Nessuna prenotazione %s di questa persona.".formatted(request.movesFrom()));
        }
        if (old.state() != State.BOOKED && old.state() != State.UNKNOWN) {
            return Outcome.refused(
                    SnodoCode.BOOKING_ENDED,
                    "movesFrom",
                    "La prenotazione %s non è più aperta.".formatted(request.movesFrom()));
        }
        if (old.pending() == Operation.REVOKE || old.pending() == Operation.DELETE) {
            // a second one in its place would be one too many
            return Outcome.refused(
                    SnodoCode.BOOKING_BUSY,
                    "movesFrom",
                    "La prenotazione %s si sta già revocando.".formatted(request.movesFrom()));
        }
        return notToGo(whole, old, "movesFrom");
    }

    /** @param same the booking of the same service that is to go; null for none */
    private Outcome notToBeReplaced(BookingCase whole, String same) {
        BookingRequest request = whole.request();
        if (same == null) {
            return null;
        }
        if (request.movesFrom() != null) {
            return Outcome.refused(
                    SnodoCode.NOT_ALLOWED_TOGETHER,
                    "replaceExisting",
                    "movesFrom sposta la prenotazione %s, e replaceExisting toglierebbe anche %s: una richiesta può prendere il"
                                    .formatted(request.movesFrom(), same)
                            + " posto di una sola prenotazione. Revocare prima quella che non serve.");
        }
        return register.find(same)
                .map(old -> notToGo(whole, old, "replaceExisting"))
                .orElse(null);
    }

    /** Who takes back a booking in this way may take it back (R63), and loses nothing by it. */
    private Outcome notToGo(BookingCase whole, Booking old, String path) {
        List<Ruling> against = rules.againstRevoking(whole, old, path);
        return against.isEmpty()
                ? lost(whole.request(), old, path)
                : new Outcome(Result.REFUSED, against, List.of(), List.of());
    }

    /** What goes when the new booking stands must all be in the new one: nobody loses a place that he did not speak of. */
    private static Outcome lost(BookingRequest request, Booking old, String path) {
        List<Line> left = new ArrayList<>(request.lines());
        List<String> missing = new ArrayList<>();
        for (BookedLine each : old.lines()) {
            Line found = left.stream()
                    .filter(line -> Stream.of(each.service(), each.item())
                            .filter(Objects::nonNull)
                            .anyMatch(code -> code.equals(line.service()) || code.equals(line.item())))
                    .findFirst()
                    .orElse(null);
            if (found == null) {
                missing.add(each.description() == null ? each.service() : each.description());
            } else {
                left.remove(found);
            }
        }
        return missing.isEmpty()
                ? null
                : Outcome.refused(
                        SnodoCode.NOT_ALLOWED_TOGETHER,
                        path,
                        "La prenotazione %s comprende anche %s, che la nuova non ha e che andrebbe perso: chiedere tutte le sue"
                                        .formatted(old.code(), String.join(", ", missing))
                                + " prestazioni.");
    }

    private static List<Ruling> both(List<Ruling> some, List<Ruling> others) {
        return Stream.concat(some.stream(), others.stream()).distinct().toList();
    }
}
