package it.snodo.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A certificate request as its sender holds it, and the three forms it may be sent in. Written from what
 * {@code interfaces.md} and {@code src/docs/fhir.md} tell other systems, with no class of the hub.
 */
final class Certificate {

    static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter HL7_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx");
    private static final String SNODO = "https://snodo.it/fhir/StructureDefinition/";

    /** The canonical request. */
    final ObjectNode json;

    private Certificate(ObjectNode json) {
        this.json = json;
    }

    /** A plain one, good in all its parts, under a document number of its own. */
    static Certificate plain(String number) {
        ObjectNode json = JSON.createObjectNode();
        json.put("action", "NEW");
        json.putObject("sender")
                .put("application", "PROVE")
                .put("facility", "ASL CITTÀ DI TORINO")
                .put("facilityCode", "010301");
        json.put("documentNumber", number);
        ObjectNode patient = json.putObject("patient");
        patient.put("fiscalCode", fiscalCode("ROSSI", "MARIO", LocalDate.of(1970, 3, 4), false, "L219"))
                .put("family", "ROSSI")
                .put("given", "MARIO")
                .put("birthDate", "1970-03-04")
                .put("gender", "M")
                .put("phone", "0115550199");
        patient.putObject("address")
                .put("use", "L")
                .put("street", "Via Po 1")
                .put("city", "TORINO")
                .put("postalCode", "10123")
                .put("province", "TO")
                .put("country", "100")
                .put("istatCode", "001272");
        patient.putObject("birthplace").put("name", "TORINO").put("istatCode", "001272");
        json.putObject("author")
                .put("fiscalCode", "GRBPLA72C54L219X")
                .put("family", "GRIBAUDO")
                .put("given", "PAOLA")
                .put("telecom", "+390115550100");
        json.putObject("encounter")
                .put("kind", "O")
                .put("id", "AMB-" + number)
                .put("start", "2026-11-12T10:30:00+01:00")
                .put("end", "2026-11-12T11:00:00+01:00")
                .put("azienda", "010301")
                .put("structureCode", "010003")
                .put("unitCode", "44801")
                .put("unitName", "Cardiologia ambulatoriale");
        json.put("visitTime", "2026-11-12T10:30:00+01:00");
        json.put("question", "Visita di controllo.");
        json.putObject("exemption").put("code", "0A02").put("description", "MALATTIE CARDIACHE");
        json.putObject("diagnosis").put("code", "395").put("description", "MALATTIE DELLA VALVOLA AORTICA");
        json.putArray("pathology").add("Valvulopatia aortica con stenosi di grado moderato.");
        json.putObject("service").put("code", "89.01.3").put("description", "VISITA CARDIOLOGICA DI CONTROLLO");
        json.putArray("conclusions").add("Si conferma la malattia cronica.");
        json.put("regime", "SSN");
        return new Certificate(json);
    }

    Certificate copy() {
        return new Certificate(json.deepCopy());
    }

    String number() {
        return text("documentNumber");
    }

    String text(String path) {
        JsonNode node = at(path);
        return node.isMissingNode() || node.isNull() ? null : node.asText();
    }

    JsonNode at(String path) {
        return json.at("/" + path.replace('.', '/'));
    }

    boolean has(String path) {
        return !at(path).isMissingNode();
    }

    Certificate with(String path, String value) {
        ObjectNode parent = parent(path);
        String name = path.substring(path.lastIndexOf('.') + 1);
        if (value == null) {
            parent.remove(name);
        } else if (value.equals("true") || value.equals("false")) {
            parent.put(name, Boolean.parseBoolean(value));
        } else {
            parent.put(name, value);
        }
        return this;
    }

    Certificate without(String... paths) {
        for (String path : paths) {
            with(path, null);
        }
        return this;
    }

    Certificate paragraphs(String name, List<String> texts) {
        ArrayNode array = json.putArray(name);
        texts.forEach(array::add);
        return this;
    }

    /** A replacement of this by another of the same content but for its number. */
    Certificate replacement(String number) {
        return copy().with("action", "REPLACEMENT")
                .with("documentNumber", number)
                .with("replacedDocumentNumber", number());
    }

    Certificate annulment(String number) {
        return copy().with("action", "ANNULMENT")
                .with("documentNumber", number)
                .with("replacedDocumentNumber", number());
    }

