package it.snodo.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import it.snodo.registry.CodiceFiscale.Strictness;
import java.time.LocalDate;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.time.api.Dates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodiceFiscaleTest {

    private static final String ODD_VALUES = "1 0 5 7 9 13 15 17 19 21 2 4 18 20 11 3 6 8 12 14 16 10 22 25 24 23";

    /** The check letter again, written in another way than the code under test. */
    private static char check(String fifteen) {
        String[] odd = ODD_VALUES.split(" ");
        int sum = 0;
        for (int position = 1; position <= 15; position++) {
            char c = fifteen.charAt(position - 1);
            int order = Character.isDigit(c) ? c - '0' : "ABCDEFGHIJKLMNOPQRSTUVWXYZ".indexOf(c);
            sum += position % 2 == 1 ? Integer.parseInt(odd[order]) : order;
        }
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZ".charAt(sum % 26);
    }

    record Person(String names, LocalDate birth, boolean female, String place) {

        String code() {
            int day = birth.getDayOfMonth() + (female ? 40 : 0);
            String fifteen = String.format(
                    "%s%02d%s%02d%s",
                    names, birth.getYear() % 100, "ABCDEHLMPRST".charAt(birth.getMonthValue() - 1), day, place);
            return fifteen + check(fifteen);
        }
    }

    @Provide
    Arbitrary<Person> persons() {
        return Combinators.combine(
                        Arbitraries.strings().withCharRange('A', 'Z').ofLength(6),
                        Dates.dates().between(LocalDate.of(1910, 1, 1), LocalDate.of(2026, 12, 31)),
                        Arbitraries.of(true, false),
                        Combinators.combine(
                                        Arbitraries.chars().range('A', 'Z'),
                                        Arbitraries.strings().numeric().ofLength(3))
                                .as((letter, digits) -> letter + digits))
                .as(Person::new);
    }

    @Property
    void every_person_s_code_is_accepted_and_read_back(@ForAll("persons") Person person) {
        CodiceFiscale code = CodiceFiscale.parse(person.code(), Strictness.STRICT);
        assertThat(code.gender()).contains(person.female() ? "F" : "M");
        assertThat(code.placeCode()).contains(person.place());
        assertThat(code.birthDate(person.birth())).contains(person.birth());
    }

    @Property
    void omocodia_changes_neither_date_nor_place(
            @ForAll("persons") Person person, @ForAll @IntRange(min = 1, max = 127) int which) {
        char[] letters = person.code().substring(0, 15).toCharArray();
        int[] places = {6, 7, 9, 10, 12, 13, 14};
        for (int i = 0; i < 7; i++) {
            if ((which >> i & 1) == 1) {
                letters[places[i]] = "LMNPQRSTUV".charAt(letters[places[i]] - '0');
            }
        }
        String fifteen = new String(letters);
        CodiceFiscale code = CodiceFiscale.parse(fifteen + check(fifteen), Strictness.STRICT);
        assertThat(code.placeCode()).contains(person.place());
        assertThat(code.birthDate(person.birth())).contains(person.birth());
    }

    @Property
    void one_changed_character_is_refused(
            @ForAll("persons") Person person,
            @ForAll @IntRange(max = 14) int place,
            @ForAll @IntRange(min = 1, max = 25) int shift) {
        char[] letters = person.code().toCharArray();
        boolean digit = Character.isDigit(letters[place]);
        // Order 0 to 25 decides the check: any other order must be noticed.
        int order = digit ? letters[place] - '0' : letters[place] - 'A';
        letters[place] = (char) ('A' + (order + shift) % 26);
        String changed = new String(letters);
        assertThatThrownBy(() -> CodiceFiscale.parse(changed, Strictness.CHECK))
                .isInstanceOf(InvalidIdentifierException.class)
                .hasMessageContaining(changed)
                .hasMessageContaining("«" + check(changed.substring(0, 15)) + "»");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RSSMRA48R11B111I",
                "AAAAAA00A11D000L",
                "AAAAAA00A11B000J",
                "LBRCRD53H10D205E",
                "VNTRLA92B26C688M",
                "RSSMRA80A01H501U",
                "RSSMRA80A01H50MM",
                "RSSMRA80A01H5LMX"
            })
    void codes_of_the_public_samples_are_valid_in_every_way(String code) {
        for (Strictness strictness : Strictness.values()) {
            assertThat(CodiceFiscale.parse(code, strictness).value()).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROVAX00X00X000Y", "AAAAAA00B77B000F"})
    void test_persons_without_a_real_birthday_pass_as_at_the_gateway_and_not_strictly(String code) {
        assertThat(CodiceFiscale.parse(code, Strictness.CHECK).value()).isEqualTo(code);
        assertThatThrownBy(() -> CodiceFiscale.parse(code, Strictness.STRICT))
                .isInstanceOf(InvalidIdentifierException.class);
    }

    /** The dispatcher's code wants letters there before it computes anything. */
    @Test
    void a_digit_in_the_name_is_refused_as_the_gateway_would_even_with_the_right_check_letter() {
        assertThatThrownBy(() -> CodiceFiscale.parse("RS5MRA80A01L219N", Strictness.CHECK))
                .isInstanceOf(InvalidIdentifierException.class)
                .hasMessageContaining("sei lettere");
        assertThat(CodiceFiscale.parse("RS5MRA80A01L219N", Strictness.LENIENT).value())
                .isEqualTo("RS5MRA80A01L219N");
    }

    @Test
    void the_specimen_card_passes_only_leniently() {
        assertThat(CodiceFiscale.parse("RSSMRO62B25E205Y", Strictness.LENIENT).value())
                .isEqualTo("RSSMRO62B25E205Y");
        assertThatThrownBy(() -> CodiceFiscale.parse("RSSMRO62B25E205Y", Strictness.CHECK))
                .hasMessageContaining("dovrebbe essere «W»");
    }

    @ParameterizedTest
    @CsvSource({
        "RSSMRA80A01H501, ne ha 15",
        "RSSMRA80A01H501UU, ne ha 17",
        "RSSMRA80A01H501ù, lettere A-Z",
        "RSSMRA80-01H501U, lettere A-Z"
    })
    void length_and_alphabet_are_named(String code, String reason) {
        assertThatThrownBy(() -> CodiceFiscale.parse(code, Strictness.LENIENT)).hasMessageContaining(reason);
    }

    @Test
    void case_and_spaces_do_not_matter() {
        assertThat(CodiceFiscale.parse(" rss mra 80a01 h501u ", Strictness.STRICT)
                        .value())
                .isEqualTo("RSSMRA80A01H501U");
    }

    @Test
    void the_provisional_code_has_its_own_check_digit() {
        assertThat(CodiceFiscale.parse("12345678903", Strictness.CHECK).provisional())
                .isTrue();
        assertThatThrownBy(() -> CodiceFiscale.parse("12345678901", Strictness.CHECK))
                .hasMessageContaining("11 cifre")
                .hasMessageContaining("«3»");
    }

    @Test
    void what_senders_write_for_unknown_is_nothing() {
        for (String placeholder : Set.of("-1", "nd", "XXXXXXXXXXXXXXXX", "  ", "0000000000000000", "N.D.")) {
            assertThat(Identifiers.clean(placeholder)).as(placeholder).isNull();
        }
        assertThat(Identifiers.clean(null)).isNull();
        assertThat(Identifiers.clean("stp 0010011234567")).isEqualTo("STP0010011234567");
    }

    @ParameterizedTest
    @ValueSource(strings = {"STP0010011234567", "stp 0010011234567"})
    void an_stp_code_is_read(String code) {
        assertThat(Stp.parse(code).value()).isEqualTo("STP0010011234567");
    }

    @ParameterizedTest
    @ValueSource(strings = {"STP001001123456", "ENI0010011234567", "STP00100112345678", "STP001001123456A"})
    void what_is_not_an_stp_code_is_refused_and_named(String code) {
        assertThatThrownBy(() -> Stp.parse(code)).hasMessageContaining(code).hasMessageContaining("13 cifre");
    }

    @Test
    void an_eni_code_is_like_an_stp_code() {
        assertThat(Eni.parse("ENI0010011234567").value()).isEqualTo("ENI0010011234567");
        assertThatThrownBy(() -> Eni.parse("STP0010011234567")).hasMessageContaining("ENI");
    }

    @Test
    void an_italian_team_card_has_twenty_digits_and_a_foreign_one_up_to_twenty_characters() {
        assertThat(TeamCardNumber.parse("80380000101234567890").value()).hasSize(20);
        assertThat(TeamCardNumber.parse("80276000000000000001").value()).hasSize(20);
        assertThat(TeamCardNumber.parse("AB12345").value()).isEqualTo("AB12345");
        assertThatThrownBy(() -> TeamCardNumber.parse("8038000010123456789")).hasMessageContaining("20 cifre");
        assertThatThrownBy(() -> TeamCardNumber.parse("802760000000000000012")).hasMessageContaining("20 caratteri");
    }

    @Test
    void a_prescription_number_has_fifteen_characters() {
        assertThat(Nre.parse("1300A4000000248").value()).isEqualTo("1300A4000000248");
        assertThatThrownBy(() -> Nre.parse("1300A400000024")).hasMessageContaining("15 caratteri");
        assertThatThrownBy(() -> Nre.parse("13O0A4000000248")).hasMessageContaining("13O0A4000000248");
    }
}
