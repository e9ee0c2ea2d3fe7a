package it.snodo.booking.rules;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.Ruling;
import it.snodo.booking.rules.PasswordPolicy.Owner;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R81. */
class PasswordPolicyTest {

    private static final Owner OWNER = new Owner("Rossi", "Maria", LocalDate.of(1980, 1, 31), List.of("Niccolò"));

    private final PasswordPolicy policy = new PasswordPolicy(8, 3);

    private List<String> judge(String password, String changed, String today) {
        List<Ruling> said = policy.judge(
                password, OWNER, changed == null ? null : LocalDate.parse(changed), false, LocalDate.parse(today));
        Declared.check(PersonCase.booking().book(), said);
        assertThat(said).allSatisfy(each -> assertThat(each.message()).doesNotContain(password));
        return said.stream().map(Ruling::code).toList();
    }

    @ParameterizedTest
    @CsvSource({"tavolo77, true", "tavol077x, true", "tavol77, false", "tavolone, false", "12345678, false"})
    void r81_at_least_eight_letters_and_digits(String password, boolean good) {
        assertThat(judge(password, null, "2026-03-10")).hasSize(good ? 0 : 1).allMatch("SC-081a"::equals);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rossi2026x",
                "x77mariaxx",
                "tavolo31011980",
                "tavolo19800131",
                "tavolo310180",
                "niccolo2026",
                "mr202600",
                "2026rm77"
            })
    void r81_nothing_of_the_person(String password) {
        assertThat(judge(password, null, "2026-03-10")).containsExactly("SC-081b");
    }

    @Test
    void r81_initials_inside_another_word_are_no_reference() {
        assertThat(judge("amref2026", null, "2026-03-10")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2025-12-10, 2026-03-10, true",
        "2025-12-10, 2026-03-11, false",
        "2025-11-30, 2026-02-28, true",
        "2025-11-30, 2026-03-01, false"
    })
    void r81_it_is_changed_every_three_calendar_months(String changed, String today, boolean good) {
        assertThat(judge("tavolo77", changed, today)).hasSize(good ? 0 : 1).allMatch("SC-081c"::equals);
    }

    @Test
    void r81_a_forgotten_one_is_issued_anew_by_the_help_desk_and_all_is_told_at_once() {
        assertThat(policy.judge("rossi", OWNER, LocalDate.of(2025, 1, 1), true, LocalDate.of(2026, 3, 10)))
                .extracting(Ruling::code)
                .containsExactly("SC-081a", "SC-081b", "SC-081c", "SC-081d");
    }
}