    private ObjectNode parent(String path) {
        ObjectNode node = json;
        String[] names = path.split("\\.");
        for (int i = 0; i < names.length - 1; i++) {
            node = node.has(names[i]) ? (ObjectNode) node.get(names[i]) : node.putObject(names[i]);
        }
        return node;
    }

    /** With what a doctor has to say himself and other systems may leave out, unless it is said already. */
    byte[] rest() {
        ObjectNode filled = json.deepCopy();
        if (!"ANNULMENT".equals(text("action"))) {
            ObjectNode encounter = filled.withObject("/encounter");
            if (!encounter.has("unitCode")) {
                encounter.put("unitCode", "44801");
            }
            for (String mark : isMinor() ? List.of("specialLaws", "obscuredToParent") : List.of("specialLaws")) {
                if (!filled.has(mark)) {
                    filled.put(mark, false);
                }
            }
        }
        return filled.toString().getBytes(StandardCharsets.UTF_8);
    }

    private boolean isMinor() {
        return has("patient.birthDate") && text("patient.birthDate").compareTo("2008-11-01") > 0;
    }

    // --- HL7 v2 ------------------------------------------------------------------------------------------------

    String hl7(String controlId) {
        return hl7(controlId, "2.5", "UNICODE UTF-8");
    }

    String hl7(String controlId, String version, String charset) {
        String event =
                Map.of("NEW", "T02", "REPLACEMENT", "T10", "ANNULMENT", "T11").getOrDefault(text("action"), "T02");
        String structure = event.equals("T11") ? "MDM_T01" : "MDM_" + event;
        String type = version.startsWith("2.3") ? "MDM^" + event : "MDM^" + event + "^" + structure;
        List<String> lines = new ArrayList<>();
        lines.add(segment(
                "MSH|^~\\&",
                17,
                2,
                e("sender.application"),
                3,
                e("sender.facility") + (has("sender.facilityCode") ? "^" + e("sender.facilityCode") + "^ISO" : ""),
                4,
                "SNODO",
                5,
                "REGIONE PIEMONTE",
                6,
                "20261118100000+0100",
                8,
                type,
                9,
                escaped(controlId),
                10,
                "P",
                11,
                version,
                17,
                charset));
        lines.add("EVN|" + event + "|20261118100000+0100");
        lines.add(pid());
        lines.add(pv1());
        lines.add(segment(
                "TXA|1",
                18,
                2,
                "11488-4",
                3,
                "TX",
                4,
                time("visitTime"),
                5,
                doctor("author"),
                10,
                doctor("legalAuthenticator"),
                12,
                has("documentNumber") ? e("documentNumber") + "^PROVE" : "",
                13,
                e("replacedDocumentNumber"),
                17,
                "LA",
                18,
                e("confidentiality")));
        observations(lines);
        return String.join("\r", lines);
    }

    private String pid() {
        List<String> ids = new ArrayList<>();
        if (has("patient.fiscalCode")) {
            ids.add(e("patient.fiscalCode") + "^^^MEF&2.16.840.1.113883.2.9.4.3.2&ISO^NNITA");
        }
        if (has("patient.stp")) {
            ids.add(e("patient.stp") + "^^^STP&2.16.840.1.113883.2.9.4.3.17&ISO^STP");
        }
        if (has("patient.eni")) {
            ids.add(e("patient.eni") + "^^^ENI&2.16.840.1.113883.2.9.4.3.18&ISO^ENI");
        }
        if (has("patient.team")) {
            String state = has("patient.team.state") ? e("patient.team.state") + "." : "";
            if (has("patient.team.cardNumber")) {
                ids.add(state + e("patient.team.cardNumber") + "^^^TEAM&2.16.840.1.113883.2.9.4.3.7&ISO");
            }
            if (has("patient.team.personalNumber")) {
                ids.add(state + e("patient.team.personalNumber") + "^^^TEAM&2.16.840.1.113883.2.9.4.3.3&ISO");
            }
        }
        if (has("patient.regionalId")) {
            ids.add(e("patient.regionalId") + "^^^AURA&2.16.840.1.113883.2.9.2.10.4.1&ISO^PI");
        }
        String a = "patient.address.";
        String address = has("patient.address")
                ? String.join(
                        "^",
                        e(a + "street"),
                        "",
                        e(a + "city"),
                        e(a + "province"),
                        e(a + "postalCode"),
                        e(a + "country"),
                        e(a + "use"),
                        "",
                        e(a + "istatCode"))
                : "";
        String birthplace = has("patient.birthplace.istatCode")
                ? "~^^" + e("patient.birthplace.name") + "^^^^N^^" + e("patient.birthplace.istatCode")
                : "";
        return segment(
                "PID|1",
                23,
                3,
                String.join("~", ids),
                5,
                e("patient.family") + "^" + e("patient.given"),
                7,
                e("patient.birthDate").replace("-", ""),
                8,
                e("patient.gender"),
                11,
                address + birthplace,
                13,
                has("patient.phone") ? "^PRN^PH^^^^" + e("patient.phone") : "",
                23,
                e("patient.birthplace.name"));
    }

