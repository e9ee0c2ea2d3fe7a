package it.snodo.booking.desk;

import static it.snodo.booking.desk.DeskKit.HERE;
import static it.snodo.booking.desk.DeskKit.book;
import static it.snodo.booking.desk.DeskKit.moveTo;
import static it.snodo.booking.desk.DeskKit.newId;
import static it.snodo.booking.desk.DeskKit.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.State;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingAsk;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.desk.FakeCups.Died;
import it.snodo.booking.desk.FakeCups.Fate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The process ends in the middle; another one goes on with the same database, and the caller asks again. */
class InterruptedBookingsTest {

    private DeskKit kit;
    private DeskKit next;

    @BeforeEach
    void start() {
        kit = DeskKit.fresh();
    }

    @AfterEach
    void stop() {
        kit.close();
        if (next != null) {
            next.close();
        }
    }

    private void dieIn(String id, BookingAsk ask, Fate fate) {
        kit.cups.fate = operation -> fate;
        assertThatThrownBy(() -> kit.send(id, ask)).isInstanceOf(Died.class);
        kit.cups.fate = operation -> Fate.NORMAL;
        next = kit.restarted();
    }

    @ParameterizedTest
    @EnumSource(names = {"HUB_DIES_BEFORE", "HUB_DIES_AFTER"})
    void a_booking_takes_effect_once(Fate fate) {
        String id = newId();
        BookingAsk ask = book(1, FakeCups.slot(HERE, 0));
        dieIn(id, ask, fate);

        BookingDesk.Answered answered = next.send(id, ask);
        assertThat(((BookingAnswer) answered.reply()).result()).isEqualTo(Result.BOOKED);
        assertThat(next.cups.done()).hasSize(1);
        assertThat(next.cups.standing())
                .containsExactly(((BookingAnswer) answered.reply()).booking().code());
        assertThat(next.send(id, ask).answer()).isEqualTo(answered.answer());
    }

    @Test
    void nothing_has_happened_when_the_hub_died_before_anything_was_recorded() {
        String id = newId();
        BookingAsk ask = book(1, FakeCups.slot(HERE, 0));
        kit.rules = (given, phase) -> {
            throw new Died();
        };
        assertThatThrownBy(() -> kit.send(id, ask)).isInstanceOf(Died.class);
        kit.rules = (given, phase) -> List.of();
        next = kit.restarted();
        assertThat(next.cups.done()).isEmpty();

        assertThat(((BookingAnswer) next.send(id, ask).reply()).result()).isEqualTo(Result.BOOKED);
        assertThat(next.cups.done()).hasSize(1);
    }

    @Test
    void what_nobody_repeats_is_closed_and_its_key_is_free_again() {
        String id = newId();
        kit.rules = (given, phase) -> {
            throw new Died();
        };
        assertThatThrownBy(() -> kit.send(id, book(1, FakeCups.slot(HERE, 0)))).isInstanceOf(Died.class);
        kit.rules = (given, phase) -> List.of();
        next = kit.restarted();
        next.recovery().tidy();

        assertThat(next.store
                        .jdbc
                        .sql("select state from message")
                        .query(String.class)
                        .single())
                .isEqualTo("REFUSED");
        assertThat(((BookingAnswer)
                                next.send(id, book(2, FakeCups.slot(HERE, 1))).reply())
                        .result())
                .isEqualTo(Result.BOOKED);
    }

    @ParameterizedTest
    @EnumSource(names = {"HUB_DIES_BEFORE", "HUB_DIES_AFTER"})
    void a_revoke_and_a_move_take_effect_once(Fate fate) {
        String first = kit.booked(1, FakeCups.slot(HERE, 0));
        String second = kit.booked(2, FakeCups.slot(HERE, 1));
        String id = newId();
        kit.cups.fate = operation -> fate;
        assertThatThrownBy(() -> kit.send(id, on(Operation.REVOKE, first))).isInstanceOf(Died.class);
        String other = newId();
        assertThatThrownBy(() -> kit.send(other, moveTo(second, FakeCups.slot(HERE, 7))))
                .isInstanceOf(Died.class);
        kit.cups.fate = operation -> Fate.NORMAL;
        next = kit.restarted();

        assertThat(next.cups.standing()).containsExactly(second);
        assertThat(next.cups.places(second)).containsExactly(FakeCups.place(FakeCups.slot(HERE, 7)));
        assertThat(((BookingAnswer) next.send(id, on(Operation.REVOKE, first)).reply()).result())
                .isEqualTo(Result.REVOKED);
        assertThat(((BookingAnswer) next.send(other, moveTo(second, FakeCups.slot(HERE, 7)))
                                .reply())
                        .result())
                .isEqualTo(Result.MOVED);
        assertThat(next.cups.done()).hasSize(4);
    }

    @Test
    void an_error_of_our_own_after_the_cup_has_spoken_is_mended_by_the_recovery() {
        String id = newId();
        kit.rules = (given, phase) -> {
            if (given.answered() != null) {
                throw new IllegalStateException("a rule is broken");
            }
            return List.of();
        };
        BookingAsk ask = book(1, FakeCups.slot(HERE, 0));
        assertThatThrownBy(() -> kit.send(id, ask)).isInstanceOf(IllegalStateException.class);
        kit.rules = (given, phase) -> List.of();
        next = kit.restarted();

        BookingAnswer answer = (BookingAnswer) next.send(id, ask).reply();
        assertThat(answer.result()).isEqualTo(Result.BOOKED);
        assertThat(next.cups.done()).hasSize(1);
    }

    @Test
    void a_booking_that_the_cup_refuses_late_is_refused_and_its_place_is_free() {
        String id = newId();
        kit.cups.fate = operation -> Fate.LOST;
        Booking unknown =
                ((BookingAnswer) kit.send(id, book(1, FakeCups.slot(HERE, 0))).reply()).booking();
        kit.cups.fate = operation -> Fate.REFUSED;
        kit.recovery().sendAll();
        kit.cups.fate = operation -> Fate.NORMAL;

        assertThat(kit.desk().find(unknown.code()).orElseThrow().state()).isEqualTo(State.REFUSED);
        assertThat(((BookingAnswer)
                                kit.send(id, book(1, FakeCups.slot(HERE, 0))).reply())
                        .result())
                .isEqualTo(Result.REFUSED);
        kit.booked(2, FakeCups.slot(HERE, 0));
    }

    @Test
    void a_revoke_of_a_booking_that_never_came_about_has_nothing_to_do() {
        kit.cups.fate = operation -> Fate.LOST;
        String code = kit.ask(book(1, FakeCups.slot(HERE, 0))).booking().code();
        String id = newId();
        kit.send(id, on(Operation.REVOKE, code));
        kit.cups.fate = operation -> operation == Operation.BOOK ? Fate.REFUSED : Fate.NORMAL;
        kit.recovery().sendAll();

        assertThat(((BookingAnswer) kit.send(id, on(Operation.REVOKE, code)).reply()).result())
                .isEqualTo(Result.REVOKED);
        assertThat(kit.cups.done()).isEmpty();
    }
}
