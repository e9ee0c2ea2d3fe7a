package it.snodo.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.booking.BookingFact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A booking request as a desk would send it, in the three forms: every instance is about another (invented) person, so that
 * no booking meets another.
 */
final class BookingSample {

    static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger PERSONS = new AtomicInteger((int) (System.currentTimeMillis() / 50 % 8_000_000));
    private static final Pattern DAY = Pattern.compile("\\{(today|form)((?:[+-][0-9]+[dmy])*)}");
    /** A place: agenda, day, and the how-manieth of the three that a sample has there for itself. */
    private static final Pattern PLACE = Pattern.compile("(AG-([0-9]{3})-\\S+) \\+([0-9]+)d(?:/([012]))?");
    /** Places of ten minutes between 8 and 20 of an agenda that is open every day, three for each sample. */
    private static final Map<String, Integer> USED = new ConcurrentHashMap<>();

    private static final String CONSONANTS = "BCDFGHJKLMNPQRSTVWXYZ";
    private static final Pattern SHIFT = Pattern.compile("([+-])([0-9]+)([dmy])");

    final ObjectNode tree;
    private final int person;

    /** A valid first cardiological visit at ASL Città di Torino, priority P, without a slot. */
    BookingSample() {
        this(PERSONS.incrementAndGet());
    }

    private BookingSample(int person) {
        this.person = person;
        LocalDate today = LocalDate.now(ROME);
        tree = JSON.createObjectNode();
        tree.putObject("requester").put("application", "CUPWEB").put("operator", "OP017");
        ObjectNode patient = tree.putObject("patient");
        patient.put("family", "ROSSI").put("given", given()).put("birthDate", "1980-01-01");
        patient.put("sex", "F").put("asl", "010301");
        patient.put("fiscalCode", "");
        patient.putArray("phones").add("0115661566");
        ObjectNode prescription = tree.putObject("prescription");
        prescription.putArray("numbers").add("0100A4%09d".formatted(person));
        prescription.put("form", "M01").put("compiled", today.minusDays(5).toString());
        prescription.put("priority", "P").put("tariff", "TICKET");
        ObjectNode line = tree.putArray("lines").addObject();
        line.put("service", "89.7A.3").put("azienda", "010301");
    }

    /** The same person with the same prescription, once more. */
    BookingSample again() {
        return new BookingSample(person);
    }

    /** A name made of letters only, another one for each person; those of the codice fiscale are the first of the second name. */
    private String given() {
        StringBuilder name = new StringBuilder("MARIA ");
        for (int n = person, i = 0; n > 0 || i < 3; i++, n /= CONSONANTS.length()) {
            name.append(CONSONANTS.charAt(n % CONSONANTS.length())).append('A');
        }
        return name.toString();
    }

    /**
     * Applies changes such as {@code prescription.compiled={today-61d};lines[0].service=89.52}; {@code null} removes, what
     * begins with a bracket is JSON. A slot is written as {@code AG-301-FES-1 +30d}, or with {@code /1} for the place behind
     * that one.
     */
    BookingSample with(String changes) {
        if (changes != null && !changes.isBlank()) {
            for (String change : changes.split(";(?=[a-z])")) {
                int at = change.indexOf('=');
                set(
                        change.substring(0, at).strip(),
                        days(change.substring(at + 1).strip()));
            }
        }
        places();
        JsonNode patient = tree.path("patient");
        if (patient.has("fiscalCode") && patient.path("fiscalCode").asText().isEmpty()) {
            ((ObjectNode) patient).put("fiscalCode", fiscalCode());
        }
        return this;
    }