    private String pv1() {
        String e = "encounter.";
        String structure = has(e + "structureCode") ? e(e + "structureCode") + "&2.16.840.1.113883.2.9.4.1.2&ISO" : "";
        return segment(
                "PV1|1",
                45,
                2,
                e(e + "kind"),
                3,
                e(e + "unitCode") + "^^^" + structure + "^^^^^" + e(e + "unitName"),
                19,
                e(e + "id"),
                44,
                time(e + "start"),
                45,
                time(e + "end"));
    }

    private void observations(List<String> lines) {
        obx(lines, "TX", "29299-5^Quesito^LN", e("question"));
        code(lines, "29308-4^Diagnosi^LN", "diagnosis", "I9C");
        code(lines, "57827-8^Codice esenzione^LN", "exemption", "99ESE");
        at("pathology").forEach(text -> obx(lines, "FT", "47045-0^Patologia^LN", escaped(text.asText())));
        code(lines, "62387-6^Prestazione^LN", "service", "99NTR");
        at("conclusions").forEach(text -> obx(lines, "FT", "55110-1^Conclusioni^LN", escaped(text.asText())));
        obx(lines, "IS", "REGIME^Regime^99SNODO", e("regime"));
        obx(lines, "ID", "LEGGI-SPECIALI^Leggi speciali^99SNODO", flag("specialLaws"));
        obx(lines, "ID", "OSCURATO-GENITORE^Oscurato^99SNODO", flag("obscuredToParent"));
        obx(lines, "ST", "NRE^NRE^99SNODO", e("nre"));
        obx(lines, "ST", "AUTH-TEL^Recapito^99SNODO", e("author.telecom"));
        obx(lines, "ID", "TICKET^Ticket^99SNODO", e("ticket"));
        obx(lines, "ID", "SCARICO-ONLINE^Scarico^99SNODO", flag("onlineCollection.requested"));
        obx(lines, "ST", "PIN^PIN^99SNODO", e("onlineCollection.pin"));
    }

    private void code(List<String> lines, String name, String path, String system) {
        if (has(path + ".code")) {
            obx(lines, "CE", name, e(path + ".code") + "^" + e(path + ".description") + "^" + system);
        }
    }

    private void obx(List<String> lines, String type, String name, String value) {
        if (!value.isEmpty()) {
            long count = lines.stream().filter(line -> line.startsWith("OBX")).count();
            lines.add("OBX|" + (count + 1) + "|" + type + "|" + name + "||" + value + "||||||F");
        }
    }

    private String doctor(String path) {
        return has(path)
                ? e(path + ".fiscalCode") + "^" + e(path + ".family") + "^" + e(path + ".given") + "^^^^^^MEF"
                : "";
    }

    private String flag(String path) {
        return has(path) ? (at(path).isBoolean() ? (at(path).asBoolean() ? "Y" : "N") : e(path)) : "";
    }

    private String time(String path) {
        String text = text(path);
        if (text == null) {
            return "";
        }
        try {
            return HL7_TIME.format(OffsetDateTime.parse(text));
        } catch (java.time.DateTimeException e) {
            return escaped(text);
        }
    }

    private String e(String path) {
        return has(path) ? escaped(text(path)) : "";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\E\\")
                .replace("|", "\\F\\")
                .replace("^", "\\S\\")
                .replace("&", "\\T\\")
                .replace("~", "\\R\\")
                .replace("\n", "\\.br\\");
    }

