package it.snodo.pratica;

import static it.snodo.pratica.PraticaKit.COLLEAGUE;
import static it.snodo.pratica.PraticaKit.DISTRICT;
import static it.snodo.pratica.PraticaKit.DOCTOR;
import static it.snodo.pratica.PraticaKit.OPERATIONS;
import static it.snodo.pratica.PraticaKit.OTHER_DISTRICT;
import static it.snodo.pratica.PraticaKit.OTHER_DOCTOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import it.snodo.access.Operator;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every move from every state by every role: the allowed ones work, the others are refused and change nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransitionsTest {

    private PraticaKit kit;

    @BeforeAll
    void start() {
        kit = new PraticaKit();
    }

    @AfterAll
    void stop() {
        kit.close();
    }

    /** As the manual has it; written once more here, so that the table in the code can be wrong. */
    private static final Map<String, PraticaState> ALLOWED = Map.of(
            "INVIATA PRENDI_IN_CARICO", PraticaState.IN_LAVORAZIONE,
            "INVIATA VALIDA", PraticaState.VALIDATA,
            "INVIATA RESPINGI", PraticaState.RESPINTA,
            "INVIATA ANNULLA", PraticaState.ANNULLATA,
            "IN_LAVORAZIONE VALIDA", PraticaState.VALIDATA,
            "IN_LAVORAZIONE RESPINGI", PraticaState.RESPINTA,
            "IN_LAVORAZIONE ANNULLA", PraticaState.ANNULLATA,
            "VALIDATA ANNULLA", PraticaState.ANNULLATA);

    private static final List<Operator> EVERYBODY =
            List.of(DISTRICT, COLLEAGUE, OTHER_DISTRICT, DOCTOR, OTHER_DOCTOR, OPERATIONS);

    static Stream<Arguments> cases() {
        return Stream.of(Standing.values())
                .flatMap(standing -> Stream.of(Move.PRENDI_IN_CARICO, Move.VALIDA, Move.RESPINGI, Move.ANNULLA)
                        .flatMap(move -> EVERYBODY.stream().map(who -> Arguments.of(standing, move, who))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("cases")
    void a_move_works_only_where_and_for_whom_it_is_allowed(Standing standing, Move move, Operator who) {
        Pratica before = in(standing);
        List<Map<String, Object>> rows = rows(before.number());
        PraticaState to = ALLOWED.get(standing.name() + " " + move.name());
        boolean district = who == DISTRICT || who == COLLEAGUE;
        if (district && to != null) {
            Moved moved = kit.run(move, who, before.number());
            assertThat(moved.waits()).isFalse();
            assertThat(kit.read(before.number()).state()).isEqualTo(to);
            assertThat(kit.register().last(before.number()).state()).isEqualTo(to);
            return;
        }
        SnodoException refused = catchThrowableOfType(SnodoException.class, () -> kit.run(move, who, before.number()));
        assertThat(refused).isNotNull();
        assertThat(rows(before.number())).as("nothing changes").isEqualTo(rows);
        if (district) {
            assertThat(refused)
                    .hasMessageStartingWith("Stato pratica non coerente")
                    .isInstanceOf(PraticaConflict.class);
            assertThat(refused.code())
                    .isEqualTo(standing.waits() ? SnodoCode.PRATICA_WAITS_FOR_AURA : SnodoCode.PRATICA_NOT_COHERENT);
            assertThat(((PraticaConflict) refused).last())
                    .isEqualTo(kit.register().last(before.number()));
        } else {
            // a district of another ASL and another doctor do not learn that it exists
            boolean sees = who == DOCTOR || who == OPERATIONS;
            assertThat(refused.code()).isEqualTo(sees ? SnodoCode.NOT_ALLOWED : SnodoCode.NOT_FOUND);
        }
    }

    @Test
    void the_table_has_one_row_for_each_standing_and_move_of_people() {
        for (Standing standing : Standing.values()) {
            for (Move move : List.of(
                    Move.PRENDI_IN_CARICO, Move.VALIDA, Move.RESPINGI, Move.ANNULLA, Move.ANNOTA, Move.ALLEGA)) {
                assertThat(Transitions.TABLE)
                        .filteredOn(row -> row.from() == standing && row.move() == move)
                        .as(standing + " " + move)
                        .singleElement()
                        .matches(row -> row.allowed() != (row.refusal() != null));
            }
        }
    }

    private Pratica in(Standing standing) {
        kit.aura.mood = PlayedAura.Mood.WELL;
        kit.aura.deliver();
        String number = kit.sent().number();
        switch (standing) {
            case INVIATA -> {}
            case IN_LAVORAZIONE -> kit.run(Move.PRENDI_IN_CARICO, DISTRICT, number);
            case IN_VALIDAZIONE -> late(Move.VALIDA, number);
            case VALIDATA -> kit.run(Move.VALIDA, DISTRICT, number);
            case IN_ANNULLAMENTO -> {
                kit.run(Move.VALIDA, DISTRICT, number);
                late(Move.ANNULLA, number);
            }
            case RESPINTA -> kit.run(Move.RESPINGI, DISTRICT, number);
            case ANNULLATA -> kit.run(Move.ANNULLA, DISTRICT, number);
        }
        Pratica pratica = kit.read(number);
        assertThat(pratica.standing()).isEqualTo(standing);
        return pratica;
    }

    private void late(Move move, String number) {
        kit.aura.mood = PlayedAura.Mood.LATE;
        assertThat(kit.run(move, DISTRICT, number).waits()).isTrue();
    }

    private List<Map<String, Object>> rows(String number) {
        return Stream.of(
                        "select * from pratica where number = '" + number + "'",
                        "select * from pratica_event where pratica = '" + number + "' order by revision",
                        "select * from exemption where pratica = '" + number + "' order by id",
                        "select * from pratica_counter order by 1, 2")
                .flatMap(query -> kit.jdbc.sql(query).query().listOfRows().stream())
                .toList();
    }
}
