package it.snodo.exemption.web;

import static it.snodo.exemption.PlayedExemptions.sample;
import static it.snodo.exemption.PlayedExemptions.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.access.Operator;
import it.snodo.aura.PatientProfile;
import it.snodo.exemption.IssuedExemption;
import it.snodo.exemption.IssuedExemption.State;
import it.snodo.exemption.PlayedExemptions;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.publication.PublicationStore;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Type;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletResponse;

/** Who sees whose exemptions, over REST and as FHIR Coverage. */
class ExemptionReadingTest {

    private static final String PERSON = "SPSCCT61E44L219O";
    private static final String OTHER = "RSSMRA80A01L219M";
    private static final String DOCTOR = "VRDLGU60A01L219E";
    private static final String TORINO = "010301";
    private static final String CN2 = "010211";
    private static final LocalDate TODAY = LocalDate.now();

    private static PublicationStore database;
    private ReadingKit kit;

    @BeforeAll
    static void empty() {
        database = PublicationStore.fresh();
    }

    @BeforeEach
    void fresh() {
        for (String table : List.of("exemption_document", "document", "certificate", "audit", "person_identity")) {
            database.jdbc.sql("delete from " + table).update();
        }
        kit = new ReadingKit(database);
    }

    private static Operator specialist(String fiscalCode) {
        return new Operator("medico", Set.of("specialista"), fiscalCode, TORINO);
    }

    private static Operator district(String asl) {
        return new Operator("distretto", Set.of("distretto"), null, asl);
    }

    private static Operator fse() {
        return new Operator("fse", Set.of("fse"), null, null);
    }

    private MockHttpServletResponse call(Operator who, String path, String... known) throws Exception {
        kit.who = who;
        var request = get(path);
        if (known.length > 0) {
            request.header("If-None-Match", known[0]);
        }
        return kit.web.perform(request).andReturn().getResponse();
    }

    private JsonNode json(Operator who, String path) throws Exception {
        MockHttpServletResponse answer = call(who, path);
        assertThat(answer.getStatus()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.getContentAsByteArray());
    }

