package it.snodo.simulator.aura;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuraServiceTest {
    private Simulators simulators;

    @BeforeEach
    void start() {
        simulators = new Simulators(SimulatorSettings.onPort(0)).start();
    }

    @AfterEach
    void stop() {
        simulators.close();
    }

    private HttpResponse<String> call(String service, String password, String body) throws Exception {
        String envelope = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header>"
                + "<w:Security xmlns:w=\"http://docs.oasis-open.org/wss/2004/01/"
                + "oasis-200401-wss-wssecurity-secext-1.0.xsd\"><w:UsernameToken><w:Username>snodo</w:Username>"
                + "<w:Password>" + password + "</w:Password></w:UsernameToken></w:Security></s:Header><s:Body>" + body
                + "</s:Body></s:Envelope>";
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(simulators.url() + "/aura/" + service))
                                .header("Content-Type", "text/xml; charset=UTF-8")
                                .POST(HttpRequest.BodyPublishers.ofString(envelope))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static String exemption(String end, String annulled) {
        return "<esenzionePatologia xmlns=\"http://EsenzionePatologia.central.services.auraws.aura.csi.it\">"
                + "<codiceFiscaleAssistito>RSSMRA80A01L219M</codiceFiscaleAssistito>"
                + "<codiceEsenzione>013</codiceEsenzione><dataInizioValidita>01/02/2026</dataInizioValidita>"
                + "<dataFineValidita>" + end + "</dataFineValidita><dataAnnullamento>" + annulled
                + "</dataAnnullamento><listaDiagnosi>25000</listaDiagnosi></esenzionePatologia>";
    }

    @Test
    void an_exemption_that_was_published_is_read_back_until_it_is_annulled() throws Exception {
        String profile = "<GetProfiloSanitario><AURAid>1000001</AURAid></GetProfiloSanitario>";
        assertThat(call("EsenzionePatologia", "snodo", exemption("", "")).body())
                .contains("<codiceRitorno>OK</codiceRitorno>");
        assertThat(call("AnagrafeSanitaria", "snodo", profile).body())
                .contains("<codEsenzione>013</codEsenzione>", "<codDiagnosi>25000</codDiagnosi>");
        assertThat(call("EsenzionePatologia", "snodo", exemption("03/02/2026", "03/02/2026"))
                        .body())
                .contains("<codiceRitorno>OK</codiceRitorno>");
        assertThat(call("AnagrafeSanitaria", "snodo", profile).body()).doesNotContain("<codEsenzione>013");
    }

    @Test
    void an_unknown_profile_is_e0010() throws Exception {
        assertThat(call(
                                "AnagrafeSanitaria",
                                "snodo",
                                "<GetProfiloSanitarioNew><AURAid>42</AURAid></GetProfiloSanitarioNew>")
                        .body())
                .contains("E0010");
        assertThat(call(
                                "AnagrafeFind",
                                "snodo",
                                "<FindProfiliAnagrafici><profiliRequest><codiceFiscale>AAAAAA00A00A000A"
                                        + "</codiceFiscale></profiliRequest></FindProfiliAnagrafici>")
                        .body())
                .contains("E0010");
    }

    @Test
    void a_person_is_found_by_codice_fiscale_and_a_merged_id_names_its_heir() throws Exception {
        assertThat(call(
                                "AnagrafeFind",
                                "snodo",
                                "<FindProfiliAnagrafici><profiliRequest><codiceFiscale>RSSMRA80A01L219M"
                                        + "</codiceFiscale></profiliRequest></FindProfiliAnagrafici>")
                        .body())
                .contains("<idProfiloAnagrafico>1000001</idProfiloAnagrafico>");
        assertThat(call(
                                "AnagrafeSanitaria",
                                "snodo",
                                "<GetProfiloSanitario><AURAid>1000003</AURAid></GetProfiloSanitario>")
                        .body())
                .contains("<idAuraRicondotto>1000002</idAuraRicondotto>");
    }

    @Test
    void a_wrong_password_and_a_doctype_are_soap_faults() throws Exception {
        assertThat(call("EsenzionePatologia", "altro", exemption("", "")).statusCode())
                .isEqualTo(500);
        HttpResponse<String> doctype = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(simulators.url() + "/aura/AnagrafeFind"))
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(doctype.statusCode()).isEqualTo(500);
        assertThat(doctype.body()).contains("Fault").doesNotContain("root:");
    }
}