    private void places() {
        Map<String, Integer> own = new HashMap<>();
        for (JsonNode line : tree.path("lines")) {
            Matcher place = PLACE.matcher(line.path("slot").asText(""));
            if (place.matches()) {
                int first = 3
                        * own.computeIfAbsent(
                                place.group(1) + place.group(3), key -> USED.merge(key, 1, Integer::sum) - 1);
                LocalDateTime start = LocalDate.now(ROME)
                        .plusDays(Integer.parseInt(place.group(3)))
                        .atTime(8, 0)
                        .plusMinutes(10L * (first + (place.group(4) == null ? 0 : Integer.parseInt(place.group(4)))));
                ((ObjectNode) line)
                        .putObject("slot")
                        .put("azienda", "010" + place.group(2))
                        .put("agenda", place.group(1))
                        .put(
                                "start",
                                start.atZone(ROME).toOffsetDateTime().format(DateTimeFormatter.ISO_OFFSET_DATE_TIME))
                        .put("minutes", 10)
                        .put("structure", "010003");
            }
        }
    }

    private static String days(String value) {
        Matcher match = DAY.matcher(value);
        if (!match.matches()) {
            return value;
        }
        LocalDate day = LocalDate.now(ROME);
        Matcher shift = SHIFT.matcher(match.group(2));
        while (shift.find()) {
            int amount = Integer.parseInt(shift.group(1) + shift.group(2));
            day = switch (shift.group(3)) {
                case "d" -> day.plusDays(amount);
                case "m" -> months(day, amount);
                default -> day.plusYears(amount);
            };
        }
        return match.group(1).equals("form") ? day.format(DateTimeFormatter.ofPattern("dd/MM/uuuu")) : day.toString();
    }

    /** So many months before, the first day from which on they have not passed yet: 31 August has no six months before it. */
    private static LocalDate months(LocalDate day, int amount) {
        LocalDate then = day.plusMonths(amount);
        return then.minusMonths(amount).isBefore(day) ? then.plusDays(1) : then;
    }

    private void set(String path, String value) {
        String[] steps = path.split("\\.(?![0-9])");
        JsonNode at = tree;
        for (int i = 0; i < steps.length - 1; i++) {
            Matcher indexed = Pattern.compile("(\\w+)\\[(\\d+)]").matcher(steps[i]);
            at = indexed.matches()
                    ? at.path(indexed.group(1)).path(Integer.parseInt(indexed.group(2)))
                    : ((ObjectNode) at).withObject("/" + steps[i]);
        }
        ObjectNode holder = (ObjectNode) at;
        String name = steps[steps.length - 1];
        if (value.equals("null")) {
            holder.remove(name);
        } else if (value.startsWith("[")) {
            holder.set(name, read(named(value)));
        } else if (value.equals("true") || value.equals("false")) {
            holder.put(name, Boolean.parseBoolean(value));
        } else if (name.equals("quantity")) {
            holder.put(name, Integer.parseInt(value));
        } else {
            holder.put(name, named(value));
        }
    }

    /** {@code {cf}} is the person's codice fiscale, {@code {cfx}} has a wrong check letter, {@code {cf15}} has none. */
    private String named(String value) {
        String code = fiscalCode();
        String fifteen = code.substring(0, 15);
        return value.replace("{person}", "%09d".formatted(person))
                .replace("{given}", given())
                .replace("{cf}", code)
                .replace("{cf15}", fifteen)
                .replace("{cfx}", fifteen + (char) ('A' + (code.charAt(15) - 'A' + 1) % 26));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A codice fiscale that fits birth date and sex; the letters of the name are a number in disguise. */
    private String fiscalCode() {
        JsonNode patient = tree.path("patient");
        LocalDate birth;
        try {
            birth = LocalDate.parse(patient.path("birthDate").asText("1980-01-01"));
        } catch (java.time.DateTimeException e) {
            birth = LocalDate.of(1980, 1, 1);
        }
        StringBuilder code = new StringBuilder("RSS");
        for (int n = person, i = 0; i < 3; i++, n /= CONSONANTS.length()) {
            code.append(CONSONANTS.charAt(n % CONSONANTS.length()));
        }
        code.append("%02d".formatted(birth.getYear() % 100)).append("ABCDEHLMPRST".charAt(birth.getMonthValue() - 1));
        code.append("%02d"
                .formatted(birth.getDayOfMonth() + (patient.path("sex").asText().equals("F") ? 40 : 0)));
        code.append('L').append("%03d".formatted(person / 9261 % 1000));
        int[] odd = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            char c = code.charAt(i);
            int value = Character.isDigit(c) ? c - '0' : c - 'A';
            sum += i % 2 == 0 ? odd[value] : value;
        }
        return code.append((char) ('A' + sum % 26)).toString();
    }

