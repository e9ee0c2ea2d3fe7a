package it.snodo.publication.rol;

import static it.snodo.publication.DeliveryAction.AGGIORNAMENTO;
import static it.snodo.publication.DeliveryAction.ANNULLAMENTO;
import static it.snodo.publication.DeliveryAction.INSERIMENTO;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import it.snodo.publication.Delivery;
import it.snodo.publication.Destination;
import it.snodo.publication.HttpChannel;
import it.snodo.publication.Lane;
import it.snodo.publication.Outbox;
import it.snodo.publication.Outcome;
import it.snodo.publication.PublicationStore;
import it.snodo.publication.PublicationSubjects;
import it.snodo.publication.fse.FseMetadataAccess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolDeliveryTest {

    private static final JsonMapper JSON = new JsonMapper();

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile String answer = "{\"esito\":\"OK\",\"codice\":\"0\",\"messaggio\":\"\"}";
    private volatile int status = 200;
    private HttpServer server;
    private PublicationStore store;
    private Outbox outbox;
    private Lane lane;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/rol/documents", exchange -> {
            asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        store = PublicationStore.fresh();
        outbox = store.outbox();
        PublicationSubjects subjects = store.subjects();
        RolProperties properties = new RolProperties(
                "http://127.0.0.1:" + server.getAddress().getPort() + "/rol/",
                null,
                "SNODO",
                Duration.ofSeconds(1),
                Duration.ofSeconds(3));
        HttpChannel channel = new HttpChannel(properties.connectTimeout(), properties.responseTimeout(), 2, null);
        lane = new Lane(
                Destination.ROL,
                outbox,
                new RolDelivery(
                        properties,
                        new RolMetadata(
                                FseMetadataAccess.metadata(),
                                new it.snodo.certificate.PinSeal("chiave di prova 16", Path.of("target", "pin.key")),
                                "SNODO"),
                        subjects,
                        outbox,
                        channel,
                        call -> {}),
                PublicationStore.properties());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void round() {
        store.due();
        for (Delivery delivery : lane.take()) {
            lane.deliver(delivery);
        }
    }

    private static JsonNode metadata(String body) throws IOException {
        return JSON.readTree(body.substring(body.indexOf('{')));
    }

    @Test
    void a_document_goes_with_its_pdf_and_the_region_s_own_names() throws IOException {
        long certificate = store.document("A", null, PublicationStore.request(true, true, "010A01234567890"), "V");
        store.enqueue(outbox, "A", certificate, INSERIMENTO);
        round();
        assertThat(store.state("A", INSERIMENTO)).isEqualTo("CONFIRMED");
        assertThat(asked.get(0)).contains("name=\"metadata\"", "name=\"file\"", "%PDF-1.7 signed A");
        JsonNode sent = metadata(asked.get(0));
        JsonNode document = sent.get("documento");
        assertThat(document.get("tipoAzione").asText()).isEqualTo("INSERIMENTO");
        assertThat(document.get("uniqueId").asText()).isEqualTo(PublicationStore.ROOT + "^A");
        assertThat(document.get("codicePin").asText()).isEqualTo("48151");
        assertThat(document.get("soggettoALeggiSpeciali").asBoolean()).isTrue();
        assertThat(document.get("livelloRiservatezza").asText()).isEqualTo("V");
        assertThat(document.get("eventCodeList")).extracting(JsonNode::asText).containsExactly("P97", "P99");
        assertThat(document.get("pagatoTicket").asText()).isEqualTo("E");
        assertThat(document.get("nre").get(0).asText()).isEqualTo("010A01234567890");
        assertThat(sent.get("paziente").get("idAura").asText()).isEqualTo("-1");
        assertThat(sent.get("episodio").get("tipoEpisodio").asText()).isEqualTo("O");
        assertThat(sent.get("richiesta").get("codiceAzienda").asText()).isEqualTo("010301");
    }

    @Test
    void an_answer_about_another_document_is_no_answer() throws IOException {
        long certificate = store.document("A");
        store.enqueue(outbox, "A", certificate, INSERIMENTO);
        answer = "{\"esito\":\"OK\",\"uniqueId\":\"2.16.840.1.113883.2.9.2.10.4.4^B\"}";
        round();
        assertThat(store.state("A", INSERIMENTO)).isEqualTo("WAITING");
        assertThat(store.column("A", INSERIMENTO, "unknown")).isEqualTo("true");
        answer = "{\"esito\":\"OK\",\"uniqueId\":" + metadata(asked.get(0)).at("/documento/uniqueId") + "}";
        round();
        assertThat(store.state("A", INSERIMENTO)).isEqualTo("CONFIRMED");
    }

    @Test
    void a_repetition_can_be_known_by_its_request_id() throws IOException {
        long certificate = store.document("A");
        store.enqueue(outbox, "A", certificate, INSERIMENTO);
        answer = "?";
        round();
        answer = "{\"esito\":\"OK\"}";
        round();
        assertThat(metadata(asked.get(1)).at("/richiesta/idRichiesta"))
                .isEqualTo(metadata(asked.get(0)).at("/richiesta/idRichiesta"));
        assertThat(store.state("A", INSERIMENTO)).isEqualTo("CONFIRMED");
    }

    @Test
    void while_rol_does_not_know_the_hub_the_document_waits_and_goes_once_when_it_does() {
        store.enqueue(outbox, "A", store.document("A"), INSERIMENTO);
        String good = answer;
        status = 401;
        answer = "<html>Unauthorized</html>";
        while (asked.size() < PublicationStore.properties().maxAttempts() + 2) {
            store.clock.move(Duration.ofMinutes(1));
            round();
        }
        assertThat(store.state("A", INSERIMENTO)).isEqualTo("WAITING");
        assertThat(store.column("A", INSERIMENTO, "last_code")).isEqualTo("SNODO-5015");
        assertThat(store.column("A", INSERIMENTO, "failures")).isEqualTo("0");
        assertThat(store.gates.standing(Destination.ROL).circuit()).isEqualTo("OPEN");
        int refused = asked.size();
        status = 200;
        answer = good;
        store.clock.move(Duration.ofMinutes(2));
        round();
        round();
        assertThat(asked).hasSize(refused + 1);
        assertThat(store.state("A", INSERIMENTO)).isEqualTo("CONFIRMED");
    }

    @Test
    void changes_and_annulments_go_without_the_pdf() throws IOException {
        long certificate = store.document("A");
        store.enqueue(outbox, "A", certificate, INSERIMENTO, AGGIORNAMENTO, ANNULLAMENTO);
        round();
        round();
        round();
        assertThat(asked).hasSize(3);
        assertThat(metadata(asked.get(1)).at("/documento/tipoAzione").asText()).isEqualTo("AGGIORNAMENTO");
        assertThat(metadata(asked.get(2)).at("/documento/tipoAzione").asText()).isEqualTo("ANNULLAMENTO");
        assertThat(asked.get(2)).doesNotContain("name=\"file\"");
    }

    @ParameterizedTest
    @CsvSource({
        "200, OK, 0, Done",
        "200, KO, 200, Repair",
        "200, KO, 204, Retry",
        "200, KO, 100, Retry",
        "200, KO, 500, Retry",
        "200, '', '', Retry",
        "429, '', '', Retry",
        "503, '', '', Retry",
        "502, '', '', Retry",
        "500, '', '', Retry",
        "400, KO, 200, Repair",
        "401, '', '', Retry",
        "403, '', '', Retry",
        "403, KO, 403, Retry",
        "403, KO, 204, Retry",
        "403, KO, 200, Repair",
        "407, '', '', Retry",
        "404, '', '', Repair",
        "409, KO, '', Stop",
        "413, '', '', Repair"
    })
    void every_answer_has_an_outcome(int status, String esito, String code, String kind) {
        String body = "{\"esito\":\"" + esito + "\",\"codice\":\"" + code + "\",\"messaggio\":\"m\"}";
        Outcome outcome = RolDelivery.outcome(
                new HttpChannel.Reply(status, body.getBytes(StandardCharsets.UTF_8), Map.of()), "t");
        assertThat(outcome.getClass().getSimpleName()).isEqualTo(kind);
    }
}
