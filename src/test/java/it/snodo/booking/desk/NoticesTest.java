package it.snodo.booking.desk;

import static it.snodo.booking.desk.DeskKit.HERE;
import static it.snodo.booking.desk.DeskKit.book;
import static it.snodo.booking.desk.DeskKit.line;
import static it.snodo.booking.desk.DeskKit.newId;
import static it.snodo.booking.desk.DeskKit.notice;
import static it.snodo.booking.desk.DeskKit.on;
import static it.snodo.booking.desk.DeskKit.request;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.State;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingNotice;
import it.snodo.booking.BookingNotice.Event;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.Slot;
import it.snodo.booking.desk.FakeCups.Fate;
import it.snodo.fault.SnodoCode;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a CUP tells of its own accord. */
class NoticesTest {

    private DeskKit kit;
    private String code;

    @BeforeEach
    void start() {
        kit = DeskKit.fresh();
        code = kit.booked(1, FakeCups.slot(HERE, 0));
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private Booking now() {
        return kit.desk().find(code).orElseThrow();
    }

    @Test
    void a_cancelled_agenda_revokes_the_booking_and_does_so_once() {
        BookingAnswer answer = kit.ask(notice(Event.CANCELLED, code, null, null));
        assertThat(answer.result()).isEqualTo(Result.NOTED);
        assertThat(now().state()).isEqualTo(State.REVOKED);
        long revision = now().revision();

        assertThat(kit.ask(notice(Event.CANCELLED, null, "F1", null)).result()).isEqualTo(Result.NOTED);
        assertThat(now().revision()).isEqualTo(revision);
    }

    @Test
    void the_cup_moves_a_booking() {
        kit.ask(notice(Event.MOVED, null, "F1", line("89.7", FakeCups.slot(HERE, 9))));

        assertThat(now().firstSlot().start()).isEqualTo(FakeCups.slot(HERE, 9).start());
        assertThat(now().state()).isEqualTo(State.BOOKED);
    }

    @Test
    void the_cup_moves_every_service_of_a_booking() {
        String both = kit.ask(request(
                        Operation.BOOK,
                        null,
                        3,
                        java.util.List.of(line("89.7", FakeCups.slot(HERE, 2)), line("89.52", FakeCups.slot(HERE, 3))),
                        null))
                .booking()
                .code();
        var visit = line("89.7", FakeCups.slot(HERE, 12));
        var ecg = line("89.52", FakeCups.slot(HERE, 11));

        kit.ask(new BookingNotice(Event.MOVED, HERE, both, null, null, ecg, null, null, java.util.List.of(ecg, visit)));

        assertThat(kit.desk().find(both).orElseThrow().lines())
                .extracting(each -> each.slot().start())
                .containsExactly(
                        FakeCups.slot(HERE, 12).start(), FakeCups.slot(HERE, 11).start());
    }

    @Test
    void who_did_not_come_owes_the_full_price() {
        kit.ask(notice(Event.NO_SHOW, code, null, null));

        assertThat(now().state()).isEqualTo(State.NO_SHOW);
        assertThat(now().notes()).anySatisfy(note -> assertThat(note.text()).contains("SC-067", "prezzo intero"));
    }

    @Test
    void who_could_not_come_owes_nothing() {
        kit.ask(new BookingNotice(Event.NO_SHOW, HERE, code, null, null, null, null, true));

        assertThat(now().notes()).anySatisfy(note -> assertThat(note.text()).contains("niente è dovuto"));
    }

    @Test
    void a_booking_that_nobody_knows_is_refused() {
        BookingAnswer answer = kit.ask(notice(Event.CANCELLED, "SC2026999999", null, null));
        assertThat(answer.faults().get(0).code()).isEqualTo(SnodoCode.BOOKING_UNKNOWN);
    }

    @Test
    void another_azienda_may_not_touch_it() {
        BookingAnswer answer =
                kit.ask(new BookingNotice(Event.CANCELLED, "010302", code, null, null, null, null, null));
        assertThat(answer.result()).isEqualTo(Result.REFUSED);
        assertThat(now().state()).isEqualTo(State.BOOKED);
    }

    @Test
    void a_local_booking_is_known_to_the_rules() {
        BookingNotice local = new BookingNotice(
                Event.BOOKED,
                HERE,
                null,
                "LOC7",
                DeskKit.patient(4),
                line("301-89.7", FakeCups.slot(HERE, 3)),
                null,
                null);
        BookingAnswer answer = kit.ask(local);

        assertThat(answer.result()).isEqualTo(Result.NOTED);
        assertThat(answer.booking().origin()).isEqualTo("LOCAL");
        assertThat(answer.booking().lines().get(0).service()).isEqualTo("89.7");
        assertThat(kit.register().known(DeskKit.patient(4), null).earlier()).hasSize(1);
        assertThat(kit.ask(local).booking().code()).isEqualTo(answer.booking().code());
    }

    @Test
    void a_revoke_of_ours_that_waits_needs_not_go_when_the_cup_has_cancelled() {
        kit.cups.dead = java.util.Set.of(HERE);
        String id = newId();
        kit.send(id, on(Operation.REVOKE, code));
        kit.ask(notice(Event.CANCELLED, code, null, null));
        kit.cups.dead = java.util.Set.of();
        kit.recovery().sendAll();

        assertThat(kit.cups.done()).containsExactly("BOOK " + code);
        assertThat(((BookingAnswer) kit.send(id, on(Operation.REVOKE, code)).reply()).result())
                .isEqualTo(Result.REVOKED);
        assertThat(now().pending()).isNull();
    }

    @Test
    void a_booking_cancelled_before_its_answer_came_is_not_booked_by_a_late_yes() {
        kit.cups.fate = operation -> Fate.ANSWER_LOST;
        String late = kit.ask(book(2, FakeCups.slot(HERE, 1))).booking().code();
        kit.ask(notice(Event.CANCELLED, late, null, null));
        kit.cups.fate = operation -> Fate.NORMAL;
        kit.recovery().sendAll();

        assertThat(kit.desk().find(late).orElseThrow().state()).isEqualTo(State.REVOKED);
    }

    @Test
    void who_is_no_known_azienda_must_know_the_cups_own_code() {
        BookingAnswer guessed =
                kit.ask(new BookingNotice(Event.CANCELLED, "999999", code, null, null, null, null, null));
        assertThat(guessed.result()).isEqualTo(Result.REFUSED);
        assertThat(now().state()).isEqualTo(State.BOOKED);

        BookingAnswer known = kit.ask(new BookingNotice(Event.CANCELLED, null, code, "F1", null, null, null, null));
        assertThat(known.result()).isEqualTo(Result.NOTED);
        assertThat(now().state()).isEqualTo(State.REVOKED);
    }

    @Test
    void a_notice_for_another_patient_touches_nothing() {
        BookingAnswer answer =
                kit.ask(new BookingNotice(Event.CANCELLED, HERE, code, "F1", otherPatient(), null, null, null));
        assertThat(answer.result()).isEqualTo(Result.REFUSED);
        assertThat(now().state()).isEqualTo(State.BOOKED);
    }

    private static Patient otherPatient() {
        return new Patient(
                "VRDLGI70A01L219K",
                null,
                null,
                null,
                "Verdi",
                "Luigi",
                java.time.LocalDate.of(1970, 1, 1),
                "M",
                null,
                null,
                null,
                java.util.List.of("non fornito"),
                null,
                null);
    }

    @Test
    void what_the_cup_tells_before_its_answer_came_is_not_undone_by_the_late_answer() {
        String id = newId();
        kit.cups.fate = operation -> Fate.ANSWER_LOST;
        String late = ((BookingAnswer)
                        kit.send(id, book(2, FakeCups.slot(HERE, 1))).reply())
                .booking()
                .code();
        kit.ask(notice(Event.MOVED, late, "F2", line("89.7", FakeCups.slot(HERE, 9))));
        kit.cups.fate = operation -> Fate.NORMAL;
        kit.recovery().sendAll();

        Booking told = kit.desk().find(late).orElseThrow();
        assertThat(told.state()).isEqualTo(State.BOOKED);
        assertThat(told.pending()).isNull();
        assertThat(told.fillerCode()).isEqualTo("F2");
        assertThat(told.firstSlot().start()).isEqualTo(FakeCups.slot(HERE, 9).start());
        assertThat(((BookingAnswer)
                                kit.send(id, book(2, FakeCups.slot(HERE, 1))).reply())
                        .result())
                .isEqualTo(Result.BOOKED);
    }

    @Test
    void who_did_not_come_is_not_refused_by_a_late_answer() {
        kit.cups.fate = operation -> Fate.LOST;
        String late = kit.ask(book(2, FakeCups.slot(HERE, 1))).booking().code();
        kit.ask(notice(Event.NO_SHOW, late, null, null));
        kit.cups.fate = operation -> Fate.REFUSED;
        kit.recovery().sendAll();

        assertThat(kit.desk().find(late).orElseThrow().state()).isEqualTo(State.NO_SHOW);
    }

    @Test
    void a_cancelled_booking_is_not_refused_by_a_late_answer() {
        kit.cups.fate = operation -> Fate.LOST;
        String late = kit.ask(book(2, FakeCups.slot(HERE, 1))).booking().code();
        kit.ask(notice(Event.CANCELLED, late, null, null));
        kit.cups.fate = operation -> Fate.REFUSED;
        kit.recovery().sendAll();

        assertThat(kit.desk().find(late).orElseThrow().state()).isEqualTo(State.REVOKED);
        assertThat(kit.register().open(late)).isEmpty();
    }

    @Test
    void a_cup_that_announces_our_booking_has_it() {
        kit.cups.fate = operation -> Fate.LOST;
        String late = kit.ask(book(2, FakeCups.slot(HERE, 1))).booking().code();
        kit.ask(notice(Event.BOOKED, late, "F77", null));

        Booking told = kit.desk().find(late).orElseThrow();
        assertThat(told.state()).isEqualTo(State.BOOKED);
        assertThat(told.fillerCode()).isEqualTo("F77");
        assertThat(kit.register().open(late)).isEmpty();
    }

    @Test
    void a_change_that_is_confirmed_late_leaves_the_place_that_the_cup_gave() {
        kit.cups.fate = operation -> Fate.ANSWER_LOST;
        kit.ask(request(Operation.CHANGE, code, 1, java.util.List.of(), null));
        kit.ask(notice(Event.MOVED, code, null, line("89.7", FakeCups.slot(HERE, 9))));
        kit.cups.fate = operation -> Fate.NORMAL;
        kit.recovery().sendAll();

        assertThat(now().pending()).isNull();
        assertThat(now().firstSlot().start()).isEqualTo(FakeCups.slot(HERE, 9).start());
    }

    @Test
    void a_booking_that_is_being_revoked_is_tried_at_no_other_place() {
        AtomicReference<String> mine = new AtomicReference<>();
        kit.cups.fate = operation -> {
            if (operation == Operation.BOOK && mine.get() == null) {
                mine.set(kit.store
                        .jdbc
                        .sql("select code from booking where state = 'UNKNOWN'")
                        .query(String.class)
                        .single());
                kit.cups.takeAway(kit.desk().find(mine.get()).orElseThrow().firstSlot());
                assertThat(kit.ask(on(Operation.REVOKE, mine.get())).result()).isEqualTo(Result.UNKNOWN);
            }
            return Fate.NORMAL;
        };
        assertThat(kit.ask(book(3)).result()).isEqualTo(Result.REFUSED);

        assertThat(kit.register().open(mine.get())).isEmpty();
        assertThat(kit.desk().find(mine.get()).orElseThrow().state()).isEqualTo(State.REFUSED);
        assertThat(kit.cups.done()).containsExactly("BOOK " + code);
    }

    @Test
    void a_change_with_a_new_time_is_a_move() {
        kit.ask(notice(Event.CHANGED, null, "F1", line("89.7", FakeCups.slot(HERE, 9))));
        assertThat(now().firstSlot().start()).isEqualTo(FakeCups.slot(HERE, 9).start());
        long revision = now().revision();

        kit.ask(notice(Event.CHANGED, null, "F1", line("89.7", FakeCups.slot(HERE, 9))));
        assertThat(now().revision()).as("nothing new").isEqualTo(revision);
    }

    @Test
    void a_late_word_of_the_booking_does_not_undo_a_move() {
        kit.ask(notice(Event.MOVED, null, "F1", line("89.7", FakeCups.slot(HERE, 9))));
        kit.ask(notice(Event.BOOKED, null, "F1", line("89.7", FakeCups.slot(HERE, 0))));
        assertThat(now().firstSlot().start()).isEqualTo(FakeCups.slot(HERE, 9).start());
    }

    @Test
    void a_cup_that_announces_our_booking_at_another_time_has_it_there() {
        kit.cups.fate = operation -> Fate.LOST;
        String late = kit.ask(book(2, FakeCups.slot(HERE, 1))).booking().code();
        kit.ask(notice(Event.BOOKED, late, "F77", line("89.7", FakeCups.slot(HERE, 9))));

        Booking told = kit.desk().find(late).orElseThrow();
        assertThat(told.state()).isEqualTo(State.BOOKED);
        assertThat(told.firstSlot().start()).isEqualTo(FakeCups.slot(HERE, 9).start());
    }

    @Test
    void nobody_guesses_which_of_several_services_is_moved() {
        String both = kit.ask(request(
                        Operation.BOOK,
                        null,
                        3,
                        List.of(line("89.7", FakeCups.slot(HERE, 2)), line("89.52", FakeCups.slot(HERE, 3))),
                        null))
                .booking()
                .code();
        for (Event event : new Event[] {Event.MOVED, Event.CHANGED}) {
            BookingAnswer answer = kit.ask(notice(event, both, null, line("X-RAY", FakeCups.slot(HERE, 9))));
            assertThat(answer.result()).isEqualTo(Result.REFUSED);
            assertThat(answer.faults().get(0).code()).isEqualTo(SnodoCode.CODE_UNKNOWN);
        }
        assertThat(kit.desk().find(both).orElseThrow().lines())
                .extracting(each -> each.slot().start())
                .containsExactly(
                        FakeCups.slot(HERE, 2).start(), FakeCups.slot(HERE, 3).start());
    }

    @Test
    void what_is_no_appointment_yet_makes_no_booking() {
        BookingNotice waiting = local(Event.TENTATIVE, "W1", 4, FakeCups.slot(HERE, 3));
        BookingAnswer answer = kit.ask(waiting);
        assertThat(answer.result()).isEqualTo(Result.NOTED);
        assertThat(answer.booking()).isNull();
        assertThat(locals()).isZero();
        assertThat(kit.ask(notice(Event.TENTATIVE, code, "F1", null)).result()).isEqualTo(Result.NOTED);
        assertThat(now().state()).isEqualTo(State.BOOKED);
    }

    @Test
    void two_who_tell_of_one_local_booking_at_once_make_one() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<BookingAnswer>> told = new ArrayList<>();
            CountDownLatch go = new CountDownLatch(1);
            for (int i = 0; i < 8; i++) {
                told.add(threads.submit(() -> {
                    go.await();
                    return kit.ask(local(Event.BOOKED, "LOC9", 4, FakeCups.slot(HERE, 3)));
                }));
            }
            go.countDown();
            Set<String> codes = new HashSet<>();
            for (Future<BookingAnswer> each : told) {
                BookingAnswer answer = each.get(300, TimeUnit.SECONDS);
                assertThat(answer.result()).isEqualTo(Result.NOTED);
                codes.add(answer.booking().code());
            }
            assertThat(codes).hasSize(1);
            assertThat(locals()).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_cup_that_tells_of_our_booking_by_its_own_code_before_its_answer_makes_no_second_one() {
        kit.cups.fate = operation -> Fate.ANSWER_LOST;
        String late = kit.ask(book(2, FakeCups.slot(HERE, 1))).booking().code();
        BookingAnswer answer = kit.ask(local(Event.BOOKED, "F1000", 2, FakeCups.slot(HERE, 1)));

        assertThat(answer.booking().code()).isEqualTo(late);
        assertThat(answer.booking().fillerCode()).isEqualTo("F1000");
        assertThat(answer.booking().state()).isEqualTo(State.BOOKED);
        assertThat(locals()).isZero();
        kit.ask(local(Event.BOOKED, "F2000", 2, FakeCups.slot(HERE, 5)));
        assertThat(locals()).as("another time is another booking").isEqualTo(1);
    }

    private int locals() {
        return kit.store
                .jdbc
                .sql("select count(*) from booking where origin = 'LOCAL'")
                .query(Integer.class)
                .single();
    }

    private static BookingNotice local(Event event, String filler, int person, Slot slot) {
        return new BookingNotice(event, HERE, null, filler, DeskKit.patient(person), line("89.7", slot), null, null);
    }

    @Test
    void the_time_of_the_whole_appointment_moves_all_its_services_by_as_much() {
        String both = kit.ask(request(
                        Operation.BOOK,
                        null,
                        3,
                        List.of(line("89.7", FakeCups.slot(HERE, 2)), line("89.52", FakeCups.slot(HERE, 4))),
                        null))
                .booking()
                .code();
        kit.ask(notice(Event.MOVED, both, null, line(null, FakeCups.slot(HERE, 12))));
        assertThat(starts(both))
                .containsExactly(
                        FakeCups.slot(HERE, 12).start(), FakeCups.slot(HERE, 14).start());

        var named = List.of(line("89.52", null), line("89.7", null));
        kit.ask(new BookingNotice(
                Event.CHANGED, HERE, both, null, null, line("89.52", FakeCups.slot(HERE, 20)), null, null, named));
        assertThat(starts(both))
                .containsExactly(
                        FakeCups.slot(HERE, 20).start(), FakeCups.slot(HERE, 22).start());

        long revision = kit.desk().find(both).orElseThrow().revision();
        kit.ask(notice(Event.MOVED, both, null, line(null, FakeCups.slot(HERE, 20))));
        assertThat(kit.desk().find(both).orElseThrow().revision())
                .as("nothing new")
                .isEqualTo(revision);
    }

    private List<OffsetDateTime> starts(String booking) {
        return kit.desk().find(booking).orElseThrow().lines().stream()
                .map(each -> each.slot().start())
                .toList();
    }
}