    // --- the forms -------------------------------------------------------------------------------------------

    byte[] json() {
        try {
            return JSON.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String pointer) {
        JsonNode value = tree.at(pointer);
        return value.isMissingNode() || value.isNull() ? "" : value.asText();
    }

    String operation() {
        return tree.path("operation").asText("BOOK");
    }

    private String event() {
        return switch (operation()) {
            case "MOVE" -> "S02";
            case "CHANGE" -> "S03";
            case "REVOKE" -> "S04";
            case "DELETE" -> "S06";
            default -> "S01";
        };
    }

    /** SRM of version 2.5. */
    String srm(String controlId) {
        List<String> segments = new ArrayList<>();
        segments.add("MSH|^~\\&|" + text("/requester/application") + "|SP-101^010301^ISO|SOVRACUP|" + azienda() + "|"
                + time(LocalDateTime.now(ROME)) + "||SRM^" + event() + "^SRM_S01|" + controlId
                + "|P|2.5|||NE|AL|ITA|UNICODE UTF-8");
        List<String> numbers = new ArrayList<>();
        tree.at("/prescription/numbers").forEach(number -> numbers.add(number.asText() + "^NRE"));
        segments.add(fields(
                "ARQ",
                25,
                1,
                text("/bookingCode").isEmpty() ? controlId + "^CUPWEB" : text("/bookingCode") + "^SOVRACUP",
                4,
                numbers.isEmpty() ? "" : numbers.get(0),
                6,
                "NEW",
                7,
                "ROUTINE^^HL70276",
                8,
                "Normal^^HL70277",
                11,
                text("/wish/from").isEmpty() && text("/wish/to").isEmpty()
                        ? ""
                        : text("/wish/from").replace("-", "") + "^"
                                + text("/wish/to").replace("-", ""),
                12,
                text("/prescription/priority"),
                15,
                text("/prescription/prescriber").isEmpty()
                        ? "ND^ND"
                        : text("/prescription/prescriber") + "^VERDI^LUIGI^^^^^^MEF",
                19,
                text("/requester/operator") + "^ROSSO^ANNA",
                24,
                String.join("~", numbers)));
        segments.add(pid());
        segments.add("PV1|1|O");
        for (BookingFact fact : BookingFact.values()) {
            JsonNode value = tree.at("/" + fact.path().replace('.', '/'));
            if (value.isArray()) {
                value.forEach(each -> segments.add(obx(segments, fact, each)));
            } else if (!value.isMissingNode() && !value.isNull()) {
                segments.add(obx(segments, fact, value));
            }
        }
        int n = 0;
        for (JsonNode line : tree.path("lines")) {
            n++;
            segments.add("RGS|" + n);
            List<String> more = new ArrayList<>();
            if (line.has("quantity")) {
                more.add("quantity^" + line.path("quantity").asText() + "^99QTY");
            }
            if (line.has("side")) {
                more.add(line.path("side").asText() + "^^99LATO");
            }
            if (line.has("question")) {
                more.add(line.path("question").asText() + "^^99QUES");
            }
            if (line.has("exempt")) {
                more.add((line.path("exempt").asBoolean() ? "Y" : "N") + "^^99ESE");
            }
            String service = line.path("service").asText() + "^^99NTR"
                    + (line.has("item") ? "^" + line.path("item").asText() + "^^99CRP" : "");
            JsonNode slot = line.path("slot");
            segments.add(fields(
                    "AIS",
                    11,
                    1,
                    "1",
                    3,
                    service,
                    4,
                    slot.has("start")
                            ? time(OffsetDateTime.parse(slot.path("start").asText()))
                            : "",
                    7,
                    slot.path("minutes").asText(""),
                    8,
                    slot.has("minutes") ? "min" : "",
                    11,
                    String.join("~", more)));
            if (slot.has("agenda")) {
                segments.add("AIG|1||" + slot.path("agenda").asText() + "|AGENDA");
            }
            String structure = slot.path("structure").asText("");
            segments.add("AIL|1||" + slot.path("unit").asText("") + "^^^"
                    + (azienda().isEmpty() || structure.isEmpty()
                            ? azienda().isEmpty() ? line.path("azienda").asText("") : ""
                            : structure + "&2.16.840.1.113883.2.9.4.1.3&ISO")
                    + "^^^^^"
                    + slot.path("place").asText(""));
        }
        return String.join("\r", segments) + "\r";
    }

    /** What the CUP of Città di Torino tells of an appointment that was made at a desk of its own, three weeks ahead. */
    String siu(String controlId) {
        String start =
                time(LocalDate.now(ROME).plusWeeks(3).atTime(9, 0).atZone(ROME).toOffsetDateTime());
        return String.join(
                        "\r",
                        "MSH|^~\\&|CUP|010301|SOVRACUP|010|" + time(LocalDateTime.now(ROME)) + "||SIU^S12^SIU_S12|"
                                + controlId + "|P|2.5|||||ITA|UNICODE UTF-8",
                        "SCH|P-" + controlId + "^CUP|" + controlId
                                + "^CUP|||||||20|min||||||C1^SPORTELLO||||OP9|||||Booked^^HL70278",
                        "TQ1|1||||||" + start,
                        pid(),
                        "RGS|1",
                        "AIS|1||" + text("/lines/0/service") + "^VISITA^99NTR|" + start + "|||20|min|No|Booked",
                        "AIL|1||AMB12^^^010123&2.16.840.1.113883.2.9.4.1.3&ISO^^C")
                + "\r";
    }

    /** The azienda that all lines name; empty when they name several. */
    private String azienda() {
        List<String> named = new ArrayList<>();
        tree.path("lines").forEach(line -> named.add(line.path("azienda").asText("")));
        return named.stream().distinct().count() == 1 ? named.get(0) : "";
    }

    private String pid() {
        List<String> ids = new ArrayList<>();
        String[][] kinds = {
            {"/patient/fiscalCode", "^^^MEF&2.16.840.1.113883.2.9.4.3.2&ISO^NNITA"},
            {"/patient/stp", "^^^STP&2.16.840.1.113883.2.9.4.3.17&ISO^STP"},
            {"/patient/eni", "^^^ENI&2.16.840.1.113883.2.9.4.3.18&ISO^ENI"}
        };
        for (String[] kind : kinds) {
            if (!text(kind[0]).isEmpty()) {
                ids.add(text(kind[0]) + kind[1]);
            }
        }
        String name = text("/patient/family") + "^" + text("/patient/given");
        String phone = tree.at("/patient/phones").path(0).asText("");
        return fields(
                "PID",
                13,
                11,
                text("/patient/comune").isEmpty() ? "" : "^^" + text("/patient/comune"),
                1,
                "1",
                3,
                String.join("~", ids),
                5,
                name.equals("^") ? "" : name,
                7,
                text("/patient/birthDate").replace("-", ""),
                8,
                text("/patient/sex"),
                13,
                phone);
    }

    private static String obx(List<String> segments, BookingFact fact, JsonNode value) {
        long number = segments.stream().filter(each -> each.startsWith("OBX")).count() + 1;
        String text =
                switch (fact.kind()) {
                    case FLAG -> value.asBoolean() ? "Y" : "N";
                    case DATE -> value.asText().replace("-", "");
                    case TIME -> value.asText().replaceAll("[-:T]", "");
                    default -> value.asText();
                };
        return "OBX|" + number + "|ST|" + fact.name() + "^" + fact.name().toLowerCase(Locale.ROOT) + "^99SC||" + text
                + "||||||F";
    }

    /** A segment of so many fields, with pairs of number and value; trailing empty ones are left out. */
    private static String fields(String id, int count, Object... pairs) {
        String[] all = new String[count + 1];
        java.util.Arrays.fill(all, "");
        all[0] = id;
        for (int i = 0; i < pairs.length; i += 2) {
            all[(Integer) pairs[i]] = (String) pairs[i + 1];
        }
        return String.join("|", all).replaceAll("\\|+$", "");
    }

    private static String time(LocalDateTime moment) {
        return moment.format(DateTimeFormatter.ofPattern("yyyyMMddHHmmss"));
    }

    private static String time(OffsetDateTime moment) {
        return moment.format(DateTimeFormatter.ofPattern("yyyyMMddHHmmssZ"));
    }

    ArrayNode lines() {
        return (ArrayNode) tree.path("lines");
    }

    private String status() {
        return switch (operation()) {
            case "REVOKE" -> "cancelled";
            case "DELETE" -> "entered-in-error";
            case "BOOK" -> "proposed";
            default -> "booked";
        };
    }

    /** An Appointment with its person and its prescription inside it. */
    byte[] fhirAppointment() {
        ObjectNode appointment =
                JSON.createObjectNode().put("resourceType", "Appointment").put("status", status());
        if (!text("/bookingCode").isEmpty()) {
            appointment.put("id", text("/bookingCode"));
        }
        ArrayNode contained = appointment.putArray("contained");
        contained.add(fhirPatient());
        int n = 0;
        for (JsonNode line : tree.path("lines")) {
            contained.add(fhirRequest(line, ++n));
            appointment.withArray("basedOn").addObject().put("reference", "#request" + n);
            if (line.path("slot").isObject()) {
                fhirSlot(line.path("slot"), n, contained);
                appointment.withArray("slot").addObject().put("reference", "#slot" + n);
            }
        }
        for (BookingFact fact : BookingFact.values()) {
            JsonNode value = tree.at("/" + fact.path().replace('.', '/'));
            if (value.isArray()) {
                value.forEach(each -> fact(appointment, fact, each));
            } else if (!value.isMissingNode() && !value.isNull()) {
                fact(appointment, fact, value);
            }
        }
        if (tree.path("wish").has("from") || tree.path("wish").has("to")) {
            ObjectNode period = appointment.putArray("requestedPeriod").addObject();
            if (!text("/wish/from").isEmpty()) {
                period.put("start", text("/wish/from"));
            }
            if (!text("/wish/to").isEmpty()) {
                period.put("end", text("/wish/to"));
            }
        }
        appointment
                .putArray("participant")
                .addObject()
                .put("status", "accepted")
                .putObject("actor")
                .put("reference", "#patient");
        try {
            return JSON.writeValueAsBytes(appointment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fhirSlot(JsonNode place, int n, ArrayNode contained) {
        OffsetDateTime start = OffsetDateTime.parse(place.path("start").asText());
        contained
                .addObject()
                .put("resourceType", "Slot")
                .put("id", "slot" + n)
                .put("status", "free")
                .put("start", start.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME))
                .put(
                        "end",
                        start.plusMinutes(place.path("minutes").asInt()).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME))
                .putObject("schedule")
                .put("reference", "#schedule" + n);
        ObjectNode schedule =
                contained.addObject().put("resourceType", "Schedule").put("id", "schedule" + n);
        schedule.putArray("identifier")
                .addObject()
                .put("system", "https://snodo.dev/fhir/sid/agenda")
                .put("value", place.path("agenda").asText());
        schedule.putArray("actor").addObject().put("reference", "#place" + n);
        ObjectNode location =
                contained.addObject().put("resourceType", "Location").put("id", "place" + n);
        location.putArray("identifier")
                .addObject()
                .put("system", "http://hl7.it/sid/fls")
                .put("value", place.path("azienda").asText());
        location.withArray("identifier")
                .addObject()
                .put("system", "http://hl7.it/sid/sts")
                .put("value", place.path("structure").asText());
    }

    private ObjectNode fhirPatient() {
        ObjectNode patient =
                JSON.createObjectNode().put("resourceType", "Patient").put("id", "patient");
        String[][] kinds = {
            {"/patient/fiscalCode", "http://hl7.it/sid/codiceFiscale"},
            {"/patient/stp", "http://hl7.it/sid/stp"},
            {"/patient/eni", "http://hl7.it/sid/eni"}
        };
        for (String[] kind : kinds) {
            if (!text(kind[0]).isEmpty()) {
                patient.withArray("identifier")
                        .addObject()
                        .put("system", kind[1])
                        .put("value", text(kind[0]));
            }
        }
        if (!text("/patient/family").isEmpty() || !text("/patient/given").isEmpty()) {
            ObjectNode name = patient.putArray("name").addObject();
            if (!text("/patient/family").isEmpty()) {
                name.put("family", text("/patient/family"));
            }
            if (!text("/patient/given").isEmpty()) {
                name.putArray("given").add(text("/patient/given"));
            }
        }
        if (!text("/patient/birthDate").isEmpty()) {
            patient.put("birthDate", text("/patient/birthDate"));
        }
        if (!text("/patient/sex").isEmpty()) {
            patient.put("gender", text("/patient/sex").equals("F") ? "female" : "male");
        }
        if (!text("/patient/comune").isEmpty()) {
            patient.putArray("address").addObject().put("city", text("/patient/comune"));
        }
        tree.at("/patient/phones").forEach(phone -> patient.withArray("telecom")
                .addObject()
                .put("system", "phone")
                .put("value", phone.asText()));
        return patient;
    }

    private ObjectNode fhirRequest(JsonNode line, int n) {
        ObjectNode request = JSON.createObjectNode()
                .put("resourceType", "ServiceRequest")
                .put("id", "request" + n)
                .put("status", "active")
                .put("intent", "order");
        request.putObject("subject").put("reference", "#patient");
        tree.at("/prescription/numbers").forEach(number -> request.withArray("identifier")
                .addObject()
                .put("system", "urn:oid:2.16.840.1.113883.2.9.4.3.9")
                .put("value", number.asText()));
        ArrayNode codings = line.has("service") ? request.putObject("code").putArray("coding") : JSON.createArrayNode();
        codings.addObject()
                .put("system", "urn:oid:2.16.840.1.113883.2.9.2.10.6.11")
                .put("code", line.path("service").asText());
        if (line.has("item")) {
            codings.addObject()
                    .put("system", "https://snodo.dev/fhir/sid/booking-item")
                    .put("code", line.path("item").asText());
        }
        if (!text("/prescription/priority").isEmpty()) {
            request.putArray("category")
                    .addObject()
                    .putArray("coding")
                    .addObject()
                    .put("system", "urn:oid:2.16.840.1.113883.2.9.5.2.3")
                    .put("code", text("/prescription/priority"));
        }
        if (line.has("quantity")) {
            request.putObject("quantityQuantity")
                    .put("value", line.path("quantity").asInt());
        }
        if (line.has("side")) {
            request.putArray("bodySite")
                    .addObject()
                    .putArray("coding")
                    .addObject()
                    .put("system", "https://snodo.dev/fhir/sid/side")
                    .put("code", line.path("side").asText());
        }
        if (line.has("question")) {
            request.putArray("reasonCode")
                    .addObject()
                    .put("text", line.path("question").asText());
        }
        if (line.has("azienda")) {
            request.putArray("performer")
                    .addObject()
                    .putObject("identifier")
                    .put("system", "http://hl7.it/sid/fls")
                    .put("value", line.path("azienda").asText());
        }
        if (line.has("exempt")) {
            request.withArray("extension")
                    .addObject()
                    .put("url", BookingFact.EXTENSION + "exempt")
                    .put("valueBoolean", line.path("exempt").asBoolean());
        }
        if (!text("/prescription/prescriber").isEmpty()) {
            request.putObject("requester").putObject("identifier").put("value", text("/prescription/prescriber"));
        }
        return request;
    }

    private static void fact(ObjectNode holder, BookingFact fact, JsonNode value) {
        ObjectNode extension =
                holder.withArray("extension").addObject().put("url", BookingFact.EXTENSION + fact.name());
        switch (fact.kind()) {
            case FLAG -> extension.put("valueBoolean", value.asBoolean());
            case DATE -> extension.put("valueDate", value.asText());
            case TIME -> extension.put("valueDateTime", value.asText());
            default -> extension.put("valueString", value.asText());
        }
    }
}
