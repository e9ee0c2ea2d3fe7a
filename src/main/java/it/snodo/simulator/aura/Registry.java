package it.snodo.simulator.aura;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Journal;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Rows;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Persons and their exemptions: those the registry began with, and what it was told since, kept in the journal. */
final class Registry {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("dd/MM/uuuu").withResolverStyle(ResolverStyle.STRICT);

    /** What a person is when nobody says otherwise: an adult of Torino. */
    private static final Map<String, String> USUAL = Map.of(
            "active", "1",
            "address", "VIA ROMA",
            "number", "1",
            "cap", "10121",
            "comune", "001272",
            "comuneName", "TORINO",
            "aslResidence", "010301",
            "district", "301001",
            "districtName", "DISTRETTO NORD OVEST");

    /** A publication or an annulment as it was asked for. */
    record Statement(String caller, String fiscalCode, Exemption exemption) {}

    /** Why it was not done. */
    record Ko(String code, String words) {}

    private final Journal journal;
    private final Clock clock;
    private final List<String> facts;
    private final Map<String, Patient> patients = new LinkedHashMap<>();
    /** Exemptions by codice fiscale and key. */
    private final Map<String, Map<String, Exemption>> exemptions = new LinkedHashMap<>();

    private final List<ObjectNode> effects = new ArrayList<>();
    private int duplicates;
    private int lastId = 9_000_000;

    Registry(Journal journal, Clock clock) {
        this.journal = journal;
        this.clock = clock;
        List<Map<String, String>> rows = Rows.of("/simulator/aura/patients.csv");
        this.facts = List.copyOf(rows.get(0).keySet());
        rows.forEach(row -> patients.put(row.get("id"), new Patient(row)));
        for (Map<String, String> row : Rows.of("/simulator/aura/exemptions.csv")) {
            give(
                    row.get("fiscalCode"),
                    new Exemption(
                            row.get("code"),
                            row.get("title"),
                            row.get("diagnosis"),
                            row.get("diagnosisTitle"),
                            row.get("from"),
                            row.get("to"),
                            "",
                            row.get("source")));
        }
        journal.past().forEach(this::apply);
    }

    // --- reading

    synchronized List<Patient> find(String fiscalCode, String family, String given, String born) {
        if (fiscalCode.isEmpty() && family.isEmpty()) {
            return List.of();
        }
        return patients.values().stream()
                .filter(p -> fiscalCode.isEmpty() || p.fiscalCode().equals(fiscalCode))
                .filter(p -> family.isEmpty() || p.get("family").startsWith(family))
                .filter(p -> given.isEmpty() || p.get("given").startsWith(given))
                .filter(p -> born.isEmpty() || born.startsWith(p.get("born")))
                .toList();
    }

    /** Null when there is none of that id. */
    synchronized Patient byId(String id) {
        return patients.get(id);
    }

    /** Those in force, and those that have ended; not the annulled ones. */
    synchronized List<Exemption> exemptionsOf(String fiscalCode) {
        return exemptions.getOrDefault(fiscalCode, Map.of()).values().stream()
                .filter(e -> e.annulled().isEmpty())
                .toList();
    }

    // --- writing

    /** Publishes or annuls. @return why not; null when it was done */
    synchronized Ko tell(Statement statement) {
        Exemption told = statement.exemption();
        List<Patient> known = patients.values().stream()
                .filter(p -> p.fiscalCode().equals(statement.fiscalCode()))
                .toList();
        if (known.isEmpty()) {
            return new Ko("E0010", "Profilo non trovato");
        }
        LocalDate from = day(told.from());
        if (told.code().isEmpty() || from == null) {
            return new Ko("E0001", "Codice esenzione o data di inizio validità mancante o errata");
        }
        for (String text : List.of(told.to(), told.annulled())) {
            if (!text.isEmpty() && day(text) == null) {
                return new Ko("E0002", "Data non valida: " + text);
            }
        }
        if (!told.diagnosis().matches("(\\d{3}|[0-9V]\\d{2,4}|E\\d{3,4})?")) {
            return new Ko("E0003", "Diagnosi non valida: " + told.diagnosis());
        }
        Exemption before =
                exemptions.getOrDefault(statement.fiscalCode(), Map.of()).get(told.key());
        if (!told.annulled().isEmpty()) {
            if (before == null) {
                return new Ko("E0020", "Esenzione da annullare non presente");
            }
        } else {
            if (!told.to().isEmpty() && day(told.to()).isBefore(from)) {
                return new Ko("E0004", "Data di fine validità anteriore a quella di inizio");
            }
            if (known.stream().allMatch(Patient::died)) {
                return new Ko("E0021", "Assistito deceduto");
            }
            if (known.stream().noneMatch(Patient::active)) {
                return new Ko("E0022", "Profilo anagrafico non attivo");
            }
        }
        note(Json.object()
                .put("at", clock.instant().toString())
                .put("operation", told.annulled().isEmpty() ? "PUBBLICA" : "ANNULLA")
                .put("caller", statement.caller())
                .put("fiscalCode", statement.fiscalCode())
                .put("code", told.code())
                .put("diagnosis", told.diagnosis())
                .put("from", told.from())
                .put("to", told.to())
                .put("annulled", told.annulled())
                .put("again", same(before, told)));
        return null;
    }

