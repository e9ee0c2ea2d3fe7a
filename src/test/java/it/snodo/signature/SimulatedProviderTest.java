package it.snodo.signature;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.config.ConfigFolder;
import it.snodo.document.PdfRenderer;
import it.snodo.publication.PublicationStore;
import it.snodo.signature.LevelProperties.Level;
import it.snodo.signature.LevelProperties.Tsa;
import it.snodo.signature.LevelProperties.WhenMissing;
import it.snodo.signature.RemoteSignatures.Work;
import it.snodo.signature.csc.CscService;
import it.snodo.signature.csc.ProviderSettings;
import it.snodo.signature.csc.ProviderSettings.Api;
import it.snodo.signature.csc.ProviderSettings.Auth;
import it.snodo.signature.csc.ProviderSettings.Find;
import it.snodo.simulator.Simulators;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hub and the simulated provider, which were written apart, understand each other, up to level B-LT. */
class SimulatedProviderTest {

    private static final String DOCTOR = "VRDLGU60A01L219E";

    @TempDir
    Path folder;

    @Test
    void a_doctor_of_the_demo_signs_in_both_versions_with_rsa_and_ecdsa_and_with_the_pin_alone() throws Exception {
        byte[] pdf;
        try (InputStream in = PdfRenderer.class.getResourceAsStream("certificate.xml")) {
            pdf = new PdfRenderer(new ConfigFolder(Path.of(""))).render(in.readAllBytes());
        }
        PublicationStore store = PublicationStore.fresh();
        store.jdbc.sql("truncate signature_preparation, signature_otp_request").update();
        try (Simulators outside = new Simulators(0).start()) {
            String signer = outside.url() + "/signer";
            byte[] ca = read(signer + "/ca.crt");
            LevelProperties levels = new LevelProperties(
                    Level.B_LT,
                    new Tsa(
                            List.of(signer + "/tsa"),
                            null,
                            null,
                            null,
                            Duration.ofSeconds(60),
                            WhenMissing.FAIL,
                            12288),
                    List.of(Files.write(folder.resolve("ca.crt"), ca)),
                    Duration.ofSeconds(60));
            RemoteSigning hub = new RemoteSigning(
                    List.of(
                            new CscService(settings("SIM", Api.CSC1, signer + "/csc/v1", Auth.BASIC), null),
                            new CscService(settings("SIM2", Api.CSC2, signer + "/csc/v2", Auth.OAUTH2CLIENT), null)),
                    new Preparations(store.jdbc, store.transactions),
                    new Pades(new OnlineEvidence(levels)),
                    new SignatureProperties(
                            SignatureProperties.Mode.REMOTE, null, null, null, "Firma del referto", "Torino"),
                    Duration.ZERO,
                    Clock.systemUTC());
            SignatureCheck check = new SignatureCheck(List.of((X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(ca))));

            Work work = new Work("certificate/1", pdf, DOCTOR);
            for (String provider : List.of("SIM", "SIM2")) {
                for (String alias : List.of("vrdlgu60a01l219e", "ec-vrdlgu60a01l219e")) {
                    hub.requestOtp(work, provider, alias, null);
                    Signer.Signed signed = hub.sign(work, provider, alias, pin(), otp(signer));
                    SignatureCheck.requireSigned(pdf, signed.pdf());
                    SignatureCheck.Report report = check.check(signed.pdf());
                    assertThat(report.isSignedOnce()).isTrue();
                    assertThat(report.signatures().get(0).fiscalCode()).isEqualTo(DOCTOR);
                    assertThat(report.signatures().get(0).format()).isEqualTo("PAdES-BASELINE-LT");
                    keep(provider + "-" + alias, signed.pdf());
                }
                SignatureCheck.requireSigned(
                        pdf,
                        hub.sign(work, provider, "nootp-vrdlgu60a01l219e", pin(), null)
                                .pdf());
            }
        }
    }

    /** For pdfsig and others, when somebody wants them: -Dsnodo.signed.folder=… */
    private static void keep(String name, byte[] pdf) throws Exception {
        String into = System.getProperty("snodo.signed.folder");
        if (into != null) {
            Files.write(Files.createDirectories(Path.of(into)).resolve(name + ".pdf"), pdf);
        }
    }

    private static ProviderSettings settings(String code, Api api, String url, Auth auth) {
        return new ProviderSettings(
                code,
                null,
                api,
                url,
                auth,
                "snodo",
                "snodo",
                "snodo",
                "snodo",
                null,
                "service",
                "SHA256withRSA",
                Find.ID,
                true,
                null,
                Duration.ofMinutes(3),
                null,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60));
    }

    private static Secret pin() {
        return Secret.of("12345678".toCharArray());
    }

    private static Secret otp(String signer) throws Exception {
        JsonNode messages =
                new ObjectMapper().readTree(read(signer + "/_state")).path("sms");
        return Secret.of(messages.path(messages.size() - 1).path("otp").asText().toCharArray());
    }

    private static byte[] read(String url) throws Exception {
        try (InputStream in = URI.create(url).toURL().openStream()) {
            return in.readAllBytes();
        }
    }
}
