package it.snodo.pratica;

import static it.snodo.pratica.PraticaKit.COLLEAGUE;
import static it.snodo.pratica.PraticaKit.DISTRICT;
import static it.snodo.pratica.PraticaKit.DOCTOR;
import static it.snodo.pratica.PraticaKit.OPERATIONS;
import static it.snodo.pratica.PraticaKit.OTHER_DISTRICT;
import static it.snodo.pratica.PraticaKit.OTHER_DOCTOR;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.access.Operator;
import it.snodo.exemption.IssuedExemption;
import it.snodo.fault.SnodoException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a certificate and its pratiche, by random people, with an AURA that is well, down, late, refuses or loses
 * its answers, against a plain model: after each move the rows say what the model says, and a refused move changed nothing.
 * {@code mvn -Pchaos verify} makes ten thousand of them.
 */
@Tag("chaos")
class HistoriesTest {

    private static final int HISTORIES =
            Integer.getInteger("snodo.histories", Boolean.getBoolean("snodo.chaos") ? 10_000 : 150);
    private static final long SEED = Long.getLong("snodo.histories.seed", 20261122L);
    private static final int MOVES = 14;
    private static final List<Operator> EVERYBODY =
            List.of(DISTRICT, DISTRICT, COLLEAGUE, COLLEAGUE, DOCTOR, OTHER_DISTRICT, OTHER_DOCTOR, OPERATIONS);

    /** An exemption as the model has it. */
    private enum Right {
        PENDING,
        ACTIVE,
        ANNULLING,
        ANNULLED,
        REFUSED
    }

    /** A pratica as the model has it. */
    private static final class Expected {
        String state;
        boolean straight;
        /** What AURA is being asked: true to end, false to take it, null nothing. */
        Boolean ending;

        int revision;
        int events;
        int transitions;
        /** AURA has done it, and nobody here knows. */
        boolean lost;

        final List<Right> rights = new ArrayList<>();

        Expected(String state, boolean straight) {
            this.state = state;
            this.straight = straight;
        }

        boolean open() {
            return state.equals("INVIATA") || state.equals("IN_LAVORAZIONE");
        }

        void event(String to) {
            events++;
            revision++;
            if (!to.equals(state)) {
                transitions++;
            }
            state = to;
        }

        Right last() {
            return rights.get(rights.size() - 1);
        }

        void last(Right right) {
            rights.set(rights.size() - 1, right);
        }
    }

    /** A person, a certificate, and what was made of it. */
    private static final class World {
        final long certificate;
        final String person;
        boolean annulled;
        final Map<String, Expected> pratiche = new LinkedHashMap<>();

        World(long certificate, String person) {
            this.certificate = certificate;
            this.person = person;
        }

        boolean used() {
            return pratiche.values().stream()
                    .anyMatch(one -> !one.state.equals("RESPINTA") && !one.state.equals("ANNULLATA"));
        }
    }

    @Test
    void rows_and_model_agree_after_every_move() {
        try (PraticaKit kit = new PraticaKit()) {
            for (int i = 0; i < HISTORIES; i++) {
                long seed = SEED + i;
                List<String> log = new ArrayList<>();
                try {
                    history(kit, new Random(seed), log);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("history with seed " + seed + ": " + log, e);
                }
            }
            // one progressive for each pratica there is
            long pratiche = kit.jdbc
                    .sql("select count(*) from pratica")
                    .query(Long.class)
                    .single();
            assertThat(pratiche).isGreaterThan(HISTORIES / 2);
            assertThat(kit.jdbc
                            .sql("select sum(last) from pratica_counter")
                            .query(Long.class)
                            .single())
                    .isEqualTo(pratiche);
        }
    }

    private static void history(PraticaKit kit, Random random, List<String> log) {
        kit.aura.mood = PlayedAura.Mood.WELL;
        kit.aura.deliver();
        assertThat(kit.aura.owesNothing()).isTrue();
        String person = kit.person();
        World world = new World(kit.certificate(person), person);
        for (int i = 0; i < MOVES; i++) {
            step(kit, world, random, log);
            agree(kit, world);
        }
        // in the end AURA is well again, and what waited completes by itself
        kit.aura.mood = PlayedAura.Mood.WELL;
        kit.aura.deliver();
        delivered(world, PlayedAura.Mood.WELL);
        agree(kit, world);
        long onAura = kit.aura.ends.keySet().stream()
                .filter(key -> key.startsWith(person))
                .count();
        long active = world.pratiche.values().stream()
                .flatMap(one -> one.rights.stream())
                .filter(right -> right == Right.ACTIVE)
                .count();
        assertThat(active).as("two of the same").isLessThanOrEqualTo(1);
        assertThat(onAura).isGreaterThanOrEqualTo(active);
    }

