package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.simulator.wire.Json;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The payload of FSE-JWT-Signature and the gateway's checks of it, operation by operation. */
final class Claims {
    private static final Pattern XON = Pattern.compile("[^^]*\\^{5}&[^&]*&ISO\\^{4}[^^&]*");
    private static final String TEAM = "2.16.840.1.113883.2.9.4.3.7";
    private static final Set<String> ACTIONS = Set.of("CREATE", "READ", "UPDATE", "DELETE");
    private static final Set<String> PURPOSES =
            Set.of("TREATMENT", "UPDATE", "ACCESS UPDATE", "PERSONAL", "EMERGENCY", "SYSADMIN", "CONSENT");
    private static final Set<String> ROLES = Set.of(
            "AAS", "APR", "PSS", "INF", "FAR", "DSA", "DAM", "OAM", "ASS", "TUT", "ING", "GEN", "NOR", "DRS", "RSA",
            "MRP", "INI", "OGC", "OPI", "MDS", "GTW", "DAP");
    private static final Map<String, String> ORGANISATIONS = Map.ofEntries(
            Map.entry("010", "REGIONE PIEMONTE"),
            Map.entry("020", "REGIONE VALLE D'AOSTA"),
            Map.entry("030", "REGIONE LOMBARDIA"),
            Map.entry("041", "P.A. BOLZANO"),
            Map.entry("042", "P.A. TRENTO"),
            Map.entry("050", "REGIONE VENETO"),
            Map.entry("060", "REGIONE FRIULI VENEZIA GIULIA"),
            Map.entry("070", "REGIONE LIGURIA"),
            Map.entry("080", "REGIONE EMILIA-ROMAGNA"),
            Map.entry("090", "REGIONE TOSCANA"),
            Map.entry("100", "REGIONE UMBRIA"),
            Map.entry("110", "REGIONE MARCHE"),
            Map.entry("120", "REGIONE LAZIO"),
            Map.entry("130", "REGIONE ABRUZZO"),
            Map.entry("140", "REGIONE MOLISE"),
            Map.entry("150", "REGIONE CAMPANIA"),
            Map.entry("160", "REGIONE PUGLIA"),
            Map.entry("170", "REGIONE BASILICATA"),
            Map.entry("180", "REGIONE CALABRIA"),
            Map.entry("190", "REGIONE SICILIA"),
            Map.entry("200", "REGIONE SARDEGNA"),
            Map.entry("000", "INI"),
            Map.entry("970", "SISTEMA TS"),
            Map.entry("001", "SASN"),
            Map.entry("999", "GTW"),
            Map.entry("950", "MDS"));
    private static final List<String> TEXTS = List.of(
            "iss",
            "sub",
            "jti",
            "aud",
            "subject_organization_id",
            "subject_organization",
            "locality",
            "subject_role",
            "person_id",
            "purpose_of_use",
            "resource_hl7_type",
            "action_id",
            "attachment_hash",
            "subject_application_id",
            "subject_application_vendor",
            "subject_application_version");

    private final JsonNode payload;

    private Claims(JsonNode payload) {
        this.payload = payload;
    }

    /**
     * Reads and checks the token of a call.
     *
     * @param header the header's value, null when absent
     * @param urlAlphabet whether the payload may use the URL alphabet of base64; the Ministry's code behind no edge takes
     *     the plain one only
     */
    static Claims check(String header, Operation operation, boolean urlAlphabet) {
        if (header == null || header.isBlank()) {
            throw Refusal.missingToken(
                    operation == Operation.VALIDATION
                                    || operation == Operation.FHIR_VALIDATION
                                    || operation == Operation.METADATA
                            ? 403
                            : 400);
        }
        Claims claims = read(header, operation, urlAlphabet);
        claims.checkAll(operation);
        return claims;
    }

