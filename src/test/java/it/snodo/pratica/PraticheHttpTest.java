package it.snodo.pratica;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.aura.PatientProfile;
import it.snodo.certificate.CertificateReplaced;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Pratiche as an operator's program meets them. */
@SpringBootTest(
        classes = PraticheSlice.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.profiles.active=demo",
            "spring.main.banner-mode=off",
            "snodo.aura.wait=1s",
            "logging.level.root=WARN"
        })
class PraticheHttpTest {

    private static final String API = "/api/v1";
    private static final String DISTRICT = "distretto-torino";
    private static final byte[] PDF = "%PDF-1.4\nun referto\n%%EOF".getBytes(StandardCharsets.US_ASCII);

    @LocalServerPort
    int port;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    PlayedAura aura;

    @Autowired
    ApplicationEventPublisher events;

    @Autowired
    PlatformTransactionManager transactions;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();

    private record Answer(int status, JsonNode body, HttpResponse<byte[]> response) {

        String etag() {
            return response.headers().firstValue("ETag").orElse(null);
        }
    }

    @BeforeEach
    void an_aura_that_is_well() {
        aura.mood = PlayedAura.Mood.WELL;
        aura.meanwhile = () -> {};
        aura.deliver();
        jdbc.sql("truncate pratica, pratica_event, pratica_attachment, pratica_counter, exemption, audit")
                .update();
    }

    // --- what a test says ------------------------------------------------------------------------------------

    private Answer send(String user, String method, String path, String body, String... headers) throws Exception {
        return bytes(
                user,
                method,
                path,
                body == null ? null : body.getBytes(StandardCharsets.UTF_8),
                "application/json",
                headers);
    }

