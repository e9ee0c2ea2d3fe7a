package it.snodo.simulator.aura;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuraServiceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String ROSSI = "RSSMRA80A01L219M";

    @TempDir
    Path data;

    private Simulators simulators;

    @BeforeEach
    void start() {
        simulators = new Simulators(SimulatorSettings.onPort(0).withDataDir(data)).start();
    }

    @AfterEach
    void stop() {
        simulators.close();
    }

    private static String namespace(String service) {
        return "http://" + service + ".central.services.auraws.aura.csi.it";
    }

    private HttpResponse<String> http(String method, String path, String body, String action) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(simulators.url() + path))
                .header("Content-Type", "text/xml; charset=UTF-8")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (action != null) {
            request.header("SOAPAction", action);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String envelope(String password, String body) {
        return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header>"
                + "<w:Security xmlns:w=\"http://docs.oasis-open.org/wss/2004/01/"
                + "oasis-200401-wss-wssecurity-secext-1.0.xsd\"><w:UsernameToken><w:Username>snodo</w:Username>"
                + "<w:Password>" + password + "</w:Password></w:UsernameToken></w:Security></s:Header><s:Body>" + body
                + "</s:Body></s:Envelope>";
    }

    private HttpResponse<String> call(String service, String operation, String password, String content)
            throws IOException {
        String body = "<" + operation + " xmlns=\"" + namespace(service) + "\">" + content + "</" + operation + ">";
        return http(
                "POST",
                "/aura/" + service,
                envelope(password, body),
                "\"" + namespace(service) + "/AURA.WS." + service + "." + operation + "\"");
    }

    private String profile(String id) throws IOException {
        return call("AnagrafeSanitaria", "GetProfiloSanitarioNew", "snodo", "<AURAid>" + id + "</AURAid>")
                .body();
    }

    private String find(String criteria) throws IOException {
        return call(
                        "AnagrafeFind",
                        "FindProfiliAnagrafici",
                        "snodo",
                        "<profiliRequest>" + criteria + "</profiliRequest>")
                .body();
    }

    private static String statement(String fiscalCode, String diagnosis, String end, String annulled) {
        return "<codiceFiscaleChiamante>VRDLGU60A01L219E</codiceFiscaleChiamante><codiceFiscaleAssistito>" + fiscalCode
                + "</codiceFiscaleAssistito><codiceEsenzione>013</codiceEsenzione>"
                + "<dataInizioValidita>01/02/2026</dataInizioValidita><dataFineValidita>" + end
                + "</dataFineValidita><dataAnnullamento>" + annulled + "</dataAnnullamento><listaDiagnosi>" + diagnosis
                + "</listaDiagnosi>";
    }

    private String tell(String statement) throws IOException {
        return call("EsenzionePatologia", "esenzionePatologia", "snodo", statement)
                .body();
    }

    private JsonNode state() throws IOException {
        return JSON.readTree(http("GET", "/aura/_state", null, null).body());
    }

    private static final String OK = "<codiceRitorno>OK</codiceRitorno>";

    @Test
    void an_exemption_that_was_published_is_read_back_until_it_is_annulled() throws Exception {
        assertThat(tell(statement(ROSSI, "25000", "", ""))).contains(OK);
        assertThat(profile("1000001"))
                .contains("<codEsenzione>013</codEsenzione>", "<codDiagnosi>25000</codDiagnosi>", "<fonte>SNODO");
        simulators.close();
        start();
        assertThat(profile("1000001")).contains("<codEsenzione>013</codEsenzione>");
        assertThat(tell(statement(ROSSI, "25000", "03/02/2026", "03/02/2026"))).contains(OK);
        assertThat(profile("1000001")).doesNotContain("<codEsenzione>013");
        assertThat(state().path("duplicates").asInt()).isZero();
    }

    @Test
    void the_same_publication_twice_is_counted_and_a_new_end_is_not() throws Exception {
        tell(statement(ROSSI, "25000", "", ""));
        tell(statement(ROSSI, "25000", "31/12/2027", ""));
        assertThat(state().path("duplicates").asInt()).isZero();
        tell(statement(ROSSI, "25000", "31/12/2027", ""));
        assertThat(state().path("duplicates").asInt()).isEqualTo(1);
        assertThat(state().path("effects")).hasSize(3);
        assertThat(profile("1000001"))
                .containsOnlyOnce("<codEsenzione>")
                .contains("<fineValEsenzione>31/12/2027</fineValEsenzione>");
    }

    @Test
    void what_cannot_be_published_is_ko_with_a_message() throws Exception {
        assertThat(tell(statement("AAAAAA00A00A000A", "25000", "", ""))).contains("KO", "E0010");
        assertThat(tell(statement("PTSGNI38S02L219I", "25000", "", ""))).contains("KO", "E0021");
        assertThat(tell(statement("DTTLDA48A27D205M", "25000", "", ""))).contains("KO", "E0022");
        assertThat(tell(statement(ROSSI, "250.00", "", ""))).contains("KO", "E0003");
        assertThat(tell(statement(ROSSI, "F002", "", ""))).contains("KO", "E0003");
        assertThat(tell(statement(ROSSI, "25000", "31/01/2026", ""))).contains("KO", "E0004");
        assertThat(tell(statement(ROSSI, "25000", "2026-12-31", ""))).contains("KO", "E0002");
        assertThat(tell(statement(ROSSI, "25000", "03/02/2026", "03/02/2026"))).contains("KO", "E0020");
        assertThat(state().path("effects")).isEmpty();
    }

    @Test
    void an_unknown_profile_is_e0010() throws Exception {
        assertThat(profile("42")).contains("E0010");
        assertThat(find("<codiceFiscale>AAAAAA00A00A000A</codiceFiscale>")).contains("E0010");
    }

    @Test
    void a_person_is_found_by_codice_fiscale_or_name_and_a_merged_id_names_its_heir() throws Exception {
        assertThat(find("<codiceFiscale>" + ROSSI + "</codiceFiscale>"))
                .contains("<idProfiloAnagrafico>1000001</idProfiloAnagrafico>");
        assertThat(find("<cognome>VACCHETTA</cognome><nome>IRENE</nome><dataNascita>1987-10-09</dataNascita>"))
                .contains(">1000205<", ">1000206<");
        assertThat(profile("1000206")).contains("<idAuraRicondotto>1000205</idAuraRicondotto>");
        assertThat(profile("1000205")).doesNotContain("idAuraRicondotto");
    }

    @Test
    void a_profile_tells_where_somebody_lives_who_cares_for_them_and_what_they_have() throws Exception {
        assertThat(profile("1000302"))
                .contains(
                        "<aslAssistenza>010211</aslAssistenza>",
                        "<aslResidenza>010211</aslResidenza>",
                        "<codDistrettoResidenza>211002</codDistrettoResidenza>",
                        "<descDistrettoResidenza>DISTRETTO 2 BRA</descDistrettoResidenza>",
                        "<cognomeMedico>BRERO</cognomeMedico>",
                        "<codComune>004029</codComune>",
                        "<statoProfiloAnagrafico>1</statoProfiloAnagrafico>",
                        "<codEsenzione>0A31</codEsenzione>",
                        "<fonte>AURA</fonte>");
        assertThat(profile("1000304")).contains("<statoProfiloAnagrafico>0</statoProfiloAnagrafico>");
        assertThat(profile("1000204")).contains("<dataDecesso>2025-06-14T00:00:00</dataDecesso>");
    }

    @Test
    void a_test_brings_its_own_persons_and_they_stay() throws Exception {
        HttpResponse<String> added = http("POST", "/aura/_patients", """
                [{"fiscalCode":"PRVTST70A01L219X","family":"Prova","given":"Testo","sex":"M","born":"1970-01-01",
                  "aslResidence":"010211","exemptions":[{"code":"048","diagnosis":"000","from":"01/01/2025"}]}]""", null);
        assertThat(added.statusCode()).isEqualTo(201);
        String id = JSON.readTree(added.body()).path("ids").path(0).asText();
        simulators.close();
        start();
        assertThat(profile(id))
                .contains("<cognome>PROVA</cognome>", "<aslAssistenza>010211<", "<codEsenzione>048</codEsenzione>");
        http(
                "POST",
                "/aura/_patients",
                "{\"fiscalCode\":\"PRVTST70A01L219X\",\"family\":\"PROVA\",\"given\":\"TESTO\",\"sex\":\"M\","
                        + "\"born\":\"1970-01-01\",\"died\":\"2026-01-01\"}",
                null);
        assertThat(profile(id)).contains("<dataDecesso>2026-01-01");
        HttpResponse<String> wrong = http("POST", "/aura/_patients", "{\"codice\":\"x\"}", null);
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("codice");
    }

    @Test
    void a_wrong_password_and_a_doctype_are_soap_faults() throws Exception {
        assertThat(call("EsenzionePatologia", "esenzionePatologia", "altro", statement(ROSSI, "25000", "", ""))
                        .statusCode())
                .isEqualTo(500);
        HttpResponse<String> doctype = http(
                "POST",
                "/aura/AnagrafeFind",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>",
                null);
        assertThat(doctype.statusCode()).isEqualTo(500);
        assertThat(doctype.body()).contains("Fault").doesNotContain("root:");
    }

    @Test
    void a_request_that_no_schema_would_take_is_a_soap_fault() throws Exception {
        assertThat(find("<nome>MARIO</nome><cognome>ROSSI</cognome>")).contains("Fault", "fuori ordine");
        assertThat(find("<sesso>M</sesso>")).contains("Fault", "Elemento inatteso");
        assertThat(find("<cognome xmlns=\"\">ROSSI</cognome>")).contains("Fault", "Elemento inatteso");
        String body = "<GetProfiloSanitario xmlns=\"urn:altro\"><AURAid>1000001</AURAid></GetProfiloSanitario>";
        assertThat(http(
                                "POST",
                                "/aura/AnagrafeSanitaria",
                                envelope("snodo", body),
                                namespace("AnagrafeSanitaria") + "/AURA.WS.AnagrafeSanitaria.GetProfiloSanitario")
                        .body())
                .contains("Fault", "namespace");
        String right = body.replace("urn:altro", namespace("AnagrafeSanitaria"));
        assertThat(http("POST", "/aura/AnagrafeSanitaria", envelope("snodo", right), "\"\"")
                        .body())
                .contains("Fault", "SOAPAction");
    }

    @Test
    void misbehaviour_is_had_to_order() throws Exception {
        http("POST", "/aura/_control", """
                [{"operation":"esenzionePatologia","wire":"LOST_ANSWER"},
                 {"operation":"esenzionePatologia","ko":{"code":"E0099","message":"Servizio in manutenzione"}},
                 {"operation":"GetProfiloSanitarioNew","document":"RSSMRA","error":{"status":500,"detail":"Guasto"}}]""", null);
        assertThatThrownBy(() -> tell(statement(ROSSI, "25000", "", ""))).isInstanceOf(IOException.class);
        assertThat(tell(statement(ROSSI, "25000", "", ""))).contains("KO", "E0099", "manutenzione");
        assertThat(state().path("effects")).hasSize(1);
        assertThat(profile("1000002")).contains(OK);
        assertThat(profile("1000001")).contains("Fault", "Guasto");
        assertThat(profile("1000001")).contains("<codEsenzione>013</codEsenzione>");
    }
}
