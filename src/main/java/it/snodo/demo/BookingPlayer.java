package it.snodo.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays a search, bookings, a refusal, a move and a revoke, as desks and portals would ask for them. In the samples
 * {@code {oggi-5}} is a day, {@code {cifre}} today without hyphens, and {@code {codice 14}}, {@code {inizio 14}} and
 * {@code {giorno 14+7}} are what was answered to the sample of that number.
 */
public final class BookingPlayer {

    private static final Logger OUT = LoggerFactory.getLogger("snodo.demo");
    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final DateTimeFormatter DIGITS = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter WORDS = DateTimeFormatter.ofPattern("dd/MM/yyyy 'alle' HH:mm");
    private static final Pattern DAY = Pattern.compile("\\{oggi([+-]\\d+)?}");
    private static final Pattern EARLIER = Pattern.compile("\\{(codice|inizio|giorno) (\\d+)(?:\\+(\\d+))?}");
    /** Its CUP is switched off during the search. */
    private static final String DOWN = "208";

    /**
     * @param path of the call; its code of a booking may be that of an earlier sample
     * @param end what must become of it: SEARCHED, BOOKED, MOVED, REVOKED or REFUSED
     */
    private record Step(String file, String method, String path, String end) {

        String number() {
            return file.substring(0, 2);
        }
    }

    private static final List<Step> STEPS = List.of(
            new Step("11-ricerca.json", "POST", "/api/v1/availability", "SEARCHED"),
            new Step("12-prenotazione.hl7", "MLLP", "", "BOOKED"),
            new Step("13-prenotazione-fhir.json", "POST", "/fhir/Appointment", "BOOKED"),
            new Step("14-prenotazione.json", "POST", "/api/v1/bookings", "BOOKED"),
            new Step("15-prenotazione-errata.json", "POST", "/api/v1/bookings", "REFUSED"),
            new Step("16-spostamento.json", "PUT", "/api/v1/bookings/{codice 14}", "MOVED"),
            new Step("17-revoca.json", "DELETE", "/api/v1/bookings/{codice 12}", "REVOKED"));

    /** What was answered; code and start are null when there is no booking. */
    private record Told(String end, String code, String cup, LocalDateTime start, String words, boolean before) {}

    private final DemoClient hub;
    private final ObjectMapper json;
    private final LocalDate today = LocalDate.now(ROME);
    private final Instant begin;
    private final Map<String, Told> answers = new HashMap<>();

    /** By the hub's HTTP and MLLP ports, and that of the simulators. */
    public BookingPlayer(ObjectMapper json, int httpPort, int mllpPort, int simulatorPort) {
        this(new DemoClient(json, httpPort, mllpPort, simulatorPort), json, Instant.now());
    }

    BookingPlayer(DemoClient hub, ObjectMapper json, Instant begin) {
        this.hub = hub;
        this.json = json;
        this.begin = begin;
    }

    /** Whether each ended as it should. */
    public boolean play() throws IOException, InterruptedException {
        OUT.info("");
        boolean well = true;
        List<List<String>> rows = new ArrayList<>();
        for (Step step : STEPS) {
            Told told = play(step);
            answers.put(step.number(), told);
            boolean good = told.end().equals(step.end());
            well &= good;
            rows.add(List.of(
                    step.file().replaceFirst("\\.[a-z0-9]+$", ""),
                    step.method().equals("MLLP") ? "MLLP" : step.path().startsWith("/fhir") ? "FHIR" : "REST",
                    good ? told.end() : told.end() + " ✗",
                    told.code() == null ? "—" : told.code(),
                    told.cup() == null ? "—" : told.cup(),
                    told.words()));
        }
        OUT.info(Tables.table(List.of("campione", "via", "esito", "richiesta", "CUP", "risposta"), rows));
        OUT.info("SEARCHED: ricerca in tutte le aziende · BOOKED: prenotato e confermato dal CUP · MOVED: spostato ·"
                + " REVOKED: revocato · REFUSED: rifiutato dalle regole, nulla è stato creato");
        long before = answers.values().stream().filter(Told::before).count();
        if (before > 0) {
            OUT.info(
                    "{} prenotazioni su {} erano già state ricevute oggi: stessa risposta, nessun secondo effetto.",
                    before,
                    STEPS.size());
        }
        return well;
    }

    private Told play(Step step) throws IOException, InterruptedException {
        boolean search = step.end().equals("SEARCHED");
        if (search) {
            hub.cup(DOWN, "down");
            OUT.info("(il CUP simulato {} è spento durante la ricerca)", DOWN);
        }
        try {
            byte[] content = filled(step);
            return step.method().equals("MLLP") ? mllp(step, content) : http(step, content);
        } catch (MissingAnswer e) {
            OUT.info("→ {}  non si può mandare: il campione {} non ha una prenotazione", step.file(), e.getMessage());
            return new Told("?", null, null, null, "il campione " + e.getMessage() + " non ha una prenotazione", false);
        } finally {
            if (search) {
                hub.cup(DOWN, "up");
            }
        }
    }

