package it.snodo.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays what comes of certificates: an exemption that a doctor issues, one that the district validates, one while AURA does
 * not answer, and the annulment of a certificate. Played again on the same data it looks at what became of it the first time.
 */
public final class ExemptionPlayer {

    private static final Logger OUT = LoggerFactory.getLogger("snodo.demo");
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final String DOCTOR = "verdi";
    private static final String DISTRICT = "distretto-torino";
    private static final Set<String> ENDS = Set.of("PUBLISHED", "REFUSED", "FAILED", "DISCARDED", "AWAITING_SIGNATURE");

    /** One line of the closing table; absent values are null. */
    private record Told(String scene, boolean good, String state, String certificate, String pratica, String words) {}

    private final DemoClient hub;
    private final ObjectMapper json;
    private final Path folder;
    /** Null when the hub signs by itself. */
    private final RemoteDoctor doctor;

    /**
     * By the hub's HTTP port and that of the simulators.
     *
     * @param folder where documents are put
     */
    public ExemptionPlayer(ObjectMapper json, int httpPort, int simulatorPort, Path folder) {
        this(new DemoClient(json, httpPort, 0, simulatorPort), json, folder, null);
    }

    ExemptionPlayer(DemoClient hub, ObjectMapper json, Path folder, RemoteDoctor doctor) {
        this.hub = hub;
        this.json = json;
        this.folder = folder;
        this.doctor = doctor;
    }

    /**
     * @param chronic number of the certificate of the first sample, whose doctor asks the district for the exemption; null
     *     when there is none
     * @return whether each ended as it should
     */
    public boolean play(String chronic) throws IOException, InterruptedException {
        OUT.info("");
        List<String> sent = new ArrayList<>();
        for (String file : List.of("21-crea-e-valida", "23-aura-non-risponde", "24-annullamento")) {
            sent.add(send(file));
        }
        List<String> numbers = new ArrayList<>();
        for (String message : sent) {
            numbers.add(certificate(message));
        }
        List<Told> told = new ArrayList<>();
        told.add(silent("23-aura-non-risponde", numbers.get(1), "BRBLRA59M70L219S"));
        told.add(0, issue("21-crea-e-valida", numbers.get(0), "GLLSFN72B11L219C"));
        told.add(1, district("22-richiedi", chronic, "BGGLMR57B58L219T"));
        told.set(2, completed(told.get(2)));
        told.add(annul("24-annullamento", numbers.get(2)));
        OUT.info(Tables.table(
                List.of("scena", "stato", "cert.", "pratica", "che cosa è successo"),
                told.stream()
                        .map(each -> java.util.stream.Stream.of(
                                        each.scene(),
                                        each.good() ? each.state() : each.state() + " ✗",
                                        each.certificate(),
                                        each.pratica(),
                                        each.words())
                                .map(cell -> cell == null ? "—" : cell)
                                .toList())
                        .toList()));
        OUT.info(
                "VALIDATA: l'esenzione è su AURA, che ha risposto OK · ANNULLATO: certificato annullativo firmato, FSE e ROL"
                        + " avvisati. Attestati e certificato annullativo in {}",
                folder);
        OUT.info(
                doctor == null
                        ? "La firma remota con OTP si prova con --snodo.signature.mode=remote e un'altra --snodo.data-dir."
                        : "Firme remote con PIN e OTP: gli SMS sono nella pagina /signer/ dei simulatori.");
        return told.stream().allMatch(Told::good);
    }

    // ---- certificates

    /** @return id of the message */
    private String send(String file) throws IOException, InterruptedException {
        try (InputStream in = ExemptionPlayer.class.getResourceAsStream("/demo/esenzioni/" + file + ".json")) {
            HttpResponse<String> answer = hub.post(
                    "/api/v1/certificates",
                    DOCTOR,
                    "application/json",
                    in.readAllBytes(),
                    "Idempotency-Key",
                    "demo-" + file);
            OUT.info("→ {}  POST /api/v1/certificates  ← HTTP {}", file, answer.statusCode());
            return answer.headers().firstValue("Snodo-Message-Id").orElse("0");
        }
    }

    /** Number of the certificate that a message made, once it has been published; null when it was not. */
    private String certificate(String message) throws IOException, InterruptedException {
        JsonNode ended = ended(message, ENDS);
        if (doctor != null
                && ended.path("state").asText().equals("AWAITING_SIGNATURE")
                && doctor.sign(ended.path("certificateNumber").asText(), "")) {
            Set<String> after = new TreeSet<>(ENDS);
            after.remove("AWAITING_SIGNATURE");
            ended = ended(message, after);
        }
        return ended.path("state").asText().equals("PUBLISHED")
                ? ended.path("certificateNumber").asText()
                : null;
    }

