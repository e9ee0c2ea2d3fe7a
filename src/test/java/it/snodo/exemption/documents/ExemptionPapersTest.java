package it.snodo.exemption.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import it.snodo.config.ConfigFolder;
import it.snodo.document.PdfPages;
import it.snodo.exemption.ExemptionsChanged;
import it.snodo.exemption.IssuedExemption;
import it.snodo.exemption.IssuedExemption.State;
import it.snodo.exemption.PlayedExemptions;
import it.snodo.exemption.documents.ExemptionPapers.Paper;
import it.snodo.exemption.documents.ExemptionPapers.Version;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.publication.PublicationStore;
import it.snodo.registry.CodeTables;
import it.snodo.signature.PdfCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.transaction.IllegalTransactionStateException;

/** What a person is given of the exemptions, upon a real database. */
class ExemptionPapersTest {

    private static final String PERSON = "SPSCCT61E44L219O";
    private static final LocalDate IN_FIVE_YEARS = LocalDate.of(2031, 10, 20);
    private static final ConfigFolder FOLDER = new ConfigFolder(Path.of(""));
    private static final CodeTables TABLES = new CodeTables(FOLDER);
    private static final PdfPages PAGES = new PdfPages(FOLDER);

    private final PlayedExemptions exemptions = new PlayedExemptions();
    private static PublicationStore database;
    private ExemptionPapers papers;

    @BeforeAll
    static void empty() {
        database = PublicationStore.fresh();
    }

    @BeforeEach
    void fresh() {
        for (String table : List.of("exemption_document", "document", "certificate", "audit", "person_identity")) {
            database.jdbc.sql("delete from " + table).update();
        }
        papers = papersOn("2026-11-22", PAGES);
    }

    private ExemptionPapers papersOn(String day, PdfPages pages) {
        return PapersKit.papers(
                exemptions, database, TABLES, pages, Clock.fixed(Instant.parse(day + "T10:00:00Z"), ZoneOffset.UTC));
    }

    private IssuedExemption issue(String code, String diagnosis, LocalDate to) {
        IssuedExemption one = exemptions.put(PlayedExemptions.sample(PERSON, code, diagnosis, to));
        tell(one);
        return one;
    }

    private void tell(IssuedExemption cause) {
        database.transaction.executeWithoutResult(status -> papers.changed(new ExemptionsChanged(PERSON, cause.id())));
    }

    private static String text(byte[] pdf) throws IOException {
        try (var document = Loader.loadPDF(pdf)) {
            return new PDFTextStripper().getText(document).replaceAll("\\s+", " ");
        }
    }

    /** For people who want to look. */
    private static void keep(String name, byte[] pdf) throws IOException {
        Files.write(Files.createDirectories(Path.of("target", "papers")).resolve(name + ".pdf"), pdf);
    }

    @Test
    void the_attestato_lists_all_that_is_in_force_and_is_pdf_a() throws IOException {
        issue("048", "F002", IN_FIVE_YEARS);
        issue("0A02", "395", null);
        issue("019", "3655", null);

        Paper paper = papers.attestato(PERSON, null).orElseThrow();

        keep("attestato", paper.pdf());
        assertThat(paper.version()).isEqualTo(3);
        assertThat(PdfCheck.failedRules(paper.pdf())).isEmpty();
        assertThat(PdfCheck.textOutsideThePage(paper.pdf())).isEmpty();
        assertThat(text(paper.pdf()))
                .contains("Regione Piemonte", "ASL Città di Torino", "Attestato di esenzione")
                .contains("ESPOSITO CONCETTA", "nata il 4 maggio 1961", PERSON)
                .contains("n. " + paper.number(), "versione 3", "rilasciato il 22 novembre 2026")
                .contains("048", "0A02", "019", "20/10/2031", "illimitata")
                .contains("395 - Malattie della valvola aortica", "365.5")
                .contains("le versioni precedenti (da 1 a 2)", "AURA", "Pagina 1 di 1")
                .doesNotContain("F002", "000 ");
    }

