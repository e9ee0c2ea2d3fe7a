package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.simulator.wire.Json;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The request bodies: known fields, value lists, mandatory fields, forms. */
final class Fields {
    private static final String DTO = "it.finanze.sanita.fse2.ms.gtw.dispatcher.dto.request.";
    private static final Set<String> STRUCTURES =
            Set.of("Ospedale", "Prevenzione", "Territorio", "SistemaTS", "Cittadino", "MdsPN_DGC");
    private static final Set<String> CLASSES = Set.of(
            "WOR", "REF", "LDO", "RIC", "SUM", "TAC", "PRS", "PRE", "ESE", "PDC", "VAC", "CER", "VRB", "CON", "CNT",
            "CRT", "LET", "PRO", "COL");
    private static final Set<String> ACTIVITIES =
            Set.of("PHR", "CON", "DIS", "ERP", "Sistema_TS", "INI", "PN_DGC", "OBS");
    private static final Set<String> REGIMES = Set.of("SSN", "INPATIENT", "NOSSN", "SSR", "DONOR", "AUTO");
    private static final Set<String> DEPARTMENTS = Stream.of(
                    ("001 002 003 004 005 006 007 008 009 010 011 012 013 014 015 018 019 020 021 024 025 026 027 028"
                                    + " 029 030 031 032 033 034 035 036 037 038 039 040 041 042 043 046 047 048 049"
                                    + " 050 051 052 054 055 056 057 058 060 061 062 064 065 066 067 068 069 070 071"
                                    + " 072 073 074 075 076 077 078 094 096 097 098 099 100 101 102 103 104 107 109"
                                    + " 121 122 126 129 130 131 199 999")
                            .split(" "))
            .map(code -> "AD_PSC" + code)
            .collect(Collectors.toUnmodifiableSet());
    private static final Set<String> ACCESS_RULES = Set.of(
            "P99",
            "P00",
            "P97",
            "P98",
            "LP199190-2",
            "LP267463-0",
            "pay",
            "PUBLICPOL",
            "90768-3",
            "LP418019-8",
            "LP417541-2",
            "96118-5",
            "94503-0");
    private static final Pattern VACCINE = Pattern.compile("J07.*|\\d{6,18}");
    private static final Set<String> DESCRIPTION_OIDS = Set.of(
            "2.16.840.1.113883.2.9.6.1.5",
            "2.16.840.1.113883.2.9.6.1.51",
            "2.16.840.1.113883.6.73",
            "2.16.840.1.113883.2.9.6.1.57.1",
            "2.16.840.1.113883.2.9.6.1.57.2",
            "2.16.840.1.113883.2.9.6.1.11",
            "2.16.840.1.113883.2.9.4.3.13");
    private static final Pattern DATE = Pattern.compile("\\d{14}");
    private static final Pattern REPOSITORY = Pattern.compile(
            "2\\.16\\.840\\.1\\.113883\\.2\\.9\\.2\\.0?(10|20|30|41|42|50|60|70|80|90|1[0-9]0|200)\\.4\\.5\\.[0-9.]+");

    /** Values that a field may have; an empty set stands for any text. */
    private static final Map<String, Set<String>> METADATA = new LinkedHashMap<>();

    private static final Map<String, Set<String>> PUBLICATION = new LinkedHashMap<>();
    private static final Map<String, Set<String>> VALIDATION = new LinkedHashMap<>();
    private static final Set<String> LISTS =
            Set.of("attiCliniciRegoleAccesso", "descriptions", "administrativeRequest");

    static {
        METADATA.put("tipologiaStruttura", STRUCTURES);
        METADATA.put("attiCliniciRegoleAccesso", Set.of());
        METADATA.put("tipoDocumentoLivAlto", CLASSES);
        METADATA.put("assettoOrganizzativo", DEPARTMENTS);
        METADATA.put("dataInizioPrestazione", Set.of());
        METADATA.put("dataFinePrestazione", Set.of());
        METADATA.put("conservazioneANorma", Set.of());
        METADATA.put("tipoAttivitaClinica", ACTIVITIES);
        METADATA.put("identificativoSottomissione", Set.of());
        METADATA.put("descriptions", Set.of());
        METADATA.put("administrativeRequest", REGIMES);
        METADATA.put("priorita", Set.of());
        PUBLICATION.putAll(METADATA);
        PUBLICATION.put("workflowInstanceId", Set.of());
        PUBLICATION.put("healthDataFormat", Set.of("CDA"));
        PUBLICATION.put("mode", Set.of("ATTACHMENT", "RESOURCE"));
        PUBLICATION.put("identificativoDoc", Set.of());
        PUBLICATION.put("identificativoRep", Set.of());
        VALIDATION.put("healthDataFormat", Set.of("CDA"));
        VALIDATION.put("mode", Set.of("ATTACHMENT", "RESOURCE"));
        VALIDATION.put("activity", Set.of("VALIDATION", "VERIFICA"));
    }

    private Fields() {}

    static JsonNode validation(byte[] body) {
        JsonNode json = converted(body, VALIDATION, "ValidationCDAReqDTO");
        if (!json.hasNonNull("activity")) {
            throw Refusal.mandatory("Il campo activity deve essere valorizzato.");
        }
        return json;
    }

