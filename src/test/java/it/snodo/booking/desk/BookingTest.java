package it.snodo.booking.desk;

import static it.snodo.booking.desk.DeskKit.HERE;
import static it.snodo.booking.desk.DeskKit.book;
import static it.snodo.booking.desk.DeskKit.line;
import static it.snodo.booking.desk.DeskKit.moveTo;
import static it.snodo.booking.desk.DeskKit.newId;
import static it.snodo.booking.desk.DeskKit.on;
import static it.snodo.booking.desk.DeskKit.request;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.State;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingAsk;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Slot;
import it.snodo.booking.desk.BookingDesk.Answered;
import it.snodo.booking.desk.FakeCups.Fate;
import it.snodo.fault.SnodoCode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A booking's way, from the desk's outside: what is answered, what stands in the register, what stands at the CUP. */
class BookingTest {

    private DeskKit kit;

    @BeforeEach
    void start() {
        kit = DeskKit.fresh();
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private static List<SnodoCode> codes(BookingAnswer answer) {
        return answer.faults().stream().map(each -> each.code()).toList();
    }

    @Test
    void a_wanted_place_is_booked_at_its_cup() {
        Slot slot = FakeCups.slot(HERE, 0);
        BookingAnswer answer = kit.ask(book(1, slot));

        Booking booking = answer.booking();
        assertThat(answer.result()).isEqualTo(Result.BOOKED);
        assertThat(booking.code()).matches("SC20\\d{2}\\d{6}");
        assertThat(booking.state()).isEqualTo(State.BOOKED);
        assertThat(booking.fillerCode()).isEqualTo("F1");
        assertThat(booking.ticket()).isEqualByComparingTo("36.15");
        assertThat(booking.pending()).isNull();
        assertThat(booking.lines().get(0).localCode()).isEqualTo("301-89.7");
        assertThat(kit.cups.places(booking.code())).containsExactly(FakeCups.place(slot));
        assertThat(kit.desk().find(booking.code())).contains(booking);
    }

    @Test
    void a_booking_is_at_the_time_that_the_cup_has_given_it() {
        kit.cups.shown = FakeCups.slot(HERE, 9).start();
        BookingAnswer answer = kit.ask(book(1, FakeCups.slot(HERE, 0)));
        assertThat(answer.result()).isEqualTo(Result.BOOKED);
        for (Booking each : List.of(
                answer.booking(), kit.desk().find(answer.booking().code()).orElseThrow())) {
            assertThat(each.firstSlot().start())
                    .isEqualTo(FakeCups.slot(HERE, 9).start());
            assertThat(each.notes()).anySatisfy(note -> assertThat(note.text()).contains("orario diverso"));
        }
        kit.cups.shown = FakeCups.slot(HERE, 3).start();
        assertThat(kit.ask(book(2, FakeCups.slot(HERE, 3))).booking().notes()).isEmpty();
    }

    @Test
    void the_message_its_steps_and_the_call_are_found_by_the_code() {
        String code = kit.booked(1, FakeCups.slot(HERE, 0));

        assertThat(kit.store
                        .jdbc
                        .sql("select state || ' ' || patient_id || ' ' || nre from message where booking_code = ?")
                        .param(code)
                        .query(String.class)
                        .single())
                .isEqualTo("BOOKED RSSMRA80A01L001M 010A04000000001");
        assertThat(kit.store
                        .jdbc
                        .sql("select name from message_step order by id")
                        .query(String.class)
                        .list())
                .containsExactly("regole", "regole con il posto", "CUP BOOK", "risposta");
        assertThat(kit.store
                        .jdbc
                        .sql(
                                "select destination || ' ' || operation || ' ' || convert_from(answer, 'UTF8') from message_call")
                        .query(String.class)
                        .list())
                .containsExactly("CUP 010301 BOOK AA");
    }

    @Test
    void the_same_message_again_gets_the_same_answer_and_does_nothing() {
        String id = newId();
        byte[] first = kit.send(id, book(1, FakeCups.slot(HERE, 0))).answer();
        BookingDesk.Answered again = kit.send(id, book(1, FakeCups.slot(HERE, 0)));

        assertThat(again.repeated()).isTrue();
        assertThat(again.answer()).isEqualTo(first);
        assertThat(kit.cups.done()).hasSize(1);
    }

    @Test
    void the_same_id_for_other_content_is_refused() {
        String id = newId();
        kit.send(id, book(1, FakeCups.slot(HERE, 0)));
        BookingAnswer other =
                (BookingAnswer) kit.send(id, book(2, FakeCups.slot(HERE, 1))).reply();

        assertThat(codes(other)).containsExactly(SnodoCode.DUPLICATE_OTHER_CONTENT);
        assertThat(kit.cups.done()).hasSize(1);
    }

    @Test
    void a_taken_place_is_refused_with_the_next_ones() {
        kit.cups.takeAway(FakeCups.slot(HERE, 0));
        BookingAnswer answer = kit.ask(book(1, FakeCups.slot(HERE, 0)));

        assertThat(answer.result()).isEqualTo(Result.REFUSED);
        assertThat(codes(answer)).containsExactly(SnodoCode.SLOT_TAKEN);
        assertThat(answer.proposals()).hasSize(3);
        assertThat(answer.proposals().get(0).slot().start())
                .isEqualTo(FakeCups.slot(HERE, 1).start());
        assertThat(kit.cups.standing()).isEmpty();
    }

    @Test
    void without_a_wanted_place_the_first_free_one_is_taken_and_the_next_one_when_it_goes() {
        Slot first = FakeCups.slot(HERE, 0);
        kit.rules = (given, phase) -> {
            // between search and booking somebody takes the first one
            kit.cups.takeAway(first);
            return List.of();
        };
        BookingAnswer answer = kit.ask(book(1));

        assertThat(answer.result()).isEqualTo(Result.BOOKED);
        assertThat(answer.booking().azienda()).isEqualTo(HERE);
        assertThat(answer.booking().firstSlot().start())
                .isEqualTo(FakeCups.slot(HERE, 1).start());
        assertThat(kit.register().all(answer.booking().code())).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void lines_of_one_request_go_to_one_azienda_in_consecutive_places() {
        BookingAnswer answer =
                kit.ask(request(Operation.BOOK, null, 1, List.of(line("89.7", null), line("89.7", null)), null));

        assertThat(answer.result()).isEqualTo(Result.BOOKED);
        List<Slot> slots =
                answer.booking().lines().stream().map(each -> each.slot()).toList();
        assertThat(slots.get(1).start()).isEqualTo(slots.get(0).start().plusMinutes(20));
        assertThat(slots.get(1).azienda()).isEqualTo(slots.get(0).azienda());
    }

    @Test
    void nobody_has_a_place() {
        kit.cups.places = 0;
        kit.cups.dead = java.util.Set.of("010302");
        BookingAnswer answer = kit.ask(book(1));

        assertThat(codes(answer)).containsExactly(SnodoCode.NO_PLACE);
        assertThat(answer.faults().get(0).reason()).contains("Azienda 2", "010302");
    }

    @Test
    void a_dead_cup_refuses_a_booking_and_nothing_stands() {
        kit.cups.dead = java.util.Set.of(HERE);
        BookingAnswer answer = kit.ask(book(1, FakeCups.slot(HERE, 0)));

        assertThat(codes(answer)).containsExactly(SnodoCode.CUP_UNREACHABLE);
        kit.cups.dead = java.util.Set.of();
        kit.recovery().sendAll();
        assertThat(kit.cups.standing()).isEmpty();
    }

    @Test
    void who_was_told_to_try_again_is_tried_anew_under_the_same_id_and_booked_once() {
        String id = newId();
        BookingAsk ask = book(1, FakeCups.slot(HERE, 0));
        kit.cups.dead = Set.of(HERE);
        assertThat(codes(told(id, ask))).containsExactly(SnodoCode.CUP_UNREACHABLE);
        assertThat(codes(told(id, ask))).containsExactly(SnodoCode.CUP_UNREACHABLE);

        kit.cups.dead = Set.of();
        Answered booked = kit.send(id, ask);
        BookingAnswer answer = (BookingAnswer) booked.reply();
        assertThat(answer.result()).isEqualTo(Result.BOOKED);
        assertThat(kit.send(id, ask).answer()).isEqualTo(booked.answer());
        kit.recovery().sendAll();
        assertThat(kit.cups.done()).containsExactly("BOOK " + answer.booking().code());
    }

    @Test
    void who_was_told_to_try_again_and_then_has_no_answer_is_told_how_the_booking_stands() {
        String id = newId();
        BookingAsk ask = book(1, FakeCups.slot(HERE, 0));
        kit.cups.dead = Set.of(HERE);
        assertThat(codes(told(id, ask))).containsExactly(SnodoCode.CUP_UNREACHABLE);

        kit.cups.dead = Set.of();
        kit.cups.fate = operation -> Fate.ANSWER_LOST;
        BookingAnswer unknown = told(id, ask);
        assertThat(unknown.result()).isEqualTo(Result.UNKNOWN);
        kit.cups.fate = operation -> Fate.NORMAL;
        kit.recovery().sendAll();
        BookingAnswer late = told(id, ask);
        assertThat(late.result()).isEqualTo(Result.BOOKED);
        assertThat(late.booking().code()).isEqualTo(unknown.booking().code());
        assertThat(kit.cups.done()).hasSize(1);
    }

    @Test
    void a_place_that_is_free_again_and_places_that_come_are_booked_under_the_same_id() {
        String first = kit.booked(1, FakeCups.slot(HERE, 0));
        String id = newId();
        BookingAsk ask = book(2, FakeCups.slot(HERE, 0));
        assertThat(codes(told(id, ask))).containsExactly(SnodoCode.SLOT_TAKEN);
        kit.ask(on(Operation.REVOKE, first));
        assertThat(told(id, ask).result()).isEqualTo(Result.BOOKED);

        String any = newId();
        kit.cups.places = 0;
        kit.cups.dead = Set.of("010302");
        assertThat(codes(told(any, book(3)))).containsExactly(SnodoCode.NO_PLACE);
        kit.cups.places = 3;
        assertThat(told(any, book(3)).result()).isEqualTo(Result.BOOKED);
        assertThat(kit.cups.standing()).hasSize(2);
    }

    @Test
    void a_move_that_had_to_wait_is_told_what_has_become_of_the_booking() {
        String code = kit.booked(1, FakeCups.slot(HERE, 0));
        kit.cups.dead = Set.of(HERE);
        String later = newId();
        assertThat(codes(told(later, moveTo(code, FakeCups.slot(HERE, 1))))).containsExactly(SnodoCode.CUP_UNREACHABLE);
        kit.ask(on(Operation.REVOKE, code));
        String id = newId();
        assertThat(codes(told(id, moveTo(code, FakeCups.slot(HERE, 1))))).containsExactly(SnodoCode.BOOKING_BUSY);

        kit.cups.dead = Set.of();
        kit.recovery().sendAll();
        for (String each : List.of(later, id)) {
            assertThat(codes(told(each, moveTo(code, FakeCups.slot(HERE, 1)))))
                    .containsExactly(SnodoCode.BOOKING_ENDED);
        }
        assertThat(kit.cups.standing()).isEmpty();
    }

    @Test
    void a_refusal_that_does_not_pass_by_itself_is_the_last_word() {
        String id = newId();
        BookingAsk ask = book(1, FakeCups.slot(HERE, 0));
        kit.cups.fate = operation -> Fate.REFUSED;
        byte[] refused = kit.send(id, ask).answer();
        kit.cups.fate = operation -> Fate.NORMAL;
        assertThat(kit.send(id, ask).answer()).isEqualTo(refused);
        assertThat(kit.cups.done()).isEmpty();
    }

    private BookingAnswer told(String id, BookingAsk ask) {
        return (BookingAnswer) kit.send(id, ask).reply();
    }

    @Test
    void a_lost_answer_is_never_booked_until_the_cup_says_so() {
        String id = newId();
        kit.cups.fate = operation -> Fate.ANSWER_LOST;
        BookingAnswer answer =
                (BookingAnswer) kit.send(id, book(1, FakeCups.slot(HERE, 0))).reply();
        assertThat(answer.result()).isEqualTo(Result.UNKNOWN);
        assertThat(answer.booking().state()).isEqualTo(State.UNKNOWN);
        assertThat(kit.store
                        .jdbc
                        .sql("select control_id from message where booking_code = ?")
                        .param(answer.booking().code())
                        .query(String.class)
                        .single())
                .isEqualTo(id);

        kit.cups.fate = operation -> Fate.NORMAL;
        kit.recovery().sendAll();
        assertThat(kit.desk().find(answer.booking().code()).orElseThrow().state())
                .isEqualTo(State.BOOKED);
        BookingDesk.Answered again = kit.send(id, book(1, FakeCups.slot(HERE, 0)));
        assertThat(((BookingAnswer) again.reply()).result()).isEqualTo(Result.BOOKED);
        assertThat(again.repeated()).isTrue();
        assertThat(kit.send(id, book(1, FakeCups.slot(HERE, 0))).answer()).isEqualTo(again.answer());
        assertThat(kit.cups.done()).hasSize(1);
    }

    @Test
    void a_booking_is_moved_changed_and_revoked() {
        String code = kit.booked(1, FakeCups.slot(HERE, 0));
        BookingAnswer moved = kit.ask(moveTo(code, FakeCups.slot(HERE, 5)));
        assertThat(moved.result()).isEqualTo(Result.MOVED);
        assertThat(kit.cups.places(code)).containsExactly(FakeCups.place(FakeCups.slot(HERE, 5)));

        BookingAnswer changed = kit.ask(request(Operation.CHANGE, code, 2, List.of(), null));
        assertThat(changed.result()).isEqualTo(Result.CHANGED);
        assertThat(changed.booking().patient().fiscalCode()).isEqualTo("RSSMRA80A01L002M");
        assertThat(changed.booking().revision()).isGreaterThan(moved.booking().revision());

        assertThat(kit.ask(on(Operation.REPRINT, code)).result()).isEqualTo(Result.REPRINTED);
        BookingAnswer revoked = kit.ask(on(Operation.REVOKE, code));
        assertThat(revoked.result()).isEqualTo(Result.REVOKED);
        assertThat(revoked.booking().state()).isEqualTo(State.REVOKED);
        assertThat(kit.cups.standing()).isEmpty();
        assertThat(codes(kit.ask(on(Operation.REVOKE, code)))).containsExactly(SnodoCode.BOOKING_ENDED);
    }

    @Test
    void a_move_that_names_no_azienda_stays_in_its_own() {
        String code = kit.booked(1, FakeCups.slot(HERE, 0));
        Slot to = FakeCups.slot(HERE, 5);
        Slot bare = new Slot(null, to.agenda(), to.start(), null, null, null, null, null, null);

        assertThat(kit.ask(moveTo(code, bare)).result()).isEqualTo(Result.MOVED);
        assertThat(kit.cups.places(code)).containsExactly(FakeCups.place(to));
    }

    @Test
    void a_move_without_a_wanted_place_takes_the_first_free_one_of_its_azienda() {
        String code = kit.booked(1, FakeCups.slot("010304", 0));
        BookingAnswer answer = kit.ask(on(Operation.MOVE, code));

        assertThat(answer.result()).isEqualTo(Result.MOVED);
        assertThat(answer.booking().azienda()).isEqualTo("010304");
        assertThat(kit.cups.places(code)).containsExactly(FakeCups.place(FakeCups.slot("010304", 1)));
    }

    @Test
    void a_revoke_for_a_dead_cup_is_pending_and_not_lost() {
        String code = kit.booked(1, FakeCups.slot(HERE, 0));
        kit.cups.dead = java.util.Set.of(HERE);
        String id = newId();
        BookingAnswer answer =
                (BookingAnswer) kit.send(id, on(Operation.REVOKE, code)).reply();
        assertThat(answer.result()).isEqualTo(Result.UNKNOWN);
        assertThat(answer.booking().state()).isEqualTo(State.BOOKED);
        assertThat(answer.booking().pending()).isEqualTo(Operation.REVOKE);
        assertThat(codes(kit.ask(moveTo(code, FakeCups.slot(HERE, 1))))).containsExactly(SnodoCode.BOOKING_BUSY);

        kit.cups.dead = java.util.Set.of();
        kit.recovery().sendAll();
        assertThat(kit.cups.standing()).isEmpty();
        assertThat(((BookingAnswer) kit.send(id, on(Operation.REVOKE, code)).reply()).result())
                .isEqualTo(Result.REVOKED);
    }

    @Test
    void a_move_at_a_dead_cup_leaves_everything_as_it_was() {
        String code = kit.booked(1, FakeCups.slot(HERE, 0));
        kit.cups.dead = java.util.Set.of(HERE);
        BookingAnswer answer = kit.ask(moveTo(code, FakeCups.slot(HERE, 1)));

        assertThat(codes(answer)).containsExactly(SnodoCode.CUP_UNREACHABLE);
        Booking still = kit.desk().find(code).orElseThrow();
        assertThat(still.pending()).isNull();
        assertThat(still.firstSlot().start()).isEqualTo(FakeCups.slot(HERE, 0).start());
        kit.cups.dead = java.util.Set.of();
        assertThat(kit.ask(moveTo(code, FakeCups.slot(HERE, 1))).result()).isEqualTo(Result.MOVED);
    }

    @Test
    void a_revoke_behind_a_booking_without_an_answer_comes_after_it() {
        kit.cups.fate = operation -> Fate.ANSWER_LOST;
        String code = kit.ask(book(1, FakeCups.slot(HERE, 0))).booking().code();
        kit.cups.fate = operation -> Fate.NORMAL;
        BookingAnswer revoke = kit.ask(on(Operation.REVOKE, code));
        assertThat(revoke.result()).isEqualTo(Result.UNKNOWN);

        kit.recovery().sendAll();
        assertThat(kit.cups.done()).containsExactly("BOOK " + code, "REVOKE " + code);
        assertThat(kit.desk().find(code).orElseThrow().state()).isEqualTo(State.REVOKED);
    }

    @Test
    void who_has_seen_an_older_revision_is_told() {
        String code = kit.booked(1, FakeCups.slot(HERE, 0));
        long seen = kit.desk().find(code).orElseThrow().revision();
        kit.ask(moveTo(code, FakeCups.slot(HERE, 1)));
        BookingAnswer answer = (BookingAnswer) kit.desk()
                .handle(DeskKit.arrival(newId(), on(Operation.REVOKE, code), seen))
                .reply();

        assertThat(codes(answer)).containsExactly(SnodoCode.BOOKING_CHANGED);
        assertThat(kit.cups.standing()).containsExactly(code);
    }

    @Test
    void an_unknown_code_is_told_so() {
        assertThat(codes(kit.ask(on(Operation.REVOKE, "SC2026999999")))).containsExactly(SnodoCode.BOOKING_UNKNOWN);
    }

    @Test
    void what_takes_too_long_is_for_a_person_and_still_not_booked() {
        DeskProperties impatient = new DeskProperties(
                Duration.ofSeconds(60),
                5,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofMinutes(15),
                Duration.ZERO,
                Duration.ofMinutes(15),
                4,
                DeskKit.properties().search());
        kit.close();
        kit = DeskKit.fresh(impatient);
        kit.cups.fate = operation -> Fate.LOST;
        BookingAnswer answer = kit.ask(book(1, FakeCups.slot(HERE, 0)));
        kit.recovery().tidy();

        assertThat(kit.store
                        .jdbc
                        .sql("select state from message")
                        .query(String.class)
                        .single())
                .isEqualTo("FAILED");
        assertThat(kit.desk().find(answer.booking().code()).orElseThrow().state())
                .isEqualTo(State.UNKNOWN);
        kit.cups.fate = operation -> Fate.NORMAL;
        kit.recovery().sendAll();
        assertThat(kit.store
                        .jdbc
                        .sql("select state from message")
                        .query(String.class)
                        .single())
                .isEqualTo("BOOKED");
    }

    @Test
    void an_azienda_that_is_named_in_two_ways_is_asked_back() {
        BookingAnswer answer = refused(
                new Line("89.7", null, null, 1, null, null, null, "010302", FakeCups.slot(HERE, 0), null), null);
        assertThat(answer.faults().get(0).code()).isEqualTo(SnodoCode.NOT_ALLOWED_TOGETHER);
        assertThat(answer.faults().get(0).path()).isEqualTo("lines[0].slot.azienda");
        assertThat(answer.faults().get(0).reason()).contains("010302").contains(HERE);

        answer = refused(line("89.7", FakeCups.slot(HERE, 0)), new Slot.Wish(null, null, "010302", null, null));
        assertThat(answer.faults().get(0).reason()).contains("wish.azienda");
    }

    @Test
    void an_agenda_without_a_time_is_not_passed_over() {
        Slot agenda = new Slot(HERE, "AG-89.7", null, null, null, null, null, null, null);
        BookingAnswer answer = refused(line("89.7", agenda), null);
        assertThat(answer.faults().get(0).code()).isEqualTo(SnodoCode.FIELD_MISSING);
        assertThat(answer.faults().get(0).path()).isEqualTo("lines[0].slot.start");
    }

    @Test
    void a_place_that_is_over_is_refused_before_anybody_is_asked() {
        Slot over = FakeCups.slot(HERE, "89.7", java.time.OffsetDateTime.now().minusHours(1), 0);
        BookingAnswer answer = refused(line("89.7", over), null);
        assertThat(answer.faults().get(0).code()).isEqualTo(SnodoCode.SLOT_PAST);
        assertThat(answer.faults().get(0).path()).isEqualTo("lines[0].slot.start");
    }

    private BookingAnswer refused(Line line, Slot.Wish wish) {
        BookingAnswer answer = kit.ask(DeskKit.request(Operation.BOOK, null, 1, List.of(line), wish));
        assertThat(answer.result()).isEqualTo(Result.REFUSED);
        assertThat(kit.cups.done()).isEmpty();
        return answer;
    }
}