    @Test
    void each_change_makes_a_version_and_every_old_one_stays_as_it_was() throws IOException {
        IssuedExemption first = issue("013", "25000", null);
        Paper one = papers.attestato(PERSON, null).orElseThrow();
        issue("0A31", "401", null);
        exemptions.put(
                PlayedExemptions.with(first, State.ANNULLED, LocalDate.of(2026, 11, 22), LocalDate.of(2026, 11, 22)));
        tell(first);

        assertThat(papers.versions(PERSON))
                .extracting(Version::version, Version::exemptions)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(3, List.of("0A31")),
                        org.assertj.core.groups.Tuple.tuple(2, List.of("013", "0A31")),
                        org.assertj.core.groups.Tuple.tuple(1, List.of("013")));
        assertThat(papers.attestato(PERSON, 1).orElseThrow().pdf()).isEqualTo(one.pdf());
        assertThat(text(papers.attestato(PERSON, 2).orElseThrow().pdf())).contains("013", "0A31");
        assertThat(text(papers.attestato(PERSON, null).orElseThrow().pdf()))
                .contains("0A31")
                .doesNotContain("Diabete");
    }

    @Test
    void what_changes_nothing_on_the_page_makes_no_version() {
        IssuedExemption one = issue("013", "25000", null);
        tell(one);
        exemptions.put(PlayedExemptions.with(one, State.ANNULLING, null, null));
        tell(one);

        assertThat(papers.versions(PERSON)).hasSize(1);
    }

    @Test
    void after_the_last_exemption_has_ended_the_attestato_says_that_there_is_none() throws IOException {
        IssuedExemption one = issue("013", "25000", null);
        exemptions.put(
                PlayedExemptions.with(one, State.ANNULLED, LocalDate.of(2026, 11, 22), LocalDate.of(2026, 11, 22)));
        tell(one);

        Paper paper = papers.attestato(PERSON, null).orElseThrow();
        keep("attestato-senza", paper.pdf());
        assertThat(PdfCheck.failedRules(paper.pdf())).isEmpty();
        assertThat(text(paper.pdf())).contains("non risultano esenzioni in vigore", "la versione 1");
    }

    @Test
    void an_exemption_that_has_come_to_its_last_day_is_gone_from_the_attestato_without_any_change() {
        issue("013", "25000", null);
        issue("048", "F002", LocalDate.of(2026, 12, 31));
        ExemptionPapers onItsLastDay = papersOn("2026-12-31", PAGES);
        ExemptionPapers theDayAfter = papersOn("2027-01-01", PAGES);

        assertThat(onItsLastDay.versions(PERSON)).hasSize(2);
        assertThat(theDayAfter.versions(PERSON).get(0).exemptions()).containsExactly("013");
        assertThat(theDayAfter.versions(PERSON)).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"PENDING", "REFUSED"})
    void what_aura_has_not_taken_is_not_attested(State state) {
        exemptions.put(PlayedExemptions.with(PlayedExemptions.sample(PERSON, "013", "25000", null), state, null, null));

        assertThat(papers.attestato(PERSON, null)).isEmpty();
        assertThat(papers.versions(PERSON)).isEmpty();
    }

    @Test
    void a_change_that_is_rolled_back_leaves_no_attestato() {
        IssuedExemption one = exemptions.put(PlayedExemptions.sample(PERSON, "013", "25000", null));
        database.transaction.executeWithoutResult(status -> {
            papers.changed(new ExemptionsChanged(PERSON, one.id()));
            status.setRollbackOnly();
        });

        assertThat(rows("true")).isZero();
    }

    @Test
    void an_attestato_cannot_be_owed_outside_the_transaction_of_the_change() {
        assertThatThrownBy(() -> papers.changed(new ExemptionsChanged(PERSON, 1)))
                .isInstanceOf(IllegalTransactionStateException.class);
    }

    @Test
    void the_route_makes_what_is_owed_and_a_reader_gets_the_same_bytes() {
        issue("013", "25000", null);
        issue("0A31", "401", null);
        assertThat(rows("state = 'TO_MAKE'")).isEqualTo(2);

        papers.makeWaiting();

        assertThat(rows("state = 'TO_MAKE'")).isZero();
        byte[] stored = database.jdbc
                .sql("select pdf from exemption_document where version = 2")
                .query((row, n) -> row.getBytes(1))
                .single();
        assertThat(papers.attestato(PERSON, null).orElseThrow().pdf()).isEqualTo(stored);
    }

    @Test
    void the_same_snapshot_gives_the_same_bytes_whenever_it_is_made() {
        issue("013", "25000", null);
        byte[] first = papers.attestato(PERSON, 1).orElseThrow().pdf();
        database.jdbc
                .sql("update exemption_document set state = 'TO_MAKE', pdf = null, sha256 = null, made_at = null")
                .update();

        assertThat(papersOn("2027-03-01", PAGES)
                        .attestato(PERSON, 1)
                        .orElseThrow()
                        .pdf())
                .isEqualTo(first);
    }

    @Test
    void a_try_that_ended_with_its_process_is_counted_and_made_by_the_next() {
        issue("013", "25000", null);
        long id = new PaperStore(database.jdbc).toMake(1).get(0);
        new PaperStore(database.jdbc).begin(id);

        papers.makeWaiting();
        assertThat(rows("state = 'TO_MAKE' and attempts = 1"))
                .as("not before its time")
                .isEqualTo(1);
        database.jdbc.sql("update exemption_document set next_try_at = now()").update();
        papers.makeWaiting();
        assertThat(rows("state = 'MADE'")).isEqualTo(1);
    }

    @Test
    void a_broken_template_is_not_tried_for_ever_and_its_documents_come_when_it_is_mended(@TempDir Path folder)
            throws IOException {
        Path template = Files.createDirectories(folder.resolve("cda-templates/attestato"));
        for (String file : List.of("attestato.xsl", "attestato.css")) {
            Files.copy(Path.of("cda-templates/attestato", file), template.resolve(file));
        }
        Files.writeString(template.resolve("attestato.xsl"), "<broken/>");
        ExemptionPapers broken = papersOn("2026-11-22", new PdfPages(new ConfigFolder(folder)));
        issue("013", "25000", null);

        for (int i = 0; i < PaperStore.TRIES + 3; i++) {
            broken.makeWaiting();
            database.jdbc
                    .sql("update exemption_document set next_try_at = now()")
                    .update();
        }

        assertThat(rows("state = 'TO_MAKE' and attempts = " + PaperStore.TRIES + " and failure like 'SNODO-%'"))
                .isEqualTo(1);
        PapersHealth health = new PapersHealth(new PaperStore(database.jdbc), new SimpleMeterRegistry());
        assertThat(health.health().getDetails().get("stopped").toString()).contains("ATTESTATO", "v1", "SNODO-");
        assertThatThrownBy(() -> broken.attestato(PERSON, null))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.PDF_FAILED));
        assertThat(papers.attestato(PERSON, null)).as("a reader tries again").isPresent();
    }

    @Test
    void an_edit_of_the_shared_sheet_counts_for_both_papers_and_no_other_import_is_taken(@TempDir Path folder)
            throws IOException {
        for (String each : List.of("attestato", "esenzione", "paper")) {
            Path from = Path.of("cda-templates", each);
            Path to = Files.createDirectories(folder.resolve(from));
            try (var files = Files.list(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        }
        Path shared = folder.resolve("cda-templates/paper/paper.css");
        Files.writeString(shared, Files.readString(shared).replace("size: 210mm 297mm", "size: 148mm 210mm"));
        IssuedExemption one = issue("013", "25000", null);
        ExemptionPapers small = papersOn("2026-11-22", new PdfPages(new ConfigFolder(folder)));
        for (byte[] pdf : List.of(
                small.attestato(PERSON, null).orElseThrow().pdf(),
                small.promemoria(one).pdf())) {
            try (var document = Loader.loadPDF(pdf)) {
                assertThat(document.getPage(0).getMediaBox().getHeight()).isBetween(594f, 597f);
            }
        }

        Files.writeString(folder.resolve("cda-templates/attestato/attestato.css"), "@import \"mio.css\";");
        issue("019", null, null);
        ExemptionPapers refusing = papersOn("2026-11-22", new PdfPages(new ConfigFolder(folder)));
        assertThatThrownBy(() -> refusing.attestato(PERSON, null)).hasMessageContaining("paper.css");
    }

    @Test
    void a_change_under_one_codice_fiscale_renews_what_was_handed_out_under_the_one_before() {
        issue("013", "25000", null);
        assertThat(papers.versions(PERSON)).hasSize(1);
        String now = "SPSCCT61E44L219P";
        exemptions.same = Set.of(PERSON, now);
        database.jdbc
                .sql(
                        "insert into person_identity (fiscal_code, aura_id, seen_at) values (?, '9', now()), (?, '9', now())")
                .params(PERSON, now)
                .update();

        IssuedExemption second = exemptions.put(PlayedExemptions.sample(now, "019", null, null));
        database.transaction.executeWithoutResult(status -> papers.changed(new ExemptionsChanged(now, second.id())));

        for (String each : List.of(PERSON, now)) {
            assertThat(database.jdbc
                            .sql(
                                    "select snapshot::text from exemption_document where patient_id = ? order by version desc"
                                            + " limit 1")
                            .param(each)
                            .query(String.class)
                            .single())
                    .as(each)
                    .contains("\"013\"", "\"019\"");
        }
    }

    @Test
    void changes_at_the_same_time_make_one_version_each_and_the_last_lists_them_all() throws Exception {
        List<Callable<Void>> changes = new ArrayList<>();
        for (String code : List.of("013", "0A31", "019", "037", "026", "044")) {
            changes.add(() -> {
                issue(code, null, null);
                return null;
            });
        }
        ExecutorService pool = Executors.newFixedThreadPool(changes.size());
        try {
            for (Future<Void> one : pool.invokeAll(changes)) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }

        List<Version> versions = papers.versions(PERSON);
        assertThat(versions.get(0).exemptions()).hasSize(changes.size());
        assertThat(versions).extracting(Version::version).doesNotHaveDuplicates();
        assertThat(versions)
                .extracting(Version::number)
                .containsOnly(versions.get(0).number());
    }

    @Test
    void under_leggi_speciali_only_what_a_desk_needs_is_printed() throws IOException {
        long certificate = database.document("E-1", null, PublicationStore.request(true, null, null), "V");
        IssuedExemption one = exemptions.put(
                PlayedExemptions.of(PlayedExemptions.sample(PERSON, "020", "042", null), certificate, "010301"));
        tell(one);

        String attestato = text(papers.attestato(PERSON, null).orElseThrow().pdf());
        String promemoria = text(papers.promemoria(one).pdf());

        assertThat(attestato)
                .contains("020", "illimitata")
                .doesNotContainIgnoringCase("HIV", "immunodeficienza", "speciali");
        assertThat(promemoria)
                .contains("020", "illimitata")
                .doesNotContainIgnoringCase("HIV", "immunodeficienza", "speciali");
    }

    @Test
    void a_replacement_under_leggi_speciali_silences_the_papers_of_what_was_open_before() throws IOException {
        long first = database.document("E-2");
        IssuedExemption one = exemptions.put(
                PlayedExemptions.of(PlayedExemptions.sample(PERSON, "020", "042", null), first, "010301"));
        tell(one);
        assertThat(text(papers.attestato(PERSON, null).orElseThrow().pdf())).containsIgnoringCase("HIV");
        assertThat(papers.promemoria(one).version()).isEqualTo(1);

        database.document("E-3", "E-2", PublicationStore.request(true, null, null), "V");

        Paper attestato = papers.attestato(PERSON, null).orElseThrow();
        assertThat(attestato.version()).isEqualTo(2);
        for (byte[] pdf : List.of(attestato.pdf(), papers.promemoria(one).pdf())) {
            assertThat(text(pdf)).contains("020").doesNotContainIgnoringCase("HIV", "immunodeficienza", "042");
        }
    }

    @Test
    void a_try_too_many_to_count_still_has_a_next_time() {
        issue("013", "25000", null);
        PaperStore store = new PaperStore(database.jdbc);
        long id = store.toMake(1).get(0);
        database.jdbc.sql("update exemption_document set attempts = 5000").update();

        store.begin(id);

        assertThat(rows("attempts = 5001 and next_try_at < now() + interval '61 minutes'"))
                .isEqualTo(1);
    }

    @Test
    void a_long_list_goes_over_pages_with_its_heading() throws IOException {
        for (String code : List.of(
                "001", "003", "0031", "004", "006", "007", "008", "009", "010", "011", "012", "013", "014", "015",
                "016", "018", "019", "021", "022", "023", "024", "025", "RA0030", "RFG101", "RD0030")) {
            exemptions.put(PlayedExemptions.sample(PERSON, code, null, null));
        }
        Paper paper = papers.attestato(PERSON, null).orElseThrow();

        keep("attestato-lungo", paper.pdf());
        assertThat(PdfCheck.failedRules(paper.pdf())).isEmpty();
        assertThat(PdfCheck.textOutsideThePage(paper.pdf())).isEmpty();
        assertThat(text(paper.pdf())).contains("Pagina 2 di", "Schönlein ricorrente");
    }

    @Test
    void the_promemoria_is_about_one_exemption_with_its_services_and_is_pdf_a() throws IOException {
        issue("013", "25000", null);
        IssuedExemption paget = issue("037", "7310", IN_FIVE_YEARS);

        Paper paper = papers.promemoria(paget);

        keep("promemoria", paper.pdf());
        assertThat(PdfCheck.failedRules(paper.pdf())).isEmpty();
        assertThat(text(paper.pdf()))
                .contains("Promemoria di esenzione", "037", "Morbo di Paget", "731.0", "20 ottobre 2031 compreso")
                .contains("Calcio totale [S/U/dU] (90.11.4)", paget.pratica(), "ESPOSITO CONCETTA")
                .doesNotContain("Diabete");
        assertThat(papers.promemoria(paget).pdf()).as("printed again").isEqualTo(paper.pdf());
    }

    @Test
    void a_promemoria_of_a_changed_exemption_is_a_new_version() throws IOException {
        IssuedExemption one = issue("013", "25000", null);
        Paper first = papers.promemoria(one);
        IssuedExemption shorter = exemptions.put(PlayedExemptions.with(one, State.ACTIVE, IN_FIVE_YEARS, null));

        Paper second = papers.promemoria(shorter);

        assertThat(second.number()).isEqualTo(first.number());
        assertThat(second.version()).isEqualTo(2);
        assertThat(text(second.pdf())).contains("20 ottobre 2031", "sostituisce quelli stampati prima");
    }

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"PENDING", "ANNULLED", "REFUSED"})
    void what_is_not_in_force_has_no_promemoria(State state) {
        IssuedExemption one =
                PlayedExemptions.with(PlayedExemptions.sample(PERSON, "013", null, null), state, null, null);

        assertThatThrownBy(() -> papers.promemoria(one))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.NOT_NOW));
    }

    private int rows(String where) {
        return database.jdbc
                .sql("select count(*) from exemption_document where " + where)
                .query(Integer.class)
                .single();
    }
}