    private JsonNode ended(String message, Set<String> ends) throws IOException, InterruptedException {
        return until(
                "/api/v1/messages/" + message,
                "ops",
                each -> ends.contains(each.path("state").asText()));
    }

    // ---- scenes

    private Told issue(String scene, String number, String patient) throws IOException, InterruptedException {
        JsonNode pratica = issued(scene, number, patient);
        if (pratica.isMissingNode()) {
            return new Told(scene, false, "?", number, null, "l'esenzione non è stata rilasciata");
        }
        if (state(pratica).equals("IN_LAVORAZIONE")) { // AURA was slow, or the hub was stopped meanwhile
            pratica = until("/api/v1/pratiche/" + pratica.path("number").asText(), DISTRICT, each -> !state(each)
                    .equals("IN_LAVORAZIONE"));
        }
        String attestato = attestato(patient);
        boolean good = state(pratica).equals("VALIDATA") && attestato != null && onAura(patient, "013");
        return new Told(
                scene,
                good,
                state(pratica),
                number,
                pratica.path("number").asText(null),
                "Il medico rilascia l'esenzione 013: AURA " + (onAura(patient, "013") ? "la conosce" : "NON la conosce")
                        + ", attestato " + (attestato == null ? "NON trovato" : attestato));
    }

    /** "Crea e valida"; the pratica that is there already when the certificate was used before. */
    private JsonNode issued(String scene, String number, String patient) throws IOException, InterruptedException {
        JsonNode known = known(patient);
        if (number == null || !known.isMissingNode()) {
            OUT.info(
                    "→ {}  {}",
                    scene,
                    number == null ? "il certificato non c'è" : "già rilasciata: si guarda che cosa ne è");
            return known;
        }
        HttpResponse<String> answer =
                hub.post("/api/v1/certificates/" + number + "/exemption", DOCTOR, "application/json", bytes("{}"));
        OUT.info("→ {}  POST /api/v1/certificates/{}/exemption  ← HTTP {}", scene, number, answer.statusCode());
        return said(answer);
    }

    private Told silent(String scene, String number, String patient) throws IOException, InterruptedException {
        hub.aura("POST", "{\"document\":\"" + patient + "\",\"times\":0,\"wire\":\"RESET\"}");
        OUT.info("(l'AURA simulata non risponde a ciò che riguarda {})", patient);
        try {
            JsonNode pratica = issued(scene, number, patient);
            return new Told(
                    scene,
                    true,
                    state(pratica),
                    number,
                    pratica.path("number").asText(null),
                    pratica.at("/publication/state").asText("").equals("IN_ATTESA")
                            ? "Senza AURA: " + state(pratica)
                                    + ", pubblicazione in attesa; tornata AURA si è completata da sola"
                            : "Già rilasciata la volta scorsa, quando AURA era tornata");
        } finally {
            hub.aura("DELETE", null);
        }
    }

    /** AURA answers again, and nobody does anything. */
    private Told completed(Told before) throws IOException, InterruptedException {
        if (before.pratica() == null) {
            return new Told(before.scene(), false, "?", before.certificate(), null, before.words());
        }
        JsonNode pratica = until("/api/v1/pratiche/" + before.pratica(), DISTRICT, each -> state(each)
                .equals("VALIDATA"));
        return new Told(
                before.scene(),
                state(pratica).equals("VALIDATA"),
                state(pratica),
                before.certificate(),
                before.pratica(),
                before.words());
    }

    private Told district(String scene, String number, String patient) throws IOException, InterruptedException {
        if (number == null) {
            return new Told(scene, false, "?", null, null, "il certificato non c'è");
        }
        JsonNode pratica = known(patient);
        boolean before = !pratica.isMissingNode();
        if (before) {
            OUT.info("→ {}  già richiesta: si guarda che cosa ne è", scene);
        } else {
            HttpResponse<String> asked = hub.post(
                    "/api/v1/certificates/" + number + "/exemption-request",
                    "specialista",
                    "application/json",
                    bytes(
                            "{\"internalNote\":\"Visita di controllo già prenotata: si chiede una risposta in settimana.\"}"));
            OUT.info(
                    "→ {}  POST /api/v1/certificates/{}/exemption-request  ← HTTP {}",
                    scene,
                    number,
                    asked.statusCode());
            pratica = said(asked);
        }
        String path = "/api/v1/pratiche/" + pratica.path("number").asText();
        List<String> states = new ArrayList<>(List.of(state(pratica)));
        if (state(pratica).equals("INVIATA")) {
            states.add(moved(scene, path, "take-charge", "{}"));
        }
        if (states.get(states.size() - 1).equals("IN_LAVORAZIONE")) {
            states.add(moved(scene, path, "validate", "{\"unlimited\":true}"));
        }
        String end = states.get(states.size() - 1);
        if (end.equals("IN_LAVORAZIONE")) { // AURA was slow
            end = state(until(path, DISTRICT, each -> !state(each).equals("IN_LAVORAZIONE")));
            states.add(end);
        }
        return new Told(
                scene,
                end.equals("VALIDATA"),
                end,
                number,
                pratica.path("number").asText(null),
                (before ? "Già chiesta dal medico: " : "Il medico la chiede, il distretto la lavora: ")
                        + String.join(", ", states));
    }

