package it.snodo.booking.desk;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAsk;
import it.snodo.booking.BookingNotice;
import it.snodo.booking.BookingReply;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.Ruling;
import it.snodo.booking.Slot;
import it.snodo.booking.Update;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.cup.CupPort;
import it.snodo.booking.rules.BookingCase;
import it.snodo.booking.rules.InEffect;
import it.snodo.booking.rules.RuleBook;
import it.snodo.booking.rules.Step;
import it.snodo.certificate.CertificateRegister;
import it.snodo.config.ConfigurationRevision;
import it.snodo.intake.BookingArrival;
import it.snodo.messages.BookingJournal;
import it.snodo.messages.Journal;
import it.snodo.publication.PublicationStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** The desk with its real beans on a real database, CUPs that keep their own truth, and rules that a test may say. */
final class DeskKit implements AutoCloseable {

    static final String HERE = "010301";

    private static final AtomicInteger MESSAGES = new AtomicInteger();

    final PublicationStore store;
    final FakeCups cups;
    final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    volatile BiFunction<BookingCase, Step.Phase, List<Ruling>> rules = (given, phase) -> List.of();

    /** What the rules have against giving up a booking for another one. */
    volatile List<Ruling> againstRevoking = List.of();

    private DeskKit(PublicationStore store, FakeCups cups, DeskProperties properties) {
        this.store = store;
        this.cups = cups;
        RuleBook book = mock(RuleBook.class, withSettings().stubOnly());
        when(book.judge(any(), any()))
                .thenAnswer(call -> new RuleBook.Judgement(
                        rules.apply(call.getArgument(0), call.getArgument(1, Step.Phase.class))));
        when(book.replaced(any())).thenCallRealMethod();
        when(book.againstRevoking(any(), any(), any())).thenAnswer(call -> againstRevoking);
        context.registerBean(JdbcClient.class, () -> store.jdbc);
        context.registerBean(PlatformTransactionManager.class, () -> store.transactions);
        context.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
        context.registerBean(ObjectMapper.class, () -> new ObjectMapper());
        context.registerBean(ConfigurationRevision.class, () -> () -> "r1");
        context.registerBean(CertificateRegister.class, () -> mock(CertificateRegister.class));
        context.registerBean(BookingCatalogue.class, FakeCatalogue::new);
        context.registerBean(CupPort.class, () -> cups);
        context.registerBean(RuleBook.class, () -> book);
        InEffect inEffect = mock(InEffect.class, withSettings().stubOnly());
        when(inEffect.of(any())).thenAnswer(call -> asItWillBe(call.getArgument(0, BookingCase.class)));
        context.registerBean(InEffect.class, () -> inEffect);
        context.registerBean(DeskProperties.class, () -> properties);
        context.register(
                Journal.class,
                BookingJournal.class,
                Register.class,
                Transactions.class,
                BookingCommits.class,
                DeskMeters.class,
                HubTime.class,
                DeskHealth.class,
                Settlement.class,
                Conversation.class,
                Availability.class,
                Searches.class,
                Places.class,
                NewBookings.class,
                Alterations.class,
                Notices.class,
                Recovery.class,
                Desk.class);
        context.refresh();
    }

    private static BookingRequest asItWillBe(BookingCase given) {
        BookingRequest asked = given.request();
        return asked.operation() != Operation.CHANGE
                ? asked
                : new BookingRequest(
                        asked.operation(),
                        asked.requester(),
                        asked.bookingCode(),
                        Update.over(given.standing().patient(), asked.patient(), Patient.class),
                        Update.over(given.standing().prescription(), asked.prescription(), Prescription.class),
                        asked.lines(),
                        asked.wish(),
                        asked.identification(),
                        asked.confirmations(),
                        asked.replaceExisting(),
                        asked.movesFrom(),
                        asked.reason());
    }

    static DeskProperties properties() {
        return new DeskProperties(
                Duration.ofSeconds(60),
                5,
                Duration.ofHours(24),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofMinutes(15),
                Duration.ZERO,
                Duration.ofMinutes(15),
                4,
                new DeskProperties.Search(Duration.ofSeconds(20), Duration.ofSeconds(30), 64, 20));
    }

    static DeskKit fresh() {
        return new DeskKit(PublicationStore.fresh(), new FakeCups(), properties());
    }

    static DeskKit fresh(DeskProperties properties) {
        return new DeskKit(PublicationStore.fresh(), new FakeCups(), properties);
    }

    /** Another process on the same database, with the same world outside. */
    DeskKit restarted() {
        DeskKit next = new DeskKit(store, cups, context.getBean(DeskProperties.class));
        next.rules = rules;
        next.context.getBean(Recovery.class).sendAll();
        return next;
    }