    /** Fields by their number, counted as HL7 does after the segment's name (and, in MSH, from the field separator on). */
    private static String segment(String head, int last, Object... fields) {
        String[] cells = new String[last + 1];
        for (int i = 0; i < fields.length; i += 2) {
            cells[(int) fields[i]] = (String) fields[i + 1];
        }
        StringBuilder line = new StringBuilder(head);
        for (int i = 2; i <= last; i++) {
            line.append('|').append(cells[i] == null ? "" : cells[i]);
        }
        return line.toString();
    }

    // --- FHIR --------------------------------------------------------------------------------------------------

    byte[] fhirMessage(String id) {
        ObjectNode bundle = bundle(id, "message");
        ObjectNode header = JSON.createObjectNode().put("resourceType", "MessageHeader");
        header.putObject("eventCoding")
                .put("system", "https://snodo.it/fhir/CodeSystem/events")
                .put(
                        "code",
                        Map.of("NEW", "certificate-new", "REPLACEMENT", "certificate-replacement")
                                .getOrDefault(text("action"), "certificate-annulment"));
        ref(header.putObject("sender"), "custodian");
        header.putObject("source").put("name", text("sender.application")).put("endpoint", "urn:prove");
        ref(header.putArray("focus").addObject(), "composition");
        entry(bundle, "header", header);
        contents(bundle);
        return bundle.toString().getBytes(StandardCharsets.UTF_8);
    }

