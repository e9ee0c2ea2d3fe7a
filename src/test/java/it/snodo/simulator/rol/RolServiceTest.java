package it.snodo.simulator.rol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolServiceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] PDF = "%PDF-1.7 prova".getBytes(StandardCharsets.US_ASCII);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

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

    private static ObjectNode metadata(String action, Consumer<ObjectNode> change) {
        ObjectNode metadata = JSON.createObjectNode();
        metadata.putObject("richiesta").put("codiceAzienda", "301").put("codiceApplicativo", "SNODO");
        metadata.putObject("paziente")
                .put("codiceFiscale", "PROVAX00X00X000Y")
                .put("cognome", "Inventata")
                .put("nome", "Persona")
                .put("dataDiNascita", "1970-01-01");
        metadata.putObject("episodio").put("tipoEpisodio", "O");
        ObjectNode document = metadata.putObject("documento")
                .put("tipoAzione", action)
                .put("uniqueId", "2.16.840.1.113883.2.9.2.10.4.4^R1")
                .put("mimeType", "application_pdf_cda");
        change.accept(document);
        return metadata;
    }

    private HttpResponse<String> send(ObjectNode metadata, byte[] file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("--b\r\nContent-Disposition: form-data; name=\"metadata\"\r\n"
                        + "Content-Type: application/json\r\n\r\n" + metadata + "\r\n")
                .getBytes(StandardCharsets.UTF_8));
        if (file != null) {
            out.writeBytes(("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n"
                            + "Content-Type: application/pdf\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.writeBytes(file);
            out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        out.writeBytes("--b--\r\n".getBytes(StandardCharsets.UTF_8));
        return call(HttpRequest.newBuilder(URI.create(simulators.url() + "/rol/documents"))
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofByteArray(out.toByteArray()))
                .build());
    }

    private static HttpResponse<String> call(HttpRequest request) throws IOException {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode state() throws IOException {
        return JSON.readTree(call(HttpRequest.newBuilder(URI.create(simulators.url() + "/rol/_state"))
                        .build())
                .body());
    }

    private static JsonNode body(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    @Test
    void the_same_document_twice_is_one_effect_and_two_successes() throws Exception {
        ObjectNode metadata = metadata("INSERIMENTO", d -> {});
        assertThat(body(send(metadata, PDF)).path("esito").asText()).isEqualTo("OK");
        JsonNode again = body(send(metadata, PDF));
        assertThat(again.path("esito").asText()).isEqualTo("OK");
        assertThat(again.path("codice").asText()).isEqualTo("000");
        assertThat(again.path("messaggio").asText()).isEqualTo("già registrato");
        assertThat(state().path("effects")).hasSize(1);

        simulators.close();
        start();
        assertThat(body(send(metadata, PDF)).path("messaggio").asText()).isEqualTo("già registrato");
        assertThat(state().path("effects")).hasSize(1);
    }

    @Test
    void a_download_without_pin_is_refused_and_no_pin_is_kept() throws Exception {
        ObjectNode without = metadata("INSERIMENTO", d -> d.put("scaricabileDalCittadino", true));
        HttpResponse<String> refused = send(without, PDF);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(body(refused).path("messaggio").asText()).contains("codicePin");
        ObjectNode with = metadata(
                "INSERIMENTO", d -> d.put("scaricabileDalCittadino", true).put("codicePin", "73921"));
        assertThat(send(with, PDF).statusCode()).isEqualTo(200);
        assertThat(state().toString()).doesNotContain("73921");
        assertThat(java.nio.file.Files.readString(data.resolve("rol.jsonl"))).doesNotContain("73921");
    }

    @Test
    void what_is_missing_or_wrong_is_named() throws Exception {
        ObjectNode noCompany = metadata("INSERIMENTO", d -> {});
        ((ObjectNode) noCompany.get("richiesta")).remove("codiceAzienda");
        assertThat(body(send(noCompany, PDF)).path("messaggio").asText()).contains("richiesta.codiceAzienda");
        assertThat(body(send(metadata("ALTRO", d -> {}), PDF)).path("messaggio").asText())
                .contains("tipoAzione");
        assertThat(send(metadata("INSERIMENTO", d -> {}), "testo".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(415);
        assertThat(send(metadata("INSERIMENTO", d -> d.put("hash", "00")), PDF).statusCode())
                .isEqualTo(400);
        assertThat(send(metadata("INSERIMENTO", d -> {}), null).statusCode()).isEqualTo(400);
        assertThat(state().path("effects")).isEmpty();
    }

    @Test
    void only_a_known_document_is_annulled_and_only_once() throws Exception {
        assertThat(send(metadata("ANNULLAMENTO", d -> {}), null).statusCode()).isEqualTo(404);
        send(metadata("INSERIMENTO", d -> {}), PDF);
        assertThat(send(metadata("ANNULLAMENTO", d -> {}), null).statusCode()).isEqualTo(200);
        assertThat(body(send(metadata("ANNULLAMENTO", d -> {}), null))
                        .path("messaggio")
                        .asText())
                .isEqualTo("già registrato");
        assertThat(state().path("documents").path(0).path("state").asText()).isEqualTo("ANNULLATO");
        assertThat(send(metadata("AGGIORNAMENTO", d -> d.put("pagatoTicket", "S")), null)
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void a_lost_answer_leaves_the_document_and_the_retry_succeeds() throws Exception {
        call(HttpRequest.newBuilder(URI.create(simulators.url() + "/rol/_control"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"operation\":\"INSERIMENTO\",\"wire\":\"LOST_ANSWER\"}"))
                .build());
        assertThatThrownBy(() -> send(metadata("INSERIMENTO", d -> {}), PDF)).isInstanceOf(IOException.class);
        assertThat(body(send(metadata("INSERIMENTO", d -> {}), PDF))
                        .path("messaggio")
                        .asText())
                .isEqualTo("già registrato");
        assertThat(state().path("effects")).hasSize(1);
    }
}
