package it.snodo.pratica;

import static it.snodo.pratica.PraticaKit.COLLEAGUE;
import static it.snodo.pratica.PraticaKit.DISTRICT;
import static it.snodo.pratica.PraticaKit.DOCTOR;
import static it.snodo.pratica.PraticaKit.OPERATIONS;
import static it.snodo.pratica.PraticaKit.OTHER_DISTRICT;
import static it.snodo.pratica.PraticaKit.OTHER_DOCTOR;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.access.Operator;
import it.snodo.pratica.ExpectedWorld.Act;
import it.snodo.pratica.ExpectedWorld.Certificate;
import it.snodo.pratica.ExpectedWorld.Expected;
import it.snodo.pratica.ExpectedWorld.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random histories of a person, two certificates and their pratiche, by random people, one after the other or two at once, with
 * an AURA that is well, down, late, refuses or loses its answers, certificates that are annulled or replaced, a person who moves
 * or dies; against a plain model ({@link ExpectedWorld}). After each move the rows say what the model says, and a refused move
 * changed nothing. {@code mvn -Pchaos verify} makes ten thousand of them.
 */
@Tag("chaos")
class HistoriesTest {

    private static final Logger LOG = LoggerFactory.getLogger(HistoriesTest.class);
    private static final int HISTORIES =
            Integer.getInteger("snodo.histories", Boolean.getBoolean("snodo.chaos") ? 10_000 : 150);
    private static final long SEED = Long.getLong("snodo.histories.seed", 20261122L);
    private static final int MOVES = 16;
    private static final List<Operator> EVERYBODY = List.of(
            DISTRICT, DISTRICT, COLLEAGUE, COLLEAGUE, DOCTOR, OTHER_DISTRICT, OTHER_DISTRICT, OTHER_DOCTOR, OPERATIONS);
    private static final List<Move> MOVES_OF_PEOPLE = List.of(
            Move.PRENDI_IN_CARICO,
            Move.VALIDA,
            Move.VALIDA,
            Move.VALIDA,
            Move.RESPINGI,
            Move.ANNULLA,
            Move.ANNULLA,
            Move.ANNOTA,
            Move.ALLEGA);
    private static final List<Pratiche.Notes> NOTES = List.of(
            Pratiche.Notes.NONE,
            new Pratiche.Notes("in esame", null),
            new Pratiche.Notes(null, " vista la cartella "),
            new Pratiche.Notes(" ", "altra"),
            new Pratiche.Notes("seconda", ""));
    private static final List<String> REASONS =
            Arrays.asList("ALTRO", "Requisiti non sufficienti", "documentazione insuffciente", null, " ", "boh");
    private static final List<byte[]> FILES = List.of(
            "%PDF-1.7 uno".getBytes(StandardCharsets.US_ASCII),
            "GIF89a due".getBytes(StandardCharsets.US_ASCII),
            "MZ programma".getBytes(StandardCharsets.US_ASCII));

    private final Random random = new Random();
    private final List<String> log = new ArrayList<>();
    private PraticaKit kit;
    private ExpectedWorld world;

