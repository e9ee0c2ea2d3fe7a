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
import it.snodo.booking.Decision;
import it.snodo.booking.Ruling;
import it.snodo.booking.desk.FakeCups.Died;
import it.snodo.booking.desk.FakeCups.Fate;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.intake.BookingArrival;
import it.snodo.messages.BookingJournal;
import it.snodo.messages.MessageState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
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

    private void theStoreFailsOnceTheCupIsAsked() {
        kit.cups.fate = operation -> {
            kit.store.jdbc.sql("alter table booking rename to booking_away").update();
            return Fate.NORMAL;
        };
    }

    private void theStoreIsBack() {
        kit.store.jdbc.sql("alter table booking_away rename to booking").update();
        kit.cups.fate = operation -> Fate.NORMAL;
    }

    @Test
    void who_books_is_not_told_no_when_the_store_fails_after_the_cup_has_said_yes() {
        String id = newId();
        BookingAsk ask = book(1, FakeCups.slot(HERE, 0));
        theStoreFailsOnceTheCupIsAsked();
        BookingAnswer answer = (BookingAnswer) kit.send(id, ask).reply();
        assertThat(answer.result()).isEqualTo(Result.UNKNOWN);
        assertThat(answer.booking().state()).isEqualTo(State.UNKNOWN);
        assertThat(kit.cups.standing()).containsExactly(answer.booking().code());

        theStoreIsBack();
        next = kit.restarted();
        BookingAnswer again = (BookingAnswer) next.send(id, ask).reply();
        assertThat(again.result()).isEqualTo(Result.BOOKED);
        assertThat(again.booking().code()).isEqualTo(answer.booking().code());
        assertThat(next.cups.standing()).containsExactly(answer.booking().code());
    }

    @Test
    void who_revokes_is_not_told_no_when_the_store_fails_after_the_cup_has_said_yes() {
        String code = kit.booked(1, FakeCups.slot(HERE, 0));
        theStoreFailsOnceTheCupIsAsked();
        assertThat(kit.ask(on(Operation.REVOKE, code)).result()).isEqualTo(Result.UNKNOWN);

        theStoreIsBack();
        next = kit.restarted();
        assertThat(next.register().find(code).orElseThrow().state()).isEqualTo(State.REVOKED);
        assertThat(next.cups.standing()).isEmpty();
    }

    @Test
    void that_the_place_is_gone_is_kept_once_the_store_is_back_since_to_ask_again_would_not_tell() {
        kit.booked(1, FakeCups.slot(HERE, 0));
        String id = newId();
        BookingAsk ask = book(2, FakeCups.slot(HERE, 0));
        theStoreFailsOnceTheCupIsAsked();
        BookingAnswer answer = (BookingAnswer) kit.send(id, ask).reply();
        assertThat(answer.result()).isEqualTo(Result.UNKNOWN);
        kit.recovery().send();

        theStoreIsBack();
        kit.recovery().send();
        assertThat(kit.register().find(answer.booking().code()).orElseThrow().state())
                .isEqualTo(State.REFUSED);
        BookingAnswer again = (BookingAnswer) kit.send(id, ask).reply();
        assertThat(again.faults().get(0).code()).isEqualTo(SnodoCode.SLOT_TAKEN);
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
    void a_rule_that_breaks_on_the_cups_answer_spoils_no_booking() {
        kit.rules = (given, phase) -> {
            if (given.answered() != null) {
                throw new IllegalStateException("a rule is broken");
            }
            return List.of();
        };
        assertThat(kit.ask(book(1, FakeCups.slot(HERE, 0))).result()).isEqualTo(Result.BOOKED);
    }

    @Test
    void a_rule_that_breaks_before_anything_was_sent_leaves_the_message_to_be_sent_again() {
        String id = newId();
        BookingAsk ask = book(1, FakeCups.slot(HERE, 0));
        kit.rules = (given, phase) -> {
            throw new IllegalStateException("a rule is broken");
        };
        assertThatThrownBy(() -> kit.send(id, ask)).isInstanceOf(IllegalStateException.class);
        kit.rules = (given, phase) -> List.of();

        assertThat(((BookingAnswer) kit.send(id, ask).reply()).result()).isEqualTo(Result.BOOKED);
        assertThat(kit.cups.done()).hasSize(1);
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

    @ParameterizedTest
    @EnumSource(names = {"NORMAL", "REJECTED"})
    void a_no_that_proves_nothing_leaves_a_booking_that_went_out_undecided(Fate fate) {
        kit.cups.fate = operation -> Fate.LOST;
        String code = kit.ask(book(1, FakeCups.slot(HERE, 0))).booking().code();
        // perhaps by this very booking: NORMAL finds the place taken
        kit.cups.takeAway(FakeCups.slot(HERE, 0));
        kit.cups.fate = operation -> fate;
        kit.recovery().sendAll();

        assertThat(kit.desk().find(code).orElseThrow().state()).isEqualTo(State.UNKNOWN);
        assertThat(kit.register().open(code)).hasSize(1);
        assertThat(kit.register().stuck(java.time.Duration.ZERO)).contains(code);
    }

    @Test
    void a_place_taken_at_a_CUP_that_looks_at_our_code_first_is_taken_by_others() {
        String there = "010318";
        kit.cups.fate = operation -> Fate.LOST;
        String id = newId();
        BookingAsk ask = book(1, FakeCups.slot(there, 0));
        assertThat(((BookingAnswer) kit.send(id, ask).reply()).result()).isEqualTo(Result.UNKNOWN);
        kit.cups.takeAway(FakeCups.slot(there, 0));
        kit.cups.fate = operation -> Fate.NORMAL;
        kit.recovery().sendAll();

        BookingAnswer again = (BookingAnswer) kit.send(id, ask).reply();
        assertThat(again.faults().get(0).code()).isEqualTo(SnodoCode.SLOT_TAKEN);
        assertThat(kit.cups.done()).isEmpty();
        assertThat(kit.register().stuck(java.time.Duration.ZERO)).isEmpty();
    }

    @Test
    void a_repetition_is_promised_no_outcome_while_nothing_is_recorded() {
        DeskProperties usual = DeskKit.properties();
        next = DeskKit.fresh(new DeskProperties(
                java.time.Duration.ofMillis(300),
                usual.maxProposals(),
                usual.giveUpAfter(),
                usual.firstBackOff(),
                usual.longestBackOff(),
                usual.stuckAfter(),
                usual.abandonAfter(),
                usual.rememberProposals(),
                usual.retryWorkers(),
                usual.search()));
        BookingAsk ask = book(1, FakeCups.slot(HERE, 0));
        String id = newId();
        next.context
                .getBean(BookingCommits.class)
                .begin(DeskKit.arrival(id, ask), Desk.keys(ask), null, "another", java.time.Duration.ofHours(1));

        assertThatThrownBy(() -> next.send(id, ask))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.STORE_UNAVAILABLE));
        assertThat(next.cups.done()).isEmpty();
    }

    @Test
    void who_ends_a_message_too_late_does_not_take_its_id_from_the_one_that_has_it_now() {
        BookingCommits commits = kit.context.getBean(BookingCommits.class);
        BookingJournal journal = kit.context.getBean(BookingJournal.class);
        BookingAsk ask = book(1, FakeCups.slot(HERE, 0));
        BookingArrival arrival = DeskKit.arrival(newId(), ask);
        Function<String, Long> begun =
                owner -> commits.begin(arrival, Desk.keys(ask), null, owner, java.time.Duration.ofHours(1))
                        .messageId();
        long first = begun.apply("one");
        Runnable ended = () -> journal.finish(
                arrival,
                first,
                MessageState.REFUSED,
                List.of(Fault.at(SnodoCode.BOOKING_BUSY, "", "prova")),
                null,
                "occupata".getBytes(StandardCharsets.UTF_8),
                List.of(),
                null);
        ended.run();
        long second = begun.apply("another");
        assertThat(second).as("a refusal that passes leaves the id free").isNotEqualTo(first);

        ended.run();
        byte[] answer = "presa".getBytes(StandardCharsets.UTF_8);
        journal.finish(arrival, second, MessageState.BOOKED, List.of(), null, answer, List.of(), null);

        assertThat(kit.desk().handle(arrival).answer()).isEqualTo(answer);
        assertThat(kit.cups.done()).isEmpty();
    }

    @Test
    void one_dead_cup_with_a_long_backlog_keeps_nobody_else_waiting() {
        String one = kit.booked(1, FakeCups.slot(HERE, 0));
        String other = kit.booked(2, FakeCups.slot("010302", 0));
        kit.cups.dead = java.util.Set.of(HERE, "010302");
        kit.ask(on(Operation.REVOKE, one));
        kit.ask(on(Operation.REVOKE, other));
        kit.store.jdbc.sql("""
                        insert into booking (code, message_id, state, azienda, person, lines, origin)
                        select 'X' || n, 0, 'BOOKED', '010301', '', '[]', 'SOVRACUP' from generate_series(1, 300) n""").update();
        kit.store.jdbc.sql("""
                        insert into booking_command (id, booking, message_id, operation, azienda, control_id, state, target,
                          next_try_at)
                        select -n, 'X' || n, 0, 'REVOKE', '010301', 'X' || n, 'WAITING', (select target from booking_command
                          where booking = ? and operation = 'REVOKE'), now() - interval '1 hour'
                        from generate_series(1, 300) n""").param(one).update();

        List<Command> due = kit.register().take("me", java.time.Duration.ofHours(1), 8, 2, java.util.Map.of(HERE, 1));
        assertThat(due).extracting(Command::azienda).containsExactlyInAnyOrder(HERE, "010302");
        assertThat(kit.register().take("me", java.time.Duration.ofHours(1), 8, 2, java.util.Map.of(HERE, 2)))
                .isEmpty();
    }

    @Test
    void who_was_thought_dead_does_not_refuse_what_another_attempt_has_booked() {
        String id = newId();
        BookingAsk ask = book(1, FakeCups.slot(HERE, 0));
        AtomicReference<BookingDesk.Answered> second = new AtomicReference<>();
        AtomicBoolean begun = new AtomicBoolean();
        kit.rules = (given, phase) -> {
            if (!begun.compareAndSet(false, true)) {
                return List.of();
            }
            kit.store
                    .jdbc
                    .sql("update booking_call set leased_until = clock_timestamp() - interval '1 second'")
                    .update();
            second.set(kit.send(id, ask));
            return List.of(new Ruling("SC-099", Decision.REJECT, 207, "", "Prova", "Non si può.", null));
        };
        BookingDesk.Answered first = kit.send(id, ask);

        assertThat(((BookingAnswer) second.get().reply()).result()).isEqualTo(Result.BOOKED);
        assertThat(first.answer()).isEqualTo(second.get().answer());
        assertThat(kit.cups.done()).hasSize(1);
        assertThat(kit.store
                        .jdbc
                        .sql("select state from message where id = ?")
                        .param(first.messageId())
                        .query(String.class)
                        .single())
                .isEqualTo("BOOKED");
    }
}
