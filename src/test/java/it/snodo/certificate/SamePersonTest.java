package it.snodo.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.certificate.CertificateRequest.Patient;
import it.snodo.certificate.CertificateRequest.TeamCard;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class SamePersonTest {

    private static final LocalDate BORN = LocalDate.of(1970, 3, 4);

    private static Patient person(String fiscalCode, String stp, TeamCard team, String family, LocalDate birth) {
        return new Patient(fiscalCode, stp, null, team, null, family, "MARIO", birth, "M", null, null, null);
    }

    @Test
    void the_codice_fiscale_decides_where_both_have_it() {
        Patient one = person("RSSMRA70C04L219X", null, null, "ROSSI", BORN);
        assertThat(SamePerson.are(one, person("RSSMRA70C04L219X", null, null, "ROSI", BORN.plusDays(1))))
                .isTrue();
        assertThat(SamePerson.are(one, person("BNCMRA70C04L219D", null, null, "ROSSI", BORN)))
                .isFalse();
    }

    @Test
    void a_shared_identifier_of_another_kind_is_enough() {
        TeamCard card = new TeamCard("80276000000000000001", "D1", "DEU");
        TeamCard renewed = new TeamCard("80276000000000000099", "D1", "DEU");
        assertThat(SamePerson.are(
                        person(null, null, card, "MÜLLER", BORN), person(null, null, renewed, "MUELLER", BORN)))
                .isTrue();
    }

    @Test
    void who_had_an_stp_and_now_has_a_codice_fiscale_is_known_by_name_and_birth() {
        Patient before = person(null, "STP0103010000001", null, "El Idrissi", BORN);
        assertThat(SamePerson.are(before, person("LDRMRA70C04Z330Q", null, null, "EL  IDRISSI", BORN)))
                .isTrue();
        assertThat(SamePerson.are(before, person("LDRMRA70C04Z330Q", null, null, "EL IDRISSI", BORN.plusYears(1))))
                .isFalse();
        assertThat(SamePerson.are(before, person(null, "STP0103010000002", null, "ROSSI", BORN)))
                .isFalse();
    }
}