    private Answer bytes(String user, String method, String path, byte[] body, String type, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + API + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (user != null) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString((user + ":demo").getBytes(StandardCharsets.UTF_8)));
        }
        if (body != null) {
            request.header("Content-Type", type);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
        boolean isJson =
                response.headers().firstValue("Content-Type").orElse("").contains("json");
        return new Answer(response.statusCode(), isJson ? json.readTree(response.body()) : null, response);
    }

    private String person(String residence, String care) {
        String fiscalCode = PraticaKit.newFiscalCode();
        aura.people.put(fiscalCode, PlayedAura.person(fiscalCode, residence, care));
        return fiscalCode;
    }

    private String person() {
        return person(PraticaKit.TORINO, PraticaKit.TORINO);
    }

    private long certificate(String person, String exemption, String diagnosis, String state, OffsetDateTime visit) {
        return PraticaKit.Certificates.insert(jdbc, person, PraticaKit.VERDI, exemption, diagnosis, state, visit);
    }

    private long certificate(String person) {
        return certificate(person, "013", "250", "VALIDO", OffsetDateTime.now().minusDays(10));
    }

    private JsonNode requested(String person) throws Exception {
        Answer answer = send(
                "verdi",
                "POST",
                "/certificates/" + certificate(person) + "/exemption-request",
                "{\"beneficiaryNote\":\"Per il cittadino\",\"internalNote\":\"Tra noi\"}");
        assertThat(answer.status).as(String.valueOf(answer.body)).isEqualTo(201);
        return answer.body;
    }

    private String sent() throws Exception {
        return requested(person()).path("number").asText();
    }

    private String in(Standing standing) throws Exception {
        aura.mood = PlayedAura.Mood.WELL;
        aura.deliver();
        String number = sent();
        switch (standing) {
            case INVIATA -> {}
            case IN_LAVORAZIONE -> post(number, "take-charge", null, 200);
            case IN_VALIDAZIONE -> {
                aura.mood = PlayedAura.Mood.LATE;
                post(number, "validate", null, 202);
            }
            case VALIDATA -> post(number, "validate", null, 200);
            case IN_ANNULLAMENTO -> {
                post(number, "validate", null, 200);
                aura.mood = PlayedAura.Mood.LATE;
                post(number, "annul", null, 202);
            }
            case RESPINTA -> post(number, "reject", "{\"reason\":\"ALTRO\"}", 200);
            case ANNULLATA -> post(number, "annul", null, 200);
        }
        return number;
    }

    private JsonNode post(String number, String move, String body, int status) throws Exception {
        Answer answer = send(DISTRICT, "POST", "/pratiche/" + number + "/" + move, body);
        assertThat(answer.status).as(move + " " + answer.body).isEqualTo(status);
        return answer.body;
    }

    private String row(String number) {
        return jdbc.sql("select p::text || (select count(*) from pratica_event where pratica = p.number)"
                        + " || (select coalesce(string_agg(e::text, ','), '') from exemption e where e.pratica = p.number)"
                        + " from pratica p where number = ?")
                .param(number)
                .query(String.class)
                .single();
    }

    // --- moves -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Standing.class)
    void a_call_is_obeyed_only_from_its_states_and_by_the_district_of_the_asl(Standing standing) throws Exception {
        Map<String, List<Standing>> allowed = Map.of(
                "take-charge", List.of(Standing.INVIATA),
                "validate", List.of(Standing.INVIATA, Standing.IN_LAVORAZIONE),
                "reject", List.of(Standing.INVIATA, Standing.IN_LAVORAZIONE),
                "annul", List.of(Standing.INVIATA, Standing.IN_LAVORAZIONE, Standing.VALIDATA));
        // who is refused changes nothing, so all may try on one
        String number = in(standing);
        String before = row(number);
        Map<String, Integer> refusals = Map.of(
                "distretto-cn2", 404, "neri", 404, "verdi", 403, "ops", 403, "cup", 403, "assistenza", 403, "fse", 403);
        for (String move : allowed.keySet()) {
            String body = move.equals("reject") ? "{\"reason\":\"ALTRO\"}" : null;
            for (Map.Entry<String, Integer> who : refusals.entrySet()) {
                assertThat(send(who.getKey(), "POST", "/pratiche/" + number + "/" + move, body).status)
                        .as(who.getKey() + " " + move)
                        .isEqualTo(who.getValue());
            }
            assertThat(send(null, "POST", "/pratiche/" + number + "/" + move, body).status)
                    .isEqualTo(401);
            if (!allowed.get(move).contains(standing)) {
                Answer refused = send(DISTRICT, "POST", "/pratiche/" + number + "/" + move, body);
                assertThat(refused.status).as(move + " from " + standing).isEqualTo(409);
                assertThat(refused.body.path("detail").asText()).startsWith("Stato pratica non coerente");
                assertThat(refused.body.at("/pratica/state").asText())
                        .isEqualTo(standing.state().name());
                assertThat(refused.body.at("/pratica/lastEvent/user").asText()).isNotBlank();
            }
        }
        assertThat(row(number)).isEqualTo(before);
        for (String move : allowed.keySet()) {
            if (allowed.get(move).contains(standing)) {
                aura.mood = PlayedAura.Mood.WELL;
                JsonNode done = post(in(standing), move, move.equals("reject") ? "{\"reason\":\"ALTRO\"}" : null, 200);
                assertThat(done.path("state").asText())
                        .isEqualTo(Map.of(
                                        "take-charge", "IN_LAVORAZIONE",
                                        "validate", "VALIDATA",
                                        "reject", "RESPINTA",
                                        "annul", "ANNULLATA")
                                .get(move));
            }
        }
    }

    @Test
    void the_second_of_two_operators_is_told_what_changed_who_did_it_and_when() throws Exception {
        String number = sent();
        Answer read = send(DISTRICT, "GET", "/pratiche/" + number, null);
        assertThat(read.etag()).isEqualTo("\"1\"");
        Answer first = send("distretto", "POST", "/pratiche/" + number + "/take-charge", null, "If-Match", read.etag());
        assertThat(first.etag()).isEqualTo("\"2\"");
        String before = row(number);
        Answer second = send(
                DISTRICT, "POST", "/pratiche/" + number + "/reject", "{\"reason\":\"ALTRO\"}", "If-Match", read.etag());
        assertThat(second.status).isEqualTo(412);
        assertThat(second.body.path("code").asText()).isEqualTo("SNODO-7002");
        assertThat(second.body.at("/pratica/revision").asInt()).isEqualTo(2);
        assertThat(second.body.at("/pratica/lastEvent/state").asText()).isEqualTo("IN_LAVORAZIONE");
        assertThat(second.body.at("/pratica/lastEvent/user").asText()).isEqualTo("distretto");
        assertThat(second.body.at("/pratica/lastEvent/role").asText()).isEqualTo("OPERATORE_ASL_DISTRETTO");
        assertThat(second.body.at("/pratica/lastEvent/at").asText()).isNotBlank();
        assertThat(row(number)).isEqualTo(before);
        Answer now = send(
                DISTRICT,
                "POST",
                "/pratiche/" + number + "/reject",
                "{\"reason\":\"ALTRO\"}",
                "If-Match",
                first.etag());
        assertThat(now.status).isEqualTo(200);
    }

    @Test
    void taking_charge_and_validating_in_one_pass_shows_both_events_newest_first() throws Exception {
        String number = sent();
        JsonNode done = post(number, "validate", null, 200);
        assertThat(done.path("message").asText()).isEqualTo("Pratica " + number + " validata con successo");
        assertThat(done.at("/publication/state").asText()).isEqualTo("COMPLETATA");
        assertThat(done.path("exemptionId").asLong()).isPositive();
        JsonNode lines = send("verdi", "GET", "/pratiche/" + number + "/history", null)
                .body
                .path("items");
        assertThat(lines.findValuesAsText("state")).containsExactly("VALIDATA", "IN_LAVORAZIONE", "INVIATA");
        assertThat(lines.findValuesAsText("role"))
                .containsExactly("OPERATORE_ASL_DISTRETTO", "OPERATORE_ASL_DISTRETTO", "MEDICO_SPECIALISTA_CAS");
        assertThat(lines.findValuesAsText("user"))
                .containsExactly("FRNLCU70D15L219G", "FRNLCU70D15L219G", PraticaKit.VERDI);
        assertThat(aura.told).anyMatch(told -> told.contains(" 013 250 " + LocalDate.now(PraticaRegister.ROME)));
    }

    @Test
    void a_rejection_needs_one_of_the_four_reasons_and_keeps_it_inside() throws Exception {
        String number = sent();
        String before = row(number);
        for (String body : new String[] {null, "{}", "{\"reason\":\"Non mi piace\"}"}) {
            assertThat(post(number, "reject", body, 422).path("code").asText()).isEqualTo("SNODO-7103");
        }
        assertThat(row(number)).isEqualTo(before);
        JsonNode done = post(
                number,
                "reject",
                "{\"reason\":\"Documentazione insuffciente\",\"note\":\"manca la firma\","
                        + "\"beneficiaryNote\":\"Portare il referto firmato\"}",
                200);
        assertThat(done.path("message").asText()).isEqualTo("Pratica " + number + " respinta con successo");
        assertThat(done.path("banner").asText()).isEqualTo("RESPINTA - DOCUMENTAZIONE INSUFFICIENTE");
        assertThat(done.path("stateSince").asText()).startsWith("Respinta il ");
        jdbc.sql(
                        "update pratica_event set at = timestamptz '2026-07-02 10:00+02' where pratica = ? and state = 'RESPINTA'")
                .param(number)
                .update();
        assertThat(send(DISTRICT, "PUT", "/pratiche/" + number + "/notes", "{\"internalNote\":\"manca la firma\"}")
                        .status)
                .isEqualTo(200);
        assertThat(send(DISTRICT, "GET", "/pratiche/" + number, null)
                        .body
                        .path("stateSince")
                        .asText())
                .as("a later note does not move it")
                .isEqualTo("Respinta il 02/07/2026");
        JsonNode citizens = send(DISTRICT, "GET", "/pratiche/" + number + "?view=beneficiario", null).body;
        assertThat(citizens.has("beneficiaryNote"))
                .as("the doctor asked, not the citizen")
                .isFalse();
        assertThat(citizens.toString()).doesNotContain("INSUFFICIENTE", "manca la firma", "FRNLCU70D15L219G");
    }

    @Test
    void notes_are_seen_by_the_doctor_who_sent_it_and_the_district_and_the_internal_one_by_nobody_else()
            throws Exception {
        String number = sent();
        for (String who : List.of("verdi", "specialista", DISTRICT, "distretto")) {
            JsonNode seen = send(who, "GET", "/pratiche/" + number, null).body;
            assertThat(seen.path("beneficiaryNote").asText()).as(who).isEqualTo("Per il cittadino");
            assertThat(seen.path("internalNote").asText()).as(who).isEqualTo("Tra noi");
        }
        for (String who : List.of("neri", "distretto-cn2")) {
            assertThat(send(who, "GET", "/pratiche/" + number, null).status)
                    .as(who)
                    .isEqualTo(404);
            assertThat(send(who, "GET", "/pratiche/" + number + "/history", null).status)
                    .isEqualTo(404);
        }
        Answer operations = send("ops", "GET", "/pratiche/" + number, null);
        assertThat(operations.body.toString()).doesNotContain("ROSSI", "RSSMRA", "013", "Tra noi", "Per il");
        assertThat(operations.body.path("state").asText()).isEqualTo("INVIATA");
        assertThat(send("ops", "GET", "/pratiche/" + number + "/history", null).status)
                .isEqualTo(403);
        for (String path : List.of("", "/history")) {
            String citizens = send("verdi", "GET", "/pratiche/" + number + path + "?view=beneficiario", null)
                    .body
                    .toString();
            assertThat(citizens).doesNotContain("Tra noi", "Per il cittadino");
        }
        Answer changed =
                send(DISTRICT, "PUT", "/pratiche/" + number + "/notes", "{\"internalNote\":\"Sentito il medico\"}");
        assertThat(changed.body.path("internalNote").asText()).isEqualTo("Sentito il medico");
        assertThat(changed.body.path("beneficiaryNote").asText()).isEqualTo("Per il cittadino");
        assertThat(send("verdi", "PUT", "/pratiche/" + number + "/notes", "{}").status)
                .isEqualTo(403);
    }

    @Test
    void a_look_of_another_asl_finds_nothing_and_is_written_down() throws Exception {
        String person = person();
        String number = requested(person).path("number").asText();
        send("distretto-cn2", "GET", "/pratiche/" + number, null);
        send(DISTRICT, "GET", "/pratiche/" + number, null);
        assertThat(jdbc.sql(
                                "select actor || ' ' || outcome from audit where subject = ? and action = 'lettura della pratica'"
                                        + " order by id")
                        .param(person)
                        .query(String.class)
                        .list())
                .containsExactly("distretto-cn2 NEGATO", "distretto-torino OK");
        assertThat(send("distretto-cn2", "GET", "/pratiche", null).body.path("items"))
                .isEmpty();
    }

    // --- AURA ------------------------------------------------------------------------------------------------

    @Test
    void a_validation_that_aura_does_not_answer_completes_by_itself() throws Exception {
        for (PlayedAura.Mood mood : List.of(PlayedAura.Mood.DOWN, PlayedAura.Mood.LATE, PlayedAura.Mood.ANSWER_LOST)) {
            String number = sent();
            aura.mood = mood;
            JsonNode waiting = post(number, "validate", null, 202);
            assertThat(waiting.path("state").asText()).isEqualTo("IN_LAVORAZIONE");
            assertThat(waiting.at("/publication/state").asText()).isEqualTo("IN_ATTESA");
            assertThat(waiting.at("/publication/words").asText()).contains("AURA");
            for (String move : List.of("validate", "reject", "annul")) {
                assertThat(post(number, move, move.equals("reject") ? "{\"reason\":\"ALTRO\"}" : null, 409)
                                .path("code")
                                .asText())
                        .isEqualTo("SNODO-7102");
            }
            aura.mood = PlayedAura.Mood.WELL;
            aura.deliver();
            JsonNode done = send(DISTRICT, "GET", "/pratiche/" + number, null).body;
            assertThat(done.path("state").asText()).isEqualTo("VALIDATA");
            String person = done.at("/patient/fiscalCode").asText();
            assertThat(aura.told).filteredOn(told -> told.startsWith(person)).hasSize(1);
        }
    }

    @Test
    void a_validation_that_aura_refuses_says_why_and_can_be_tried_again() throws Exception {
        String number = sent();
        aura.mood = PlayedAura.Mood.REFUSES;
        JsonNode refused = post(number, "validate", null, 422);
        assertThat(refused.path("detail").asText()).contains("non accettata");
        JsonNode after = send(DISTRICT, "GET", "/pratiche/" + number, null).body;
        assertThat(after.path("state").asText()).isEqualTo("IN_LAVORAZIONE");
        assertThat(after.at("/publication/state").asText()).isEqualTo("RIFIUTATA");
        assertThat(after.at("/publication/words").asText()).contains("non accettata");
        aura.mood = PlayedAura.Mood.WELL;
        post(number, "validate", "{\"end\":\"" + LocalDate.now().plusYears(1) + "\"}", 200);
    }

    @Test
    void an_annulment_of_a_validated_one_ends_the_exemption_on_aura_first() throws Exception {
        String number = in(Standing.VALIDATA);
        aura.mood = PlayedAura.Mood.LATE;
        JsonNode waiting = post(number, "annul", "{\"note\":\"emessa per errore\"}", 202);
        assertThat(waiting.path("state").asText()).isEqualTo("VALIDATA");
        assertThat(waiting.at("/publication/action").asText()).isEqualTo("ANNULLA");
        aura.mood = PlayedAura.Mood.WELL;
        aura.deliver();
        JsonNode done = send(DISTRICT, "GET", "/pratiche/" + number, null).body;
        assertThat(done.path("state").asText()).isEqualTo("ANNULLATA");
        assertThat(aura.told.get(aura.told.size() - 1)).endsWith("fine " + LocalDate.now(PraticaRegister.ROME));
        // the certificate can be used again, on the same day too
        Answer again = send(
                "verdi", "POST", "/certificates/" + done.path("certificate").asText() + "/exemption", null);
        assertThat(again.status).as(String.valueOf(again.body)).isEqualTo(201);
    }

    @Test
    void a_person_that_aura_shows_as_dead_elsewhere_or_exempt_already_gets_no_exemption() throws Exception {
        LocalDate today = LocalDate.now(PraticaRegister.ROME);
        String number = sent();
        String person = send(DISTRICT, "GET", "/pratiche/" + number, null)
                .body
                .at("/patient/fiscalCode")
                .asText();
        Map<String, PatientProfile> worlds = Map.of(
                "SNODO-7112", PlayedAura.person(person, "010301", "010301", true, today.minusDays(3), List.of()),
                "SNODO-7111", PlayedAura.person(person, "010301", "010301", false, null, List.of()),
                "SNODO-7113", PlayedAura.person(person, "010301", "010211", true, null, List.of()),
                "SNODO-7114", PlayedAura.person(person, "030321", "030321", true, null, List.of()),
                "SNODO-7115",
                        PlayedAura.person(
                                person,
                                "010301",
                                "010301",
                                true,
                                null,
                                List.of(new PatientProfile.Exemption(
                                        "013", null, "2500", null, today.minusYears(2), null, "301"))));
        for (Map.Entry<String, PatientProfile> world : worlds.entrySet()) {
            aura.people.put(person, world.getValue());
            assertThat(post(number, "validate", null, 422).path("code").asText())
                    .isEqualTo(world.getKey());
        }
        aura.people.remove(person);
        assertThat(post(number, "validate", null, 422).path("code").asText()).isEqualTo("SNODO-7110");
    }

    @Test
    void a_pratica_whose_certificate_is_annulled_is_not_validated_and_a_validated_one_says_so() throws Exception {
        String open = sent();
        String validated = in(Standing.VALIDATA);
        for (String number : List.of(open, validated)) {
            jdbc.sql("update certificate set state = 'ANNULLATO' where number ="
                            + " (select certificate_number from pratica where number = ?)")
                    .param(number)
                    .update();
            jdbc.sql("update pratica set certificate_annulled_at = now() where number = ?")
                    .param(number)
                    .update();
        }
        String before = row(open);
        JsonNode refused = post(open, "validate", null, 422);
        assertThat(refused.path("code").asText()).isEqualTo("SNODO-7119");
        assertThat(row(open)).isEqualTo(before);
        assertThat(send(DISTRICT, "GET", "/pratiche/" + validated, null)
                        .body
                        .path("notice")
                        .asText())
                .contains("è stato annullato", "verificare");
    }

    @Test
    void a_pratica_whose_certificate_is_replaced_is_not_validated_either_and_a_validated_one_says_so_too()
            throws Exception {
        String open = sent();
        String validated = in(Standing.VALIDATA);
        for (String number : List.of(open, validated)) {
            long certificate = jdbc.sql("select certificate_number from pratica where number = ?")
                    .param(number)
                    .query(Long.class)
                    .single();
            new TransactionTemplate(transactions).executeWithoutResult(status -> {
                jdbc.sql("update certificate set state = 'SOSTITUITO' where number = ?")
                        .param(certificate)
                        .update();
                events.publishEvent(new CertificateReplaced(certificate, 999_977L));
            });
        }
        String before = row(open);
        JsonNode refused = post(open, "validate", null, 422);
        assertThat(refused.path("code").asText()).isEqualTo("SNODO-7119");
        assertThat(row(open)).isEqualTo(before);
        JsonNode waits = send(DISTRICT, "GET", "/pratiche/" + open, null).body;
        assertThat(waits.path("notice").asText()).contains("è stato sostituito dal n. 999977", "non si può validare");
        JsonNode done = send(DISTRICT, "GET", "/pratiche/" + validated, null).body;
        assertThat(done.path("notice").asText()).contains("è stato sostituito dal n. 999977", "verificare");
        assertThat(jdbc.sql("select words from pratica_event where move = 'CERTIFICATO_SOSTITUITO'")
                        .query(String.class)
                        .list())
                .hasSize(2)
                .allMatch(words -> words.contains("sostituito dal n. 999977"));
    }

    // --- doctors ---------------------------------------------------------------------------------------------

    @Test
    void crea_e_valida_goes_straight_to_validata_with_the_end_that_the_exemption_has_by_default() throws Exception {
        OffsetDateTime visit = OffsetDateTime.now().minusDays(10);
        long certificate = certificate(person(), "048", "F002", "VALIDO", visit);
        Answer done = send("verdi", "POST", "/certificates/" + certificate + "/exemption", "{}");
        assertThat(done.status).as(String.valueOf(done.body)).isEqualTo(201);
        assertThat(done.response.headers().firstValue("Location").orElse(""))
                .isEqualTo("/api/v1/pratiche/" + done.body.path("number").asText());
        assertThat(done.body.path("state").asText()).isEqualTo("VALIDATA");
        assertThat(done.body.path("end").asText())
                .isEqualTo(visit.atZoneSameInstant(PraticaRegister.ROME)
                        .toLocalDate()
                        .plusYears(5)
                        .toString());
        assertThat(done.body.at("/diagnosis/code").asText()).isEqualTo("000");
        assertThat(done.body.at("/compiler/kind").asText()).isEqualTo("MEDICO");
        JsonNode lines = send(
                        "verdi", "GET", "/pratiche/" + done.body.path("number").asText() + "/history", null)
                .body
                .path("items");
        assertThat(lines.findValuesAsText("role")).containsExactly("MEDICO_SPECIALISTA_CAS", "MEDICO_SPECIALISTA_CAS");
        Answer again = send("verdi", "POST", "/certificates/" + certificate + "/exemption", "{}");
        assertThat(again.status).isEqualTo(409);
        assertThat(again.body.path("detail").asText())
                .contains(done.body.path("number").asText());
        assertThat(send("verdi", "POST", "/certificates/" + certificate + "/exemption-request", "{}").status)
                .isEqualTo(409);
    }

    @Test
    void crea_e_valida_leaves_the_certificate_unused_when_aura_refuses() throws Exception {
        long certificate = certificate(person());
        aura.mood = PlayedAura.Mood.REFUSES;
        Answer refused = send("verdi", "POST", "/certificates/" + certificate + "/exemption", "{}");
        assertThat(refused.status).isEqualTo(422);
        assertThat(refused.body.at("/pratica/state").asText()).isEqualTo("ANNULLATA");
        String number = refused.body.at("/pratica/number").asText();
        JsonNode line = send("verdi", "GET", "/pratiche/" + number + "/history", null)
                .body
                .at("/items/0");
        assertThat(line.path("state").asText()).isEqualTo("ANNULLATA");
        assertThat(line.path("words").asText()).contains("non accettata");
        aura.mood = PlayedAura.Mood.WELL;
        assertThat(send("verdi", "POST", "/certificates/" + certificate + "/exemption", "{}").status)
                .isEqualTo(201);
    }

    @Test
    void crea_e_valida_waits_for_an_aura_that_is_down_and_completes_by_itself() throws Exception {
        long certificate = certificate(person());
        aura.mood = PlayedAura.Mood.DOWN;
        Answer waiting = send("verdi", "POST", "/certificates/" + certificate + "/exemption", "{}");
        assertThat(waiting.status).as(String.valueOf(waiting.body)).isEqualTo(202);
        assertThat(waiting.body.path("state").asText()).isEqualTo("IN_LAVORAZIONE");
        assertThat(waiting.body.at("/publication/state").asText()).isEqualTo("IN_ATTESA");
        aura.mood = PlayedAura.Mood.WELL;
        aura.deliver();
        assertThat(send(
                                "verdi",
                                "GET",
                                "/pratiche/" + waiting.body.path("number").asText(),
                                null)
                        .body
                        .path("state")
                        .asText())
                .isEqualTo("VALIDATA");
    }

    @Test
    void only_an_enabled_doctor_issues_and_only_for_who_lives_in_his_asl() throws Exception {
        long elsewhere = certificate(person(PraticaKit.CN2, PraticaKit.TORINO));
        Answer refused = send("verdi", "POST", "/certificates/" + elsewhere + "/exemption", "{}");
        assertThat(refused.status).isEqualTo(422);
        assertThat(refused.body.path("code").asText()).isEqualTo("SNODO-7106");
        assertThat(refused.body.path("detail").asText()).contains("ASL CN2", "Richiedi esenzione");
        assertThat(jdbc.sql("select count(*) from pratica").query(Long.class).single())
                .isZero();
        // he may ask: the ASL that assists the person works it
        Answer asked = send("verdi", "POST", "/certificates/" + elsewhere + "/exemption-request", "{}");
        assertThat(asked.body.path("asl").asText()).isEqualTo(PraticaKit.TORINO);
        assertThat(asked.body.path("state").asText()).isEqualTo("INVIATA");
        long stranger = PraticaKit.Certificates.insert(
                jdbc, person(), "FRRGLI75C45H501Q", "013", "250", "VALIDO", OffsetDateTime.now());
        assertThat(send("specialista", "POST", "/certificates/" + stranger + "/exemption", "{}")
                        .body
                        .path("code")
                        .asText())
                .isEqualTo("SNODO-7106");
        assertThat(send("neri", "POST", "/certificates/" + stranger + "/exemption", "{}").status)
                .isEqualTo(404);
        assertThat(send(DISTRICT, "POST", "/certificates/" + stranger + "/exemption", "{}").status)
                .isEqualTo(403);
    }

    @Test
    void only_a_signed_certificate_that_holds_justifies_an_exemption() throws Exception {
        OffsetDateTime now = OffsetDateTime.now();
        Map<String, Long> certificates = Map.of(
                "ancora da firmare", certificate(person(), "013", "250", "DA_FIRMARE", now),
                "stato annullato", certificate(person(), "013", "250", "ANNULLATO", now),
                "stato sostituito", certificate(person(), "013", "250", "SOSTITUITO", now),
                "scaduto", certificate(person(), "048", "F002", "VALIDO", now.minusYears(6)));
        for (Map.Entry<String, Long> certificate : certificates.entrySet()) {
            for (String call : List.of("exemption", "exemption-request")) {
                Answer refused = send("verdi", "POST", "/certificates/" + certificate.getValue() + "/" + call, "{}");
                assertThat(refused.status).as(certificate.getKey()).isEqualTo(409);
                assertThat(refused.body.path("detail").asText()).contains(certificate.getKey());
            }
        }
    }

    @Test
    void the_end_may_be_changed_cleared_and_must_be_said_where_nobody_knows_it() throws Exception {
        long unknown = certificate(person(), "0A02", "395", "VALIDO", OffsetDateTime.now());
        assertThat(send("verdi", "POST", "/certificates/" + unknown + "/exemption", "{}")
                        .body
                        .path("code")
                        .asText())
                .isEqualTo("SNODO-7116");
        Answer said = send(
                "verdi",
                "POST",
                "/certificates/" + unknown + "/exemption",
                "{\"end\":\"" + LocalDate.now().plusYears(2) + "\"}");
        assertThat(said.status).isEqualTo(201);
        long fixed = certificate(person(), "048", "F002", "VALIDO", OffsetDateTime.now());
        assertThat(send("verdi", "POST", "/certificates/" + fixed + "/exemption", "{\"end\":\"2020-01-01\"}")
                        .body
                        .path("code")
                        .asText())
                .isEqualTo("SNODO-7116");
        Answer cleared = send("verdi", "POST", "/certificates/" + fixed + "/exemption", "{\"unlimited\":true}");
        assertThat(cleared.body.path("unlimited").asBoolean()).isTrue();
        assertThat(cleared.body.has("end")).isFalse();
    }

    @Test
    void a_request_while_aura_is_down_is_not_taken() throws Exception {
        long certificate = certificate(person());
        aura.mood = PlayedAura.Mood.DOWN;
        assertThat(send("verdi", "POST", "/certificates/" + certificate + "/exemption-request", "{}").status)
                .isEqualTo(503);
        assertThat(jdbc.sql("select count(*) from pratica").query(Long.class).single())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exemption", "exemption-request"})
    void a_certificate_whose_annulment_is_asked_for_while_aura_answers_justifies_nothing(String call) throws Exception {
        long certificate = certificate(person());
        aura.meanwhile = () -> jdbc.sql("""
                        insert into annulment (certificate_number, document_id, annulled_document_id, state, asked_by)
                        values (?, 'A-' || ?, 'D', 'DA_FIRMARE', 'verdi') on conflict do nothing""").params(certificate, certificate).update();
        Answer refused = send("verdi", "POST", "/certificates/" + certificate + "/" + call, "{}");
        assertThat(refused.status).as(String.valueOf(refused.body)).isEqualTo(409);
        assertThat(refused.body.path("detail").asText()).contains("è in corso l'annullamento");
        assertThat(jdbc.sql("select count(*) from pratica").query(Long.class).single())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exemption", "exemption-request"})
    void a_certificate_that_is_not_as_its_doctor_has_read_it_justifies_nothing_yet(String call) throws Exception {
        long certificate = certificate(person());
        String path = "/certificates/" + certificate + "/" + call;
        Answer stale = send("verdi", "POST", path, "{}", "If-Match", "\"0-VALIDO-DA_FIRMARE-\"");
        assertThat(stale.status).as(String.valueOf(stale.body)).isEqualTo(412);
        assertThat(stale.body.path("code").asText()).isEqualTo("SNODO-7002");
        assertThat(jdbc.sql("select count(*) from pratica").query(Long.class).single())
                .isZero();
        assertThat(send("neri", "POST", path, "{}", "If-Match", "\"x\"").status)
                .as("another doctor is told nothing of it")
                .isEqualTo(404);
        // as the reading of a certificate gives it
        assertThat(send("verdi", "POST", path, "{}", "If-Match", "\"0-VALIDO--\"").status)
                .isEqualTo(201);
    }

    @Test
    void the_wizard_shows_no_doctor_what_anothers_certificate_keeps_under_leggi_speciali() throws Exception {
        String person = person();
        long secret = certificate(person, "020", "042", "VALIDO", OffsetDateTime.now());
        jdbc.sql("""
                        insert into document (id, certificate_number, root, set_id, version, type_code, title, state, confidentiality,
                          withheld, patient_oid, patient_id, author, custodian, visit_at, made_at, cda, cda_sha256, unsigned_pdf)
                        select document_id, number, 'r', set_id, 1, 't', 't', 'CURRENT', 'V', false, 'o', patient_id, signer, 'c',
                          now(), now(), '\\x00', '\\x00', '\\x00' from certificate where number = ?""").param(secret).update();
        String today = LocalDate.now(PraticaRegister.ROME).toString();
        for (long one : new long[] {secret, certificate(person)}) {
            assertThat(send("verdi", "POST", "/certificates/" + one + "/exemption", "{\"unlimited\":true}").status)
                    .isEqualTo(201);
        }
        // AURA knows nothing of leggi speciali
        PatientProfile.Exemption hidden =
                new PatientProfile.Exemption("020", null, "042", null, LocalDate.parse(today), null, "301");
        PatientProfile.Exemption older =
                new PatientProfile.Exemption("019", null, "3655", null, LocalDate.of(2020, 1, 1), null, "301");
        aura.people.put(
                person,
                PlayedAura.person(person, PraticaKit.TORINO, PraticaKit.TORINO, true, null, List.of(hidden, older)));
        Map<String, List<String>> seen = Map.of(
                "verdi", List.of("020", "019", "013", "020"),
                "specialista", List.of("020", "019", "013", "020"),
                "neri", List.of("019", "013"),
                "distretto-torino", List.of("020", "019", "013", "020"),
                "distretto-cn2", List.of());
        for (Map.Entry<String, List<String>> who : seen.entrySet()) {
            Answer page = send(who.getKey(), "GET", "/patients/" + person, null);
            assertThat(page.status).as(String.valueOf(page.body)).isEqualTo(200);
            assertThat(page.body.path("exemptions").findValuesAsText("code"))
                    .as(who.getKey())
                    .isEqualTo(who.getValue());
        }
        // what its ASL has issued it sees, whoever assists the person now
        aura.people.put(person, PlayedAura.person(person, PraticaKit.CN2, PraticaKit.CN2, true, null, List.of(older)));
        assertThat(send(DISTRICT, "GET", "/patients/" + person, null)
                        .body
                        .path("exemptions")
                        .findValuesAsText("code"))
                .containsExactly("013", "020");
    }

    @Test
    void what_is_not_json_is_neither_read_nor_answered() throws Exception {
        String number = sent();
        String before = row(number);
        Map<String, String> bodies = Map.of(
                "application/xml", "<NotesBody><internalNote>x</internalNote></NotesBody>",
                "application/yaml", "internalNote: x");
        for (Map.Entry<String, String> body : bodies.entrySet()) {
            byte[] content = body.getValue().getBytes(StandardCharsets.UTF_8);
            Answer refused = bytes(DISTRICT, "PUT", "/pratiche/" + number + "/notes", content, body.getKey());
            assertThat(refused.status).as(body.getKey()).isEqualTo(415);
        }
        assertThat(row(number)).isEqualTo(before);
    }

    @Test
    void a_day_that_no_calendar_of_four_digits_has_is_refused_by_its_name() throws Exception {
        long certificate = certificate(person());
        for (String name : List.of("from", "to")) {
            Answer refused = send(DISTRICT, "GET", "/pratiche?" + name + "=%2B999999999-12-31", null);
            assertThat(refused.status).as(String.valueOf(refused.body)).isEqualTo(400);
            assertThat(refused.body.path("detail").asText()).contains(name, "AAAA-MM-GG");
        }
        Answer end =
                send("verdi", "POST", "/certificates/" + certificate + "/exemption", "{\"end\":\"+999999999-12-31\"}");
        assertThat(end.status).as(String.valueOf(end.body)).isEqualTo(422);
        assertThat(end.body.path("code").asText()).isEqualTo("SNODO-7116");
        assertThat(end.body.path("detail").asText()).contains("fine validità", "9999");
        String number = sent();
        post(number, "annul", null, 200);
        assertThat(post(number, "reject", "{\"reason\":\"ALTRO\"}", 409)
                        .path("detail")
                        .asText())
                .as("nobody waits for anything")
                .contains("ultimo evento: annullata il");
    }

    // --- citizens --------------------------------------------------------------------------------------------

    @Test
    void an_exemption_for_the_other_sex_is_refused() throws Exception {
        Answer refused = send(
                DISTRICT, "POST", "/pratiche", "{\"patientFiscalCode\":\"" + person() + "\",\"exemption\":\"066\"}");
        assertThat(refused.status).isEqualTo(422);
        assertThat(refused.body.path("code").asText()).isEqualTo("SNODO-7118");
        assertThat(refused.body.path("detail").asText()).contains("sesso femminile");
        assertThat(send(
                                DISTRICT,
                                "POST",
                                "/pratiche",
                                "{\"patientFiscalCode\":\"" + person()
                                        + "\",\"exemption\":\"M01\",\"end\":\"2099-12-31\"}")
                        .status)
                .isEqualTo(201);
    }

    @Test
    void a_citizens_request_is_entered_by_the_district_that_assists_him() throws Exception {
        String person = person();
        String body = "{\"patientFiscalCode\":\"" + person
                + "\",\"exemption\":\"048\",\"beneficiaryNote\":\"La sua richiesta\","
                + "\"compiler\":{\"kind\":\"DELEGATO\",\"fiscalCode\":\"BNCLRA80A41L219V\",\"name\":\"Bianchi Lara\"}}";
        assertThat(send("verdi", "POST", "/pratiche", body).status).isEqualTo(403);
        assertThat(send("distretto-cn2", "POST", "/pratiche", body)
                        .body
                        .path("code")
                        .asText())
                .isEqualTo("SNODO-7113");
        Answer entered = send(DISTRICT, "POST", "/pratiche", body);
        assertThat(entered.status).as(String.valueOf(entered.body)).isEqualTo(201);
        String number = entered.body.path("number").asText();
        assertThat(number).endsWith("010301" + "00000001");
        assertThat(entered.body.at("/compiler/kind").asText()).isEqualTo("DELEGATO");
        for (String path : List.of("", "/history")) {
            assertThat(send(DISTRICT, "GET", "/pratiche/" + number + path + "?view=beneficiario", null)
                            .body
                            .toString())
                    .as("the note of his own request")
                    .contains("La sua richiesta");
        }
        Answer twice = send(DISTRICT, "POST", "/pratiche", body);
        assertThat(twice.status).isEqualTo(409);
        assertThat(twice.body.path("detail").asText()).contains(number);
        JsonNode done = post(number, "validate", null, 200);
        assertThat(done.path("end").asText())
                .isEqualTo(LocalDate.now(PraticaRegister.ROME).plusYears(5).toString());
        assertThat(send("verdi", "GET", "/pratiche/" + number, null).status).isEqualTo(404);
    }

    // --- attachments -----------------------------------------------------------------------------------------

    private Answer attach(String user, String number, String name, byte[] content) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(("--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.write(content);
        body.write("\r\n--XX--\r\n".getBytes(StandardCharsets.US_ASCII));
        return bytes(
                user,
                "POST",
                "/pratiche/" + number + "/attachments",
                body.toByteArray(),
                "multipart/form-data; boundary=XX");
    }

    private static byte[] zip(String... names) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write("contenuto".getBytes(StandardCharsets.US_ASCII));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void an_attachment_is_judged_by_what_is_in_it() throws Exception {
        String number = sent();
        Answer added = attach(DISTRICT, number, "referto.exe", PDF);
        assertThat(added.status).as(String.valueOf(added.body)).isEqualTo(201);
        assertThat(added.body.path("kind").asText()).isEqualTo("PDF");
        assertThat(added.body.path("name").asText()).isEqualTo("referto.pdf");
        Answer same = attach(DISTRICT, number, "altro nome.pdf", PDF);
        assertThat(same.status).isEqualTo(200);
        assertThat(same.body.path("id")).isEqualTo(added.body.path("id"));
        assertThat(attach(DISTRICT, number, "lettera.docx", zip("[Content_Types].xml", "word/document.xml"))
                        .body
                        .path("kind")
                        .asText())
                .isEqualTo("DOCX");
        assertThat(attach(DISTRICT, number, "foglio", zip("[Content_Types].xml", "xl/workbook.xml"))
                        .body
                        .path("name")
                        .asText())
                .isEqualTo("foglio.xlsx");
        assertThat(attach(DISTRICT, number, "a.zip", zip("uno.pdf"))
                        .body
                        .path("kind")
                        .asText())
                .isEqualTo("ZIP");
        for (byte[] bad : new byte[][] {
            "MZ programma".getBytes(StandardCharsets.US_ASCII),
            "<html><script>".getBytes(StandardCharsets.US_ASCII),
            new byte[0],
            zip("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            zip("[Content_Types].xml", "ppt/presentation.xml"),
            java.util.Arrays.copyOf(zip("uno.pdf"), 40)
        }) {
            Answer refused = attach(DISTRICT, number, "referto.pdf", bad);
            assertThat(refused.status).isEqualTo(422);
            assertThat(refused.body.path("code").asText()).isEqualTo("SNODO-7120");
        }
        byte[] large = java.util.Arrays.copyOf(PDF, 1_048_577);
        assertThat(attach(DISTRICT, number, "grande.pdf", large).status).isEqualTo(413);
        assertThat(attach(DISTRICT, number, "giusto.pdf", java.util.Arrays.copyOf(PDF, 1_048_576)).status)
                .isEqualTo(201);

        String path =
                "/pratiche/" + number + "/attachments/" + added.body.path("id").asText();
        for (String who : List.of(DISTRICT, "verdi")) {
            Answer read = send(who, "GET", path, null);
            assertThat(read.response.body()).isEqualTo(PDF);
            assertThat(read.response.headers().firstValue("Content-Disposition").orElse(""))
                    .startsWith("attachment");
        }
        assertThat(send("distretto-cn2", "GET", path, null).status).isEqualTo(404);
        assertThat(send("ops", "GET", path, null).status).isEqualTo(403);
        assertThat(attach("verdi", number, "x.pdf", PDF).status).isEqualTo(403);
        post(number, "reject", "{\"reason\":\"ALTRO\"}", 200);
        assertThat(attach(DISTRICT, number, "tardi.gif", "GIF89a...".getBytes(StandardCharsets.US_ASCII)).status)
                .isEqualTo(409);
        assertThat(send(DISTRICT, "GET", "/pratiche/" + number, null).body.path("attachments"))
                .hasSize(5);
    }

    @Test
    void the_same_file_sent_twice_at_once_is_one_attachment() throws Exception {
        for (int round = 0; round < 5; round++) {
            String number = sent();
            List<CompletableFuture<Integer>> both = List.of("a.pdf", "b.pdf", "c.pdf", "d.pdf").stream()
                    .map(name -> CompletableFuture.supplyAsync(() -> {
                        try {
                            return attach(DISTRICT, number, name, PDF).status;
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }))
                    .toList();
            assertThat(both.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(201, 200, 200, 200);
        }
    }

    // --- search ----------------------------------------------------------------------------------------------

    @Test
    void pratiche_are_found_by_every_filter_page_by_page_and_the_manual_says_when_there_is_none() throws Exception {
        String person = person();
        String mine = requested(person).path("number").asText();
        String taken = in(Standing.IN_LAVORAZIONE);
        String closed = in(Standing.RESPINTA);
        JsonNode all = send(DISTRICT, "GET", "/pratiche", null).body;
        assertThat(all.path("message").asText()).isEqualTo("Risultati trovati: 3");
        assertThat(numbers(all)).containsExactly(closed, taken, mine);
        String today = LocalDate.now(PraticaRegister.ROME).toString();
        assertThat(found("state=TUTTE")).containsExactly(closed, taken, mine);
        assertThat(found("state=in_lavorazione")).containsExactly(taken);
        assertThat(found("tab=da-fare")).containsExactly(taken, mine);
        assertThat(found("tab=chiuse")).containsExactly(closed);
        assertThat(found("exemption=013&from=" + today + "&to=" + today + "&family=ros&given=Mar"))
                .containsExactly(closed, taken, mine);
        assertThat(found("fiscalCode=" + person.toLowerCase())).containsExactly(mine);
        JsonNode first = send(DISTRICT, "GET", "/pratiche?limit=2", null).body;
        assertThat(numbers(first)).containsExactly(closed, taken);
        assertThat(found("limit=2&cursor=" + first.path("next").asText())).containsExactly(mine);
        for (String none : List.of("to=2020-01-01", "family=Zz", "exemption=048", "state=ANNULLATA", "given=%25")) {
            JsonNode nothing = send(DISTRICT, "GET", "/pratiche?" + none, null).body;
            assertThat(nothing.path("items")).isEmpty();
            assertThat(nothing.path("message").asText())
                    .isEqualTo("ATTENZIONE! Non ci sono elementi corrispondenti ai parametri di ricerca inseriti");
        }
        for (String wrong : List.of("state=PERSA", "tab=tutte", "from=ieri", "cursor=xyz")) {
            assertThat(send(DISTRICT, "GET", "/pratiche?" + wrong, null).status)
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(numbers(send("verdi", "GET", "/pratiche", null).body)).hasSize(3);
        assertThat(numbers(send("neri", "GET", "/pratiche", null).body)).isEmpty();
        JsonNode operations = send("ops", "GET", "/pratiche", null).body;
        assertThat(numbers(operations)).hasSize(3);
        assertThat(operations.toString()).doesNotContain("ROSSI", "RSSMRA");
        assertThat(send("ops", "GET", "/pratiche?family=Rossi", null).status).isEqualTo(403);
        assertThat(jdbc.sql("select count(*) from audit where subject = ? and action = 'ricerca delle pratiche'")
                        .param(person)
                        .query(Integer.class)
                        .single())
                .isGreaterThan(3);
    }

    private List<String> found(String query) throws Exception {
        Answer answer = send(DISTRICT, "GET", "/pratiche?" + query, null);
        assertThat(answer.status).as(query + " " + answer.body).isEqualTo(200);
        return numbers(answer.body);
    }

    private static List<String> numbers(JsonNode page) {
        List<String> numbers = new java.util.ArrayList<>();
        page.path("items").forEach(item -> numbers.add(item.path("number").asText()));
        return numbers;
    }
}
