package it.snodo.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.config.SnodoProperties;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/**
 * Plays the sample requests once, as hospital systems would send them, and tells what becomes of each. It knows the hub
 * only from outside: its ports, its journal, its documents.
 */
@Component
@Profile("demo")
class DemoPlayer {

    private static final Logger OUT = LoggerFactory.getLogger("snodo.demo");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Set<String> ENDS = Set.of("PUBLISHED", "REFUSED", "FAILED", "DISCARDED", "AWAITING_SIGNATURE");

    private final DemoProperties properties;
    private final DemoInspector inspector;
    private final ConfigurableApplicationContext context;
    private final Environment environment;
    private final DemoClient hub;
    private final ObjectMapper json;
    private final Path folder;
    /** Null when the hub signs by itself. */
    private final RemoteDoctor doctor;

    DemoPlayer(
            DemoProperties properties,
            DemoInspector inspector,
            ConfigurableApplicationContext context,
            Environment environment,
            SnodoProperties hubProperties,
            ObjectMapper json) {
        this.properties = properties;
        this.inspector = inspector;
        this.context = context;
        this.environment = environment;
        this.folder = hubProperties.dataDir().toAbsolutePath().normalize().resolve("demo");
        this.hub = new DemoClient(
                json,
                environment.getProperty("server.port", Integer.class, 8080),
                environment.getProperty("snodo.mllp.port", Integer.class, 2575),
                environment.getProperty("snodo.simulator.port", Integer.class, 8090));
        this.json = json;
        this.doctor = "remote".equalsIgnoreCase(environment.getProperty("snodo.signature.mode"))
                ? new RemoteDoctor(hub)
                : null;
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        welcome();
        if (properties.play()) {
            Thread player = new Thread(this::play, "demo-player");
            player.setDaemon(true);
            player.start();
        }
    }

    private void welcome() {
        List<String> lines = List.of(
                "Snodo, dimostrazione: tutto è incorporato, i sistemi esterni sono simulati.",
                "Utenti specialista, distretto, cup, assistenza, fse, ops — password: demo (solo per la dimostrazione).",
                "Persone verdi, neri (medici), distretto-torino, distretto-cn2: stessa password.",
                "HL7 v2 MLLP %s · REST http://localhost:%s/api/v1 · FHIR http://localhost:%2$s/fhir"
                        .formatted(port("snodo.mllp.port", "2575"), port("server.port", "8080")),
                "OpenAPI http://localhost:%s/swagger-ui.html · salute http://localhost:%s/actuator/health · simulatori http://localhost:%s/"
                        .formatted(
                                port("server.port", "8080"),
                                port("management.server.port", "8081"),
                                port("snodo.simulator.port", "8090")));
        OUT.info(Tables.box(lines));
    }

    private String port(String name, String fallback) {
        return environment.getProperty(name, fallback);
    }

    private void play() {
        boolean well = false;
        try {
            well = playAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            OUT.info("La dimostrazione si è fermata: {}", e.toString());
        }
        if (properties.exit()) {
            boolean success = well;
            System.exit(SpringApplication.exit(context, () -> success ? 0 : 1));
        } else {
            OUT.info("L'hub resta acceso (Ctrl+C per fermarlo).");
        }
    }

