package it.snodo.aura.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import it.snodo.aura.Aura;
import it.snodo.aura.AuraUnavailable;
import it.snodo.aura.CallingAbout;
import it.snodo.aura.PatientProfile;
import it.snodo.aura.PlayedAura;
import it.snodo.aura.ProfileRead;
import it.snodo.fault.SnodoCode;
import it.snodo.messages.CallOut;
import it.snodo.simulator.Simulators;
import it.snodo.simulator.wire.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuraClientTest {

    private static final String ROSSI = "RSSMRA80A01L219M";

    private final List<CallOut> journal = new CopyOnWriteArrayList<>();
    private PlayedAura played;
    private Aura aura;

    @BeforeEach
    void start() {
        played = new PlayedAura()
                .person(
                        "11",
                        ROSSI,
                        "cognome",
                        "ROSSI",
                        "nome",
                        "MARIO",
                        "sesso",
                        "M",
                        "dataNascita",
                        "1980-01-01T00:00:00",
                        "codComuneNascita",
                        "001272");
        aura = AuraAccess.client(played.url(), played.user, played.password, journal::add);
    }

    @AfterEach
    void stop() {
        played.close();
    }

    private static Aura.Statement statement(String code, String diagnosis, LocalDate to) {
        return new Aura.Statement("VRDLGU60A01L219E", ROSSI, code, diagnosis, LocalDate.of(2026, 3, 10), to);
    }

    private void answers(String operation, UnaryOperator<Answer> how) {
        played.answers(call -> call.operation().equals(operation) ? how::apply : answer -> answer);
    }

    private AuraUnavailable refusal() {
        AuraUnavailable refusal = catchThrowableOfType(AuraUnavailable.class, () -> aura.profile(ROSSI));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    @Test
    void a_person_is_found_and_read_whole() {
        played.held.add(new PlayedAura.Held(ROSSI, "048", "000", "01/02/2024", ""));
        played.held.add(new PlayedAura.Held(ROSSI, "013", "25000", "2023-05-06T00:00:00", "31/12/9999"));
        assertThat(aura.find(ROSSI.toLowerCase()))
                .extracting(Aura.Found::auraId)
                .containsExactly("11");
        assertThat(aura.find("Rossi", null, null))
                .containsExactly(new Aura.Found("11", ROSSI, "ROSSI", "MARIO", "M", LocalDate.of(1980, 1, 1), null));
        PatientProfile profile = aura.profile(ROSSI).orElseThrow();
        assertThat(profile.active()).isTrue();
        assertThat(profile.mergedFrom()).isNull();
        assertThat(profile.aslOfResidence()).isEqualTo("010301");
        assertThat(profile.residence()).isEqualTo("VIA ROMA 7, 10100 TORINO");
        assertThat(profile.doctorName()).isEqualTo("VERDI LUIGI");
        assertThat(profile.exemptions())
                .containsExactly(
                        new PatientProfile.Exemption("048", "d", null, null, LocalDate.of(2024, 2, 1), null, "HUB"),
                        new PatientProfile.Exemption("013", "d", "25000", null, LocalDate.of(2023, 5, 6), null, "HUB"));
    }

    @Test
    void a_person_that_aura_does_not_know_is_nobody() {
        assertThat(aura.find("NRIPLA30H10F335Z")).isEmpty();
        assertThat(aura.profile("NRIPLA30H10F335Z")).isEmpty();
        assertThat(aura.profileOf("99")).isEmpty();
    }

    @Test
    void an_identity_that_was_merged_is_followed_to_the_one_in_force() {
        played.person("7", "BNCNNA50E41A182M", "mergedInto", "8").person("8", "BNCNNA50E41A182M", "mergedInto", "9");
        played.person("9", "BNCNNA50E41A183N", "cognome", "BIANCHI");
        PatientProfile profile = aura.profileOf("7").orElseThrow();
        assertThat(profile.auraId()).isEqualTo("9");
        assertThat(profile.mergedFrom()).isEqualTo("7");
        assertThat(aura.profile("BNCNNA50E41A182M").orElseThrow().fiscalCode()).isEqualTo("BNCNNA50E41A183N");
    }

    @Test
    void whoever_keeps_identities_is_told_where_each_codice_fiscale_leads() {
        played.person("7", "BNCNNA50E41A182M", "mergedInto", "9").person("9", "BNCNNA50E41A183N");
        List<ProfileRead> told = new CopyOnWriteArrayList<>();
        Aura telling = AuraAccess.client(played.url(), played.user, played.password, journal::add, told::add);
        telling.profile("bncnna50e41a182m");
        telling.profile("NRIPLA30H10F335Z");
        telling.profileOf("9");
        assertThat(told).singleElement().satisfies(read -> {
            assertThat(read.fiscalCode()).isEqualTo("BNCNNA50E41A182M");
            assertThat(read.profile().auraId()).isEqualTo("9");
            assertThat(read.profile().fiscalCode()).isEqualTo("BNCNNA50E41A183N");
        });
    }

    @Test
    void identities_merged_in_a_circle_end_in_an_error_and_not_in_calls_without_end() {
        played.person("7", "BNCNNA50E41A182M", "mergedInto", "8").person("8", "BNCNNA50E41A182M", "mergedInto", "7");
        assertThatThrownBy(() -> aura.profileOf("7"))
                .isInstanceOf(AuraUnavailable.class)
                .hasMessageContaining("7, 8, 7");
        assertThat(played.calls).hasSize(2);
    }

    @Test
    void those_who_have_died_or_are_closed_are_shown_as_such() {
        played.person(
                "4",
                "NRIPLA30H10F335Z",
                "statoProfiloAnagrafico",
                "0",
                "dataDecesso",
                "2020-02-02T00:00:00",
                "asl",
                "010211");
        PatientProfile profile = aura.profile("NRIPLA30H10F335Z").orElseThrow();
        assertThat(profile.active()).isFalse();
        assertThat(profile.deathDate()).isEqualTo(LocalDate.of(2020, 2, 2));
        assertThat(profile.aslOfResidence()).isEqualTo("010211");
    }

    @ParameterizedTest
    @ValueSource(strings = {"OK", "ok", "1"})
    void an_exemption_is_published_and_ended_in_aura_s_own_spelling(String success) {
        played.okSays = success;
        assertThat(aura.publish(statement("048", "F002", LocalDate.of(2031, 3, 10)))
                        .ok())
                .isTrue();
        assertThat(aura.publish(statement("013", "250.00", null)).ok()).isTrue();
        assertThat(aura.annul(statement("013", "250.00", null), LocalDate.of(2026, 11, 22))
                        .ok())
                .isTrue();
        assertThat(played.effects)
                .containsExactly(
                        new PlayedAura.Held(ROSSI, "048", "000", "10/03/2026", "10/03/2031"),
                        new PlayedAura.Held(ROSSI, "013", "25000", "10/03/2026", ""),
                        new PlayedAura.Held(ROSSI, "013", "25000", "10/03/2026", "22/11/2026"));
        assertThat(played.calls)
                .extracting(call -> call.fields().get("dataAnnullamento"))
                .containsExactly("", "", "22/11/2026");
        assertThat(played.calls.get(0).fields()).containsEntry("codiceFiscaleChiamante", "VRDLGU60A01L219E");
    }

    @Test
    void what_aura_refuses_comes_with_its_code_and_words_whatever_their_namespace() {
        assertThat(aura.publish(statement("048", null, null)))
                .isEqualTo(new Aura.Answer(false, "E0042", "Esenzione 048 senza data di fine"));
    }

    @Test
    void the_journal_has_every_call_with_the_password_blackened() {
        new CallingAbout(5, 6, "0af7651916cd43dd8448eb211c80319c")
                .during(() -> aura.publish(statement("013", "25000", null)));
        assertThat(journal).hasSize(1);
        CallOut call = journal.get(0);
        assertThat(call.exemptionId()).isEqualTo(5);
        assertThat(call.deliveryId()).isEqualTo(6);
        assertThat(call.status()).isEqualTo(200);
        assertThat(new String(call.request(), StandardCharsets.UTF_8))
                .contains("utente", "25000", ":Password>***</")
                .doesNotContain("</wsse:Password>***")
                .doesNotContain("segreta", "lunga");
        assertThat(played.calls.get(0).request().header("traceparent")).contains("0af7651916cd43dd8448eb211c80319c");
        assertThat(CallingAbout.now()).isNull();
    }

    @Test
    void a_wrong_password_is_named_and_certainly_changes_nothing() {
        played.password = "altra";
        AuraUnavailable refusal = refusal();
        assertThat(refusal.code()).isEqualTo(SnodoCode.AURA_NOT_AUTHORISED);
        assertThat(refusal.sent()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 200})
    void a_fault_is_told_in_aura_s_words_whatever_the_status_it_comes_with(int status) {
        Answer fault = PlayedAura.fault("ERROR #5002: ObjectScript error");
        answers(
                "FindProfiliAnagrafici",
                answer -> Answer.text(
                        status, "text/xml; charset=UTF-8", new String(fault.body(), StandardCharsets.UTF_8)));
        AuraUnavailable refusal = refusal();
        assertThat(refusal.code()).isEqualTo(SnodoCode.AURA_FAULT);
        assertThat(refusal).hasMessageContaining("ObjectScript");
        assertThat(refusal.sent()).isTrue();
    }

    @Test
    void a_lost_answer_is_told_from_a_call_that_never_left() throws IOException {
        answers("FindProfiliAnagrafici", answer -> answer.sent(Answer.Manner.DROP));
        AuraUnavailable lost = refusal();
        assertThat(lost.code()).isEqualTo(SnodoCode.AURA_SILENT);
        assertThat(lost.sent()).isTrue();
        answers("FindProfiliAnagrafici", answer -> answer.sent(Answer.Manner.HALF));
        assertThat(refusal().sent()).isTrue();
        try (Socket nobody = new Socket()) {
            // bound and not listening: the port is ours, and whoever calls is turned away
            nobody.bind(new InetSocketAddress("127.0.0.1", 0));
            aura = AuraAccess.client("http://127.0.0.1:" + nobody.getLocalPort(), "u", "p", journal::add);
            AuraUnavailable unreachable = refusal();
            assertThat(unreachable.code()).isEqualTo(SnodoCode.AURA_UNREACHABLE);
            assertThat(unreachable.sent()).isFalse();
        }
    }

    @Test
    void a_wish_to_be_left_alone_is_passed_on() {
        answers("FindProfiliAnagrafici", answer -> Answer.text(503, "text/html", "<h1>busy")
                .with("Retry-After", "17"));
        AuraUnavailable busy = refusal();
        assertThat(busy.code()).isEqualTo(SnodoCode.AURA_BUSY);
        assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(17));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html><body>Manutenzione</body></html>",
                "<a/>",
                "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body/></soap:Envelope>",
                "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><x/></soap:Body></soap:Envelope>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><x>&e;</x>",
                "not XML"
            })
    void what_is_no_answer_of_aura_is_named_and_never_believed(String body) {
        answers("FindProfiliAnagrafici", answer -> Answer.text(200, "text/xml; charset=UTF-8", body));
        AuraUnavailable refusal = refusal();
        assertThat(refusal.code()).isEqualTo(SnodoCode.AURA_UNREADABLE);
        assertThat(refusal.sent()).isTrue();
    }

    @Test
    void nothing_outside_an_answer_is_read_through_it() {
        String hole = "<!DOCTYPE Envelope [<!ENTITY e SYSTEM \"" + played.url() + "/leak\">]>";
        answers("FindProfiliAnagrafici", answer -> {
            String text = new String(answer.body(), StandardCharsets.UTF_8);
            return Answer.text(
                    200,
                    "text/xml",
                    text.replaceFirst("(<soap:Envelope)", hole + "$1").replace("ROSSI", "&e;"));
        });
        assertThat(refusal().code()).isEqualTo(SnodoCode.AURA_UNREADABLE);
        assertThat(played.calls).hasSize(1);
    }

    @Test
    void an_answer_without_end_is_cut_off() {
        answers(
                "FindProfiliAnagrafici",
                answer -> Answer.text(200, "text/xml", "<a>" + "x".repeat(3 * 1024 * 1024) + "</a>"));
        assertThat(refusal().code()).isEqualTo(SnodoCode.AURA_SILENT);
    }

    @Test
    void a_hub_that_does_not_know_where_aura_is_says_what_to_configure() {
        Aura nowhere = AuraAccess.client(null, "u", "p", journal::add);
        assertThatThrownBy(() -> nowhere.find(ROSSI))
                .isInstanceOf(AuraUnavailable.class)
                .hasMessageContaining("snodo.aura.find.url");
        assertThat(AuraAccess.client(played.url(), played.user, null, journal::add))
                .satisfies(one -> assertThatThrownBy(() -> one.find(ROSSI)).hasMessageContaining("password"));
    }

    @Test
    void each_service_may_have_its_own_address_and_user() {
        try (PlayedAura other = new PlayedAura()) {
            other.user = "altro";
            other.password = "diversa";
            other.person("12", ROSSI);
            Aura split = AuraAccess.client(
                    new AuraProperties(
                            played.url(),
                            played.user,
                            played.password,
                            null,
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(20),
                            4,
                            false,
                            null,
                            null,
                            new AuraProperties.Service(other.url() + "/EsenzionePatologia", "altro", "diversa")),
                    journal::add);
            assertThat(split.publish(statement("013", "25000", null)).ok()).isTrue();
            assertThat(split.profile(ROSSI)).isPresent();
            assertThat(other.calls).hasSize(1);
            assertThat(played.calls("GetProfiloSanitario")).hasSize(1);
        }
    }

    @Test
    void the_simulated_aura_of_the_demo_understands_all_of_it() {
        try (Simulators simulators = new Simulators(0).start()) {
            Aura simulated = AuraAccess.client(simulators.url() + "/aura", "snodo", "snodo", journal::add);
            assertThat(simulated.profile(ROSSI).orElseThrow().family()).isEqualTo("ROSSI");
            assertThat(simulated.publish(statement("013", "25000", null)).ok()).isTrue();
            assertThat(simulated.profile(ROSSI).orElseThrow().exemptions())
                    .anySatisfy(one -> assertThat(one.from()).isEqualTo(LocalDate.of(2026, 3, 10)));
        }
    }
}