    static JsonNode publication(byte[] body, boolean replaces) {
        JsonNode json = converted(body, PUBLICATION, "PublicationCreationReqDTO");
        // in a replacement the document's own id is looked at only as an id
        if (!replaces) {
            require(json, "identificativoDoc", "identificativo documento");
        }
        require(json, "tipologiaStruttura", "tipologia struttura");
        require(json, "identificativoRep", "identificativo rep");
        require(json, "tipoDocumentoLivAlto", "tipo documento liv alto");
        require(json, "assettoOrganizzativo", "assetto organizzativo");
        require(json, "tipoAttivitaClinica", "tipo attivita clinica");
        require(json, "identificativoSottomissione", "identificativo sottomissione");
        checkDate(json, "dataInizioPrestazione", "inizio", false);
        checkDate(json, "dataFinePrestazione", "fine", false);
        checkLists(json);
        if (!isDocumentId(json.path("identificativoDoc").asText())) {
            throw Refusal.documentId("L'identificativo documento non è valido", "/invalid-id");
        }
        return json;
    }

    /** The body of a metadata update; null says that it cannot be read at all. */
    static JsonNode metadata(byte[] body) {
        JsonNode json;
        try {
            json = Json.read(body);
        } catch (IOException e) {
            return null;
        }
        if (!json.isObject() || !valuesFit(json, METADATA)) {
            return null;
        }
        return json;
    }

    static void checkMetadata(JsonNode json) {
        require(json, "tipoDocumentoLivAlto", "tipo documento liv alto");
        checkDate(json, "dataInizioPrestazione", "inizio", true);
        checkDate(json, "dataFinePrestazione", "fine", true);
        checkLists(json);
    }

    static void checkRepository(JsonNode json) {
        if (!REPOSITORY.matcher(json.path("identificativoRep").asText()).matches()) {
            throw Refusal.mapping("Error: Invalid format for repositoryUniqueId");
        }
    }

    static boolean isDocumentId(String id) {
        String[] parts = id.split("\\^");
        return parts.length == 2 && !parts[0].isBlank() && !parts[1].isEmpty();
    }

    private static JsonNode converted(byte[] body, Map<String, Set<String>> fields, String dto) {
        Refusal broken = Refusal.mandatory("Errore durante la conversione da json a oggetto " + DTO + dto);
        if (body == null) {
            throw broken;
        }
        JsonNode json;
        try {
            json = Json.read(body);
        } catch (IOException e) {
            throw broken;
        }
        if (!json.isObject()) {
            throw broken;
        }
        Set<String> unknown = new TreeSet<>();
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!fields.containsKey(name)) {
                unknown.add(name);
            }
        }
        if (!unknown.isEmpty()) {
            throw Refusal.mandatory(
                    "Parametro non riconosciuto all'interno della request nella conversione di " + DTO + dto);
        }
        if (!valuesFit(json, fields)) {
            throw broken;
        }
        return json;
    }

    private static boolean valuesFit(JsonNode json, Map<String, Set<String>> fields) {
        for (Map.Entry<String, Set<String>> field : fields.entrySet()) {
            JsonNode value = json.get(field.getKey());
            if (value == null || value.isNull()) {
                continue;
            }
            if (LISTS.contains(field.getKey()) != value.isArray() || value.isObject()) {
                return false;
            }
            for (JsonNode one : value.isArray() ? value : List.of(value)) {
                if (one.isContainerNode()
                        || !field.getValue().isEmpty() && !field.getValue().contains(one.asText())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void require(JsonNode json, String field, String name) {
        if (json.path(field).asText("").isEmpty()) {
            throw Refusal.mandatory("Il campo " + name + " deve essere valorizzato.");
        }
    }

    private static void checkDate(JsonNode json, String field, String name, boolean inMetadata) {
        JsonNode value = json.get(field);
        if (value != null && !value.isNull() && !DATE.matcher(value.asText()).matches()) {
            String detail = "Il campo data " + name + " deve essere valorizzato correttamente";
            throw inMetadata ? Refusal.mandatory(detail) : Refusal.format(detail);
        }
    }

    private static void checkLists(JsonNode json) {
        for (JsonNode description : json.path("descriptions")) {
            String[] parts = description.asText().split("\\^", -1);
            if (parts.length != 3) {
                throw Refusal.mandatory("Valorizzare correttamente il campo descriptions rispettando la forma:"
                        + " [CODICE]^[Descrizione]^[OID]");
            }
            if (!DESCRIPTION_OIDS.contains(parts[2])) {
                throw Refusal.mandatory("Valorizzare correttamente il campo descriptions rispettando i valori di"
                        + " riferimento per gli OID");
            }
        }
        for (JsonNode rule : json.path("attiCliniciRegoleAccesso")) {
            if (!ACCESS_RULES.contains(rule.asText())
                    && !VACCINE.matcher(rule.asText()).matches()) {
                throw Refusal.mandatory("Il campo atti clinici " + rule.asText() + " non è consentito");
            }
        }
    }
}