    private Told mllp(Step step, byte[] content) throws IOException, InterruptedException {
        String message = new String(content, StandardCharsets.UTF_8);
        String answer = hub.mllp(content);
        OUT.info("→ {}  MLLP {}  ← {}", step.file(), field(message, "MSH", 8), line(answer, "MSA"));
        List<String> reasons = Arrays.stream(answer.split("\r"))
                .filter(each -> each.startsWith("ERR|"))
                .map(each ->
                        field(each, "ERR", 5).replaceFirst("\\^99SC.*$", "").replace('^', ' '))
                .toList();
        boolean before =
                before(hub.get("/api/v1/messages?controlId=" + DemoClient.encode(field(message, "MSH", 9)), "ops")
                        .path("items")
                        .path(0));
        String start = component(field(answer, "SCH", 11), 3);
        if (!field(answer, "MSA", 1).equals("AA") || start.length() < 12) {
            return new Told("REFUSED", null, null, null, refused(reasons), before);
        }
        LocalDateTime at = LocalDateTime.parse(start.substring(0, 12), DateTimeFormatter.ofPattern("yyyyMMddHHmm"));
        String place = component(field(answer, "AIL", 3).split("~")[0], 8);
        String ticket = Arrays.stream(answer.split("\r"))
                .filter(each -> each.startsWith("NTE|") && each.contains("|TICKET"))
                .map(each -> ", " + field(each, "NTE", 3))
                .findFirst()
                .orElse("");
        return new Told(
                "BOOKED",
                component(field(answer, "SCH", 1), 0),
                component(field(answer, "SCH", 2), 0),
                at,
                "Prenotato per il " + WORDS.format(at) + ", " + place + ticket,
                before);
    }

    private Told http(Step step, byte[] content) throws IOException, InterruptedException {
        boolean fhir = step.path().startsWith("/fhir");
        String path = fill(step.path(), false);
        HttpResponse<String> answer = hub.send(
                step.method(),
                path,
                "cup",
                fhir ? "application/fhir+json" : "application/json",
                content,
                "Idempotency-Key",
                "demo-" + step.number() + "-" + DIGITS.format(today)
                        // a search is asked anew each time
                        + (step.end().equals("SEARCHED") ? "-" + begin.toEpochMilli() : ""));
        OUT.info("→ {}  {} {}  ← HTTP {}", step.file(), step.method(), path, answer.statusCode());
        JsonNode body = read(answer.body());
        String id = answer.headers().firstValue("Snodo-Message-Id").orElse(null);
        boolean before = id != null && before(hub.get("/api/v1/messages/" + id, "ops"));
        if (answer.statusCode() >= 400) {
            List<String> reasons = new ArrayList<>();
            body.path("rulings")
                    .forEach(each -> reasons.add(each.path("code").asText() + " "
                            + each.path("title").asText()));
            if (reasons.isEmpty()) {
                reasons.add(body.at("/issue/0/diagnostics")
                        .asText(body.path("detail").asText("HTTP " + answer.statusCode())));
            }
            reasons.forEach(reason -> OUT.info("      {}", reason));
            return new Told("REFUSED", null, null, null, refused(reasons), before);
        }
        return fhir ? appointment(body, before) : step.end().equals("SEARCHED") ? found(body) : booking(body, before);
    }

    private Told found(JsonNode body) {
        int proposals = body.path("first").size() + body.path("absolute").size();
        List<String> silent = new ArrayList<>();
        body.path("silent").forEach(each -> silent.add(each.path("name").asText()));
        JsonNode first = body.path("first").path(0).isMissingNode()
                ? body.path("absolute").path(0)
                : body.path("first").path(0);
        String words = first.isMissingNode()
                ? "Nessun posto libero"
                : "Primo posto il " + WORDS.format(local(first.at("/slot/start").asText())) + ", "
                        + first.at("/slot/place").asText() + "; altre " + (proposals - 1) + " proposte";
        boolean named = silent.stream().anyMatch(name -> name.contains("NO"));
        return new Told(
                first.isMissingNode() || !named ? "?" : "SEARCHED",
                null,
                null,
                null,
                words + (silent.isEmpty() ? "" : "; non risponde " + String.join(", ", silent)),
                false);
    }

