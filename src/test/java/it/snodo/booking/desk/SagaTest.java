package it.snodo.booking.desk;

import static it.snodo.booking.desk.DeskKit.HERE;
import static it.snodo.booking.desk.DeskKit.book;
import static it.snodo.booking.desk.DeskKit.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.State;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingNotice.Event;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Decision;
import it.snodo.booking.Ruling;
import it.snodo.booking.desk.FakeCups.Died;
import it.snodo.booking.desk.FakeCups.Fate;
import it.snodo.fault.SnodoCode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Health;

/** Book first, revoke after: the only place is never lost, and no second one is kept for good. */
class SagaTest {

    private static final String ELSEWHERE = "010302";

    private DeskKit kit;
    private String old;

    @BeforeEach
    void start() {
        kit = DeskKit.fresh();
        old = kit.booked(1, FakeCups.slot(ELSEWHERE, 0));
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private BookingRequest moves(int person) {
        BookingRequest book = book(person, FakeCups.slot(HERE, 0));
        return new BookingRequest(
                Operation.BOOK,
                null,
                null,
                book.patient(),
                book.prescription(),
                book.lines(),
                null,
                null,
                null,
                null,
                old,
                null);
    }

    private State state(String code) {
        return kit.desk().find(code).orElseThrow().state();
    }

    @Test
    void a_booking_goes_to_another_azienda() {
        BookingAnswer answer = kit.ask(moves(1));
        assertThat(answer.result()).isEqualTo(Result.BOOKED);
        assertThat(answer.booking().replaces()).isEqualTo(old);

        kit.recovery().sendAll();
        assertThat(kit.cups.standing()).containsExactly(answer.booking().code());
        assertThat(state(old)).isEqualTo(State.REVOKED);
        assertThat(kit.cups.done())
                .containsExactly("BOOK " + old, "BOOK " + answer.booking().code(), "REVOKE " + old);
    }

    @Test
    void when_the_new_place_is_refused_the_old_one_stays() {
        kit.cups.fate = operation -> Fate.REFUSED;
        assertThat(kit.ask(moves(1)).result()).isEqualTo(Result.REFUSED);
        kit.cups.fate = operation -> Fate.NORMAL;
        kit.recovery().sendAll();

        assertThat(kit.cups.standing()).containsExactly(old);
        assertThat(state(old)).isEqualTo(State.BOOKED);
    }

    @Test
    void the_revoke_is_tried_until_it_is_done() {
        kit.cups.dead = Set.of(ELSEWHERE);
        BookingAnswer answer = kit.ask(moves(1));
        assertThat(answer.result()).isEqualTo(Result.BOOKED);
        kit.recovery().send();
        assertThat(kit.desk().find(old).orElseThrow().pending()).isEqualTo(Operation.REVOKE);
        assertThat(kit.register().stuck(Duration.ZERO)).contains(old);

        kit.cups.dead = Set.of();
        DeskKit next = kit.restarted();
        assertThat(next.cups.standing()).containsExactly(answer.booking().code());
        next.close();
    }

    @Test
    void a_booking_without_an_answer_revokes_nothing_until_it_stands() {
        kit.cups.fate = operation -> Fate.LOST;
        String fresh = kit.ask(moves(1)).booking().code();
        kit.recovery();
        assertThat(state(old)).isEqualTo(State.BOOKED);
        assertThat(kit.register().open(old)).isEmpty();

        kit.cups.fate = operation -> Fate.NORMAL;
        kit.recovery().sendAll();
        assertThat(kit.cups.standing()).containsExactly(fresh);
    }

    @Test
    void a_hub_that_dies_between_the_two_steps_finishes_after_its_start() {
        String id = newId();
        kit.cups.fate = operation -> Fate.HUB_DIES_AFTER;
        assertThatThrownBy(() -> kit.send(id, moves(1))).isInstanceOf(Died.class);
        kit.cups.fate = operation -> Fate.NORMAL;
        DeskKit next = kit.restarted();
        try {
            BookingAnswer answer = (BookingAnswer) next.send(id, moves(1)).reply();
            assertThat(answer.result()).isEqualTo(Result.BOOKED);
            assertThat(next.cups.standing()).containsExactly(answer.booking().code());
        } finally {
            next.close();
        }
    }

    @Test
    void a_refused_revoke_is_shown_to_a_person() {
        kit.cups.fate = operation -> operation == Operation.REVOKE ? Fate.REFUSED : Fate.NORMAL;
        kit.ask(moves(1));
        kit.recovery().sendAll();

        Health health = kit.context.getBean(DeskHealth.class).health();
        assertThat(health.getDetails()).containsKey("STOPPED " + ELSEWHERE);
        assertThat(health.getDetails().get("stuck")).asString().contains(old);
    }

    @Test
    void nobody_moves_what_belongs_to_somebody_else() {
        BookingAnswer answer = kit.ask(moves(2));
        assertThat(answer.faults().get(0).code()).isEqualTo(SnodoCode.BOOKING_UNKNOWN);
        assertThat(kit.cups.standing()).containsExactly(old);
    }

    @Test
    void the_earlier_booking_of_the_same_service_is_replaced_when_that_is_asked_for() {
        BookingRequest book = book(1, FakeCups.slot(HERE, 0));
        BookingAnswer answer = kit.ask(new BookingRequest(
                Operation.BOOK,
                null,
                null,
                book.patient(),
                book.prescription(),
                book.lines(),
                null,
                null,
                null,
                true,
                null,
                null));
        kit.recovery().sendAll();

        assertThat(answer.booking().replaces()).isEqualTo(old);
        assertThat(kit.cups.standing()).containsExactly(answer.booking().code());
    }

    @Test
    void the_old_booking_stays_when_the_cup_takes_the_new_one_back_before_the_revoke_went_out() {
        kit.cups.dead = Set.of(ELSEWHERE);
        String fresh = kit.ask(moves(1)).booking().code();
        kit.ask(DeskKit.notice(Event.CANCELLED, fresh, null, null));
        assertThat(kit.desk().find(old).orElseThrow().pending()).isNull();
        kit.cups.dead = Set.of();
        kit.recovery().sendAll();

        assertThat(state(old)).isEqualTo(State.BOOKED);
        assertThat(kit.cups.standing()).contains(old);
        assertThat(kit.register().waiting()).isEmpty();
    }

    @Test
    void a_message_whose_revoke_took_too_long_is_well_in_the_end() {
        kit.cups.dead = Set.of(ELSEWHERE);
        long message = kit.send(newId(), moves(1)).messageId();
        kit.store
                .jdbc
                .sql("update booking_command set created_at = created_at - interval '2 days'")
                .update();
        kit.recovery().tidy();
        assertThat(messageState(message)).isEqualTo("FAILED");

        kit.cups.dead = Set.of();
        kit.recovery().sendAll();
        assertThat(messageState(message)).isEqualTo("BOOKED");
        assertThat(state(old)).isEqualTo(State.REVOKED);
    }

    private String messageState(long message) {
        return kit.store
                .jdbc
                .sql("select state from message where id = ?")
                .param(message)
                .query(String.class)
                .single();
    }

    /** Both stand, nothing is under way, and the new one names the old one to whoever looks at it. */
    private void bothStand(String fresh) {
        kit.cups.dead = Set.of();
        kit.cups.fate = operation -> Fate.NORMAL;
        kit.recovery().sendAll();
        assertThat(kit.cups.standing()).containsExactlyInAnyOrder(old, fresh);
        assertThat(state(old)).isEqualTo(State.BOOKED);
        assertThat(kit.desk().find(old).orElseThrow().pending()).isNull();
        Booking now = kit.desk().find(fresh).orElseThrow();
        assertThat(now.replaces()).isNull();
        assertThat(now.notes()).anySatisfy(each -> assertThat(each.text()).contains(old));
    }

    @Test
    void the_old_booking_stays_when_the_new_one_is_not_at_the_time_that_was_asked_for() {
        kit.cups.shown = FakeCups.slot(HERE, 7).start();
        BookingAnswer answer = kit.ask(moves(1));
        assertThat(answer.result()).isEqualTo(Result.BOOKED);
        assertThat(answer.rulings()).anySatisfy(each -> {
            assertThat(each.code()).isEqualTo("SC-065");
            assertThat(each.decision()).isEqualTo(Decision.WARN);
            assertThat(each.detail()).isEqualTo(old);
        });
        bothStand(answer.booking().code());
    }

    @Test
    void a_late_yes_for_another_time_revokes_nothing_either() {
        kit.cups.fate = operation -> Fate.LOST;
        String fresh = kit.ask(moves(1)).booking().code();
        kit.cups.shown = FakeCups.slot(HERE, 7).start();
        bothStand(fresh);
    }

    @Test
    void a_cup_that_announces_the_new_booking_at_another_time_revokes_nothing() {
        kit.cups.fate = operation -> Fate.ANSWER_LOST;
        String fresh = kit.ask(moves(1)).booking().code();
        kit.ask(DeskKit.notice(Event.BOOKED, fresh, "F77", DeskKit.line("89.7", FakeCups.slot(HERE, 7))));
        assertThat(kit.desk().find(fresh).orElseThrow().firstSlot().start())
                .isEqualTo(FakeCups.slot(HERE, 7).start());
        bothStand(fresh);
    }

    @Test
    void a_revoke_that_has_not_gone_out_waits_for_nobody_when_the_cup_moves_the_new_booking() {
        kit.cups.dead = Set.of(ELSEWHERE);
        String fresh = kit.ask(moves(1)).booking().code();
        kit.ask(DeskKit.notice(Event.MOVED, fresh, null, DeskKit.line("89.7", FakeCups.slot(HERE, 7))));
        bothStand(fresh);
    }

    @Test
    void who_takes_the_new_booking_back_before_it_is_known_keeps_the_old_one() {
        kit.cups.fate = operation -> Fate.ANSWER_LOST;
        String fresh = kit.ask(moves(1)).booking().code();
        assertThat(kit.ask(DeskKit.on(Operation.REVOKE, fresh)).result()).isEqualTo(Result.UNKNOWN);
        kit.cups.fate = operation -> Fate.NORMAL;
        kit.recovery().sendAll();

        assertThat(state(fresh)).isEqualTo(State.REVOKED);
        assertThat(state(old)).isEqualTo(State.BOOKED);
        assertThat(kit.cups.standing()).containsExactly(old);
        assertThat(kit.register().waiting()).isEmpty();
    }

    @Test
    void a_booking_that_is_being_revoked_is_moved_no_second_time() {
        kit.cups.dead = Set.of(ELSEWHERE);
        String fresh = kit.ask(moves(1)).booking().code();
        assertThat(kit.ask(moves(1)).faults().get(0).code()).isEqualTo(SnodoCode.BOOKING_BUSY);
        kit.cups.dead = Set.of();
        kit.recovery().sendAll();
        assertThat(kit.cups.standing()).containsExactly(fresh);
    }

    @Test
    void no_service_of_the_old_booking_is_lost_on_the_way() {
        BookingRequest two = book(3, FakeCups.slot(ELSEWHERE, 2), FakeCups.slot(ELSEWHERE, 3));
        String both = kit.ask(two).booking().code();
        old = both;
        BookingAnswer answer = kit.ask(moves(3));
        assertThat(answer.faults().get(0).code()).isEqualTo(SnodoCode.NOT_ALLOWED_TOGETHER);
        assertThat(answer.faults().get(0).path()).isEqualTo("movesFrom");
        kit.recovery().sendAll();
        assertThat(kit.cups.standing()).contains(both);
    }

    @Test
    void who_may_not_revoke_the_old_booking_may_not_move_it_either() {
        kit.againstRevoking = List.of(new Ruling(
                "SC-063", Decision.ROUTE_LOCAL, 207, "movesFrom", "Si revoca dove è stata fatta", "prova", old));
        BookingAnswer answer = kit.ask(moves(1));
        assertThat(answer.result()).isEqualTo(Result.REFUSED);
        assertThat(answer.rulings()).extracting(Ruling::code).containsExactly("SC-063");
        kit.recovery().sendAll();
        assertThat(kit.cups.done()).containsExactly("BOOK " + old);
        assertThat(state(old)).isEqualTo(State.BOOKED);
    }
}