    private void refused(Operator who, String path, SnodoCode code) {
        assertThatThrownBy(() -> call(who, path))
                .as(path)
                .rootCause()
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private List<String> codes(Operator who) throws Exception {
        return json(who, "/api/v1/exemptions?fiscalCode=" + PERSON)
                .path("items")
                .findValuesAsText("code");
    }

    private void auditSays(String outcome, String action) {
        assertThat(database.jdbc
                        .sql("select outcome from audit where action = ? and subject = ? order by id desc limit 1")
                        .params(action, PERSON)
                        .query(String.class)
                        .optional())
                .contains(outcome);
    }

    @Test
    void a_district_sees_what_its_asl_issued_and_all_of_a_person_of_its_own() throws Exception {
        kit.exemptions.put(sample(PERSON, "013", "25000", null));
        kit.exemptions.put(PlayedExemptions.of(sample(PERSON, "019", "3655", null), null, CN2));

        assertThat(codes(district("*"))).containsExactly("019", "013");
        assertThat(codes(district(TORINO))).containsExactly("013");
        assertThat(codes(district(CN2))).containsExactly("019");
        assertThat(codes(district("010203"))).isEmpty();
        auditSays("NEGATO", "SEARCH_EXEMPTIONS");
        assertThat(codes(district(null))).isEmpty();

        kit.profile = profile(TORINO, CN2);
        assertThat(codes(district(TORINO))).as("who assists").hasSize(2);
        assertThat(codes(district(CN2))).as("where the person lives").hasSize(2);
        auditSays("OK", "SEARCH_EXEMPTIONS");
        assertThat(codes(district("010203"))).isEmpty();
    }

    @Test
    void a_specialist_sees_the_persons_for_whom_he_has_signed_a_certificate() throws Exception {
        kit.exemptions.put(sample(PERSON, "013", "25000", null));

        assertThat(codes(specialist(DOCTOR))).isEmpty();
        assertThat(codes(specialist(null))).isEmpty();
        assertThat(codes(specialist("*"))).containsExactly("013");

        database.document("R-1");
        database.jdbc
                .sql("update document set patient_id = ?, author = ?, signed_at = null")
                .params(PERSON, DOCTOR)
                .update();
        assertThat(codes(specialist(DOCTOR))).as("not signed yet").isEmpty();
        database.jdbc.sql("update document set signed_at = now()").update();
        assertThat(codes(specialist(DOCTOR))).containsExactly("013");
        assertThat(codes(specialist("NREMRC68T10F205A"))).isEmpty();
    }

    @Test
    void a_specialist_does_not_see_what_the_certificate_of_another_doctor_keeps_under_leggi_speciali()
            throws Exception {
        long his = database.document("R-2");
        long others = database.document("R-3", null, PublicationStore.request(true, null, null), "V");
        database.jdbc.sql("update document set patient_id = ?").param(PERSON).update();
        database.jdbc
                .sql("update document set author = ? where certificate_number = ?")
                .params(DOCTOR, his)
                .update();
        kit.exemptions.put(PlayedExemptions.of(sample(PERSON, "013", "25000", null), his, TORINO));
        IssuedExemption secret =
                kit.exemptions.put(PlayedExemptions.of(sample(PERSON, "020", "042", null), others, TORINO));

        assertThat(codes(specialist(DOCTOR))).containsExactly("013");
        refused(specialist(DOCTOR), "/api/v1/exemptions/" + secret.id(), SnodoCode.NOT_FOUND);
        refused(specialist(DOCTOR), "/api/v1/patients/" + PERSON + "/attestato", SnodoCode.NOT_FOUND);
        assertThat(codes(specialist("*"))).containsExactly("020", "013");

        database.jdbc.sql("update document set author = ?").param(DOCTOR).update();
        assertThat(codes(specialist(DOCTOR))).as("his own").containsExactly("020", "013");
    }

    @ParameterizedTest
    @CsvSource({"PENDING, false", "REFUSED, false", "ACTIVE, true", "ANNULLING, true", "ANNULLED, true"})
    void the_attestato_is_for_an_asl_of_which_aura_has_taken_one(State state, boolean read) throws Exception {
        kit.exemptions.put(PlayedExemptions.of(sample(PERSON, "013", "25000", null), null, CN2));
        kit.exemptions.put(with(sample(PERSON, "019", "3655", null), state, null, null));
        String path = "/api/v1/patients/" + PERSON + "/attestato";

        if (read) {
            assertThat(call(district(TORINO), path).getStatus()).isEqualTo(200);
        } else {
            refused(district(TORINO), path, SnodoCode.NOT_FOUND);
        }
    }

    @Test
    void a_person_is_one_under_each_codice_fiscale_that_aura_has_merged() throws Exception {
        database.document("R-4");
        database.jdbc
                .sql("update document set patient_id = ?, author = ?")
                .params(OTHER, DOCTOR)
                .update();
        kit.exemptions.put(sample(OTHER, "019", "3655", null));
        kit.exemptions.put(sample(PERSON, "013", "25000", null));
        assertThat(codes(specialist(DOCTOR))).isEmpty();

        database.jdbc
                .sql(
                        "insert into person_identity (fiscal_code, aura_id, seen_at) values (?, '9', now()), (?, '9', now())")
                .params(PERSON, OTHER)
                .update();
        kit.exemptions.same = Set.of(PERSON, OTHER);

        assertThat(codes(specialist(DOCTOR)))
                .as("he has signed for the one of before")
                .containsExactly("013", "019");
        assertThat(call(specialist(DOCTOR), "/api/v1/patients/" + PERSON + "/attestato")
                        .getStatus())
                .isEqualTo(200);
        assertThat(search(specialist(DOCTOR), PERSON, null, "active")).hasSize(2);
        assertThat(codes(specialist("NREMRC68T10F205A"))).isEmpty();
    }

    @Test
    void a_version_of_before_is_not_for_who_may_not_see_what_it_told_openly() throws Exception {
        long open = database.document("R-5");
        kit.exemptions.put(PlayedExemptions.of(sample(PERSON, "020", "042", null), open, CN2));
        kit.exemptions.put(sample(PERSON, "013", "25000", null));
        String path = "/api/v1/patients/" + PERSON + "/attestato";
        refused(district(TORINO), path + "?version=1", SnodoCode.NOT_FOUND);
        byte[] before = call(district(TORINO), path).getContentAsByteArray();
        assertThat(call(district(TORINO), path + "?version=1").getStatus()).isEqualTo(200);

        database.document("R-6", "R-5", PublicationStore.request(true, null, null), "V");

        assertThat(call(district(TORINO), path).getHeader("Snodo-Document-Version"))
                .isEqualTo("2");
        refused(district(TORINO), path + "?version=1", SnodoCode.NOT_FOUND);
        auditSays("NEGATO", "PRINT_ATTESTATO 1");
        JsonNode versions = json(district(TORINO), path + "/versions");
        assertThat(versions.at("/items/0/href").asText()).endsWith("version=2");
        assertThat(versions.at("/items/1/version").asInt()).isEqualTo(1);
        assertThat(versions.at("/items/1").has("href")).isFalse();
        assertThat(call(district(CN2), path + "?version=1").getContentAsByteArray())
                .as("its own, as it was handed out")
                .isEqualTo(before);
    }

    @Test
    void what_is_not_to_be_seen_is_answered_like_what_is_not_there() throws Exception {
        IssuedExemption one = kit.exemptions.put(sample(PERSON, "013", "25000", null));
        for (String path : List.of("", "/promemoria")) {
            refused(district(CN2), "/api/v1/exemptions/" + one.id() + path, SnodoCode.NOT_FOUND);
            refused(district("*"), "/api/v1/exemptions/999999999" + path, SnodoCode.NOT_FOUND);
        }
        refused(district(CN2), "/api/v1/patients/" + PERSON + "/attestato", SnodoCode.NOT_FOUND);
        auditSays("NEGATO", "PRINT_ATTESTATO");
        refused(district(CN2), "/api/v1/patients/" + PERSON + "/attestato/versions", SnodoCode.NOT_FOUND);
        refused(district("*"), "/api/v1/patients/" + OTHER + "/attestato", SnodoCode.NOT_FOUND);
    }

    @Test
    void an_exemption_comes_with_its_services_links_and_revision() throws Exception {
        IssuedExemption one =
                kit.exemptions.put(PlayedExemptions.of(sample(PERSON, "037", "7310", null), 977L, TORINO));
        JsonNode detail = json(district(TORINO), "/api/v1/exemptions/" + one.id());

        assertThat(detail.at("/exemption/title").asText()).isEqualTo("Morbo di Paget");
        assertThat(detail.at("/exemption/kind").asText()).isEqualTo("Malattie croniche");
        assertThat(detail.at("/exemption/stateWords").asText()).isEqualTo("Attiva");
        assertThat(detail.at("/exemption/unlimited").asBoolean()).isTrue();
        assertThat(detail.at("/beneficiary/fiscalCode").asText()).isEqualTo(PERSON);
        assertThat(detail.at("/services/count").asInt()).isEqualTo(4);
        assertThat(detail.at("/services/items").findValuesAsText("code")).contains("90.11.4");
        assertThat(detail.at("/links/certificateDocument").asText()).isEqualTo("/api/v1/certificates/977/document");
        assertThat(detail.at("/links/pratica").asText()).endsWith(one.pratica());

        MockHttpServletResponse again =
                call(district(TORINO), "/api/v1/exemptions/" + one.id(), "\"" + one.revision() + "\"");
        assertThat(again.getStatus()).isEqualTo(304);
        kit.exemptions.put(with(one, State.ANNULLED, null, TODAY));
        assertThat(call(district(TORINO), "/api/v1/exemptions/" + one.id(), "\"" + one.revision() + "\"")
                        .getStatus())
                .isEqualTo(200);
    }

    @Test
    void no_diagnosis_is_shown_as_000() throws Exception {
        kit.exemptions.put(sample(PERSON, "048", "F002", null));
        JsonNode item = json(district(TORINO), "/api/v1/exemptions?fiscalCode= " + PERSON.toLowerCase() + " ")
                .at("/items/0");
        assertThat(item.path("diagnosis").asText()).isEqualTo("000");
        assertThat(item.path("diagnosisTitle").asText()).isEqualTo("-");
    }

    @Test
    void what_aura_has_is_told_when_it_answers_and_none_of_it_twice() throws Exception {
        kit.exemptions.put(sample(PERSON, "048", "F002", null));
        String path = "/api/v1/exemptions?aura=true&fiscalCode=" + PERSON;
        assertThat(json(district("*"), path).path("aura").asText())
                .as("no AURA")
                .isEqualTo("NON_DISPONIBILE");

        kit.profile = profile(
                TORINO,
                TORINO,
                new PatientProfile.Exemption("048", "TUMORI", null, null, LocalDate.of(2026, 10, 20), null, "SEED"),
                new PatientProfile.Exemption("C01", "INVALIDI", null, null, LocalDate.of(2020, 1, 1), null, "INPS"),
                new PatientProfile.Exemption(
                        "E01", "REDDITO", null, null, LocalDate.of(2020, 1, 1), LocalDate.of(2020, 12, 31), "MEF"));
        JsonNode found = json(district("*"), path);
        assertThat(found.path("aura").asText()).isEqualTo("DISPONIBILE");
        assertThat(found.path("items").findValuesAsText("code")).containsExactly("048", "C01", "E01");
        assertThat(found.path("items").findValuesAsText("source")).containsExactly("HUB", "AURA", "AURA");
        assertThat(found.at("/items/0/onAura").asBoolean()).isTrue();
        assertThat(found.at("/items/2/inForce").asBoolean()).isFalse();

        kit.profile = null;
        assertThat(json(district("*"), path).path("aura").asText()).isEqualTo("NON_DISPONIBILE");
    }

    @Test
    void what_aura_has_of_a_person_of_another_asl_is_not_told() throws Exception {
        kit.exemptions.put(sample(PERSON, "048", "F002", null));
        kit.profile = profile(
                CN2,
                CN2,
                new PatientProfile.Exemption("C01", "INVALIDI", null, null, LocalDate.of(2020, 1, 1), null, "INPS"));

        JsonNode found = json(district(TORINO), "/api/v1/exemptions?aura=true&fiscalCode=" + PERSON);
        assertThat(found.path("items").findValuesAsText("code")).containsExactly("048");
        assertThat(found.has("aura")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/exemptions", "/api/v1/exemptions?fiscalCode= "})
    void a_search_names_the_person(String path) {
        refused(district("*"), path, SnodoCode.REQUEST_INVALID);
    }

    @Test
    void attestato_and_promemoria_are_pdfs_that_are_known_by_their_tag() throws Exception {
        IssuedExemption one = kit.exemptions.put(sample(PERSON, "013", "25000", null));
        for (String path : List.of(
                "/api/v1/patients/" + PERSON + "/attestato", "/api/v1/exemptions/" + one.id() + "/promemoria")) {
            MockHttpServletResponse first = call(district(TORINO), path);
            assertThat(first.getContentType()).isEqualTo("application/pdf");
            assertThat(first.getHeader("Snodo-Document-Version")).isEqualTo("1");
            assertThat(first.getHeader("Cache-Control")).contains("no-store");
            assertThat(first.getContentAsByteArray()).startsWith('%', 'P', 'D', 'F');
            String tag = first.getHeader("ETag");
            assertThat(call(district(TORINO), path, tag).getStatus()).isEqualTo(304);
        }
        auditSays("OK", "PRINT_ATTESTATO");
        kit.exemptions.put(sample(PERSON, "019", "3655", null));
        assertThat(call(district(TORINO), "/api/v1/patients/" + PERSON + "/attestato")
                        .getHeader("Snodo-Document-Version"))
                .isEqualTo("2");
        assertThat(call(district(TORINO), "/api/v1/patients/" + PERSON + "/attestato?version=1")
                        .getHeader("Snodo-Document-Version"))
                .isEqualTo("1");
        refused(district(TORINO), "/api/v1/patients/" + PERSON + "/attestato?version=3", SnodoCode.NOT_FOUND);
        JsonNode versions = json(district(TORINO), "/api/v1/patients/" + PERSON + "/attestato/versions");
        assertThat(versions.at("/items/0/current").asBoolean()).isTrue();
        assertThat(versions.at("/items/1/current").asBoolean()).isFalse();
        assertThat(versions.at("/items/1/href").asText()).endsWith("attestato?version=1");
    }

    // --- FHIR ---------------------------------------------------------------------------------------------------

    private List<Coverage> search(Operator who, String patient, String pratica, String status) {
        kit.who = who;
        return kit.fhir.search(
                patient == null ? null : new TokenParam("http://hl7.it/sid/codiceFiscale", patient),
                null,
                pratica == null ? null : new TokenParam(null, pratica),
                status == null ? null : new TokenOrListParam(null, status.split(",")),
                null);
    }

    @Test
    void an_exemption_is_a_coverage_of_the_italian_profile() {
        IssuedExemption one = kit.exemptions.put(sample(PERSON, "0A02", "395", LocalDate.of(2031, 10, 20)));
        Coverage coverage = search(fse(), PERSON, null, null).get(0);

        String json = FhirContext.forR4Cached().newJsonParser().encodeResourceToString(coverage);
        assertThat(json)
                .contains("\"http://hl7.it/fhir/StructureDefinition/Coverage-it-base\"")
                .contains("\"url\":\"http://hl7.it/fhir/StructureDefinition/coverage-exceptionStatus\"")
                .contains("data-absent-reason", "\"valueCode\":\"not-applicable\"")
                .contains(
                        "\"code\":\"PUBLICPOL\"",
                        "\"code\":\"0A02\"",
                        "http://terminology.hl7.it/CodeSystem/minsan-esenzioni")
                .doesNotContain("395", "valvola");
        assertThat(coverage.getIdentifierFirstRep().getValue()).isEqualTo(one.pratica());
        assertThat(coverage.getBeneficiary().getIdentifier().getValue()).isEqualTo(PERSON);
        assertThat(coverage.getPayorFirstRep().getIdentifier().getSystem()).isEqualTo("http://hl7.it/sid/fls");
        assertThat(coverage.getPayorFirstRep().getIdentifier().getValue()).isEqualTo(TORINO);
        var exception = coverage.getCostToBeneficiaryFirstRep().getExceptionFirstRep();
        assertThat(exception.getPeriod().getEndElement().getValueAsString()).isEqualTo("2031-10-20");
        auditSays("OK", "SEARCH_COVERAGE");
    }

    @ParameterizedTest
    @CsvSource({
        "ACTIVE,,, active, active",
        "ACTIVE, 2026-10-31,, cancelled, completed",
        "ANNULLING,, 2026-11-20, active, active",
        "ANNULLED,, 2026-11-20, cancelled, completed",
        "ANNULLED,, 2026-10-20, entered-in-error, aborted",
        "PENDING,,, draft, UNK",
        "REFUSED,,, entered-in-error, aborted"
    })
    void the_state_is_told_in_the_words_of_the_profile(
            State state, LocalDate to, LocalDate annulledOn, String status, String exception) {
        kit.exemptions.put(with(sample(PERSON, "013", "25000", null), state, to, annulledOn));
        Coverage coverage = search(district("*"), PERSON, null, status).get(0);

        assertThat(coverage.getStatus().toCode()).isEqualTo(status);
        Type value = coverage.getCostToBeneficiaryFirstRep()
                .getExceptionFirstRep()
                .getExtensionFirstRep()
                .getValue();
        assertThat(value.castToCodeableConcept(value).getCodingFirstRep().getCode())
                .isEqualTo(exception);
        if (state == State.ANNULLED) {
            assertThat(coverage.getPeriod().getEndElement().getValueAsString()).isEqualTo(annulledOn.toString());
        }
    }

    @Test
    void the_fse_sees_what_aura_has_taken_but_nothing_that_is_kept_from_it() {
        long certificate = database.document("V-1", null, PublicationStore.request(true, null, null), "V");
        database.jdbc.sql("update document set withheld = true").update();
        kit.exemptions.put(PlayedExemptions.of(sample(PERSON, "020", "042", null), certificate, TORINO));
        kit.exemptions.put(with(sample(PERSON, "013", "25000", null), State.PENDING, null, null));
        kit.exemptions.put(sample(PERSON, "019", "3655", null));

        assertThat(search(fse(), PERSON, null, null))
                .extracting(one -> one.getCostToBeneficiaryFirstRep()
                        .getExceptionFirstRep()
                        .getType()
                        .getCodingFirstRep()
                        .getCode())
                .containsExactly("019");
        assertThat(search(district("*"), PERSON, null, null))
                .filteredOn(one -> one.getMeta().getSecurityFirstRep().getCode() != null)
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"confidentiality = 'V'", "withheld = true", "obscured = true"})
    void what_a_later_version_of_the_certificate_hides_is_kept_from_the_fse(String hidden) {
        long first = database.document("V-2");
        kit.exemptions.put(PlayedExemptions.of(sample(PERSON, "020", "042", null), first, TORINO));
        assertThat(search(fse(), PERSON, null, null)).hasSize(1);

        database.document("V-3", "V-2", PublicationStore.request(null, null, null), "N");
        database.document("V-4", "V-3", PublicationStore.request(null, null, null), "N");
        assertThat(search(fse(), PERSON, null, null)).hasSize(1);
        database.jdbc.sql("update document set " + hidden + " where id = 'V-4'").update();

        assertThat(search(fse(), PERSON, null, null)).isEmpty();
    }

    @Test
    void a_coverage_is_read_by_its_id_by_who_may_see_it() {
        IssuedExemption one = kit.exemptions.put(sample(PERSON, "013", "25000", null));
        kit.who = fse();
        assertThat(kit.fhir
                        .read(new IdType("Coverage/" + one.id()))
                        .getIdElement()
                        .getIdPart())
                .isEqualTo(Long.toString(one.id()));
        auditSays("OK", "READ_COVERAGE");
        kit.who = district(CN2);
        for (String id : List.of(Long.toString(one.id()), "999999", "abc", "99999999999999999999")) {
            assertThatThrownBy(() -> kit.fhir.read(new IdType("Coverage/" + id)))
                    .isInstanceOfSatisfying(BaseServerResponseException.class, e -> assertThat(e.getStatusCode())
                            .isEqualTo(404));
        }
        auditSays("NEGATO", "READ_COVERAGE");
    }

    @Test
    void a_search_without_a_person_or_with_a_wrong_state_or_system_is_refused() {
        kit.who = district("*");
        assertBad(() -> kit.fhir.search(null, null, null, null, null));
        // the database takes no NUL: it is the caller's mistake, and trying again does not help
        assertBad(() -> kit.fhir.search(null, null, new TokenParam("", "a\u0000b"), null, null));
        assertBad(() -> kit.fhir.search(new TokenParam("", "RSS\u0000"), null, null, null, null));
        assertBad(() -> search(district("*"), PERSON, null, "valid"));
        assertBad(() -> kit.fhir.search(new TokenParam("http://hl7.it/sid/stp", "STP1"), null, null, null, null));
    }

    private static void assertBad(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(BaseServerResponseException.class, e -> assertThat(e.getStatusCode())
                        .isEqualTo(400));
    }

    private static PatientProfile profile(String care, String residence, PatientProfile.Exemption... exemptions) {
        return new PatientProfile(
                "7001",
                null,
                true,
                PERSON,
                "ESPOSITO",
                "CONCETTA",
                "F",
                LocalDate.of(1961, 5, 4),
                null,
                null,
                null,
                null,
                null,
                residence,
                care,
                null,
                null,
                null,
                null,
                null,
                List.of(exemptions));
    }
}