    /** Whether it says nothing that was not so already. */
    private static boolean same(Exemption before, Exemption told) {
        return before != null
                && before.to().equals(told.to())
                && before.annulled().equals(told.annulled());
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text, DAY);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /**
     * Adds persons, or replaces those of the same id (of the same codice fiscale, where no id is given).
     *
     * @param given one object or an array of them; besides the columns of the file, {@code exemptions}
     * @return their ids
     * @throws IllegalArgumentException says what is wrong with it
     */
    synchronized List<String> add(JsonNode given) {
        List<ObjectNode> checked = new ArrayList<>();
        for (JsonNode one : given.isArray() ? given : List.of(given)) {
            checked.add(check(one));
        }
        List<String> ids = new ArrayList<>();
        for (ObjectNode person : checked) {
            if (person.path("id").asText("").isEmpty()) {
                String fiscalCode = person.get("fiscalCode").asText();
                person.put(
                        "id",
                        patients.values().stream()
                                .filter(p -> p.fiscalCode().equals(fiscalCode) && !p.merged())
                                .map(Patient::id)
                                .findFirst()
                                .orElseGet(() -> String.valueOf(lastId + 1)));
            }
            ids.add(person.get("id").asText());
            ObjectNode effect =
                    Json.object().put("at", clock.instant().toString()).put("operation", "PERSONA");
            note((ObjectNode) effect.set("person", person));
        }
        return ids;
    }

    private ObjectNode check(JsonNode one) {
        if (!(one instanceof ObjectNode given)) {
            throw new IllegalArgumentException("una persona è un oggetto JSON");
        }
        ObjectNode person = given.deepCopy();
        person.fieldNames().forEachRemaining(name -> {
            if (!facts.contains(name) && !name.equals("exemptions")) {
                throw new IllegalArgumentException(name + " non è tra " + facts + ", exemptions");
            }
        });
        for (String name : List.of("fiscalCode", "family", "given", "sex", "born")) {
            if (person.path(name).asText("").isBlank()) {
                throw new IllegalArgumentException("manca " + name);
            }
        }
        for (String name : List.of("fiscalCode", "family", "given", "sex")) {
            person.put(name, person.get(name).asText().toUpperCase(Locale.ROOT));
        }
        USUAL.forEach((name, value) -> {
            if (!person.has(name)) {
                person.put(name, value);
            }
        });
        if (!person.has("aslCare")) {
            person.put("aslCare", person.get("aslResidence").asText());
        }
        for (JsonNode exemption : person.path("exemptions")) {
            if (exemption.path("code").asText().isEmpty()
                    || day(exemption.path("from").asText()) == null) {
                throw new IllegalArgumentException("un'esenzione ha almeno code e from (gg/mm/aaaa)");
            }
        }
        return person;
    }

    private void note(ObjectNode effect) {
        journal.append(effect);
        apply(effect);
    }

    private void apply(ObjectNode effect) {
        if (effect.path("operation").asText().equals("PERSONA")) {
            person(effect.path("person"));
            return;
        }
        effects.add(effect);
        if (effect.path("again").asBoolean()) {
            duplicates++;
        }
        String fiscalCode = effect.path("fiscalCode").asText();
        Exemption told = new Exemption(
                effect.path("code").asText(),
                "",
                effect.path("diagnosis").asText(),
                "",
                effect.path("from").asText(),
                effect.path("to").asText(),
                effect.path("annulled").asText(),
                "SNODO");
        Exemption before = exemptions.getOrDefault(fiscalCode, Map.of()).get(told.key());
        give(
                fiscalCode,
                before == null
                        ? told
                        : new Exemption(
                                told.code(),
                                before.title(),
                                told.diagnosis(),
                                before.diagnosisTitle(),
                                told.from(),
                                told.to(),
                                told.annulled(),
                                before.source()));
    }

    private void person(JsonNode person) {
        Map<String, String> row = new LinkedHashMap<>();
        facts.forEach(name -> row.put(name, person.path(name).asText("")));
        Patient patient = new Patient(row);
        patients.put(patient.id(), patient);
        if (patient.id().matches("9\\d{6}")) {
            lastId = Math.max(lastId, Integer.parseInt(patient.id()));
        }
        for (JsonNode one : person.path("exemptions")) {
            give(
                    patient.fiscalCode(),
                    new Exemption(
                            one.path("code").asText(),
                            one.path("title").asText(""),
                            one.path("diagnosis").asText(""),
                            one.path("diagnosisTitle").asText(""),
                            one.path("from").asText(),
                            one.path("to").asText(""),
                            "",
                            one.path("source").asText("AURA")));
        }
    }

    private void give(String fiscalCode, Exemption exemption) {
        exemptions.computeIfAbsent(fiscalCode, k -> new LinkedHashMap<>()).put(exemption.key(), exemption);
    }

    // --- looking in

    /** All persons, with their exemptions. */
    synchronized ArrayNode persons() {
        ArrayNode all = Json.array();
        for (Patient patient : patients.values()) {
            ObjectNode one = all.addObject();
            patient.facts().forEach((name, value) -> {
                if (!value.isEmpty()) {
                    one.put(name, value);
                }
            });
            describe(one.putArray("exemptions"), patient.fiscalCode());
        }
        return all;
    }

    /** What was written: every effect in order, the exemptions as they stand, and how many effects said nothing new. */
    synchronized void state(ObjectNode into) {
        ArrayNode log = into.putArray("effects");
        effects.forEach(e -> log.add(e.deepCopy()));
        into.put("duplicates", duplicates);
        ArrayNode all = into.putArray("exemptions");
        exemptions.keySet().forEach(fiscalCode -> describe(all, fiscalCode));
        into.put("patients", patients.size());
    }

    private void describe(ArrayNode into, String fiscalCode) {
        exemptions.getOrDefault(fiscalCode, Map.of()).values().forEach(e -> into.addObject()
                .put("fiscalCode", fiscalCode)
                .put("code", e.code())
                .put("diagnosis", e.diagnosis())
                .put("from", e.from())
                .put("to", e.to())
                .put("annulled", e.annulled())
                .put("source", e.source()));
    }
}