    private static void step(PraticaKit kit, World world, Random random, List<String> log) {
        int what = random.nextInt(20);
        if (what < 3) {
            PlayedAura.Mood[] moods = PlayedAura.Mood.values();
            kit.aura.mood = moods[random.nextInt(moods.length)];
            log.add("AURA " + kit.aura.mood);
            return;
        }
        if (what < 5) {
            log.add("deliver");
            kit.aura.deliver();
            delivered(world, kit.aura.mood);
            return;
        }
        if (what == 5 && random.nextInt(3) == 0) {
            log.add("certificate annulled");
            if (!world.annulled) {
                kit.annulCertificate(world.certificate);
                world.annulled = true;
                world.pratiche.values().forEach(one -> one.event(one.state));
            }
            return;
        }
        if (what < 8 || world.pratiche.isEmpty()) {
            begin(kit, world, random, log);
            return;
        }
        List<String> numbers = List.copyOf(world.pratiche.keySet());
        String number = numbers.get(random.nextInt(numbers.size()));
        Operator who = EVERYBODY.get(random.nextInt(EVERYBODY.size()));
        Move move = List.of(Move.PRENDI_IN_CARICO, Move.VALIDA, Move.VALIDA, Move.RESPINGI, Move.ANNULLA, Move.ANNOTA)
                .get(random.nextInt(6));
        Expected expected = world.pratiche.get(number);
        Integer revision = List.of(0, 1, 2).get(random.nextInt(3)) == 0 ? null : expected.revision;
        boolean stale = random.nextInt(6) == 0;
        if (stale) {
            revision = expected.revision - 1;
        }
        boolean noReason = move == Move.RESPINGI && random.nextInt(4) == 0;
        log.add(move + " by " + who.name() + (stale ? " stale" : "") + (noReason ? " without reason" : ""));
        List<Map<String, Object>> before = rows(kit, world);
        boolean done = attempt(kit, move, who, number, revision, noReason);
        boolean mayDo = (who == DISTRICT || who == COLLEAGUE) && !stale && !noReason && allowed(world, expected, move);
        if (!mayDo) {
            assertThat(done).as("refused").isFalse();
            assertThat(rows(kit, world)).as("a refused move changes nothing").isEqualTo(before);
            return;
        }
        moved(world, expected, move);
        boolean settled = delivered(world, kit.aura.mood, expected, move);
        assertThat(done).as("answered with success").isEqualTo(settled);
    }

    /** "Crea e valida" or "richiedi", by one who may or may not. */
    private static void begin(PraticaKit kit, World world, Random random, List<String> log) {
        Operator who = List.of(DOCTOR, DOCTOR, OTHER_DOCTOR, DISTRICT).get(random.nextInt(4));
        boolean straight = random.nextBoolean();
        log.add((straight ? "crea e valida" : "richiedi") + " by " + who.name());
        List<Map<String, Object>> before = rows(kit, world);
        boolean may = who == DOCTOR
                && !world.annulled
                && !world.used()
                && (straight || kit.aura.mood != PlayedAura.Mood.DOWN);
        List<String> known = List.copyOf(world.pratiche.keySet());
        boolean done;
        try {
            if (straight) {
                kit.issuing().issue(who, world.certificate, Wanted.NOTHING);
            } else {
                kit.issuing().request(who, world.certificate, new Pratiche.Notes("per il cittadino", "interna"));
            }
            done = true;
        } catch (SnodoException e) {
            done = false;
        }
        if (!may) {
            assertThat(done).isFalse();
            assertThat(rows(kit, world))
                    .as("a refused beginning writes nothing")
                    .isEqualTo(before);
            return;
        }
        String number = kit.jdbc
                .sql("select number from pratica where patient_id = ? order by created_at desc, number desc")
                .param(world.person)
                .query(String.class)
                .list()
                .get(0);
        assertThat(known).doesNotContain(number);
        assertThat(number).matches("\\d{4}010301\\d{8}");
        Expected made = new Expected("", straight);
        made.event(straight ? "IN_LAVORAZIONE" : "INVIATA");
        world.pratiche.put(number, made);
        boolean settled = true;
        if (straight) {
            made.ending = false;
            made.rights.add(Right.PENDING);
            settled = delivered(world, kit.aura.mood, made, Move.VALIDA);
        }
        assertThat(done).isEqualTo(settled);
    }

    private static boolean attempt(
            PraticaKit kit, Move move, Operator who, String number, Integer revision, boolean noReason) {
        try {
            switch (move) {
                case PRENDI_IN_CARICO -> kit.pratiche().takeCharge(who, number, revision);
                case VALIDA -> kit.pratiche().validate(who, number, revision, Wanted.NOTHING);
                case RESPINGI ->
                    kit.pratiche()
                            .reject(who, number, revision, noReason ? null : "ALTRO", new Pratiche.Notes(null, "nota"));
                case ANNULLA -> kit.pratiche().annul(who, number, revision, Pratiche.Notes.NONE);
                default -> kit.pratiche().annotate(who, number, revision, new Pratiche.Notes("testo", null));
            }
            return true;
        } catch (SnodoException e) {
            return false;
        }
    }

    // --- the model -------------------------------------------------------------------------------------------

