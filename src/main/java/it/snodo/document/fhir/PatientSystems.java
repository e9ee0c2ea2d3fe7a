package it.snodo.document.fhir;

import java.util.Map;

/** The identifiers of persons, by OID and by the URI that HL7 Italia gives them. */
public final class PatientSystems {

    private static final String OID = "urn:oid:";
    private static final Map<String, String> BY_URI = Map.of(
            "http://hl7.it/sid/codiceFiscale", "2.16.840.1.113883.2.9.4.3.2",
            "http://hl7.it/sid/stp", "2.16.840.1.113883.2.9.4.3.17",
            "http://hl7.it/sid/piemonte/stp", "2.16.840.1.113883.2.9.4.3.17",
            "http://hl7.it/sid/eni", "2.16.840.1.113883.2.9.4.3.18",
            "http://hl7.it/sid/piemonte/eni", "2.16.840.1.113883.2.9.4.3.18",
            "http://hl7.it/sid/piemonte/aura", "2.16.840.1.113883.2.9.2.10.4.1");

    private PatientSystems() {}

    /** @return the OID; null when there is no system, or an unknown one */
    public static String oid(String system) {
        if (system == null || system.isBlank()) {
            return null;
        }
        return system.startsWith(OID) ? system.substring(OID.length()).replaceAll("\\.+$", "") : BY_URI.get(system);
    }

    static String uri(String oid) {
        return switch (oid) {
            case "2.16.840.1.113883.2.9.4.3.2" -> "http://hl7.it/sid/codiceFiscale";
            case "2.16.840.1.113883.2.9.4.3.17" -> "http://hl7.it/sid/stp";
            case "2.16.840.1.113883.2.9.4.3.18" -> "http://hl7.it/sid/eni";
            default -> OID + oid;
        };
    }
}
