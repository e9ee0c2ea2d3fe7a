package it.snodo.booking.desk;

import static it.snodo.booking.desk.DeskKit.HERE;
import static it.snodo.booking.desk.DeskKit.book;
import static it.snodo.booking.desk.DeskKit.moveTo;
import static it.snodo.booking.desk.DeskKit.notice;
import static it.snodo.booking.desk.DeskKit.on;
import static it.snodo.booking.desk.DeskKit.request;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.State;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingNotice.Event;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.Decision;
import it.snodo.booking.Ruling;
import it.snodo.booking.Slot;
import it.snodo.booking.Update;
import it.snodo.booking.desk.FakeCups.Fate;
import it.snodo.booking.rules.Step;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every operation on a booking in every state: what is done, what waits, what is refused. */
class StatesTest {

    private DeskKit kit;
    private int person;

    @BeforeEach
    void start() {
        kit = DeskKit.fresh();
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    /** A booking in that state, as it gets there. */
    private String in(String state) {
        int n = ++person;
        if (state.equals("UNKNOWN") || state.equals("REFUSED")) {
            kit.cups.fate = operation -> Fate.ANSWER_LOST;
            if (state.equals("REFUSED")) {
                kit.cups.fate = operation -> Fate.REFUSED;
                kit.ask(book(n, FakeCups.slot(HERE, n)));
                kit.cups.fate = operation -> Fate.NORMAL;
                return kit.store
                        .jdbc
                        .sql("select max(code) from booking")
                        .query(String.class)
                        .single();
            }
            String code = kit.ask(book(n, FakeCups.slot(HERE, n))).booking().code();
            kit.cups.fate = operation -> Fate.NORMAL;
            return code;
        }
        String code = kit.booked(n, FakeCups.slot(HERE, n));
        switch (state) {
            case "REVOKED" -> kit.ask(on(Operation.REVOKE, code));
            case "DELETED" -> kit.ask(on(Operation.DELETE, code));
            case "NO_SHOW" -> kit.ask(notice(Event.NO_SHOW, code, null, null));
            case "REVOKING" -> {
                kit.cups.dead = Set.of(HERE);
                kit.ask(on(Operation.REVOKE, code));
                kit.cups.dead = Set.of();
            }
            case "MOVING" -> {
                kit.cups.fate = operation -> Fate.LOST;
                kit.ask(moveTo(code, FakeCups.slot(HERE, 50 + n)));
                kit.cups.fate = operation -> Fate.NORMAL;
            }
            default -> assertThat(state).isEqualTo("BOOKED");
        }
        return code;
    }

    private String asked(Operation operation, String code) {
        BookingRequest request =
                switch (operation) {
                    case MOVE -> moveTo(code, FakeCups.slot(HERE, 90 + person));
                    case CHANGE -> request(Operation.CHANGE, code, person, List.of(), null);
                    default -> on(operation, code);
                };
        BookingAnswer answer = kit.ask(request);
        return answer.faults().isEmpty()
                ? answer.result().name()
                : answer.faults().get(0).code().code();
    }

    private void all(String state, String move, String change, String revoke, String delete, String reprint) {
        // what is refused changes nothing: one booking will do
        boolean nothing = move.equals(revoke);
        String one = nothing ? in(state) : null;
        assertThat(asked(Operation.MOVE, nothing ? one : in(state)))
                .as(state + " MOVE")
                .isEqualTo(move);
        assertThat(asked(Operation.CHANGE, nothing ? one : in(state)))
                .as(state + " CHANGE")
                .isEqualTo(change);
        assertThat(asked(Operation.REPRINT, nothing ? one : in(state)))
                .as(state + " REPRINT")
                .isEqualTo(reprint);
        assertThat(asked(Operation.REVOKE, nothing ? one : in(state)))
                .as(state + " REVOKE")
                .isEqualTo(revoke);
        assertThat(asked(Operation.DELETE, nothing ? one : in(state)))
                .as(state + " DELETE")
                .isEqualTo(delete);
    }

    private static final String BUSY = "SNODO-8005";
    private static final String ENDED = "SNODO-8006";

    @Test
    void every_operation_in_every_state() {
        all("BOOKED", "MOVED", "CHANGED", "REVOKED", "DELETED", "REPRINTED");
        all("UNKNOWN", BUSY, BUSY, "UNKNOWN", "UNKNOWN", BUSY);
        all("MOVING", BUSY, BUSY, "UNKNOWN", "UNKNOWN", "REPRINTED");
        all("REVOKING", BUSY, BUSY, BUSY, BUSY, BUSY);
        all("REFUSED", ENDED, ENDED, ENDED, ENDED, ENDED);
        all("REVOKED", ENDED, ENDED, ENDED, ENDED, ENDED);
        all("DELETED", ENDED, ENDED, ENDED, ENDED, ENDED);
        all("NO_SHOW", ENDED, ENDED, ENDED, ENDED, ENDED);
        kit.recovery().sendAll();
        assertThat(kit.register().waiting()).isEmpty();
        // what stands here stands there, and nothing else does
        assertThat(kit.cups.standing())
                .containsExactlyInAnyOrderElementsOf(kit.store
                        .jdbc
                        .sql("select code from booking where state in ('BOOKED', 'NO_SHOW')")
                        .query(String.class)
                        .list());
    }

    @Test
    void every_state_that_the_database_allows_is_one_of_these() {
        String allowed = kit.store
                .jdbc
                .sql("select pg_get_constraintdef(oid) from pg_constraint where conname = 'booking_states'")
                .query(String.class)
                .single();
        for (State state : State.values()) {
            assertThat(allowed).contains("'" + state + "'");
        }
        assertThat(Result.values()).hasSize(9);
    }

    private static Prescription ofForm(String form) {
        return Update.over(
                DeskKit.prescription("010A04000000001"),
                new Prescription(
                        null, form, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                        null, null, null, null, null, null, null),
                Prescription.class);
    }

    @Test
    void places_to_move_to_are_looked_for_with_the_form_of_the_booking() {
        Slot taken = FakeCups.slot(HERE, 5);
        BookingRequest first = new BookingRequest(
                Operation.BOOK,
                null,
                null,
                DeskKit.patient(1),
                ofForm("M02"),
                List.of(DeskKit.line("89.7", FakeCups.slot(HERE, 0))),
                null,
                null,
                List.of(),
                null,
                null,
                null);
        String code = kit.ask(first).booking().code();
        kit.cups.takeAway(taken);

        BookingAnswer answer = kit.ask(moveTo(code, taken));

        assertThat(answer.proposals()).isNotEmpty();
        assertThat(kit.cups.asked.prescription().form()).isEqualTo("M02");
    }

    @Test
    void what_is_asked_of_another_booking_of_the_person_meanwhile_is_judged_again() {
        String first = kit.booked(1, FakeCups.slot(HERE, 0));
        AtomicInteger rounds = new AtomicInteger();
        kit.rules = (given, phase) -> {
            // it stands before and after, and lies on another day
            if (given.request().operation() == Operation.BOOK
                    && phase == Step.Phase.BEFORE_SLOT
                    && rounds.incrementAndGet() == 1) {
                assertThat(kit.ask(moveTo(first, FakeCups.slot(HERE, 80))).result())
                        .isEqualTo(Result.MOVED);
            }
            return List.of();
        };

        assertThat(kit.ask(book(1, FakeCups.slot(HERE, 9))).result()).isEqualTo(Result.BOOKED);
        assertThat(rounds).hasValue(2);
    }

    @Test
    void district_and_question_of_a_service_outlive_a_move_and_a_change() {
        Line line = new Line("89.7", null, null, 1, null, "ginocchio", "lesione", HERE, FakeCups.slot(HERE, 0), null);
        String code = kit.ask(request(Operation.BOOK, null, 1, List.of(line), null))
                .booking()
                .code();

        kit.ask(moveTo(code, FakeCups.slot(HERE, 3)));
        BookingAnswer answer = kit.ask(request(Operation.CHANGE, code, 1, List.of(), null));

        assertThat(answer.result()).isEqualTo(Result.CHANGED);
        assertThat(answer.booking().lines()).singleElement().satisfies(each -> {
            assertThat(each.district()).isEqualTo("ginocchio");
            assertThat(each.question()).isEqualTo("lesione");
        });
    }

    @Test
    void the_other_side_is_not_the_booking_that_is_replaced() {
        Line left = new Line("88.23.2", null, null, 1, "L", null, null, HERE, FakeCups.slot(HERE, 0), null);
        Line right = new Line("88.23.2", null, null, 1, "R", null, null, HERE, FakeCups.slot(HERE, 4), null);
        kit.ask(request(Operation.BOOK, null, 1, List.of(left), null));
        BookingRequest plain = request(Operation.BOOK, null, 1, List.of(right), null);

        BookingAnswer answer = kit.ask(new BookingRequest(
                plain.operation(),
                null,
                null,
                plain.patient(),
                plain.prescription(),
                plain.lines(),
                null,
                null,
                List.of(),
                true,
                null,
                null));

        assertThat(answer.booking().replaces()).isNull();
    }

    @Test
    void the_rules_know_what_was_done_with_the_same_prescription_and_what_was_done_lately() {
        String done = kit.booked(1, FakeCups.slot(HERE, 0));
        AtomicReference<List<Booking.Earlier>> seen = new AtomicReference<>();
        kit.rules = (given, phase) -> {
            if (phase == Step.Phase.BEFORE_SLOT) {
                seen.set(given.earlier());
            }
            return List.of();
        };

        daysAgo(done, 50);
        kit.ask(book(1, FakeCups.slot(HERE, 3)));
        assertThat(seen.get()).extracting(Booking.Earlier::code).containsExactly(done);

        BookingRequest other = book(1, FakeCups.slot(HERE, 5));
        BookingRequest otherForm = new BookingRequest(
                other.operation(),
                null,
                null,
                other.patient(),
                DeskKit.prescription("010A09999999999"),
                other.lines(),
                null,
                null,
                List.of(),
                null,
                null,
                null);
        kit.ask(otherForm);
        assertThat(seen.get()).extracting(Booking.Earlier::code).doesNotContain(done);

        daysAgo(done, 2);
        kit.ask(otherForm);
        assertThat(seen.get()).extracting(Booking.Earlier::code).contains(done);
    }

    private void daysAgo(String code, int days) {
        kit.store
                .jdbc
                .sql(
                        "update booking set starts_at = now() - make_interval(days => ?), ends_at = now() - make_interval(days => ?)"
                                + " where code = ?")
                .params(days, days, code)
                .update();
    }

    @Test
    void a_place_at_the_last_azienda_is_found_though_the_rules_want_none_of_the_others() {
        kit.cups.places = 20;
        kit.rules = (given, phase) ->
                phase == Step.Phase.WITH_SLOT && !given.slots().get(0).azienda().equals("010318")
                        ? List.of(new Ruling("SC-086", Decision.REJECT, 207, "", "Azienda non raggiunta", "No.", null))
                        : List.of();

        BookingAnswer answer = kit.ask(book(1));

        assertThat(answer.result()).isEqualTo(Result.BOOKED);
        assertThat(answer.booking().azienda()).isEqualTo("010318");
    }

    @Test
    void a_free_place_behind_many_that_the_rules_refuse_is_found() {
        kit.cups.places = 60;
        OffsetDateTime good = FakeCups.slot(HERE, 110).start();
        kit.rules = (given, phase) ->
                phase == Step.Phase.WITH_SLOT && given.slots().get(0).start().isBefore(good)
                        ? List.of(new Ruling("SC-033", Decision.REJECT, 207, "", "Troppo presto", "No.", null))
                        : List.of();

        BookingAnswer answer = kit.ask(request(
                Operation.BOOK,
                null,
                1,
                List.of(DeskKit.line("89.7", null)),
                new Slot.Wish(null, null, HERE, null, null)));

        assertThat(answer.result()).isEqualTo(Result.BOOKED);
    }
}
