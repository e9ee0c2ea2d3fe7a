package it.snodo.booking.desk;

import static it.snodo.booking.desk.DeskKit.HERE;
import static it.snodo.booking.desk.DeskKit.book;
import static it.snodo.booking.desk.DeskKit.moveTo;
import static it.snodo.booking.desk.DeskKit.notice;
import static it.snodo.booking.desk.DeskKit.on;
import static it.snodo.booking.desk.DeskKit.request;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.Booking.State;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingNotice.Event;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.desk.FakeCups.Fate;
import java.util.List;
import java.util.Set;
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
        assertThat(asked(Operation.MOVE, in(state))).as(state + " MOVE").isEqualTo(move);
        assertThat(asked(Operation.CHANGE, in(state))).as(state + " CHANGE").isEqualTo(change);
        assertThat(asked(Operation.REVOKE, in(state))).as(state + " REVOKE").isEqualTo(revoke);
        assertThat(asked(Operation.DELETE, in(state))).as(state + " DELETE").isEqualTo(delete);
        assertThat(asked(Operation.REPRINT, in(state))).as(state + " REPRINT").isEqualTo(reprint);
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
}