    byte[] fhirTransaction(String id) {
        ObjectNode bundle = bundle(id, "transaction");
        bundle.putObject("meta").put("source", text("sender.application"));
        contents(bundle);
        bundle.path("entry").forEach(entry -> ((ObjectNode) entry)
                .putObject("request")
                .put("method", "POST")
                .put("url", entry.path("resource").path("resourceType").asText()));
        return bundle.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode bundle(String id, String type) {
        ObjectNode bundle =
                JSON.createObjectNode().put("resourceType", "Bundle").put("type", type);
        bundle.putObject("identifier").put("system", "urn:prove:messaggi").put("value", id);
        bundle.put("timestamp", "2026-11-18T10:00:00+01:00");
        bundle.putArray("entry");
        return bundle;
    }

    private static String urn(String name) {
        return "urn:uuid:" + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private static void ref(ObjectNode node, String name) {
        node.put("reference", urn(name));
    }

    private static void entry(ObjectNode bundle, String name, ObjectNode resource) {
        ((ArrayNode) bundle.get("entry")).addObject().put("fullUrl", urn(name)).set("resource", resource);
    }

    private void contents(ObjectNode bundle) {
        entry(bundle, "composition", composition());
        if (has("patient")) {
            entry(bundle, "patient", patient());
        }
        if (has("author")) {
            entry(bundle, "author", practitioner("author"));
        }
        if (has("legalAuthenticator")) {
            entry(bundle, "authenticator", practitioner("legalAuthenticator"));
        }
        ObjectNode custodian = JSON.createObjectNode().put("resourceType", "Organization");
        if (has("sender.facilityCode")) {
            identifier(custodian, "http://hl7.it/sid/fls", text("sender.facilityCode"));
        }
        custodian.put("name", text("sender.facility"));
        entry(bundle, "custodian", custodian);
        if (has("encounter")) {
            encounter(bundle);
        }
        if (has("diagnosis.code")) {
            String code = text("diagnosis.code");
            ObjectNode condition = JSON.createObjectNode().put("resourceType", "Condition");
            coding(
                    condition.putObject("code"),
                    code.startsWith("F")
                            ? "https://snodo.it/fhir/CodeSystem/diagnosi-riempitive"
                            : "http://hl7.org/fhir/sid/icd-9-cm",
                    code,
                    text("diagnosis.description"));
            ref(condition.putObject("subject"), "patient");
            entry(bundle, "diagnosis", condition);
        }
        if (has("exemption.code")) {
            ObjectNode coverage =
                    JSON.createObjectNode().put("resourceType", "Coverage").put("status", "active");
            coding(
                    coverage.putArray("costToBeneficiary")
                            .addObject()
                            .putArray("exception")
                            .addObject()
                            .putObject("type"),
                    "http://terminology.hl7.it/CodeSystem/minsan-esenzioni",
                    text("exemption.code"),
                    text("exemption.description"));
            ref(coverage.putObject("beneficiary"), "patient");
            ref(coverage.putArray("payor").addObject(), "custodian");
            entry(bundle, "exemption", coverage);
        }
        if (has("service.code")) {
            ObjectNode procedure =
                    JSON.createObjectNode().put("resourceType", "Procedure").put("status", "completed");
            coding(
                    procedure.putObject("code"),
                    "http://terminology.hl7.it/CodeSystem/catalogo-prestazioni",
                    text("service.code"),
                    text("service.description"));
            ref(procedure.putObject("subject"), "patient");
            entry(bundle, "service", procedure);
        }
        if (has("nre")) {
            ObjectNode order = JSON.createObjectNode()
                    .put("resourceType", "ServiceRequest")
                    .put("status", "completed")
                    .put("intent", "order");
            identifier(order, "urn:oid:2.16.840.1.113883.2.9.4.3.9", text("nre"));
            ref(order.putObject("subject"), "patient");
            entry(bundle, "order", order);
        }
    }

    private ObjectNode composition() {
        ObjectNode composition = JSON.createObjectNode().put("resourceType", "Composition");
        ArrayNode extensions = composition.putArray("extension");
        if (has("regime")) {
            extensions.addObject().put("url", SNODO + "regime").put("valueCode", text("regime"));
        }
        if (has("specialLaws")) {
            extensions
                    .addObject()
                    .put("url", SNODO + "leggi-speciali")
                    .put("valueBoolean", at("specialLaws").asBoolean());
        }
        if (has("obscuredToParent")) {
            extensions
                    .addObject()
                    .put("url", SNODO + "oscurato-genitore")
                    .put("valueBoolean", at("obscuredToParent").asBoolean());
        }
        if (has("ticket")) {
            extensions.addObject().put("url", SNODO + "ticket").put("valueCode", text("ticket"));
        }
        if (has("onlineCollection")) {
            ArrayNode inner =
                    extensions.addObject().put("url", SNODO + "scarico-online").putArray("extension");
            inner.addObject()
                    .put("url", "richiesto")
                    .put("valueBoolean", at("onlineCollection.requested").asBoolean());
            if (has("onlineCollection.pin")) {
                inner.addObject().put("url", "pin").put("valueString", text("onlineCollection.pin"));
            }
        }
        if (extensions.isEmpty()) {
            composition.remove("extension");
        }
        if (has("documentNumber")) {
            composition
                    .putObject("identifier")
                    .put("system", "urn:prove:documenti")
                    .put("value", text("documentNumber"));
        }
        composition.put("status", "ANNULMENT".equals(text("action")) ? "entered-in-error" : "final");
        coding(composition.putObject("type"), "http://loinc.org", "11488-4", null);
        if (has("patient")) {
            ref(composition.putObject("subject"), "patient");
        }
        if (has("encounter")) {
            ref(composition.putObject("encounter"), "encounter");
        }
        composition.put("date", "2026-11-18T10:00:00+01:00");
        if (has("author")) {
            ref(composition.putArray("author").addObject(), "author");
        }
        composition.put("title", "Certificato");
        if (has("confidentiality")) {
            composition.put("confidentiality", text("confidentiality"));
        }
        if (has("legalAuthenticator")) {
            ref(
                    composition
                            .putArray("attester")
                            .addObject()
                            .put("mode", "legal")
                            .putObject("party"),
                    "authenticator");
        }
        ref(composition.putObject("custodian"), "custodian");
        if (has("replacedDocumentNumber")) {
            composition
                    .putArray("relatesTo")
                    .addObject()
                    .put("code", "replaces")
                    .putObject("targetIdentifier")
                    .put("value", text("replacedDocumentNumber"));
        }
        if (has("visitTime")) {
            composition.putArray("event").addObject().putObject("period").put("start", text("visitTime"));
        }
        ArrayNode sections = composition.putArray("section");
        section(sections, "29299-5", has("question") ? List.of(text("question")) : List.of(), null);
        section(sections, "47045-0", texts("pathology"), null);
        section(sections, "29548-5", List.of(), has("diagnosis.code") ? "diagnosis" : null);
        section(sections, "57827-8", List.of(), has("exemption.code") ? "exemption" : null);
        section(sections, "62387-6", List.of(), has("service.code") ? "service" : null);
        section(sections, "55110-1", texts("conclusions"), null);
        return composition;
    }

    private List<String> texts(String path) {
        List<String> texts = new ArrayList<>();
        at(path).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static void section(ArrayNode sections, String loinc, List<String> texts, String entry) {
        if (texts.isEmpty() && entry == null) {
            return;
        }
        ObjectNode section = sections.addObject();
        coding(section.putObject("code"), "http://loinc.org", loinc, null);
        if (!texts.isEmpty()) {
            StringBuilder div = new StringBuilder("<div xmlns=\"http://www.w3.org/1999/xhtml\">");
            texts.forEach(text -> div.append("<p>")
                    .append(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
                    .append("</p>"));
            section.putObject("text")
                    .put("status", "generated")
                    .put("div", div.append("</div>").toString());
        }
        if (entry != null) {
            ref(section.putArray("entry").addObject(), entry);
        }
    }

    private ObjectNode patient() {
        ObjectNode patient = JSON.createObjectNode().put("resourceType", "Patient");
        String p = "patient.";
        if (has(p + "fiscalCode")) {
            identifier(patient, "http://hl7.it/sid/codiceFiscale", text(p + "fiscalCode"));
        }
        if (has(p + "stp")) {
            identifier(patient, "http://hl7.it/sid/stp", text(p + "stp"));
        }
        if (has(p + "eni")) {
            identifier(patient, "http://hl7.it/sid/eni", text(p + "eni"));
        }
        String state = has(p + "team.state") ? text(p + "team.state") + "." : "";
        if (has(p + "team.cardNumber")) {
            identifier(patient, "urn:oid:2.16.840.1.113883.2.9.4.3.7", state + text(p + "team.cardNumber"));
        }
        if (has(p + "team.personalNumber")) {
            identifier(patient, "urn:oid:2.16.840.1.113883.2.9.4.3.3", state + text(p + "team.personalNumber"));
        }
        if (has(p + "regionalId")) {
            identifier(patient, "http://hl7.it/sid/piemonte/aura", text(p + "regionalId"));
        }
        if (has(p + "family") || has(p + "given")) {
            ObjectNode name = patient.putArray("name").addObject();
            if (has(p + "family")) {
                name.put("family", text(p + "family"));
            }
            if (has(p + "given")) {
                name.putArray("given").add(text(p + "given"));
            }
        }
        if (has(p + "phone")) {
            patient.putArray("telecom").addObject().put("system", "phone").put("value", text(p + "phone"));
        }
        if (has(p + "gender")) {
            patient.put(
                    "gender",
                    Map.of("M", "male", "F", "female", "U", "unknown")
                            .getOrDefault(text(p + "gender"), text(p + "gender")));
        }
        if (has(p + "birthDate")) {
            patient.put("birthDate", text(p + "birthDate"));
        }
        if (has(p + "address")) {
            ObjectNode address = patient.putArray("address").addObject().put("use", "home");
            if (has(p + "address.street")) {
                address.putArray("line").add(text(p + "address.street"));
            }
            city(address, text(p + "address.city"), text(p + "address.istatCode"));
            for (String[] pair :
                    new String[][] {{"district", "province"}, {"postalCode", "postalCode"}, {"country", "country"}}) {
                if (has(p + "address." + pair[1])) {
                    address.put(pair[0], text(p + "address." + pair[1]));
                }
            }
        }
        if (has(p + "birthplace")) {
            ObjectNode place = patient.putArray("extension")
                    .addObject()
                    .put("url", "http://hl7.org/fhir/StructureDefinition/patient-birthPlace")
                    .putObject("valueAddress");
            city(place, text(p + "birthplace.name"), text(p + "birthplace.istatCode"));
        }
        return patient;
    }

    private static void city(ObjectNode address, String name, String istat) {
        if (name != null) {
            address.put("city", name);
        }
        if (istat != null) {
            address.putObject("_city")
                    .putArray("extension")
                    .addObject()
                    .put("url", "http://hl7.org/fhir/StructureDefinition/iso21090-SC-coding")
                    .putObject("valueCoding")
                    .put("system", "http://terminology.hl7.it/CodeSystem/istat-unitaAmministrativeTerritoriali")
                    .put("code", istat);
        }
    }

    private ObjectNode practitioner(String path) {
        ObjectNode doctor = JSON.createObjectNode().put("resourceType", "Practitioner");
        if (has(path + ".fiscalCode")) {
            identifier(doctor, "http://hl7.it/sid/codiceFiscale", text(path + ".fiscalCode"));
        }
        ObjectNode name = doctor.putArray("name").addObject();
        if (has(path + ".family")) {
            name.put("family", text(path + ".family"));
        }
        if (has(path + ".given")) {
            name.putArray("given").add(text(path + ".given"));
        }
        if (has(path + ".telecom")) {
            boolean mail = text(path + ".telecom").contains("@");
            doctor.putArray("telecom")
                    .addObject()
                    .put("system", mail ? "email" : "phone")
                    .put("value", text(path + ".telecom").replaceFirst("^(mailto|tel):", ""));
        }
        return doctor;
    }

    private void encounter(ObjectNode bundle) {
        String e = "encounter.";
        ObjectNode encounter =
                JSON.createObjectNode().put("resourceType", "Encounter").put("status", "finished");
        if (has(e + "id")) {
            identifier(encounter, "urn:prove:incontri", text(e + "id"));
        }
        if (has(e + "kind")) {
            encounter
                    .putObject("class")
                    .put("system", "http://terminology.hl7.org/CodeSystem/v3-ActCode")
                    .put(
                            "code",
                            Map.of("O", "AMB", "I", "IMP", "E", "EMER")
                                    .getOrDefault(text(e + "kind"), text(e + "kind")));
        }
        if (has("patient")) {
            ref(encounter.putObject("subject"), "patient");
        }
        if (has(e + "start") || has(e + "end")) {
            ObjectNode period = encounter.putObject("period");
            if (has(e + "start")) {
                period.put("start", text(e + "start"));
            }
            if (has(e + "end")) {
                period.put("end", text(e + "end"));
            }
        }
        ObjectNode structure = JSON.createObjectNode().put("resourceType", "Organization");
        if (has(e + "structureCode")) {
            identifier(structure, "http://hl7.it/sid/hsp", text(e + "structureCode"));
            ref(structure.putObject("partOf"), "custodian");
            ref(encounter.putObject("serviceProvider"), "structure");
            entry(bundle, "structure", structure);
        }
        if (has(e + "unitCode") || has(e + "unitName")) {
            ObjectNode unit = JSON.createObjectNode().put("resourceType", "Location");
            if (has(e + "unitCode")) {
                identifier(unit, "urn:oid:2.16.840.1.113883.2.9.4.1.6", text(e + "unitCode"));
            }
            unit.put("name", text(e + "unitName"));
            ref(encounter.putArray("location").addObject().putObject("location"), "unit");
            entry(bundle, "unit", unit);
        }
        entry(bundle, "encounter", encounter);
    }

    private static void identifier(ObjectNode resource, String system, String value) {
        ArrayNode identifiers =
                resource.has("identifier") ? (ArrayNode) resource.get("identifier") : resource.putArray("identifier");
        identifiers.addObject().put("system", system).put("value", value);
    }

    private static void coding(ObjectNode concept, String system, String code, String display) {
        ObjectNode coding =
                concept.putArray("coding").addObject().put("system", system).put("code", code);
        if (display != null) {
            coding.put("display", display);
        }
    }

    // --- codice fiscale ----------------------------------------------------------------------------------------

    /** The codice fiscale of a person, by the Ministry's rule; letters outside A-Z lose their marks or count as X. */
    static String fiscalCode(String family, String given, LocalDate birth, boolean female, String comune) {
        String f = letters(family);
        String g = letters(given);
        String gc = only(g, false);
        String first = gc.length() >= 4 ? "" + gc.charAt(0) + gc.charAt(2) + gc.charAt(3) : three(g);
        int day = birth.getDayOfMonth() + (female ? 40 : 0);
        String body = three(f)
                + first
                + String.format("%02d", birth.getYear() % 100)
                + "ABCDEHLMPRST".charAt(birth.getMonthValue() - 1)
                + String.format("%02d", day)
                + comune;
        int[] odd = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            char c = body.charAt(i);
            int value = c <= '9' ? c - '0' : c - 'A';
            sum += i % 2 == 0 ? odd[value] : value;
        }
        return body + (char) ('A' + sum % 26);
    }

    private static String letters(String name) {
        return Normalizer.normalize(name.toUpperCase(), Normalizer.Form.NFD).replaceAll("[^A-Z]", "");
    }

    private static String only(String letters, boolean vowels) {
        return letters.replaceAll(vowels ? "[^AEIOU]" : "[AEIOU]", "");
    }

    private static String three(String letters) {
        return (only(letters, false) + only(letters, true) + "XXX").substring(0, 3);
    }
}
