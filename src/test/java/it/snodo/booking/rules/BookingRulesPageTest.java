package it.snodo.booking.rules;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.rules.BookingRule.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The page of the rules is made from the rules and from their tests; {@code -Dsnodo.docs.write=true} writes it anew. A rule
 * without a class, without a test, or with a code that it does not declare fails the build.
 */
class BookingRulesPageTest {

    private static final int LAST_RULE = 88;

    private static final Path PAGE = Path.of("src/docs/booking-rules.md");
    private static final Path CLASSES = Path.of("src/main/java/it/snodo/booking/rules");
    private static final Path TESTS = Path.of("src/test/java/it/snodo/booking/rules");

    private static final Pattern TEST_METHOD = Pattern.compile("(?:void|boolean) (r(\\d+)_\\w+)\\(");
    private static final Pattern CODE_LITERAL = Pattern.compile("\"(SC-[^\"]*)\"");
    private static final Pattern CODE_FORM = Pattern.compile("SC-(\\d{3})[a-z]?");

    private final List<BookingRule> rules = new RuleBook(PersonCase.TABLES, BookingProperties.standard()).rules();

    @Test
    void the_page_says_what_the_rules_say() throws IOException {
        String page = page();
        if (Boolean.getBoolean("snodo.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).hasContent(page);
    }

    @Test
    void every_rule_from_1_to_88_has_a_class_named_by_its_number() {
        assertThat(rules.stream().map(BookingRule::number).distinct().sorted().toList())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, LAST_RULE).boxed().toList());
        assertThat(rules).allSatisfy(rule -> assertThat(rule.getClass().getSimpleName())
                .matches("R0?" + rule.number() + "[A-Z][A-Za-z0-9]+"));
    }

    @Test
    void every_rule_has_a_test_named_by_its_number() {
        Map<Integer, Set<String>> tests = tests();

        assertThat(IntStream.rangeClosed(1, LAST_RULE)
                        .filter(number -> !tests.containsKey(number))
                        .boxed())
                .as("rules without a test r<number>_…")
                .isEmpty();
    }

    @Test
    void no_class_of_a_rule_is_left_out_of_the_book() throws IOException {
        Set<String> inTheBook =
                rules.stream().map(rule -> rule.getClass().getSimpleName()).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(CLASSES)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".java", ""))
                            .filter(name -> name.matches("R\\d+.*")))
                    .isSubsetOf(inTheBook);
        }
    }

    @Test
    void a_rule_uses_only_codes_that_it_declares() {
        for (BookingRule rule : rules) {
            Set<Code> used = new LinkedHashSet<>();
            for (Class<?> type = rule.getClass(); type != Object.class; type = type.getSuperclass()) {
                used.addAll(constants(type));
            }
            assertThat(rule.codes())
                    .as(rule.getClass().getSimpleName())
                    .containsAll(used)
                    .doesNotHaveDuplicates();
            Set<String> declared = rule.codes().stream().map(Code::code).collect(Collectors.toSet());
            assertThat(literals(rule.getClass()))
                    .as("SC-nnn written in %s", rule.getClass().getSimpleName())
                    .isSubsetOf(declared);
        }
    }

    @Test
    void a_code_is_the_number_of_a_rule_with_a_letter_at_most() {
        assertThat(rules.stream().flatMap(rule -> rule.codes().stream()).map(Code::code))
                .allMatch(code -> {
                    Matcher form = CODE_FORM.matcher(code);
                    return form.matches() && Integer.parseInt(form.group(1)) <= LAST_RULE;
                });
    }

    @Test
    void what_a_rule_says_is_a_sentence_with_its_section() {
        assertThat(rules).allSatisfy(rule -> {
            assertThat(rule.says()).endsWith(".").hasSizeGreaterThan(20);
            assertThat(rule.source()).startsWith("§");
            assertThat(rule.codes()).allSatisfy(code -> {
                assertThat(code.title()).isNotBlank();
                assertThat(code.condition()).isIn(101, 102, 103, 204, 205, 206, 207);
            });
        });
    }

    private static List<Code> constants(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == Code.class)
                .map(BookingRulesPageTest::value)
                .toList();
    }

    private static Code value(Field field) {
        try {
            field.setAccessible(true);
            return (Code) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> literals(Class<?> type) {
        Matcher found = CODE_LITERAL.matcher(read(CLASSES.resolve(type.getSimpleName() + ".java")));
        Set<String> literals = new TreeSet<>();
        while (found.find()) {
            literals.add(found.group(1));
        }
        return literals;
    }

    private static Map<Integer, Set<String>> tests() {
        Map<Integer, Set<String>> tests = new TreeMap<>();
        try (Stream<Path> files = Files.list(TESTS)) {
            files.filter(file -> file.toString().endsWith("Test.java")).forEach(file -> {
                Matcher found = TEST_METHOD.matcher(read(file));
                while (found.find()) {
                    tests.computeIfAbsent(Integer.valueOf(found.group(2)), number -> new TreeSet<>())
                            .add(file.getFileName().toString().replace(".java", "") + "." + found.group(1));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tests;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String page() {
        Map<Integer, Set<String>> tests = tests();
        StringBuilder page = new StringBuilder(
                """
                # Regole di prenotazione

                Le regole del manuale operatore SovraCup (Torino e Provincia, dicembre 2007), una classe per regola nel
                pacchetto `it.snodo.booking.rules`. La pagina è scritta dalle regole e dai loro test
                (`mvn test -Dtest=BookingRulesPageTest -Dsnodo.docs.write=true`); una regola senza classe, senza test o con
                un codice non dichiarato ferma la build.

                I passi si valutano nell'ordine %s. In un passo si sentono tutte le regole; il passo che ferma la
                richiesta è l'ultimo. Decisioni: WARN prosegue con un avviso, CONFIRM aspetta che il codice torni tra le
                conferme (`confirmations`, `CONFERMA`), REJECT rifiuta, ROUTE_LOCAL manda al CUP aziendale, REFER rinvia la
                persona. I numeri che cambiano con gli anni sono in `mappings/`; dove il manuale lascia una scelta decide
                una proprietà `snodo.booking.rules.*`.

                | regola | che cosa dice | manuale | passo | codici (decisione, HL7 0357) | classe | test |
                |---|---|---|---|---|---|---|
                """.formatted(Arrays.stream(Step.values()).map(Step::name).collect(Collectors.joining(", "))));
        rules.stream()
                .collect(Collectors.groupingBy(BookingRule::number, TreeMap::new, Collectors.toList()))
                .forEach((number, same) -> {
                    for (int i = 0; i < same.size(); i++) {
                        page.append(row(same.get(i), i == 0 ? tests.getOrDefault(number, Set.of()) : Set.of()));
                    }
                });
        return page.toString();
    }

    private static String row(BookingRule rule, Set<String> tests) {
        return "| R%d | %s | %s | %s | %s | `%s` | %s |\n"
                .formatted(
                        rule.number(),
                        rule.says(),
                        rule.source(),
                        rule.step() + (rule.alsoWithSlot() ? ", SLOT" : ""),
                        rule.codes().stream()
                                .map(code -> code.code() + " " + code.title() + " (" + code.decision() + ", "
                                        + code.condition() + ")")
                                .collect(Collectors.joining("<br>")),
                        rule.getClass().getSimpleName(),
                        tests.stream().map(test -> "`" + test + "`").collect(Collectors.joining("<br>")));
    }
}
