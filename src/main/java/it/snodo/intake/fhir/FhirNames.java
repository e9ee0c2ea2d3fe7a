package it.snodo.intake.fhir;

import java.util.Set;
import java.util.regex.Pattern;

/** The URLs and codes that a certificate uses in FHIR; described in {@code src/docs/fhir.md}. */
final class FhirNames {

    static final String EXTENSION = "https://snodo.it/fhir/StructureDefinition/";
    static final String REGIME = EXTENSION + "regime";
    static final String SPECIAL_LAWS = EXTENSION + "leggi-speciali";
    static final String OBSCURED_TO_PARENT = EXTENSION + "oscurato-genitore";
    static final String ONLINE_COLLECTION = EXTENSION + "scarico-online";
    static final String TICKET = EXTENSION + "ticket";
    static final Set<String> EXTENSIONS = Set.of(REGIME, SPECIAL_LAWS, OBSCURED_TO_PARENT, ONLINE_COLLECTION, TICKET);

    static final String ERRORS = "https://snodo.it/fhir/CodeSystem/errors";
    static final String OUTCOMES = "https://snodo.it/fhir/CodeSystem/esiti";
    static final String EVENTS = "https://snodo.it/fhir/CodeSystem/events";
    static final String FILLERS = "https://snodo.it/fhir/CodeSystem/diagnosi-riempitive";
    static final String CERTIFICATE_NUMBER = "https://snodo.it/fhir/sid/certificate";
    static final String V2_EVENTS = "http://terminology.hl7.org/CodeSystem/v2-0003";

    static final String LOINC = "http://loinc.org";
    static final String RSA = "11488-4";
    static final String QUESTION = "29299-5";
    static final String REPORT = "47045-0";
    static final String DIAGNOSIS = "29548-5";
    static final String CONCLUSIONS = "55110-1";
    static final String SERVICES = "62387-6";
    static final String EXEMPTION = "57827-8";
    static final Set<String> SECTIONS = Set.of(QUESTION, REPORT, DIAGNOSIS, CONCLUSIONS, SERVICES, EXEMPTION);

    static final Set<String> FISCAL_CODE =
            Set.of("http://hl7.it/sid/codiceFiscale", "urn:oid:2.16.840.1.113883.2.9.4.3.2");
    static final Set<String> STP = Set.of(
            "http://hl7.it/sid/stp",
            "http://hl7.it/sid/piemonte/stp",
            "urn:oid:2.16.840.1.113883.2.9.4.3.17",
            "urn:oid:2.16.840.1.113883.2.9.2.10.4.1.1");
    static final Set<String> ENI =
            Set.of("http://hl7.it/sid/eni", "http://hl7.it/sid/piemonte/eni", "urn:oid:2.16.840.1.113883.2.9.4.3.18");
    static final Set<String> TEAM_CARD = Set.of("http://hl7.it/sid/team", "urn:oid:2.16.840.1.113883.2.9.4.3.7");
    static final Set<String> TEAM_PERSONAL = Set.of("urn:oid:2.16.840.1.113883.2.9.4.3.3");
    static final Set<String> REGIONAL =
            Set.of("http://hl7.it/sid/piemonte/aura", "urn:oid:2.16.840.1.113883.2.9.2.10.4.1");

    static final Set<String> AZIENDA =
            Set.of("http://hl7.it/sid/fls", "http://hl7.it/sid/piemonte/asl", "urn:oid:2.16.840.1.113883.2.9.4.1.1");
    static final Set<String> STRUCTURE = Set.of(
            "http://hl7.it/sid/hsp",
            "http://hl7.it/sid/sts",
            "urn:oid:2.16.840.1.113883.2.9.4.1.2",
            "urn:oid:2.16.840.1.113883.2.9.4.1.3");
    static final Set<String> NRE = Set.of(
            "http://hl7.it/sid/nre", "urn:oid:2.16.840.1.113883.2.9.4.3.9", "urn:oid:2.16.840.1.113883.2.9.4.3.8");

    static final Pattern ICD9 = Pattern.compile(
            "http://(hl7|terminology.hl7)\\.(org|it)/.*icd-?9.*|urn:oid:2\\.16\\.840\\.1\\.113883\\.6\\.103",
            Pattern.CASE_INSENSITIVE);
    static final Pattern EXEMPTION_SYSTEM = Pattern.compile(
            "https?://.*(esenzioni|exemptions|malattie-rare).*|urn:oid:2\\.16\\.840\\.1\\.113883\\.2\\.9\\.(6\\.1\\.22|2\\.\\d+\\.6\\.22)",
            Pattern.CASE_INSENSITIVE);
    static final Pattern SERVICE_SYSTEM = Pattern.compile(
            "https?://.*(prestazion|catalogo|nomenclatore).*|urn:oid:2\\.16\\.840\\.1\\.113883\\.2\\.9\\.(6\\.1\\.11|2\\.\\d+\\.6\\.11)",
            Pattern.CASE_INSENSITIVE);

    private FhirNames() {}

    /** Some published value sets print the Piedmont OID with a full stop at its end. */
    static String system(String system) {
        return system == null ? "" : system.strip().replaceAll("\\.+$", "");
    }
}
