package it.snodo.certificate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import it.snodo.config.ConfigFolder;
import it.snodo.document.Caller;
import it.snodo.publication.PublicationStore;
import it.snodo.registry.CodeTables;
import it.snodo.registry.ExemptionValidity;
import it.snodo.signature.SignatureProperties;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;

/** A certificate ends, for who searches it, on the day on which the exemption ends that it justifies. */
class ValidUntilTest {

    private static final CodeTables TABLES = new CodeTables(new ConfigFolder(Path.of(".")));
    private static final ExemptionValidity VALIDITY = new ExemptionValidity(TABLES);
    private static final ZoneId ROME = ZoneId.of("Europe/Rome");

    private final PublicationStore store = PublicationStore.fresh();

    @SuppressWarnings("unchecked")
    private final CertificateReads reads = new CertificateReads(
            store.jdbc, null, null, TABLES, (ObjectProvider<SignatureProperties>) mock(ObjectProvider.class));

    private CertificateView read(String exemption, String diagnosis, LocalDate visit, LocalDate birth) {
        long number = store.certificate("D", null, PublicationStore.request(null, null, null));
        store.jdbc
                .sql("update certificate set exemption_code = ?, diagnosis_code = ?, made_at = ?,"
                        + " request = replace(request, '<birthDate>1980-01-01<', ?) where number = ?")
                .params(
                        exemption,
                        diagnosis,
                        visit.atTime(LocalTime.of(0, 30)).atZone(ROME).toOffsetDateTime(),
                        "<birthDate>" + birth + "<",
                        number)
                .update();
        CertificateView view = reads.query(
                        new Caller("specialista", java.util.Set.of(Caller.SPECIALIST), "*"),
                        "c.number = :number",
                        Map.of("number", number),
                        false)
                .get(0)
                .view();
        store.jdbc.sql("delete from certificate where number = ?").param(number).update();
        return view;
    }

    @Test
    void the_day_is_the_same_as_the_exemptions_for_every_row_of_the_table() {
        List<LocalDate> visits = List.of(LocalDate.of(2024, 2, 29), LocalDate.of(2026, 11, 12));
        for (CodeTables.Lasting row : TABLES.durations()) {
            for (LocalDate visit : visits) {
                LocalDate birth = visit.minusMonths(5);
                assertThat(read(row.exemption(), row.diagnosis(), visit, birth).validUntil())
                        .as("%s %s %s", row.exemption(), row.diagnosis(), visit)
                        .isEqualTo(VALIDITY.end(row.exemption(), row.diagnosis(), visit, birth)
                                .map(ExemptionValidity.End::last)
                                .orElse(null));
            }
        }
    }

    @Test
    void the_040_ends_with_the_third_birthday_and_is_over_afterwards() {
        LocalDate birth = LocalDate.of(2021, 2, 28);
        CertificateView view = read("040", null, LocalDate.of(2022, 1, 10), birth);
        assertThat(view.validUntil()).isEqualTo(LocalDate.of(2024, 2, 28));
        assertThat(view.state()).isEqualTo("SCADUTO");
        assertThat(VALIDITY.end("040", null, LocalDate.of(2022, 1, 10), birth))
                .hasValueSatisfying(end -> assertThat(end.last()).isEqualTo(LocalDate.of(2024, 2, 28)));
        assertThat(read("048", "F002", LocalDate.now(ROME), LocalDate.of(1980, 1, 1))
                        .state())
                .isEqualTo("VALIDO");
    }
}
