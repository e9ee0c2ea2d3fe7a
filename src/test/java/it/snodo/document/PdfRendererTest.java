package it.snodo.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import it.snodo.Shared;
import it.snodo.config.ConfigFolder;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.signature.PdfCheck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PdfRendererTest {

    private static final PdfRenderer RENDERER = new PdfRenderer(new ConfigFolder(Path.of("")));
    private static final String CDA = fixture();

    private static String fixture() {
        try (InputStream in = PdfRendererTest.class.getResourceAsStream("certificate.xml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void the_document_is_pdf_a_3a() {
        assertThat(PdfCheck.failedRules(render(CDA))).isEmpty();
    }

    @Test
    void every_sample_of_the_ministry_becomes_pdf_a_with_its_own_bytes_inside() throws IOException {
        Path examples = Shared.dir("fse/examples").orElse(null);
        Assumptions.assumeTrue(examples != null);
        List<Path> files;
        try (Stream<Path> found = Files.walk(examples)) {
            files = found.filter(f -> f.toString().endsWith(".xml"))
                    .filter(f -> !f.getParent().endsWith("invalid"))
                    .toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            byte[] cda = Files.readAllBytes(file);
            byte[] pdf = RENDERER.render(cda);
            assertThat(PdfCheck.failedRules(pdf)).as(file.toString()).isEmpty();
            assertThat(PdfCda.extract(pdf)).as(file.toString()).contains(cda);
        }
    }

    @Test
    void the_cda_is_attached_byte_for_byte_under_the_name_the_gateway_looks_for() throws Exception {
        byte[] cda = CDA.getBytes(StandardCharsets.UTF_8);
        byte[] pdf = RENDERER.render(cda);

        assertThat(PdfCda.extract(pdf)).contains(cda);
        try (PDDocument document = Loader.loadPDF(pdf)) {
            COSDictionary catalog = document.getDocumentCatalog().getCOSObject();
            COSDictionary file = (COSDictionary)
                    catalog.getCOSArray(COSName.getPDFName("AF")).getObject(0);
            assertThat(file.getString(COSName.F)).isEqualTo("cda.xml");
            assertThat(file.getString(COSName.UF)).isEqualTo("cda.xml");
            assertThat(file.getNameAsString("AFRelationship")).isEqualTo("Source");
            COSStream stream = (COSStream) file.getCOSDictionary(COSName.EF).getDictionaryObject(COSName.F);
            assertThat(stream.getNameAsString(COSName.SUBTYPE)).isEqualTo("text/xml");
            COSDictionary params = stream.getCOSDictionary(COSName.PARAMS);
            assertThat(params.getInt(COSName.SIZE)).isEqualTo(cda.length);
            assertThat(params.getString(COSName.MOD_DATE)).isEqualTo("D:20260301101500+01'00'");
            assertThat(HexFormat.of()
                            .formatHex(((org.apache.pdfbox.cos.COSString)
                                            params.getDictionaryObject(COSName.getPDFName("CheckSum")))
                                    .getBytes()))
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("MD5").digest(cda)));
            COSDictionary tree = catalog.getCOSDictionary(COSName.NAMES).getCOSDictionary(COSName.EMBEDDED_FILES);
            assertThat(tree.getCOSArray(COSName.NAMES).getObject(1)).isSameAs(file);
        }
    }

    @Test
    void the_unsigned_document_has_no_form_and_no_empty_signature_field() throws IOException {
        try (PDDocument document = Loader.loadPDF(render(CDA))) {
            assertThat(document.getDocumentCatalog().getAcroForm()).isNull();
            assertThat(document.getSignatureFields()).isEmpty();
        }
    }

    @Test
    void title_language_and_dates_are_the_documents_own() throws IOException {
        try (PDDocument document = Loader.loadPDF(render(CDA))) {
            assertThat(document.getDocumentInformation().getTitle())
                    .isEqualTo("Certificato di condizione o malattia – Referto di specialistica ambulatoriale");
            assertThat(document.getDocumentInformation().getAuthor()).isEqualTo("Dott.ssa Lucìa NERI");
            assertThat(document.getDocumentCatalog().getLanguage()).isEqualTo("it-IT");
            assertThat(document.getDocumentInformation().getCreationDate().toInstant())
                    .isEqualTo("2026-03-01T09:15:00Z");
            assertThat(document.getDocumentCatalog().getMarkInfo().isMarked()).isTrue();
        }
    }

    @Test
    void a_patient_reads_who_what_and_when_in_italian() throws IOException {
        String text = text(render(CDA));

        assertThat(text)
                .contains("Regione Piemonte", "ASL Città di Prova", "Ospedale di Prova")
                .contains("Certificato di condizione o malattia", "Referto di specialistica ambulatoriale")
                .contains("Anna Nicolò D'ANGELO DE’ ROSSI", "DNGNNA85M41L219W", "01/08/1985", "Torino", "Femminile")
                .contains("Strada dell'Olmo 7 bis, 10024", "Moncalieri (TO)", "Żaneta BIANCHI")
                .contains("SNODO.CERT.977.2", "1° marzo 2026, ore 10:15", "SNODO.CERT.977.1")
                .contains("010D00000000001", "Preferenziale", "Dott.ssa Lucìa NERI")
                .contains("maggior tutela dell’anonimato")
                .contains("Pagina 1 di 2", "cda.xml");
        assertThat(text).doesNotContain("□");
    }

    @Test
    void the_narrative_is_shown_as_it_was_written() throws IOException {
        String text = text(render(CDA)).replaceAll("\\s+", " ");

        assertThat(text)
                .contains("è stata eseguita la prestazione prima visita diabetologica.")
                .contains("Peso < 70 kg & PA 120/80.")
                .contains("Si consiglia", "1. dieta", "2. controllo glicemico", "due ore dopo i pasti")
                .contains("Esami", "Glicemia 148 mg/dL", "Valori del mattino")
                .contains("la pagina del servizio (https://www.example.org/diabete)")
                .contains("Allergie Nessuna nota.");
    }

    @Test
    void confidentiality_is_mentioned_only_when_it_is_special() throws IOException {
        String normal = CDA.replace("<confidentialityCode code=\"V\"", "<confidentialityCode code=\"N\"");
        assertThat(text(render(normal))).doesNotContain("Riservatezza").contains("Diabetologia – CAS");
    }

    @Test
    void a_very_restricted_document_does_not_print_the_ward_that_would_tell_why() throws IOException {
        assertThat(text(render(CDA))).contains("Riservatezza").doesNotContain("Diabetologia – CAS");
    }

    @Test
    void the_hours_of_a_visit_are_not_torn_over_two_lines() throws IOException {
        String longer =
                CDA.replace("20260301101500+0100\"/></effectiveTime>", "20261231114500+0100\"/></effectiveTime>");
        for (String cda : new String[] {CDA, longer}) {
            assertThat(text(render(cda)).lines())
                    .noneMatch(line -> line.matches(".*\\d:( .*)?"))
                    .anyMatch(line -> line.contains("10:00"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Žilvinas Łukasz Ğül",
                "Владимир Жуков",
                "Ελένη Παπαδοπούλου",
                "O'Neill-D’Àvalos ß ŒŠ",
                "Nguyễn Thị Hương"
            })
    void names_of_europe_and_beyond_are_shown_and_can_be_read_back(String name) throws IOException {
        byte[] pdf = render(CDA.replace("Anna Nicolò", name));

        assertThat(text(pdf)).contains(name);
        assertThat(PdfCheck.failedRules(pdf)).isEmpty();
    }

    @Test
    void letters_written_with_combining_accents_are_composed() throws IOException {
        assertThat(text(render(CDA.replace("Anna Nicolò", "Nicolo\u0300")))).contains("Nicolò");
    }

    @ParameterizedTest
    @ValueSource(strings = {"王小明", "emoji 🧬 in mezzo", "محمد", "\uE000 privato", "𝔘nicode"})
    void what_no_font_has_is_replaced_visibly_and_the_page_says_so(String odd) throws IOException {
        byte[] pdf = render(CDA.replace("Anna Nicolò", odd));

        assertThat(text(pdf).replaceAll("\\s+", " ")).contains("□").contains("fa fede il testo del file cda.xml");
        assertThat(PdfCheck.failedRules(pdf)).isEmpty();
    }

    @Test
    void a_long_text_flows_over_pages_that_are_all_numbered() throws IOException {
        String rows = IntStream.rangeClosed(1, 400)
                .mapToObj(i -> "<tr><td>Esame " + i + "</td><td align=\"right\">" + i + " mg</td></tr>")
                .collect(Collectors.joining());
        String paragraphs = IntStream.rangeClosed(1, 220)
                .mapToObj(i -> "<paragraph>Capoverso " + i + ". "
                        + "Testo clinico molto lungo, perché i referti lo sono. ".repeat(6) + "</paragraph>")
                .collect(Collectors.joining());
        byte[] pdf = render(CDA.replace("<tr><td>Glicemia</td>", rows + "<tr><td>Glicemia</td>")
                .replace("<paragraph>Vedi", paragraphs + "<paragraph>Vedi"));

        try (PDDocument document = Loader.loadPDF(pdf)) {
            int pages = document.getNumberOfPages();
            assertThat(pages).isGreaterThanOrEqualTo(20);
            PDFTextStripper stripper = new PDFTextStripper();
            stripper.setSortByPosition(true);
            for (int page = 1; page <= pages; page++) {
                stripper.setStartPage(page);
                stripper.setEndPage(page);
                String text = stripper.getText(document);
                assertThat(text).contains("Pagina " + page + " di " + pages, "SNODO.CERT.977.2");
                if (text.contains("Esame 2") && page > 1) {
                    assertThat(text)
                            .as("the head of the table stands on every page of it")
                            .containsPattern("Esame\\s+Valore");
                }
            }
            stripper.setStartPage(1);
            stripper.setEndPage(pages);
            assertThat(stripper.getText(document)).contains("Esame 400", "Capoverso 220.");
        }
        assertThat(PdfCheck.failedRules(pdf)).isEmpty();
    }

    @Test
    void a_word_without_end_stays_on_the_page() throws IOException {
        String word = "ABCDEFGHIJ".repeat(60);
        byte[] pdf = render(CDA.replace("Peso", word)
                .replace("ROSSI</family>", word.substring(0, 100) + "</family>")
                .replace("Ospedale di Prova", word.substring(0, 150)));
        assertThat(text(pdf).replaceAll("\\s+", "")).contains(word);
        assertThat(PdfCheck.textOutsideThePage(pdf)).isEmpty();
    }

    @Test
    void a_usual_certificate_fits_one_page_with_its_signature_and_its_number_on_one_line() throws IOException {
        String cda = Files.readString(Path.of("cda-templates/rsa/cases/chronic-0a02/expected.xml"))
                .replace("1050000000000000977", "SN20261122GKPTE2KPJ7");
        byte[] pdf = render(cda);
        try (PDDocument document = Loader.loadPDF(pdf)) {
            assertThat(document.getNumberOfPages()).isEqualTo(1);
        }
        assertThat(text(pdf).lines())
                .anyMatch(line -> line.contains("SN20261122GKPTE2KPJ7") && !line.contains("Documento"));
        assertThat(text(pdf)).contains("Firma digitale di", "Pagina 1 di 1");
    }

    @Test
    void a_stay_of_several_days_and_a_birth_abroad_are_told_in_words() throws IOException {
        String stay = Files.readString(Path.of("cda-templates/rsa/cases/inpatient/expected.xml"));
        String low = "<low value=\"20261103235000+0100\"/>";
        assertThat(stay).contains(low);
        assertThat(text(render(stay.replace(low, low + "<high value=\"20261111170000+0100\"/>")))
                        .replaceAll("\\s+", " "))
                .contains("Ricovero")
                .containsPattern("dal 3 novembre 2026, ore 23:50 .*all’11 novembre 2026, ore 17:00");

        String abroad = Files.readString(Path.of("cda-templates/rsa/cases/stp-foreigner/expected.xml"));
        assertThat(text(render(abroad))).contains("Luogo di nascita", "Nigeria");
    }

    @Test
    void however_long_the_text_the_signature_never_stands_alone_on_a_page() throws IOException {
        String cda = Files.readString(Path.of("cda-templates/rsa/cases/chronic-0a02/expected.xml"));
        int beginning = cda.indexOf("<paragraph>", cda.indexOf("ID=\"Referto\""));
        boolean secondPage = false;
        for (int lines = 6; lines < 22; lines++) {
            byte[] pdf = render(cda.substring(0, beginning)
                    + "<paragraph>Riga del referto.</paragraph>".repeat(lines)
                    + cda.substring(beginning));
            try (PDDocument document = Loader.loadPDF(pdf)) {
                PDFTextStripper stripper = new PDFTextStripper();
                stripper.setStartPage(document.getNumberOfPages());
                assertThat(stripper.getText(document))
                        .as(lines + " more lines")
                        .contains("Sulla base di questo certificato", "Regime", "Firma digitale di");
                secondPage |= document.getNumberOfPages() == 2;
            }
        }
        assertThat(secondPage).isTrue();
    }

    @Test
    void all_words_of_the_page_are_bound_to_the_structure_and_nothing_else_is_marked_by_an_object() throws IOException {
        try (PDDocument document = Loader.loadPDF(render(CDA))) {
            var page = document.getPage(0);
            assertThat(page.getResources().getPropertiesNames()).isEmpty();
            var extractor = new org.apache.pdfbox.text.PDFMarkedContentExtractor();
            extractor.processPage(page);
            String marked = extractor.getMarkedContents().stream()
                    .filter(content -> content.getMCID() >= 0)
                    .flatMap(content -> content.getContents().stream())
                    .map(Object::toString)
                    .collect(Collectors.joining());
            assertThat(marked).contains("DNGNNA85M41L219W", "Certificato di condizione o malattia");
            assertThat(marked).doesNotContain("Pagina 1 di");
        }
    }

    @Test
    void fonts_are_embedded_as_subsets_and_only_those_in_use() throws IOException {
        try (PDDocument document = Loader.loadPDF(render(CDA))) {
            var resources = document.getPage(0).getResources();
            for (COSName name : resources.getFontNames()) {
                PDFont font = resources.getFont(name);
                assertThat(font.isEmbedded()).isTrue();
                assertThat(font.getName()).matches("[A-Z]{6}\\+TitilliumWeb.*");
            }
        }
    }

    @Test
    void the_same_cda_gives_the_same_bytes() {
        assertThat(render(CDA)).isEqualTo(render(CDA));
    }

    @Test
    void many_threads_share_the_fonts_without_harm() throws Exception {
        String other = CDA.replace("Anna Nicolò", "Владимир Žilvinas");
        byte[] first = render(CDA);
        byte[] second = render(other);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Callable<byte[]>> work = IntStream.range(0, 40)
                    .<Callable<byte[]>>mapToObj(i -> () -> render(i % 2 == 0 ? CDA : other))
                    .toList();
            var results = pool.invokeAll(work);
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get()).isEqualTo(i % 2 == 0 ? first : second);
            }
        } finally {
            pool.shutdown();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "non è XML",
                "<ClinicalDocument xmlns='urn:hl7-org:v3'>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><ClinicalDocument xmlns='urn:hl7-org:v3'><title>&e;</title></ClinicalDocument>",
                "<altro/>"
            })
    void what_is_no_cda_is_refused_with_its_code(String input) {
        assertThatThrownBy(() -> render(input)).isInstanceOfSatisfying(SnodoException.class, e -> assertThat(e.code())
                .isEqualTo(SnodoCode.PDF_FAILED));
    }

    @Test
    void a_template_edited_in_the_working_folder_takes_effect(@TempDir Path folder) throws IOException {
        Path page = Files.createDirectories(folder.resolve("cda-templates/page"));
        Files.copy(Path.of("cda-templates/page/page.css"), page.resolve("page.css"));
        Files.writeString(
                page.resolve("page.xsl"),
                Files.readString(Path.of("cda-templates/page/page.xsl")).replace(">Assistito<", ">Persona assistita<"));

        byte[] pdf = new PdfRenderer(new ConfigFolder(folder)).render(CDA.getBytes(StandardCharsets.UTF_8));

        assertThat(text(pdf)).contains("Persona assistita");
    }

    @Test
    void a_page_template_that_fails_at_work_is_named_with_its_line(@TempDir Path folder) throws IOException {
        Path page = Files.createDirectories(folder.resolve("cda-templates/page"));
        Files.copy(Path.of("cda-templates/page/page.css"), page.resolve("page.css"));
        String good = Files.readString(Path.of("cda-templates/page/page.xsl"));
        String marked = "<xsl:template match=\"/ClinicalDocument\">";
        assertThat(good).contains(marked);
        Files.writeString(
                page.resolve("page.xsl"),
                good.replace(marked, marked + "<xsl:sequence select=\"xs:date(string(name()))\"/>"));
        long line = good.substring(0, good.indexOf(marked)).lines().count();

        assertThatThrownBy(() -> new PdfRenderer(new ConfigFolder(folder)).render(CDA.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.PDF_FAILED))
                .hasMessageStartingWith("cda-templates/page/page.xsl, riga %d: ", line);
    }

    private static byte[] render(String cda) {
        return RENDERER.render(cda.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            PDFTextStripper stripper = new PDFTextStripper();
            stripper.setSortByPosition(true);
            return stripper.getText(document);
        }
    }
}