    private boolean playAll() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Resource[] samples = new PathMatchingResourcePatternResolver().getResources("classpath:demo/*.*");
        Arrays.sort(samples, Comparator.comparing(Resource::getFilename));
        List<Sample> sent = new ArrayList<>();
        Instant begin = Instant.now();
        for (Resource resource : samples) {
            try (InputStream in = resource.getInputStream()) {
                sent.add(send(resource.getFilename(), in.readAllBytes(), begin));
            }
        }
        OUT.info("");
        List<Sample> ended = new ArrayList<>();
        for (Sample sample : sent) {
            ended.add(follow(sample));
        }
        OUT.info("");
        boolean well = true;
        for (Sample sample : ended) {
            OUT.info(describe(sample));
            well &= sample.endedAsItShould();
        }
        OUT.info(Tables.table(
                List.of("campione", "control id", "stato", "cert.", "documento", "CDA", "PDF", "firma", "FSE", "ROL"),
                ended.stream().map(Sample::row).toList()));
        OUT.info(
                "PUBLISHED: firmato e pubblicato · DELIVERED: preso dalla destinazione, conferma attesa · CONFIRMED: confermato ·"
                        + " REFUSED: rifiutato all'arrivo, nulla è stato creato");
        OUT.info("PDF firmati e CDA in {}", folder);
        long before = ended.stream().filter(Sample::before).count();
        if (before > 0) {
            OUT.info(
                    "{} campioni su {} erano già stati ricevuti: stessa risposta di allora, nessun secondo effetto."
                            + " Per ricominciare da capo: un'altra --snodo.data-dir, o cancellare la cartella dei dati.",
                    before,
                    ended.size());
        }
        well &= new ExemptionPlayer(hub, json, folder, doctor).play(certificate(ended, "01-cronica.hl7"));
        well &= new BookingPlayer(hub, json, begin).play();
        OUT.info(
                well
                        ? "Tutti i campioni sono finiti come dovevano."
                        : "Qualche campione NON è finito come doveva: si veda sopra.");
        return well;
    }

    private static String certificate(List<Sample> ended, String name) {
        return ended.stream()
                .filter(sample -> sample.name().equals(name))
                .map(Sample::certificateNumber)
                .findFirst()
                .orElse(null);
    }

    private Sample send(String name, byte[] content, Instant begin) throws IOException, InterruptedException {
        String text = new String(content, StandardCharsets.UTF_8);
        if (name.endsWith(".hl7")) {
            byte[] message = text.replace("\r\n", "\n").replace('\n', '\r').getBytes(StandardCharsets.UTF_8);
            String answer = hub.mllp(message);
            String controlId = text.split("\\|", 12)[9];
            String ack = Arrays.stream(answer.split("\r"))
                    .filter(line -> line.startsWith("MSA"))
                    .findFirst()
                    .orElse("nessuna risposta");
            OUT.info("→ {}  MLLP {}  ← {}", name, text.split("\\|", 12)[8], ack);
            Arrays.stream(answer.split("\r"))
                    .filter(line -> line.startsWith("ERR"))
                    .forEach(line -> OUT.info("      {}", line));
            JsonNode known = hub.get("/api/v1/messages?controlId=" + DemoClient.encode(controlId), "ops")
                    .path("items")
                    .path(0);
            return new Sample(name, "MLLP", controlId, name.contains("errata"), before(known, begin));
        }
        boolean fhir = text.contains("\"resourceType\"");
        boolean processMessage = fhir && text.matches("(?s).*\"type\"\\s*:\\s*\"message\".*");
        String path = fhir ? (processMessage ? "/fhir/$process-message" : "/fhir") : "/api/v1/certificates";
        HttpResponse<String> answer = fhir
                ? hub.post(path, "specialista", "application/fhir+json", content)
                : hub.post(path, "specialista", "application/json", content, "Idempotency-Key", "demo-" + name);
        OUT.info("→ {}  POST {}  ← HTTP {}", name, path, answer.statusCode());
        if (answer.statusCode() >= 400) {
            OUT.info("      {}", answer.body().lines().limit(12).reduce("", (a, b) -> a + b.strip()));
        }
        String id = answer.headers().firstValue("Snodo-Message-Id").orElse("0");
        JsonNode message = hub.get("/api/v1/messages/" + id, "ops");
        return new Sample(
                name,
                fhir ? "FHIR" : "REST",
                message.path("controlId").asText(),
                name.contains("errata"),
                before(message, begin));
    }

    /** The hub had this message already: the journal has it from before this play. */
    private static boolean before(JsonNode message, Instant begin) {
        boolean known = message.hasNonNull("receivedAt")
                && OffsetDateTime.parse(message.path("receivedAt").asText())
                        .toInstant()
                        .isBefore(begin);
        if (known) {
            OUT.info(
                    "      già ricevuto {}: la risposta è quella di allora",
                    message.path("receivedAt").asText());
        }
        return known;
    }

    /** Prints each new step of the message until it has come to an end. */
    private Sample follow(Sample sample) throws IOException, InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        Set<String> told = new HashSet<>();
        while (true) {
            JsonNode items = hub.get("/api/v1/messages?controlId=" + DemoClient.encode(sample.controlId()), "ops")
                    .path("items");
            if (!items.isEmpty()) {
                JsonNode message =
                        hub.get("/api/v1/messages/" + items.get(0).path("id").asLong(), "ops");
                for (JsonNode step : message.path("steps")) {
                    String line = step.path("name").asText() + ": "
                            + ("REFUSED".equals(step.path("outcome").asText())
                                    ? "rifiutato"
                                    : step.path("outcome").asText())
                            + (step.hasNonNull("detail")
                                    ? " — " + readable(step.path("detail").asText())
                                    : "");
                    if (told.add(step.path("at").asText() + line)) {
                        OUT.info("{}  {}", sample.name(), line);
                    }
                }
                String state = message.path("state").asText();
                if (doctor != null && state.equals("AWAITING_SIGNATURE") && told.add("signed")) {
                    if (doctor.sign(message.path("certificateNumber").asText(), "")) {
                        continue;
                    }
                }
                if (ENDS.contains(state)) {
                    return inspector.inspect(hub, sample.at(message), folder);
                }
            }
            if (Instant.now().isAfter(until)) {
                OUT.info("{}  non è arrivato in fondo in {} secondi", sample.name(), PATIENCE.toSeconds());
                return sample;
            }
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** Of a certificate's subject only the name: the rest is for machines. */
    private static String readable(String detail) {
        return detail.replaceFirst("CN=([^,]+),.*", "$1");
    }

    private static String describe(Sample sample) {
        return sample.pdf() == null
                ? "%s%n    %s".formatted(sample.name(), outcome(sample))
                : "%s%n    %s%n    FSE %s%n    PDF %s"
                        .formatted(sample.name(), outcome(sample), sample.workflowInstanceId(), sample.pdf());
    }

    private static String outcome(Sample sample) {
        return "%s %s".formatted(sample.controlId(), sample.state())
                + (sample.mustBeRefused() ? " (è un esempio di richiesta errata: il rifiuto è voluto)" : "");
    }
}
