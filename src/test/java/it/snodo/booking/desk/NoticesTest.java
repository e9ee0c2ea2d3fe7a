package it.snodo.booking.desk;

import static it.snodo.booking.desk.DeskKit.HERE;
import static it.snodo.booking.desk.DeskKit.book;
import static it.snodo.booking.desk.DeskKit.line;
import static it.snodo.booking.desk.DeskKit.newId;
import static it.snodo.booking.desk.DeskKit.notice;
import static it.snodo.booking.desk.DeskKit.on;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.State;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingNotice;
import it.snodo.booking.BookingNotice.Event;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.desk.FakeCups.Fate;
import it.snodo.fault.SnodoCode;
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
        assertThat(kit.register().earlier("RSSMRA80A01L004M", java.time.Instant.now()))
                .hasSize(1);
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
}
