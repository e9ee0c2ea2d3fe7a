package it.snodo.simulator.fse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As the dispatcher's code has it: only what stands under the OID of the codice fiscale, or alone, is looked at. */
class PersonCodeTest {

    @ParameterizedTest
    @CsvSource({
        "RSSMRA80A01L219M^^^&2.16.840.1.113883.2.9.4.3.2&ISO, true",
        "rssmra80a01l219m^^^&2.16.840.1.113883.2.9.4.3.2&ISO, true",
        "RSSMRA80A01L219M, true",
        "RSSMRA80A01L219X^^^&2.16.840.1.113883.2.9.4.3.2&ISO, false",
        "STP0103010000123^^^&2.16.840.1.113883.2.9.4.3.2&ISO, false",
        "12345678903^^^&2.16.840.1.113883.2.9.4.3.2&ISO, false",
        "STP0103010000123, false",
        "STP0103010000123^^^&2.16.840.1.113883.2.9.4.3.17&ISO, true",
        "ENI0103010000456^^^&2.16.840.1.113883.2.9.4.3.18&ISO, true",
        "80756000123^^^&2.16.840.1.113883.2.9.4.3.7&ISO, true",
        "'', false"
    })
    void a_code_is_judged_by_its_authority(String cx, boolean accepted) {
        assertThat(PersonCode.isValid(cx)).isEqualTo(accepted);
    }
}