    private static Claims read(String header, Operation operation, boolean urlAlphabet) {
        Refusal unreadable = Refusal.unreadableToken(operation == Operation.DELETE ? 401 : 403);
        String token = header.startsWith("Bearer ") ? header.substring(7) : header;
        String[] parts = token.trim().split("\\.");
        if (parts.length < 2) {
            throw unreadable;
        }
        byte[] json;
        try {
            json = (urlAlphabet ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(parts[1]);
        } catch (IllegalArgumentException e) {
            throw unreadable;
        }
        try {
            JsonNode payload = Json.read(json);
            if (!payload.isObject() || !fits(payload)) {
                throw Refusal.claimMissing("jwt payload");
            }
            return new Claims(payload);
        } catch (IOException e) {
            throw Refusal.claimMissing("jwt payload");
        }
    }

    /** Texts must be texts and times numbers; truth values may be anything. */
    private static boolean fits(JsonNode payload) {
        for (String name : TEXTS) {
            JsonNode value = payload.get(name);
            if (value != null && value.isContainerNode()) {
                return false;
            }
        }
        for (String name : List.of("iat", "exp")) {
            JsonNode value = payload.get(name);
            if (value != null
                    && !value.isNull()
                    && !value.isNumber()
                    && !value.asText().matches("-?\\d+")) {
                return false;
            }
        }
        return true;
    }

    String text(String claim) {
        return payload.path(claim).asText("");
    }

    JsonNode payload() {
        return payload;
    }

    private void checkAll(Operation operation) {
        if (!payload.hasNonNull("iss")) {
            throw Refusal.generic(500, "Cannot invoke \"String.equals(Object)\" because \"issuer\" is null");
        }
        for (String claim : List.of(
                "subject_organization_id",
                "subject_organization",
                "locality",
                "subject_role",
                "person_id",
                "patient_consent",
                "purpose_of_use",
                "resource_hl7_type",
                "action_id",
                "subject_application_id",
                "subject_application_vendor",
                "subject_application_version")) {
            boolean optional = operation == Operation.DELETE && claim.equals("resource_hl7_type");
            if (!optional && text(claim).isEmpty()) {
                throw Refusal.claimMissing(claim);
            }
        }
        if (!PersonCode.isValid(text("sub"))) {
            throw Refusal.claim("Il codice fiscale nel campo sub non è corretto");
        }
        if (!ACTIONS.contains(text("action_id"))) {
            throw Refusal.claim("Il campo action_id non è corretto");
        }
        if (!PURPOSES.contains(text("purpose_of_use"))) {
            throw Refusal.claim("Il campo purpose_of_use non è corretto");
        }
        if (!ROLES.contains(text("subject_role"))) {
            throw Refusal.claim("Il campo subject_role non è corretto");
        }
        checkOrganisation();
        if (!actionsFor(operation).contains(text("action_id"))) {
            throw Refusal.claim("Il campo action_id non è coerente con le operazioni richieste");
        }
        if (!purposesFor(operation).contains(text("purpose_of_use"))) {
            throw Refusal.claim("Il campo purpose_of_use non coerente con operazione richiesta");
        }
        boolean validation = operation == Operation.VALIDATION || operation == Operation.FHIR_VALIDATION;
        if (!validation && !XON.matcher(text("locality")).matches()) {
            throw Refusal.claim("Il campo Locality non è valorizzato correttamente");
        }
    }

    private void checkOrganisation() {
        String name = text("subject_organization").toUpperCase(Locale.ROOT);
        String expected = ORGANISATIONS.get(text("subject_organization_id"));
        if (expected == null) {
            throw Refusal.claim("Il campo subject_organization_id non è corretto");
        }
        if (!ORGANISATIONS.containsValue(name)) {
            throw Refusal.claim("Il campo subject_organization non è corretto");
        }
        if (!expected.equals(name)) {
            throw Refusal.claim("I campi subject_organization_id e subject_organization non sono coerenti");
        }
    }

    private static Set<String> actionsFor(Operation operation) {
        return switch (operation) {
            case VALIDATION, FHIR_VALIDATION -> Set.of("CREATE", "UPDATE");
            case CREATE, VALIDATE_AND_CREATE -> Set.of("CREATE");
            case DELETE -> Set.of("DELETE");
            default -> Set.of("UPDATE");
        };
    }

    private static Set<String> purposesFor(Operation operation) {
        return switch (operation) {
            case REPLACE, VALIDATE_AND_REPLACE -> Set.of("UPDATE", "TREATMENT");
            case METADATA -> Set.of("UPDATE", "ACCESS UPDATE");
            case DELETE -> Set.of("UPDATE");
            default -> Set.of("TREATMENT");
        };
    }

    /** That the token speaks of the document that came with it. */
    void checkAgainst(CdaText cda) {
        if (!text("resource_hl7_type").equals("('" + cda.code() + "^^" + cda.codeSystem() + "')")) {
            throw Refusal.claim(
                    "JWT payload: Tipologia documento diversa dalla tipologia di CDA (code - codesystem)",
                    "/jwt-document-type");
        }
        String root = cda.patientIds().getOrDefault(firstPart(text("person_id")), "");
        if (root.isEmpty()) {
            throw Refusal.claim(
                    "JWT payload: Person id presente nel JWT differente dal codice fiscale del paziente previsto sul CDA",
                    "/jwt-person-id");
        }
        if (!root.equals(TEAM) && !PersonCode.isValid(text("person_id"))) {
            throw Refusal.claim("Il codice fiscale nel campo person_id non è corretto");
        }
    }

    /** The id of a CX value. */
    private static String firstPart(String cx) {
        int end = cx.indexOf('^');
        return end < 0 ? cx : cx.substring(0, end);
    }
}