    @Test
    void rows_and_model_agree_after_every_move() {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try (PraticaKit opened = new PraticaKit()) {
            kit = opened;
            for (int i = 0; i < HISTORIES; i++) {
                if (i % 500 == 0) {
                    LOG.info("{} of {} histories, seed {}", i, HISTORIES, SEED);
                }
                LocalDate day = kit.register().today();
                random.setSeed(SEED + i);
                log.clear();
                try {
                    history(two, day);
                } catch (AssertionError | RuntimeException e) {
                    // what began yesterday is another exemption today
                    if (day.equals(kit.register().today())) {
                        throw new AssertionError("history with seed " + (SEED + i) + ": " + log, e);
                    }
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
        } finally {
            two.shutdownNow();
        }
    }

    private void history(ExecutorService two, LocalDate day) {
        kit.aura.mood = PlayedAura.Mood.WELL;
        kit.aura.deliver();
        assertThat(kit.aura.owesNothing()).isTrue();
        kit.aura.ends.clear();
        kit.aura.told.clear();
        String person = kit.person();
        boolean alike = random.nextBoolean();
        world = new ExpectedWorld(
                person,
                day,
                List.of(
                        new Certificate(kit.certificate(person), "013", "250"),
                        alike
                                ? new Certificate(kit.certificate(person), "013", "250")
                                : new Certificate(
                                        kit.certificate(
                                                person,
                                                "019",
                                                "3655",
                                                "VALIDO",
                                                OffsetDateTime.now().minusDays(10)),
                                        "019",
                                        "3655")));
        for (int i = 0; i < MOVES; i++) {
            step(two);
            assertThat(world.differenceTo(kit)).isNull();
        }
        // in the end AURA is well again, and what waited completes by itself
        kit.aura.mood = world.mood = PlayedAura.Mood.WELL;
        kit.aura.deliver();
        world.deliver();
        assertThat(world.differenceTo(kit)).isNull();
        assertThat(kit.aura.owesNothing()).isTrue();
    }

    private void step(ExecutorService two) {
        int what = random.nextInt(24);
        switch (what) {
            case 0, 1, 2 -> {
                kit.aura.mood = world.mood = any(List.of(PlayedAura.Mood.values()));
                log.add("AURA " + world.mood);
            }
            case 3, 4 -> {
                log.add("deliver");
                kit.aura.deliver();
                world.deliver();
            }
            case 5 -> around();
            case 6, 7, 8 -> together(two);
            default -> alone(act());
        }
    }

    /** What happens beside the pratiche. */
    private void around() {
        Certificate certificate = any(world.certificates);
        switch (random.nextInt(6)) {
            case 0 -> {
                log.add("certificate " + certificate.number + " annulled");
                if (certificate.state.equals("VALIDO")) {
                    kit.annulCertificate(certificate.number);
                    world.annulled(certificate);
                }
            }
            case 1 -> {
                log.add("certificate " + certificate.number + " replaced");
                if (certificate.state.equals("VALIDO")) {
                    kit.jdbc
                            .sql("update certificate set state = 'SOSTITUITO' where number = ?")
                            .param(certificate.number)
                            .update();
                    certificate.state = "SOSTITUITO";
                }
            }
            case 2, 3 -> {
                world.home = world.home.equals(PraticaKit.TORINO) ? PraticaKit.CN2 : PraticaKit.TORINO;
                log.add("moves to " + world.home);
                live();
            }
            case 4 -> {
                world.dead = true;
                log.add("dies");
                live();
            }
            default -> {
                // AURA had been wrong about it
                world.dead = false;
                log.add("lives");
                live();
            }
        }
    }

    private void live() {
        kit.aura.people.put(
                world.person,
                PlayedAura.person(
                        world.person, world.home, world.home, true, world.dead ? world.today : null, List.of()));
    }

    // --- one, and two at once ---------------------------------------------------------------------------------

    private void alone(Act act) {
        log.add(act.toString());
        boolean may = act.may(world);
        String before = may ? null : rows();
        boolean done = act.attempt(kit, world);
        if (!may) {
            assertThat(done).as("refused").isFalse();
            assertThat(rows()).as("a refused move changes nothing").isEqualTo(before);
            return;
        }
        assertThat(done).as("answered with success").isEqualTo(world.play(act));
    }

    /** What comes of two at once is what comes of one after the other, or of the second while AURA is being told of the first. */
    private void together(ExecutorService two) {
        Act first = act();
        Act second = act();
        if (first.creates() && second.creates() && !first.sameCertificateAs(second)) {
            alone(first);
            return;
        }
        log.add("at once: " + first + " | " + second);
        List<Boolean> done = atOnce(two, first, second);
        List<String> differences = new ArrayList<>();
        for (Outcome possible : world.both(first, second)) {
            String difference = possible.done().equals(done) ? possible.world().differenceTo(kit) : "answers " + done;
            if (difference == null) {
                world = possible.world();
                return;
            }
            differences.add(difference);
        }
        throw new AssertionError("no order of the two gives this: " + differences);
    }

    private List<Boolean> atOnce(ExecutorService two, Act first, Act second) {
        CyclicBarrier barrier = new CyclicBarrier(2);
        List<Callable<Boolean>> both = new ArrayList<>();
        for (Act one : List.of(first, second)) {
            both.add(() -> {
                barrier.await();
                return one.attempt(kit, world);
            });
        }
        try {
            List<Boolean> done = new ArrayList<>();
            for (Future<Boolean> one : two.invokeAll(both)) {
                done.add(one.get());
            }
            return done;
        } catch (Exception e) {
            throw new AssertionError("one of two at once ended badly", e);
        }
    }

    // --- what people try --------------------------------------------------------------------------------------

    private Act act() {
        return world.pratiche.isEmpty() || random.nextInt(5) == 0 ? beginning() : work();
    }

    private Act beginning() {
        int kind = random.nextInt(5);
        int certificate = random.nextInt(world.certificates.size());
        return switch (kind) {
            case 0, 1 ->
                new Act.Issue(certificate, any(List.of(DOCTOR, DOCTOR, DOCTOR, OTHER_DOCTOR, DISTRICT)), wanted());
            case 2, 3 ->
                new Act.Request(certificate, any(List.of(DOCTOR, DOCTOR, DOCTOR, OTHER_DOCTOR, DISTRICT)), any(NOTES));
            default ->
                new Act.Submit(
                        any(List.of("013", "019")),
                        any(List.of(DISTRICT, DISTRICT, COLLEAGUE, OTHER_DISTRICT, DOCTOR, OPERATIONS)),
                        any(NOTES));
        };
    }

    /** Two times in three by one who may and knows how, so that it is the state that decides. */
    private Act work() {
        int index = random.nextInt(world.pratiche.size());
        Expected pratica = world.pratiche.get(index);
        boolean proper = random.nextInt(3) > 0;
        Operator district = pratica.asl.equals(PraticaKit.TORINO) ? any(List.of(DISTRICT, COLLEAGUE)) : OTHER_DISTRICT;
        Integer revision = random.nextInt(3) == 0 ? null : pratica.revision;
        if (!proper && random.nextInt(4) == 0) {
            revision = pratica.revision - 1;
        }
        return new Act.Work(
                index,
                any(MOVES_OF_PEOPLE),
                proper ? district : any(EVERYBODY),
                revision,
                any(NOTES),
                proper ? REASONS.get(random.nextInt(3)) : any(REASONS),
                wanted(),
                any(FILES));
    }

    private Wanted wanted() {
        return switch (random.nextInt(8)) {
            case 0 -> new Wanted(world.today.plusYears(1), null);
            case 1 -> new Wanted(null, true);
            case 2 -> random.nextBoolean() ? new Wanted(world.today.minusDays(1), null) : new Wanted(world.today, true);
            default -> Wanted.NOTHING;
        };
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private String rows() {
        return kit.jdbc
                .sql("""
                        select string_agg(t.line, e'\\n' order by t.line) from (
                          select p::text as line from pratica p where patient_id = :person
                          union all select e::text from pratica_event e join pratica p on p.number = e.pratica
                            where p.patient_id = :person
                          union all select a::text from pratica_attachment a join pratica p on p.number = a.pratica
                            where p.patient_id = :person
                          union all select x::text from exemption x where patient_fiscal_code = :person
                          union all select c::text from pratica_counter c) t""")
                .param("person", world.person)
                .query(String.class)
                .optional()
                .orElse("");
    }
}
