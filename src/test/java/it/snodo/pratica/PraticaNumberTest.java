package it.snodo.pratica;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.exemption.ExemptionListener.Asker;
import java.time.LocalDate;
import java.time.Year;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PraticaNumberTest {

    @Test
    void numbers_have_no_gap_in_any_asl_however_many_ask_and_give_up() throws Exception {
        try (PraticaKit kit = new PraticaKit()) {
            ExecutorService fifty = Executors.newFixedThreadPool(50);
            try {
                List<Callable<List<String>>> work = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    Random random = new Random(i);
                    work.add(() -> some(kit, random));
                }
                List<String> given = new ArrayList<>();
                for (Future<List<String>> one : fifty.invokeAll(work)) {
                    given.addAll(one.get());
                }
                for (String asl : List.of(PraticaKit.TORINO, PraticaKit.CN2)) {
                    List<String> own = new ArrayList<>(given.stream()
                            .filter(number -> number.substring(4, 10).equals(asl))
                            .toList());
                    Collections.sort(own);
                    List<String> expected = new ArrayList<>();
                    for (int n = 1; n <= own.size(); n++) {
                        expected.add("%s%s%08d".formatted(Year.now(PraticaRegister.ROME), asl, n));
                    }
                    assertThat(own).hasSizeGreaterThan(50).isEqualTo(expected);
                }
                assertThat(kit.jdbc
                                .sql("select number from pratica")
                                .query(String.class)
                                .list())
                        .containsExactlyInAnyOrderElementsOf(given);
            } finally {
                fifty.shutdownNow();
            }
        }
    }

    private static List<String> some(PraticaKit kit, Random random) {
        List<String> given = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String asl = random.nextBoolean() ? PraticaKit.TORINO : PraticaKit.CN2;
            boolean givenUp = random.nextInt(3) == 0;
            String number = kit.transaction.execute(status -> {
                Pratica entered = kit.register().enter(draft(asl), Move.INVIA, new Asker("prova", null));
                if (givenUp) {
                    status.setRollbackOnly();
                }
                return entered.number();
            });
            if (!givenUp) {
                given.add(number);
            }
        }
        return given;
    }

    private static Pratica draft(String asl) {
        return new Pratica(
                null,
                asl,
                PraticaState.INVIATA,
                false,
                null,
                null,
                null,
                new Pratica.Person("RSSMRA80A41L219Z", "ROSSI", "MARIA", LocalDate.of(1980, 1, 1), "F", null),
                null,
                null,
                new Pratica.Compiler(Pratica.Compiler.Kind.UTENTE, "RSSMRA80A41L219Z", "ROSSI MARIA"),
                "013",
                "250",
                null,
                true,
                null,
                null,
                null,
                null,
                null,
                null,
                0,
                null,
                null);
    }
}
