package it.snodo.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import it.snodo.config.ConfigFolder;
import it.snodo.document.PdfRenderer;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.publication.PublicationStore;
import it.snodo.signature.RemoteSignatures.Otp;
import it.snodo.signature.RemoteSignatures.Work;
import it.snodo.signature.csc.CscService;
import it.snodo.signature.csc.ProviderSettings;
import it.snodo.signature.csc.ProviderSettings.Api;
import it.snodo.signature.csc.ProviderSettings.Auth;
import it.snodo.signature.csc.ProviderSettings.Delivery;
import it.snodo.signature.csc.ProviderSettings.Find;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a doctor is promised of a remote signature, against a provider on a socket and a real database. */
class RemoteSigningTest {

    private static final String DOCTOR = "VRDLGU60A01L219E";
    private static final String OTHER = "NREMRC68T10F205A";
    private static final String ALIAS = "vrdlgu60a01l219e";

    private static final TestAuthority AUTHORITY = new TestAuthority();
    private static final TestAuthority.Issued VERDI = AUTHORITY.doctor(DOCTOR);
    private static byte[] pdf;

    private PublicationStore store;
    private PlayedProvider provider;
    private PlayedProvider.Key key;
    private Instant now;

    @BeforeAll
    static void document() throws IOException {
        try (InputStream in = PdfRenderer.class.getResourceAsStream("certificate.xml")) {
            pdf = new PdfRenderer(new ConfigFolder(Path.of(""))).render(in.readAllBytes());
        }
    }

    @BeforeEach
    void begin() throws IOException {
        store = PublicationStore.fresh();
        store.jdbc.sql("truncate signature_preparation, signature_otp_request").update();
        provider = new PlayedProvider();
        key = new PlayedProvider.Key(VERDI);
        provider.keys.put(ALIAS, key);
        now = Instant.now();
    }

    @AfterEach
    void end() {
        provider.close();
    }

    private ProviderSettings settings(Api api, Auth auth, Find find, String algorithm) {
        return new ProviderSettings(
                "SIM",
                "Firma di prova",
                api,
                provider.url(api == Api.CSC1 ? "v1" : "v2"),
                auth,
                "hub",
                "segreto",
                "hub",
                "segreto",
                null,
                "service",
                algorithm,
                find,
                true,
                List.of(new Delivery("SMS", "SMS al cellulare"), new Delivery("VOCE", "telefonata")),
                Duration.ofMinutes(3),
                null,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60));
    }

    /** A hub that has just started: it knows only what the database has. */
    private RemoteSigning hub(ProviderSettings settings) {
        return new RemoteSigning(
                List.of(new CscService(settings, null)),
                new Preparations(store.jdbc, store.transactions),
                new Pades(Evidence.NONE),
                new SignatureProperties(
                        SignatureProperties.Mode.REMOTE, null, null, null, "Firma del referto", "Torino"),
                Duration.ofSeconds(30),
                Clock.fixed(now, ZoneOffset.UTC));
    }

    private RemoteSigning hub(Api api) {
        return hub(settings(api, Auth.NONE, Find.ID, "SHA256withRSA"));
    }

    private static Work work() {
        return new Work("certificate/977", pdf, DOCTOR);
    }

    private Secret pin() {
        return Secret.of(key.pin.toCharArray());
    }

    private Secret otp() {
        return Secret.of(key.otp.toCharArray());
    }

    private static Secret wrong(String right) {
        char[] other = right.toCharArray();
        other[0] = other[0] == '9' ? '0' : (char) (other[0] + 1);
        return Secret.of(other);
    }

    private static SnodoException refused(SnodoCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        SnodoException e = catchThrowableOfType(SnodoException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
        return e;
    }

    private long prepared() {
        return store.jdbc
                .sql("select count(*) from signature_preparation")
                .query(Long.class)
                .single();
    }

    private static void assertSignedBy(Signer.Signed signed, X509Certificate certificate) {
        assertThat(SignatureCheck.requireSigned(pdf, signed.pdf())).isEqualTo(certificate);
        SignatureCheck.Report report = new SignatureCheck(List.of(AUTHORITY.certificate)).check(signed.pdf());
        assertThat(report.isSignedOnce()).isTrue();
        assertThat(report.signatures().get(0).fiscalCode()).isEqualTo(DOCTOR);
        assertThat(report.signatures().get(0).format()).isEqualTo("PAdES-BASELINE-B");
        assertThat(report.signatures().get(0).signingTime()).isEqualTo(signed.at());
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void a_doctor_signs_with_pin_and_otp_although_the_hub_was_restarted_in_between(Api api) {
        Otp asked = hub(api).requestOtp(work(), "SIM", ALIAS, "SMS");

        assertThat(asked.expiresAt()).isEqualTo(now.plusSeconds(180));
        assertThat(asked.words()).contains("SMS al cellulare");
        assertThat(provider.otpRequests).hasSize(1);
        assertThat(provider.otpRequests.get(0).path("clientData").asText()).isEqualTo("SMS");

        now = now.plusSeconds(100);
        Secret pin = pin();
        Secret otp = otp();
        Signer.Signed signed = hub(api).sign(work(), "SIM", ALIAS, pin, otp);

        assertSignedBy(signed, VERDI.chain().get(0));
        assertThat(prepared()).isZero();
        assertThat(new String(pin.characters())).isEqualTo("\0".repeat(8));
        assertThat(new String(otp.characters())).isEqualTo("\0".repeat(6));
        assertThat(provider.called("credentials/authorize")).isEqualTo(1);
        assertThat(provider.called("signatures/signHash")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void a_wrong_pin_or_otp_leaves_the_otp_usable_and_says_which_it_was(Api api) {
        RemoteSigning hub = hub(api);
        hub.requestOtp(work(), "SIM", ALIAS, null);

        SnodoException pin =
                refused(SnodoCode.SIGNATURE_PIN_WRONG, () -> hub.sign(work(), "SIM", ALIAS, wrong(key.pin), otp()));
        assertThat(pin).hasMessageContaining("Firma di prova").hasMessageContaining("Invalid PIN");
        refused(SnodoCode.SIGNATURE_OTP_WRONG, () -> hub.sign(work(), "SIM", ALIAS, pin(), wrong(key.otp)));
        assertThat(prepared()).isEqualTo(1);

        assertSignedBy(
                hub.sign(work(), "SIM", ALIAS, pin(), otp()), VERDI.chain().get(0));
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void a_lock_is_told_in_the_providers_words_and_stops_everything(Api api) {
        RemoteSigning hub = hub(api);
        hub.requestOtp(work(), "SIM", ALIAS, null);
        for (int i = 0; i < 3; i++) {
            refused(SnodoCode.SIGNATURE_PIN_WRONG, () -> hub.sign(work(), "SIM", ALIAS, wrong(key.pin), otp()));
        }
        SnodoException locked =
                refused(SnodoCode.SIGNATURE_PIN_LOCKED, () -> hub.sign(work(), "SIM", ALIAS, pin(), otp()));
        assertThat(locked).hasMessageContaining("«PIN locked»");
        assertThat(prepared()).isZero();
        assertThat(provider.called("credentials/authorize")).isEqualTo(4);
        refused(SnodoCode.SIGNATURE_NOT_PREPARED, () -> hub.sign(work(), "SIM", ALIAS, pin(), otp()));
        assertThat(provider.called("credentials/authorize")).isEqualTo(4);
    }
}