    private static Told booking(JsonNode body, boolean before) {
        JsonNode booking = body.path("booking");
        String result = body.path("result").asText();
        LocalDateTime start = null;
        String place = "";
        for (JsonNode line : booking.path("lines")) {
            LocalDateTime at = local(line.at("/slot/start").asText());
            if (start == null || at.isBefore(start)) {
                start = at;
                place = line.at("/slot/place").asText();
            }
        }
        String when = start == null ? "" : WORDS.format(start) + ", " + place;
        String words =
                switch (result) {
                    case "BOOKED" -> "Prenotato per il " + when + euro(booking.path("ticket"));
                    case "MOVED" -> "Spostato al " + when;
                    case "REVOKED" -> "Revocato: il posto del " + when + " è di nuovo libero";
                    case "UNKNOWN" -> "Esito non ancora noto: il CUP non ha risposto";
                    default -> result;
                };
        return new Told(
                result,
                booking.path("code").asText(null),
                booking.path("fillerCode").asText(null),
                start,
                words,
                before);
    }

    private static Told appointment(JsonNode body, boolean before) {
        JsonNode resource =
                body.path("resourceType").asText().equals("Appointment") ? body : body.at("/entry/0/resource");
        String code = null;
        String cup = null;
        for (JsonNode identifier : resource.path("identifier")) {
            String value = identifier.path("value").asText();
            if (value.startsWith("SC")) {
                code = value;
            } else {
                cup = value;
            }
        }
        if (!resource.path("status").asText().equals("booked")) {
            return new Told(resource.path("status").asText("?"), code, cup, null, "Esito non ancora noto", before);
        }
        LocalDateTime start = local(resource.path("start").asText());
        String place = "";
        for (JsonNode contained : resource.path("contained")) {
            if (contained.path("resourceType").asText().equals("Location") && contained.has("name")) {
                place = ", " + contained.path("name").asText();
            }
        }
        return new Told("BOOKED", code, cup, start, "Prenotato per il " + WORDS.format(start) + place, before);
    }

    private static String refused(List<String> reasons) {
        return "Rifiutato: " + reasons.stream().distinct().collect(Collectors.joining(" · "));
    }

    private static String euro(JsonNode amount) {
        return amount.isNumber()
                ? ", ticket %s €"
                        .formatted(amount.decimalValue().toPlainString().replace('.', ','))
                : "";
    }

    /** The hub had this message already, from an earlier play. */
    private boolean before(JsonNode message) {
        return message.hasNonNull("receivedAt")
                && OffsetDateTime.parse(message.path("receivedAt").asText())
                        .toInstant()
                        .isBefore(begin);
    }

    // ---- the samples

    /** The answer that a sample needs is not there; its message is the number of that sample. */
    private static final class MissingAnswer extends RuntimeException {
        MissingAnswer(String number) {
            super(number, null, false, false);
        }
    }

    private byte[] filled(Step step) throws IOException {
        try (InputStream in = BookingPlayer.class.getResourceAsStream("/demo/prenotazioni/" + step.file())) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            boolean hl7 = step.method().equals("MLLP");
            String filled = fill(text, hl7);
            return (hl7 ? filled.replace("\r\n", "\n").replace('\n', '\r') : filled).getBytes(StandardCharsets.UTF_8);
        }
    }

    private String fill(String text, boolean digits) {
        String days = DAY.matcher(text).replaceAll(found -> {
            LocalDate day = today.plusDays(found.group(1) == null ? 0 : Integer.parseInt(found.group(1)));
            return digits ? DIGITS.format(day) : day.toString();
        });
        return EARLIER.matcher(days.replace("{cifre}", DIGITS.format(today))).replaceAll(this::answered);
    }

    private String answered(java.util.regex.MatchResult found) {
        Told told = answers.get(found.group(2));
        if (told == null || told.code() == null || told.start() == null) {
            throw new MissingAnswer(found.group(2));
        }
        int more = found.group(3) == null ? 0 : Integer.parseInt(found.group(3));
        return Matcher.quoteReplacement(
                switch (found.group(1)) {
                    case "codice" -> told.code();
                    case "inizio" -> told.start().toString();
                    default -> told.start().toLocalDate().plusDays(more).toString();
                });
    }

    private JsonNode read(String body) {
        try {
            return json.readTree(body);
        } catch (IOException e) {
            return json.createObjectNode();
        }
    }

    private static LocalDateTime local(String instant) {
        return OffsetDateTime.parse(instant).atZoneSameInstant(ROME).toLocalDateTime();
    }

    private static String line(String message, String segment) {
        return Arrays.stream(message.split("\r"))
                .filter(each -> each.startsWith(segment + "|"))
                .findFirst()
                .orElse("nessuna risposta");
    }

    /** By the place after splitting at the separator; empty when absent. */
    private static String field(String message, String segment, int number) {
        String[] fields = line(message, segment).split("\\|", -1);
        return number < fields.length ? fields[number] : "";
    }

    private static String component(String field, int index) {
        String[] parts = field.split("\\^", -1);
        return index < parts.length ? parts[index] : "";
    }
}