    BookingDesk desk() {
        return context.getBean(BookingDesk.class);
    }

    Recovery recovery() {
        return context.getBean(Recovery.class);
    }

    Register register() {
        return context.getBean(Register.class);
    }

    // --- what is asked ---------------------------------------------------------------------------------------

    static String newId() {
        return "M" + MESSAGES.incrementAndGet();
    }

    BookingAnswer ask(BookingAsk ask) {
        return (BookingAnswer) desk().handle(arrival(newId(), ask)).reply();
    }

    BookingDesk.Answered send(String id, BookingAsk ask) {
        return desk().handle(arrival(id, ask));
    }

    static BookingArrival arrival(String id, BookingAsk ask) {
        return arrival(id, ask, null);
    }

    static BookingArrival arrival(String id, BookingAsk ask, Long ifMatch) {
        return new BookingArrival(
                "REST",
                "test",
                "CUPWEB|010301",
                id,
                ask instanceof AvailabilityQuery ? "POST /availability" : "POST /bookings",
                Register.json(ask).getBytes(StandardCharsets.UTF_8),
                ask,
                List.of(),
                List.of(),
                Map.of(),
                ifMatch,
                DeskKit::written);
    }

    private static byte[] written(BookingArrival arrival, BookingReply reply) {
        if (reply instanceof BookingAnswer answer) {
            String text = answer.result()
                    + (answer.booking() == null ? "" : " " + answer.booking().code())
                    + answer.faults().stream()
                            .map(each -> " " + each.code().code())
                            .reduce("", String::concat);
            return text.getBytes(StandardCharsets.UTF_8);
        }
        return "SEARCH".getBytes(StandardCharsets.UTF_8);
    }

    static Patient patient(int n) {
        return new Patient(
                "RSSMRA80A01L%03dM".formatted(n),
                null,
                null,
                null,
                "Rossi",
                "Maria",
                LocalDate.of(1980, 1, 1),
                "F",
                null,
                null,
                null,
                List.of("non fornito"),
                null,
                null);
    }

    static Prescription prescription(String number) {
        return new Prescription(
                List.of(number),
                null,
                null,
                LocalDate.now(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                "D",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    static Line line(String service, Slot slot) {
        return new Line(service, null, null, 1, null, null, null, slot == null ? null : slot.azienda(), slot, null);
    }

    static BookingRequest book(int person, Slot... slots) {
        List<Line> lines = slots.length == 0
                ? List.of(line("89.7", null))
                : java.util.Arrays.stream(slots).map(each -> line("89.7", each)).toList();
        return request(Operation.BOOK, null, person, lines, null);
    }

    static BookingRequest request(Operation operation, String code, int person, List<Line> lines, Slot.Wish wish) {
        return new BookingRequest(
                operation,
                null,
                code,
                person < 0 ? null : patient(person),
                person < 0 ? null : prescription("010A0" + (4000000000L + person)),
                lines,
                wish,
                null,
                List.of(),
                null,
                null,
                null);
    }

    static BookingRequest on(Operation operation, String code) {
        return request(operation, code, -1, List.of(), null);
    }

    static BookingRequest moveTo(String code, Slot slot) {
        return request(Operation.MOVE, code, -1, List.of(line("89.7", slot)), null);
    }

    static BookingNotice notice(BookingNotice.Event event, String code, String filler, Line line) {
        return new BookingNotice(event, HERE, code, filler, null, line, null, null);
    }

    /** A person has asked the CUP what became of a command. */
    void settle(long id, Set<String> standing) {
        Settlement settlement = context.getBean(Settlement.class);
        Command command = register().command(id).orElseThrow();
        CupPort.Reply reply = new CupPort.Reply(
                standing.contains(command.booking()) ? CupPort.Reply.Outcome.DONE : CupPort.Reply.Outcome.REFUSED,
                null,
                Map.of(),
                null,
                List.of(),
                null,
                "chiuso da una persona",
                null);
        context.getBean(Transactions.class).in(() -> {
            settlement
                    .settle(command, reply, false, false)
                    .ifPresent(settled -> settlement.tell(command, settled.outcome(), "chiuso"));
            return null;
        });
    }

    /** A booking that stands. */
    String booked(int person, Slot slot) {
        BookingAnswer answer = ask(book(person, slot));
        org.assertj.core.api.Assertions.assertThat(answer.result()).isEqualTo(BookingAnswer.Result.BOOKED);
        return answer.booking().code();
    }

    @Override
    public void close() {
        context.close();
    }
}
