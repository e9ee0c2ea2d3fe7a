package it.snodo.pratica;

import static it.snodo.pratica.PraticaKit.DISTRICT;
import static it.snodo.pratica.PraticaKit.DOCTOR;
import static it.snodo.pratica.PraticaKit.TORINO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import it.snodo.aura.PatientProfile;
import it.snodo.aura.ProfileRead;
import it.snodo.exemption.IssuedExemption;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.time.LocalDate;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** AURA merges two identities of a person: what was issued under the codice fiscale of before is still that person's. */
class MergedPersonTest {

    private PraticaKit kit;
    private String before;
    private String now;
    private Moved issued;

    @BeforeEach
    void an_exemption_under_the_codice_fiscale_of_before() {
        kit = new PraticaKit();
        before = kit.person();
        now = kit.person();
        issued = kit.issuing().issue(DOCTOR, kit.certificate(before), Wanted.NOTHING);
        read(before, "21", before, null);
        read(now, "22", now, null);
        assertThat(pratiche(now)).isEmpty();
    }

    @AfterEach
    void close() {
        kit.close();
    }

    /** AURA is asked for one codice fiscale and leads to an identity. */
    private void read(String asked, String auraId, String carries, String mergedFrom) {
        PatientProfile profile = new PatientProfile(
                auraId,
                mergedFrom,
                true,
                carries,
                "ROSSI",
                "MARIA",
                "F",
                LocalDate.of(1980, 1, 1),
                null,
                "001272",
                "TORINO",
                "Via Po 1",
                "001272",
                TORINO,
                TORINO,
                null,
                null,
                null,
                null,
                null,
                List.of());
        kit.aura.people.put(asked, profile);
        kit.context.publishEvent(new ProfileRead(asked, profile));
    }

    private List<String> pratiche(String fiscalCode) {
        return kit.exemptions().of(fiscalCode).stream()
                .map(IssuedExemption::pratica)
                .toList();
    }

    private static void refused(SnodoCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(SnodoException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    @Test
    void what_was_issued_under_the_one_of_before_counts_under_the_one_in_force() {
        read(before, "22", now, "21");

        assertThat(pratiche(now)).containsExactly(issued.pratica().number());
        assertThat(pratiche(before)).containsExactly(issued.pratica().number());
        refused(SnodoCode.EXEMPTION_IN_FORCE, () -> kit.issuing().issue(DOCTOR, kit.certificate(now), Wanted.NOTHING));
        assertThat(kit.search()
                        .find(
                                DISTRICT,
                                new PraticaSearch.Filter(null, null, null, null, null, null, null, now),
                                null,
                                20)
                        .items())
                .extracting(Pratica::number)
                .containsExactly(issued.pratica().number());
    }

    @Test
    void an_open_pratica_of_before_keeps_the_desk_from_entering_the_same_again() {
        submit(before);
        read(before, "22", now, "21");
        refused(SnodoCode.PRATICA_OPEN_ALREADY, () -> submit(now));
    }

    private void submit(String person) {
        kit.issuing()
                .submit(
                        DISTRICT,
                        new Issuing.Submission(
                                person,
                                new Pratica.Compiler(Pratica.Compiler.Kind.UTENTE, null, null),
                                "019",
                                null,
                                Wanted.NOTHING,
                                Pratiche.Notes.NONE));
    }

    @Test
    void who_asks_only_for_the_one_in_force_finds_it_too() {
        // AURA does not say what was merged into an identity, but says where a known one leads
        kit.aura.people.remove(before);
        read(now, "22", now, "21");
        assertThat(pratiche(now)).containsExactly(issued.pratica().number());
    }

    @Test
    void two_of_the_same_name_and_birthday_stay_two() {
        read(now, "22", now, null);
        assertThat(pratiche(now)).isEmpty();
        read(before, "22", now, "21");
        assertThat(pratiche(now)).hasSize(1);
        read(before, "21", before, null);
        assertThat(pratiche(now)).as("AURA has taken them apart again").isEmpty();
    }
}
