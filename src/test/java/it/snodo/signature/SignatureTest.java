package it.snodo.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import it.snodo.config.ConfigFolder;
import it.snodo.document.PdfCda;
import it.snodo.document.PdfRenderer;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignatureTest {

    @TempDir
    static Path data;

    private static DemoKeys keys;
    private static Signer signer;
    private static byte[] cda;
    private static byte[] unsigned;
    private static Signer.Signed signed;

    @BeforeAll
    static void sign() throws IOException {
        try (InputStream in = PdfRenderer.class.getResourceAsStream("certificate.xml")) {
            cda = in.readAllBytes();
        }
        unsigned = new PdfRenderer(new ConfigFolder(Path.of(""))).render(cda);
        keys = new DemoKeys(data);
        signer = Pkcs12Signer.ofDemo(keys, properties(null, null));
        signed = signer.sign(unsigned, "RSSMRA85T10A562S");
    }

    private static SignatureProperties properties(Path keyStore, String password) {
        return new SignatureProperties(
                SignatureProperties.Mode.AUTOMATIC, keyStore, password, null, "Firma del referto", "Torino");
    }

    private static SignatureCheck trusting() {
        return new SignatureCheck(List.of(keys.ca()));
    }

    @Test
    void the_signed_document_is_still_pdf_a_3a_and_carries_the_same_cda() {
        assertThat(PdfCheck.failedRules(signed.pdf())).isEmpty();
        assertThat(PdfCda.extract(signed.pdf())).contains(cda);
    }

    @Test
    void the_signature_is_added_behind_the_unsigned_bytes() {
        assertThat(Arrays.copyOf(signed.pdf(), unsigned.length)).isEqualTo(unsigned);
        assertThat(SignatureCheck.requireSigned(unsigned, signed.pdf()).getIssuerX500Principal())
                .isEqualTo(keys.ca().getSubjectX500Principal());
    }

    @Test
    void there_is_one_signature_and_it_has_what_the_gateway_looks_at() throws IOException {
        try (PDDocument document = Loader.loadPDF(signed.pdf())) {
            assertThat(document.getSignatureFields()).hasSize(1);
            assertThat(document.getDocumentCatalog().getAcroForm().getFields()).hasSize(1);
            PDSignature signature = document.getSignatureDictionaries().get(0);
            assertThat(signature.getSubFilter()).isEqualTo("ETSI.CAdES.detached");
            assertThat(signature.getFilter()).isEqualTo("Adobe.PPKLite");
            assertThat(signature.getSignDate().toInstant()).isEqualTo(signed.at());
            assertThat(signature.getReason()).isEqualTo("Firma del referto");
            assertThat(signature.getLocation()).isEqualTo("Torino");
            int[] range = signature.getByteRange();
            assertThat(range[0]).isZero();
            assertThat(range[2] + range[3]).isEqualTo(signed.pdf().length);
        }
        assertThat(signed.at()).isBetween(Instant.now().minus(Duration.ofMinutes(5)), Instant.now());
    }

    @Test
    void dss_finds_the_signature_intact_whole_and_made_out_to_the_demo_signer() {
        SignatureCheck.Report report = trusting().check(signed.pdf());

        assertThat(report.problem()).isNull();
        assertThat(report.isSignedOnce()).isTrue();
        SignatureCheck.Signature signature = report.signatures().get(0);
        assertThat(signature.signer()).contains("dimostrativa");
        assertThat(signature.fiscalCode()).isEqualTo(DemoKeys.SIGNER_FISCAL_CODE);
        assertThat(signature.signingTime()).isEqualTo(signed.at());
        assertThat(signature.format()).isEqualTo("PAdES-BASELINE-B");
        assertThat(signature.subFilter()).isEqualTo("ETSI.CAdES.detached");
        assertThat(signature.indication()).isNotEqualTo("TOTAL_FAILED");
    }

    @Test
    void without_a_trusted_authority_the_signature_is_intact_but_not_passed() {
        SignatureCheck.Report report = new SignatureCheck(List.of()).check(signed.pdf());

        assertThat(report.isSignedOnce()).isTrue();
        assertThat(report.signatures().get(0).indication()).isEqualTo("INDETERMINATE");
        assertThat(report.signatures().get(0).subIndication()).isEqualTo("NO_CERTIFICATE_CHAIN_FOUND");
    }

    @Test
    void a_changed_byte_is_detected() {
        byte[] changed = signed.pdf().clone();
        changed[unsigned.length / 2] ^= 1;

        SignatureCheck.Report report = trusting().check(changed);
        assertThat(report.isSignedOnce()).isFalse();
        assertThat(report.signatures()).allSatisfy(signature -> {
            assertThat(signature.intact()).isFalse();
            assertThat(signature.subIndication()).isEqualTo("HASH_FAILURE");
        });

        byte[] sameChange = unsigned.clone();
        sameChange[unsigned.length / 2] ^= 1;
        assertInvalid(sameChange, changed, "non corrisponde");
        assertInvalid(unsigned, changed, "ha cambiato i byte");
    }

    @Test
    void an_unsigned_file_a_file_with_something_behind_and_two_signatures_are_told_apart() {
        assertThat(trusting().check(unsigned).signatures()).isEmpty();
        assertInvalid(unsigned, unsigned, "ha cambiato i byte");

        byte[] longer = Arrays.copyOf(signed.pdf(), signed.pdf().length + 10);
        assertInvalid(unsigned, longer, "non copre tutto");

        byte[] twice = signer.sign(signed.pdf(), "X").pdf();
        assertInvalid(unsigned, twice, "più di una firma");
        SignatureCheck.Report report = trusting().check(twice);
        assertThat(report.count()).isEqualTo(2);
        assertThat(report.intact()).isEqualTo(2);
        assertThat(report.isSignedOnce()).isFalse();
    }

    @Test
    void bytes_that_are_no_pdf_are_reported_and_not_thrown() {
        SignatureCheck.Report report = trusting().check("non sono un PDF".getBytes());
        assertThat(report.problem()).isNotBlank();
        assertThat(report.isSignedOnce()).isFalse();
    }

    @Test
    void a_certificate_of_one_doctor_does_not_sign_for_another() {
        Signer own = Pkcs12Signer.of(properties(keys.pkcs12(DemoKeys.SIGNER), new String(keys.password())));

        assertThat(own.sign(unsigned, DemoKeys.SIGNER_FISCAL_CODE).pdf()).isNotEmpty();
        assertThatThrownBy(() -> own.sign(unsigned, "RSSMRA85T10A562S"))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.SIGNER_NOT_CONFIGURED));
    }

    @Test
    void a_seal_without_codice_fiscale_signs_for_all() {
        Signer seal = Pkcs12Signer.of(properties(keys.pkcs12(DemoKeys.FSE_SIGNATURE), new String(keys.password())));
        SignatureCheck.requireSigned(
                unsigned, seal.sign(unsigned, "RSSMRA85T10A562S").pdf());
    }

    @Test
    void a_certificate_out_of_its_dates_does_not_sign_and_says_so(@TempDir Path folder) throws Exception {
        Path expired = folder.resolve("expired.p12");
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        KeyPair pair = keys.generateKeyPair();
        X500Name name = new X500Name("CN=Sigillo scaduto");
        Instant end = Instant.parse("2024-12-31T00:00:00Z");
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(end.minus(365, ChronoUnit.DAYS)),
                                Date.from(end),
                                name,
                                pair.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate())));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("1", pair.getPrivate(), "x".toCharArray(), new Certificate[] {certificate});
        try (OutputStream out = Files.newOutputStream(expired)) {
            store.store(out, "x".toCharArray());
        }
        Signer signer = Pkcs12Signer.of(properties(expired, "x"));
        assertThatThrownBy(() -> signer.sign(unsigned, "RSSMRA80A01L219M"))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.SIGNER_NOT_CONFIGURED))
                .hasMessageContaining("2024-12-31");
    }

    @Test
    void a_wrong_password_is_a_matter_of_configuration() {
        assertThatThrownBy(() -> Pkcs12Signer.of(properties(keys.pkcs12(DemoKeys.SIGNER), "sbagliata")))
                .isInstanceOfSatisfying(SnodoException.class, e -> {
                    assertThat(e.code()).isEqualTo(SnodoCode.SIGNER_NOT_CONFIGURED);
                    assertThat(e.getMessage()).doesNotContain("sbagliata");
                });
    }

    @Test
    void what_is_no_pdf_cannot_be_signed() {
        assertThatThrownBy(() -> signer.sign(new byte[] {1, 2, 3}, "X"))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.SIGNATURE_FAILED));
    }

    @Test
    void demo_keys_are_made_once_and_belong_to_their_owner_alone() throws IOException {
        DemoKeys again = new DemoKeys(data);
        assertThat(again.password()).isEqualTo(keys.password());
        assertThat(again.ca()).isEqualTo(keys.ca());

        Assumptions.assumeTrue(Files.getFileStore(data).supportsFileAttributeView("posix"));
        try (var files = Files.list(data.resolve("keys"))) {
            assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------"));
        }
    }

    @Test
    void keys_whose_making_was_cut_short_are_made_again(@TempDir Path other) throws IOException {
        char[] before = new DemoKeys(other).password();
        Files.delete(other.resolve("keys/password"));
        DemoKeys after = new DemoKeys(other);
        assertThat(after.password()).isNotEqualTo(before);
        Pkcs12Signer.ofDemo(after, properties(null, null));
    }

    @Test
    void the_password_is_not_in_the_words_of_the_settings() {
        assertThat(properties(Path.of("firma.p12"), "segreta").toString()).doesNotContain("segreta");
    }

    private static void assertInvalid(byte[] before, byte[] after, String reason) {
        assertThatThrownBy(() -> SignatureCheck.requireSigned(before, after))
                .isInstanceOfSatisfying(SnodoException.class, e -> {
                    assertThat(e.code()).isEqualTo(SnodoCode.SIGNATURE_INVALID);
                    assertThat(e.getMessage()).contains(reason);
                });
    }

    @Test
    void the_command_line_says_what_is_wrong_with_a_signature(@TempDir Path folder) throws IOException {
        byte[] changed = signed.pdf().clone();
        changed[unsigned.length / 2] ^= 1;
        byte[] behind = Arrays.copyOf(signed.pdf(), signed.pdf().length + 20);
        Arrays.fill(behind, signed.pdf().length, behind.length, (byte) '%');

        assertThat(commandLine(folder, "unsigned.pdf", unsigned)).isEqualTo("none");
        assertThat(commandLine(folder, "signed.pdf", signed.pdf())).isEqualTo("valid");
        assertThat(commandLine(folder, "changed.pdf", changed)).startsWith("invalid: il contenuto firmato");
        assertThat(commandLine(folder, "behind.pdf", behind)).startsWith("invalid: la firma non copre");
        assertThat(commandLine(
                        folder, "twice.pdf", signer.sign(signed.pdf(), "X").pdf()))
                .startsWith("invalid: 2 firme");
    }

    private static String commandLine(Path folder, String name, byte[] pdf) throws IOException {
        Path file = Files.write(folder.resolve(name), pdf);
        var out = new java.io.ByteArrayOutputStream();
        it.snodo.document.ValidateCommand.run(
                new String[] {"--json", file.toString()}, new java.io.PrintStream(out), System.err);
        return new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(out.toByteArray())
                .path(0)
                .path("signature")
                .asText();
    }
}
