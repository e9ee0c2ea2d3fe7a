package it.snodo.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
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
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

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

    /** One that adds what a level asks for. */
    private RemoteSigning hub(Api api, Evidence evidence) {
        return new RemoteSigning(
                List.of(new CscService(settings(api, Auth.NONE, Find.ID, "SHA256withRSA"), null)),
                new Preparations(store.jdbc, store.transactions),
                new Pades(evidence),
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
    }

    private static void assertSeenByDss(Signer.Signed signed) {
        SignatureCheck.Report report = new SignatureCheck(List.of(AUTHORITY.certificate)).check(signed.pdf());
        assertThat(report.isSignedOnce()).isTrue();
        assertThat(report.signatures().get(0).fiscalCode()).isEqualTo(DOCTOR);
        assertThat(report.signatures().get(0).format()).isEqualTo("PAdES-BASELINE-B");
        assertThat(report.signatures().get(0).signingTime()).isEqualTo(signed.at());
    }

    @Test
    void pdfsig_finds_it_valid_where_it_is_installed(@TempDir Path folder) throws Exception {
        assumeThat(Path.of("/usr/bin/pdfsig")).exists();
        RemoteSigning hub = hub(Api.CSC1);
        hub.requestOtp(work(), "SIM", ALIAS, null);
        Path file = Files.write(
                folder.resolve("firmato.pdf"),
                hub.sign(work(), "SIM", ALIAS, pin(), otp()).pdf());
        Process pdfsig = new ProcessBuilder("/usr/bin/pdfsig", "-nocert", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(pdfsig.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeThat(said).as("its own store of certificates is there").doesNotContain("Unknown Validation Failure");
        assertThat(said).contains("Signature is Valid", "Total document signed", "TINIT-" + DOCTOR);
        assertThat(said).doesNotContain("Signature #2");
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
        assertSeenByDss(signed);
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

    @Test
    void an_otp_that_has_expired_is_not_tried() {
        hub(Api.CSC1).requestOtp(work(), "SIM", ALIAS, null);
        now = now.plusSeconds(181);

        refused(SnodoCode.SIGNATURE_OTP_EXPIRED, () -> hub(Api.CSC1).sign(work(), "SIM", ALIAS, pin(), otp()));
        assertThat(provider.called("credentials/authorize")).isZero();

        hub(Api.CSC1).requestOtp(work(), "SIM", ALIAS, null);
        assertSignedBy(
                hub(Api.CSC1).sign(work(), "SIM", ALIAS, pin(), otp()),
                VERDI.chain().get(0));
    }

    @Test
    void what_was_changed_since_the_otp_was_asked_for_is_not_signed() {
        RemoteSigning hub = hub(Api.CSC1);
        hub.requestOtp(work(), "SIM", ALIAS, null);
        byte[] other = pdf.clone();
        other[other.length / 2] ^= 1;

        refused(
                SnodoCode.SIGNATURE_PREPARATION_CHANGED,
                () -> hub.sign(new Work("certificate/977", other, DOCTOR), "SIM", ALIAS, pin(), otp()));
        assertThat(provider.called("credentials/authorize")).isZero();
        refused(SnodoCode.SIGNATURE_NOT_PREPARED, () -> hub.sign(work(), "SIM", ALIAS, pin(), otp()));
    }

    @Test
    void a_certificate_renewed_since_the_otp_was_asked_for_is_not_signed_with() {
        RemoteSigning hub = hub(Api.CSC1);
        hub.requestOtp(work(), "SIM", ALIAS, null);
        key.chain = AUTHORITY.doctor(DOCTOR).chain();

        refused(SnodoCode.SIGNATURE_PREPARATION_CHANGED, () -> hub.sign(work(), "SIM", ALIAS, pin(), otp()));
        assertThat(provider.called("credentials/authorize")).isZero();
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void an_answer_that_is_lost_is_said_to_be_lost_and_nothing_is_tried_again(Api api) {
        RemoteSigning hub = hub(api);
        hub.requestOtp(work(), "SIM", ALIAS, null);
        String sent = key.otp;
        provider.losing.add("credentials/authorize");
        refused(SnodoCode.SIGNATURE_ANSWER_LOST, () -> hub.sign(work(), "SIM", ALIAS, pin(), otp()));
        assertThat(provider.called("credentials/authorize")).isEqualTo(1);
        assertThat(prepared()).as("nobody knows whether the OTP is spent").isEqualTo(1);

        provider.losing.clear();
        provider.losing.add("signatures/signHash");
        key.otp = sent;
        refused(SnodoCode.SIGNATURE_ANSWER_LOST, () -> hub.sign(work(), "SIM", ALIAS, pin(), otp()));
        assertThat(provider.called("signatures/signHash")).isEqualTo(1);
        assertThat(prepared()).as("the OTP is spent").isZero();
    }

    @Test
    void an_otp_whose_request_got_no_answer_can_be_used_when_it_arrives() {
        RemoteSigning hub = hub(Api.CSC1);
        provider.losing.add("credentials/sendOTP");
        SnodoException lost =
                refused(SnodoCode.SIGNATURE_ANSWER_LOST, () -> hub.requestOtp(work(), "SIM", ALIAS, null));
        assertThat(lost).hasMessageContaining("se arriva");
        assertThat(provider.called("credentials/sendOTP")).isEqualTo(1);
        provider.losing.clear();

        assertSignedBy(
                hub.sign(work(), "SIM", ALIAS, pin(), otp()), VERDI.chain().get(0));
    }

    @Test
    void a_provider_that_cannot_be_reached_has_done_nothing() {
        hub(Api.CSC1).requestOtp(work(), "SIM", ALIAS, null);
        RemoteSigning hub = hub(Api.CSC1);
        provider.close();

        Secret pin = pin();
        refused(SnodoCode.SIGNATURE_PROVIDER_DOWN, () -> hub.sign(work(), "SIM", ALIAS, pin, otp()));
        refused(SnodoCode.SIGNATURE_PROVIDER_DOWN, () -> hub.requestOtp(work(), "SIM", ALIAS, null));
        assertThat(prepared()).isEqualTo(1);
        assertThat(new String(pin.characters())).isEqualTo("\0".repeat(8));
    }

    @Test
    void only_the_doctors_own_certificate_signs() {
        provider.keys.put("neri", new PlayedProvider.Key(AUTHORITY.doctor(OTHER)));

        refused(SnodoCode.SIGNATURE_CREDENTIAL_OF_ANOTHER, () -> hub(Api.CSC1).requestOtp(work(), "SIM", "neri", null));
        provider.keys.get("neri").otpNeeded = false;
        refused(SnodoCode.SIGNATURE_CREDENTIAL_OF_ANOTHER, () -> hub(Api.CSC1)
                .sign(work(), "SIM", "neri", pin(), null));
        assertThat(provider.otpRequests).isEmpty();
        assertThat(provider.called("credentials/authorize")).isZero();
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void a_credential_that_cannot_sign_is_named_before_any_otp_is_sent(Api api) {
        RemoteSigning hub = hub(api);
        key.status = "disabled";
        refused(SnodoCode.SIGNATURE_CREDENTIAL_DISABLED, () -> hub.requestOtp(work(), "SIM", ALIAS, null));
        key.status = "enabled";
        for (String status : List.of("revoked", "suspended")) {
            key.certificateStatus = status;
            refused(SnodoCode.SIGNATURE_CREDENTIAL_DISABLED, () -> hub.requestOtp(work(), "SIM", ALIAS, null));
        }
        key.certificateStatus = "expired";
        refused(SnodoCode.SIGNATURE_CREDENTIAL_EXPIRED, () -> hub.requestOtp(work(), "SIM", ALIAS, null));
        key.certificateStatus = "valid";
        key.chain = AUTHORITY.expired(DOCTOR).chain();
        refused(SnodoCode.SIGNATURE_CREDENTIAL_EXPIRED, () -> hub.requestOtp(work(), "SIM", ALIAS, null));
        key.chain = VERDI.chain().subList(0, 1);
        refused(SnodoCode.SIGNATURE_CREDENTIAL_DISABLED, () -> hub.requestOtp(work(), "SIM", ALIAS, null));
        key.chain = List.of(VERDI.chain().get(0), new TestAuthority().certificate);
        refused(SnodoCode.SIGNATURE_CREDENTIAL_DISABLED, () -> hub.requestOtp(work(), "SIM", ALIAS, null));
        key.chain = VERDI.chain();
        key.algorithms = List.of("1.2.840.10045.4.3.2");
        refused(SnodoCode.SIGNATURE_HASH_REFUSED, () -> hub.requestOtp(work(), "SIM", ALIAS, null));
        refused(SnodoCode.SIGNATURE_CREDENTIAL_UNKNOWN, () -> hub.requestOtp(work(), "SIM", "nessuno", null));
        refused(SnodoCode.SIGNATURE_CREDENTIAL_UNKNOWN, () -> hub.requestOtp(work(), "SIM", " ", null));
        refused(SnodoCode.SIGNATURE_PROVIDER_UNKNOWN, () -> hub.requestOtp(work(), "ALTRO", ALIAS, null));
        refused(SnodoCode.SIGNATURE_PROVIDER_UNKNOWN, () -> hub.requestOtp(work(), "SIM", ALIAS, "PICCIONE"));
        assertThat(provider.otpRequests).isEmpty();
    }

    @Test
    void otps_are_asked_for_at_most_every_thirty_seconds_for_a_credential_also_after_a_restart() {
        provider.keys.put("secondo", new PlayedProvider.Key(VERDI));
        hub(Api.CSC1).requestOtp(work(), "SIM", ALIAS, null);
        now = now.plusSeconds(20);
        SnodoException soon =
                refused(SnodoCode.SIGNATURE_OTP_TOO_SOON, () -> hub(Api.CSC1).requestOtp(work(), "SIM", ALIAS, null));
        assertThat(soon).hasMessageContaining("10 secondi");
        hub(Api.CSC1).requestOtp(work(), "SIM", "secondo", null);
        now = now.plusSeconds(10);
        hub(Api.CSC1).requestOtp(work(), "SIM", ALIAS, null);
        assertThat(provider.otpRequests).hasSize(3);
    }

    @Test
    void a_request_that_is_refused_does_not_take_the_turn_of_the_next() {
        RemoteSigning hub = hub(Api.CSC1);
        provider.saying.put("credentials/sendOTP", "Nothing today");
        SnodoException no =
                refused(SnodoCode.SIGNATURE_PROVIDER_REFUSED, () -> hub.requestOtp(work(), "SIM", ALIAS, null));
        assertThat(no).hasMessageContaining("«Nothing today»");
        assertThat(prepared()).isZero();
        provider.saying.clear();
        hub.requestOtp(work(), "SIM", ALIAS, null);
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void a_credential_without_otp_needs_the_pin_alone_and_one_whose_app_makes_it_needs_no_request(Api api) {
        RemoteSigning hub = hub(api);
        key.otpNeeded = false;
        refused(SnodoCode.SIGNATURE_SECRET_MISSING, () -> hub.sign(work(), "SIM", ALIAS, null, null));
        assertSignedBy(
                hub.sign(work(), "SIM", ALIAS, pin(), null), VERDI.chain().get(0));

        key.otpNeeded = true;
        key.otpType = "offline";
        key.otp = PlayedProvider.digits(6);
        refused(SnodoCode.SIGNATURE_SECRET_MISSING, () -> hub.sign(work(), "SIM", ALIAS, pin(), null));
        assertThat(hub.requestOtp(work(), "SIM", ALIAS, null).words()).contains("app");
        assertSignedBy(
                hub.sign(work(), "SIM", ALIAS, pin(), otp()), VERDI.chain().get(0));
        assertThat(provider.otpRequests).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void a_signature_that_nobody_gives_a_timestamp_for_is_kept_and_finished_without_another_otp(Api api)
            throws IOException {
        try (PlayedTimestamps outside = new PlayedTimestamps()) {
            Evidence evidence = new OnlineEvidence(new LevelProperties(
                    LevelProperties.Level.B_T,
                    new LevelProperties.Tsa(
                            List.of(outside.url("/tsa")),
                            null,
                            null,
                            null,
                            Duration.ofSeconds(60),
                            LevelProperties.WhenMissing.FAIL,
                            12288),
                    null,
                    Duration.ofSeconds(60)));
            outside.down = true;
            hub(api, evidence).requestOtp(work(), "SIM", ALIAS, "SMS");
            SnodoException missing = refused(SnodoCode.SIGNATURE_EVIDENCE_MISSING, () -> hub(api, evidence)
                    .sign(work(), "SIM", ALIAS, pin(), otp()));
            assertThat(missing).hasMessageContaining("è conservata").hasMessageContaining("senza un nuovo OTP");

            now = now.plusSeconds(3600);
            RemoteSigning restarted = hub(api, evidence);
            assertThat(restarted.unfinished()).containsExactly("certificate/977");
            refused(SnodoCode.SIGNATURE_EVIDENCE_MISSING, () -> restarted.finish(work()));
            refused(
                    SnodoCode.SIGNATURE_EVIDENCE_MISSING,
                    () -> restarted.sign(work(), "SIM", ALIAS, Secret.of("0".toCharArray()), null));

            outside.down = false;
            Signer.Signed signed = restarted.finish(work()).orElseThrow();
            assertSignedBy(signed, VERDI.chain().get(0));
            assertThat(SignatureCheck.level(signed.pdf(), pdf.length)).isEqualTo("B-T");
            assertThat(new SignatureCheck(List.of(AUTHORITY.certificate))
                            .check(signed.pdf())
                            .signatures()
                            .get(0)
                            .format())
                    .isEqualTo("PAdES-BASELINE-T");
            assertThat(restarted.unfinished()).isEmpty();
            assertThat(restarted.finish(work())).isEmpty();
            assertThat(provider.called("credentials/authorize")).isEqualTo(1);
            assertThat(provider.called("signatures/signHash")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void an_otp_of_the_doctors_app_needs_no_request_also_after_one_that_is_long_over(Api api) {
        key.otpType = "offline";
        key.otp = PlayedProvider.digits(6);
        hub(api).requestOtp(work(), "SIM", ALIAS, null);
        now = now.plusSeconds(600);
        assertSignedBy(
                hub(api).sign(work(), "SIM", ALIAS, pin(), otp()), VERDI.chain().get(0));
        key.otp = PlayedProvider.digits(6);
        assertSignedBy(
                hub(api).sign(work(), "SIM", ALIAS, pin(), otp()), VERDI.chain().get(0));
        assertThat(provider.otpRequests).isEmpty();
    }

    @Test
    void a_signature_that_does_not_fit_is_not_given_back() {
        RemoteSigning hub = hub(Api.CSC1);
        hub.requestOtp(work(), "SIM", ALIAS, null);
        provider.signsSomethingElse = true;
        refused(SnodoCode.SIGNATURE_INVALID, () -> hub.sign(work(), "SIM", ALIAS, pin(), otp()));
        assertThat(prepared()).isZero();
    }

    @Test
    void a_hash_that_is_refused_after_the_otp_was_taken_needs_a_new_otp() {
        RemoteSigning hub = hub(Api.CSC1);
        hub.requestOtp(work(), "SIM", ALIAS, null);
        provider.saying.put("signatures/signHash", "Invalid digest value length");
        refused(SnodoCode.SIGNATURE_HASH_REFUSED, () -> hub.sign(work(), "SIM", ALIAS, pin(), otp()));
        assertThat(prepared()).isZero();
    }

    @Test
    void two_requests_for_one_document_do_not_send_the_pin_twice() throws Exception {
        RemoteSigning hub = hub(Api.CSC1);
        hub.requestOtp(work(), "SIM", ALIAS, null);
        CountDownLatch held = new CountDownLatch(1);
        provider.holding.put("credentials/authorize", held);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<Signer.Signed> first = other.submit(() -> hub.sign(work(), "SIM", ALIAS, pin(), otp()));
            await().atMost(Duration.ofSeconds(60)).until(() -> provider.called("credentials/authorize") == 1);
            refused(SnodoCode.SIGNATURE_UNDER_WAY, () -> hub.sign(work(), "SIM", ALIAS, pin(), otp()));
            held.countDown();
            assertSignedBy(first.get(), VERDI.chain().get(0));
        } finally {
            held.countDown();
            other.shutdownNow();
        }
        assertThat(provider.called("credentials/authorize")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Auth.class,
            names = {"BASIC", "OAUTH2CLIENT"})
    void the_hub_is_known_to_the_provider_by_a_token_that_is_renewed(Auth auth) {
        provider.token = "uno";
        RemoteSigning hub = hub(settings(Api.CSC1, auth, Find.ID, "SHA256withRSA"));
        hub.requestOtp(work(), "SIM", ALIAS, null);
        provider.token = "due";
        assertSignedBy(
                hub.sign(work(), "SIM", ALIAS, pin(), otp()), VERDI.chain().get(0));
        assertThat(provider.called("credentials/authorize")).isEqualTo(1);
    }

    @Test
    void a_provider_that_does_not_know_the_hub_is_told_from_a_wrong_pin() {
        provider.token = "uno";
        SnodoException no = refused(
                SnodoCode.SIGNATURE_PROVIDER_REFUSED, () -> hub(Api.CSC1).requestOtp(work(), "SIM", ALIAS, null));
        assertThat(no).hasMessageContaining("non riconosce l'hub");
    }

    @Test
    void the_credential_of_a_user_is_found_by_whose_certificate_it_is() {
        provider.keys.put("c-1", new PlayedProvider.Key(AUTHORITY.doctor(OTHER)));
        provider.users.put("verdi", List.of("c-1", ALIAS));
        RemoteSigning hub = hub(settings(Api.CSC1, Auth.NONE, Find.USER, "SHA256withRSA"));
        hub.requestOtp(work(), "SIM", "verdi", null);
        assertSignedBy(
                hub.sign(work(), "SIM", "verdi", pin(), otp()), VERDI.chain().get(0));
        refused(SnodoCode.SIGNATURE_CREDENTIAL_UNKNOWN, () -> hub.requestOtp(work(), "SIM", "nessuno", null));
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void a_key_on_an_elliptic_curve_signs_too(Api api) {
        TestAuthority.Issued issued = AUTHORITY.doctorWithCurve(DOCTOR);
        key = new PlayedProvider.Key(issued);
        key.algorithms = List.of("1.2.840.10045.4.3.2");
        provider.keys.put(ALIAS, key);
        RemoteSigning hub = hub(api);
        hub.requestOtp(work(), "SIM", ALIAS, null);
        assertSignedBy(
                hub.sign(work(), "SIM", ALIAS, pin(), otp()), issued.chain().get(0));
    }

    @Test
    void what_was_prepared_is_forgotten_when_it_is_dropped() {
        RemoteSigning hub = hub(Api.CSC1);
        hub.requestOtp(work(), "SIM", ALIAS, null);
        hub.forget("certificate/977");
        refused(SnodoCode.SIGNATURE_NOT_PREPARED, () -> hub.sign(work(), "SIM", ALIAS, pin(), otp()));
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void pin_and_otp_are_in_no_log_no_table_and_no_exception(Api api) {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        List<String> found = new ArrayList<>();
        heard.start();
        root.addAppender(heard);
        root.setLevel(Level.TRACE);
        try {
            RemoteSigning hub = hub(api);
            hub.requestOtp(work(), "SIM", ALIAS, null);
            found.add(rows());
            Secret wrongPin = wrong(key.pin);
            Secret wrongOtp = wrong(key.otp);
            List<String> secrets =
                    List.of(key.pin, key.otp, new String(wrongPin.characters()), new String(wrongOtp.characters()));
            found.add(text(
                    refused(SnodoCode.SIGNATURE_PIN_WRONG, () -> hub.sign(work(), "SIM", ALIAS, wrongPin, otp()))));
            found.add(text(
                    refused(SnodoCode.SIGNATURE_OTP_WRONG, () -> hub.sign(work(), "SIM", ALIAS, pin(), wrongOtp))));
            found.add(rows());
            String otp = key.otp;
            provider.losing.add("credentials/authorize");
            found.add(
                    text(refused(SnodoCode.SIGNATURE_ANSWER_LOST, () -> hub.sign(work(), "SIM", ALIAS, pin(), otp()))));
            provider.losing.clear();
            key.otp = otp;
            hub.sign(work(), "SIM", ALIAS, pin(), otp());
            found.add(rows());
            found.add(pin().toString());
            List.copyOf(heard.list).forEach(event -> found.add(event.getFormattedMessage()));
            assertThat(heard.list).isNotEmpty();
            for (String secret : secrets) {
                assertThat(found).noneMatch(text -> text.contains(secret));
                String hex = HexFormat.of().formatHex(secret.getBytes(StandardCharsets.US_ASCII));
                assertThat(found).noneMatch(text -> text.contains(hex));
            }
        } finally {
            root.setLevel(before);
            root.detachAppender(heard);
            heard.stop();
        }
    }

    private String rows() {
        return String.join(
                "\n",
                store.jdbc
                        .sql("select row_to_json(p)::text from signature_preparation p"
                                + " union all select row_to_json(o)::text from signature_otp_request o")
                        .query(String.class)
                        .list());
    }

    private static String text(Throwable e) {
        StringWriter all = new StringWriter();
        e.printStackTrace(new PrintWriter(all));
        return all.toString();
    }
}
