package it.snodo.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import it.snodo.config.ConfigFolder;
import it.snodo.document.PdfCda;
import it.snodo.document.PdfRenderer;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.signature.LevelProperties.Level;
import it.snodo.signature.LevelProperties.Tsa;
import it.snodo.signature.LevelProperties.WhenMissing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures above level B-B, with an authority for timestamps and revocations on a socket. */
class LevelsTest {

    private static final String DOCTOR = "VRDLGU60A01L219E";

    @TempDir
    static Path folder;

    private static PlayedTimestamps outside;
    private static Path keyStore;
    private static Path trusted;
    private static byte[] cda;
    private static byte[] pdf;

    @BeforeAll
    static void begin() throws Exception {
        outside = new PlayedTimestamps();
        TestAuthority.Issued doctor = outside.authority.doctor(DOCTOR);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "1",
                doctor.keys().getPrivate(),
                "x".toCharArray(),
                doctor.chain().toArray(new Certificate[0]));
        keyStore = folder.resolve("medico.p12");
        try (OutputStream out = Files.newOutputStream(keyStore)) {
            store.store(out, "x".toCharArray());
        }
        trusted = Files.write(folder.resolve("autorita.cer"), outside.authority.certificate.getEncoded());
        try (InputStream in = PdfRenderer.class.getResourceAsStream("certificate.xml")) {
            cda = in.readAllBytes();
        }
        pdf = new PdfRenderer(new ConfigFolder(Path.of(""))).render(cda);
    }

    @AfterAll
    static void end() {
        outside.close();
    }

    @BeforeEach
    void asUsual() {
        outside.down = false;
        outside.crlDown = false;
        outside.asked.set(0);
    }

    private static LevelProperties levels(Level level, WhenMissing whenMissing, String... urls) {
        return new LevelProperties(
                level,
                new Tsa(List.of(urls), null, null, null, Duration.ofSeconds(60), whenMissing, 12288),
                level == Level.B_LT ? List.of(trusted) : List.of(),
                Duration.ofSeconds(60));
    }

    private static byte[] signed(LevelProperties levels) {
        levels.check();
        SignatureProperties properties = new SignatureProperties(
                SignatureProperties.Mode.AUTOMATIC, keyStore, "x", null, "Firma del referto", "Torino");
        byte[] signed = Pkcs12Signer.of(properties, new Pades(new OnlineEvidence(levels)))
                .sign(pdf, DOCTOR)
                .pdf();
        SignatureCheck.requireSigned(pdf, signed);
        assertThat(Arrays.copyOf(signed, pdf.length)).isEqualTo(pdf);
        assertThat(PdfCda.extract(signed)).contains(cda);
        return signed;
    }

    private static String format(byte[] signed) throws IOException {
        SignatureCheck.Report report = new SignatureCheck(List.of(outside.authority.certificate)).check(signed);
        assertThat(report.problem()).isNull();
        assertThat(report.isSignedOnce()).isTrue();
        try (PDDocument document = Loader.loadPDF(signed)) {
            assertThat(document.getSignatureFields())
                    .as("what the gateway looks at")
                    .hasSize(1);
        }
        return report.signatures().get(0).format();
    }

    @Test
    void level_t_has_a_timestamp_in_the_one_signature() throws IOException {
        byte[] signed = signed(levels(Level.B_T, WhenMissing.FAIL, outside.url("/tsa")));
        assertThat(format(signed)).isEqualTo("PAdES-BASELINE-T");
        assertThat(SignatureCheck.level(signed, pdf.length)).isEqualTo("B-T");
        assertThat(PdfCheck.failedRules(signed)).isEmpty();
        assertThat(outside.asked).hasValue(1);
    }

    @Test
    void an_authority_that_does_not_answer_is_followed_by_the_next() throws IOException {
        byte[] signed = signed(levels(Level.B_T, WhenMissing.FAIL, outside.url("/altra"), outside.url("/tsa")));
        assertThat(format(signed)).isEqualTo("PAdES-BASELINE-T");
    }

    @Test
    void without_a_timestamp_there_is_no_signature_unless_that_is_allowed() throws IOException {
        outside.down = true;
        assertThatThrownBy(() -> signed(levels(Level.B_T, WhenMissing.FAIL, outside.url("/tsa"))))
                .isInstanceOfSatisfying(SnodoException.class, e -> assertThat(e.code())
                        .isEqualTo(SnodoCode.SIGNATURE_EVIDENCE_MISSING));
        byte[] lower = signed(levels(Level.B_T, WhenMissing.B_B, outside.url("/tsa")));
        assertThat(format(lower)).isEqualTo("PAdES-BASELINE-B");
        assertThat(SignatureCheck.level(lower, pdf.length)).isEqualTo("B-B");
        assertThat(format(signed(levels(Level.B_LT, WhenMissing.B_B, outside.url("/tsa")))))
                .isEqualTo("PAdES-BASELINE-B");
    }

    @Test
    void level_lt_has_certificates_and_revocations_behind_the_signature_and_is_still_whole() throws IOException {
        byte[] signed = signed(levels(Level.B_LT, WhenMissing.FAIL, outside.url("/tsa")));
        assertThat(format(signed)).isEqualTo("PAdES-BASELINE-LT");
        assertThat(SignatureCheck.level(signed, pdf.length)).isEqualTo("B-LT");
        assertThat(SignatureCheck.level(signed, 0)).isEqualTo("B-LT");
        assertThat(PdfCheck.failedRules(signed)).isEmpty();

        outside.crlDown = true;
        assertThatThrownBy(() -> signed(levels(Level.B_LT, WhenMissing.FAIL, outside.url("/tsa"))))
                .isInstanceOfSatisfying(SnodoException.class, e -> assertThat(e.code())
                        .isEqualTo(SnodoCode.SIGNATURE_EVIDENCE_MISSING));
    }

    @Test
    void anything_else_behind_a_signature_is_still_refused() throws IOException {
        byte[] signed = signed(levels(Level.B_T, WhenMissing.FAIL, outside.url("/tsa")));
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        try (PDDocument document = Loader.loadPDF(signed)) {
            document.getDocumentInformation().setTitle("Altro");
            document.getDocumentInformation().getCOSObject().setNeedToBeUpdated(true);
            document.getDocumentCatalog().setLanguage("en");
            document.getDocumentCatalog().getCOSObject().setNeedToBeUpdated(true);
            document.saveIncremental(out);
        }
        assertThatThrownBy(() -> SignatureCheck.requireSigned(pdf, out.toByteArray()))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.SIGNATURE_INVALID));
    }

    @Test
    void what_a_level_needs_is_asked_for_at_the_start() {
        assertThatThrownBy(() -> levels(Level.B_T, WhenMissing.FAIL).check()).hasMessageContaining("tsa.urls");
        assertThatThrownBy(() -> levels(Level.B_T, WhenMissing.FAIL, "ftp://x/").check())
                .hasMessageContaining("ftp://x/");
        assertThatThrownBy(() -> new LevelProperties(
                                Level.B_LT,
                                levels(Level.B_T, WhenMissing.FAIL, outside.url("/tsa"))
                                        .tsa(),
                                null,
                                Duration.ofSeconds(1))
                        .check())
                .hasMessageContaining("snodo.signature.trust");
    }
}