    private static boolean allowed(World world, Expected one, Move move) {
        boolean waits = one.ending != null;
        return switch (move) {
            case PRENDI_IN_CARICO -> one.state.equals("INVIATA");
            case VALIDA -> one.open() && !waits && !world.annulled;
            case RESPINGI -> one.open() && !waits;
            case ANNULLA -> (one.open() || one.state.equals("VALIDATA")) && !waits;
            default -> true;
        };
    }

    private static void moved(World world, Expected one, Move move) {
        switch (move) {
            case PRENDI_IN_CARICO -> one.event("IN_LAVORAZIONE");
            case VALIDA -> {
                if (one.state.equals("INVIATA")) {
                    one.event("IN_LAVORAZIONE");
                }
                one.event("IN_LAVORAZIONE");
                one.ending = false;
                one.rights.add(Right.PENDING);
            }
            case RESPINGI -> one.event("RESPINTA");
            case ANNULLA -> {
                if (one.state.equals("VALIDATA")) {
                    one.event("VALIDATA");
                    one.ending = true;
                    one.last(Right.ANNULLING);
                } else {
                    one.event("ANNULLATA");
                }
            }
            default -> one.event(one.state);
        }
    }

    /** Whether the caller of that move hears of success: done, or waiting. A move that asks AURA makes it try what it is owed. */
    private static boolean delivered(World world, PlayedAura.Mood mood, Expected one, Move move) {
        if (one.ending == null || move != Move.VALIDA && move != Move.ANNULLA) {
            return true;
        }
        boolean ending = one.ending;
        delivered(world, mood);
        return one.ending != null || one.last() == (ending ? Right.ANNULLED : Right.ACTIVE);
    }

    /** AURA is tried with everything that is owed of this world. */
    private static void delivered(World world, PlayedAura.Mood mood) {
        if (mood == PlayedAura.Mood.DOWN || mood == PlayedAura.Mood.LATE) {
            return;
        }
        for (Expected one : world.pratiche.values()) {
            if (one.ending == null) {
                continue;
            }
            boolean known = one.lost;
            boolean refused = !known && (mood == PlayedAura.Mood.REFUSES || !one.ending && world.annulled);
            if (refused) {
                one.last(one.ending ? Right.ACTIVE : Right.REFUSED);
                one.event(one.ending ? "VALIDATA" : one.straight ? "ANNULLATA" : "IN_LAVORAZIONE");
                one.ending = null;
            } else if (mood == PlayedAura.Mood.ANSWER_LOST) {
                // it has taken effect there, and is read back before anything else
                one.lost = true;
            } else {
                one.last(one.ending ? Right.ANNULLED : Right.ACTIVE);
                one.event(one.ending ? "ANNULLATA" : "VALIDATA");
                one.ending = null;
                one.lost = false;
            }
        }
    }

    // --- the rows --------------------------------------------------------------------------------------------

    private static void agree(PraticaKit kit, World world) {
        assertThat(kit.jdbc
                        .sql("select count(*) from pratica where patient_id = ?")
                        .param(world.person)
                        .query(Integer.class)
                        .single())
                .isEqualTo(world.pratiche.size());
        world.pratiche.forEach((number, expected) -> {
            Pratica pratica = kit.read(number);
            assertThat(pratica.state().name()).as("state").isEqualTo(expected.state);
            assertThat(pratica.revision()).as("revision").isEqualTo(expected.revision);
            assertThat(pratica.standing().waits()).as("waits for AURA").isEqualTo(expected.ending != null);
            List<PraticaEvent> events = kit.register().events(number);
            assertThat(events).as("events").hasSize(expected.events);
            assertThat(events.stream().filter(PraticaEvent::transition))
                    .as("transitions")
                    .hasSize(expected.transitions);
            assertThat(events.get(0).state()).isEqualTo(pratica.state());
            List<IssuedExemption> rights = kit.exemptions().of(world.person).stream()
                    .filter(one -> one.pratica().equals(number))
                    .toList();
            assertThat(rights.stream().map(one -> one.state().name()))
                    .as("exemptions, the newest first")
                    .containsExactlyElementsOf(reversed(expected.rights));
            assertThat(pratica.state() == PraticaState.VALIDATA)
                    .isEqualTo(rights.stream()
                            .anyMatch(one -> one.state() == IssuedExemption.State.ACTIVE
                                    || one.state() == IssuedExemption.State.ANNULLING));
        });
    }

    private static List<String> reversed(List<Right> rights) {
        List<String> names = new ArrayList<>();
        for (int i = rights.size() - 1; i >= 0; i--) {
            names.add(rights.get(i).name());
        }
        return names;
    }

    private static List<Map<String, Object>> rows(PraticaKit kit, World world) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String query : List.of(
                "select * from pratica where patient_id = ? order by number",
                "select e.* from pratica_event e join pratica p on p.number = e.pratica where p.patient_id = ?"
                        + " order by e.pratica, e.revision",
                "select * from exemption where patient_fiscal_code = ? order by id")) {
            rows.addAll(kit.jdbc.sql(query).param(world.person).query().listOfRows());
        }
        rows.addAll(kit.jdbc
                .sql("select * from pratica_counter order by 1, 2")
                .query()
                .listOfRows());
        return rows;
    }
}