    private String moved(String scene, String path, String move, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = hub.post(path + "/" + move, DISTRICT, "application/json", bytes(body));
        OUT.info("→ {}  POST {}/{}  ← HTTP {}", scene, path, move, answer.statusCode());
        return state(said(answer));
    }

    private Told annul(String scene, String number) throws IOException, InterruptedException {
        if (number == null) {
            return new Told(scene, false, "?", null, null, "il certificato non c'è");
        }
        String path = "/api/v1/certificates/" + number;
        JsonNode certificate = hub.get(path, DOCTOR);
        if (!certificate.path("state").asText().equals("ANNULLATO")) {
            HttpResponse<String> answer = hub.post(
                    path + "/annulment",
                    DOCTOR,
                    "application/json",
                    bytes("{\"confirm\":true,\"reason\":\"Il referto istologico è di un'altra persona.\"}"));
            OUT.info("→ {}  POST {}/annulment  ← HTTP {}", scene, path, answer.statusCode());
            if (doctor != null && answer.statusCode() == 202) {
                doctor.sign(number, "/annulment");
            }
        }
        JsonNode annulment = until(
                path + "/annulment",
                DOCTOR,
                each -> !each.path("publications").isEmpty()
                        && all(each.path("publications"), Set.of("DELIVERED", "CONFIRMED")));
        Set<String> told = new TreeSet<>();
        annulment
                .path("publications")
                .forEach(each -> told.add(each.path("destination").asText() + " "
                        + each.path("action").asText() + " "
                        + each.path("state").asText()));
        Path file = folder.resolve("annullativo-" + number + ".pdf");
        Files.write(file, hub.bytes(path + "/annulment/document", DOCTOR));
        certificate = hub.get(path, DOCTOR);
        return new Told(
                scene,
                certificate.path("state").asText().equals("ANNULLATO")
                        && annulment.path("state").asText().equals("FIRMATO")
                        && told.size() >= 2,
                certificate.path("state").asText(),
                number,
                null,
                "Certificato annullativo firmato; " + String.join(", ", told));
    }

    // ---- what the scenes have in common

    /** The pratica of that person; missing when there is none yet. */
    private JsonNode known(String patient) throws IOException, InterruptedException {
        return hub.get("/api/v1/pratiche?fiscalCode=" + patient, DISTRICT)
                .path("items")
                .path(0);
    }

    private String attestato(String patient) throws IOException, InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        Path file = folder.resolve("attestato-" + patient + ".pdf");
        while (Instant.now().isBefore(until)) {
            try {
                Files.write(file, hub.bytes("/api/v1/patients/" + patient + "/attestato", DISTRICT));
                return file.getFileName().toString();
            } catch (IOException e) {
                // it is made a moment after the exemption holds
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
        return null;
    }

    private boolean onAura(String patient, String code) throws IOException, InterruptedException {
        for (JsonNode each : hub.simulator("/aura/_state").path("exemptions")) {
            if (each.path("fiscalCode").asText().equals(patient)
                    && each.path("code").asText().equals(code)
                    && each.path("annulled").asText().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Asks again until it is so, or patience ends. */
    private JsonNode until(String path, String user, Predicate<JsonNode> so) throws IOException, InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        JsonNode seen = hub.get(path, user);
        while (!so.test(seen) && Instant.now().isBefore(until)) {
            TimeUnit.MILLISECONDS.sleep(200);
            seen = hub.get(path, user);
        }
        return seen;
    }

    private static boolean all(JsonNode publications, Set<String> states) {
        for (JsonNode each : publications) {
            if (!states.contains(each.path("state").asText())) {
                return false;
            }
        }
        return true;
    }

    private static String state(JsonNode pratica) {
        return pratica.path("state").asText("?");
    }

    private JsonNode said(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() >= 400) {
            OUT.info("      {}", answer.body().lines().limit(12).reduce("", (a, b) -> a + b.strip()));
        }
        return json.readTree(answer.body());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
