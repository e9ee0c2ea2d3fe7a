package it.snodo.intake.hl7v2;

import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequest.Action;
import it.snodo.certificate.CertificateRequest.Address;
import it.snodo.certificate.CertificateRequest.Code;
import it.snodo.certificate.CertificateRequest.Encounter;
import it.snodo.certificate.CertificateRequest.OnlineCollection;
import it.snodo.certificate.CertificateRequest.Patient;
import it.snodo.certificate.CertificateRequest.Place;
import it.snodo.certificate.CertificateRequest.Professional;
import it.snodo.certificate.CertificateRequest.Sender;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the canonical request out of an MDM (PID, PV1, TXA, OBX) or an ORU (OBR in the place of TXA). Only what has no
 * canonical form at all is a fault here (a date that is none, a flag that is neither Y nor N, a wrong OBX-2); whether a
 * value is right is for {@link it.snodo.certificate.CertificateChecks}. Every canonical field is given its place in the
 * message, also where it is absent: there it should stand.
 */
final class CertificateReader implements Findings {

    static final String DOCUMENT_TYPE = "11488-4";
    /** Where an observation would stand that the message does not have. */
    static final String NO_OBX = "OBX^^3";

    /** Data types that an observation may come as. */
    private enum Form {
        CODE("CE", Set.of("CE", "CWE", "CNE", "CF", "IS", "ID", "ST")),
        TEXT("TX o FT", Set.of("TX", "FT", "ST")),
        SHORT("ST", Set.of("ST", "TX", "ID", "IS", "CE", "CWE", "CNE", "EI", "CX", "NM", "XTN"));

        private final String wanted;
        private final Set<String> types;

        Form(String wanted, Set<String> types) {
            this.wanted = wanted;
            this.types = types;
        }
    }

    /** The observations of the profile: code, canonical path, form, and what people call it. */
    private enum Observation {
        DIAGNOSIS("29308-4", "diagnosis", Form.CODE, "diagnosi"),
        EXEMPTION("57827-8", "exemption", Form.CODE, "codice di esenzione"),
        PATHOLOGY("47045-0", "pathology", Form.TEXT, "è affetto dalla seguente patologia"),
        SERVICE("62387-6", "service", Form.CODE, "prestazione eseguita"),
        QUESTION("29299-5", "question", Form.TEXT, "quesito"),
        CONCLUSIONS("55110-1", "conclusions", Form.TEXT, "conclusioni"),
        REGIME("REGIME", "regime", Form.SHORT, "regime"),
        SPECIAL_LAWS("LEGGI-SPECIALI", "specialLaws", Form.SHORT, "leggi speciali"),
        OBSCURED("OSCURATO-GENITORE", "obscuredToParent", Form.SHORT, "oscurato al genitore"),
        NRE("NRE", "nre", Form.SHORT, "NRE"),
        AUTHOR_TELECOM("AUTH-TEL", "author.telecom", Form.SHORT, "recapito dell'autore"),
        ONLINE("SCARICO-ONLINE", "onlineCollection", Form.SHORT, "scarico on line"),
        PIN("PIN", "onlineCollection.pin", Form.SHORT, "PIN dello scarico on line"),
        TICKET("TICKET", "ticket", Form.SHORT, "ticket");

        private static final Map<String, Observation> BY_CODE = new HashMap<>();

        static {
            for (Observation each : values()) {
                BY_CODE.put(each.code, each);
            }
        }

        private final String code;
        private final String path;
        private final Form form;
        private final String words;

        Observation(String code, String path, Form form, String words) {
            this.code = code;
            this.path = path;
            this.form = form;
            this.words = words;
        }

        private boolean isLoinc() {
            return Character.isDigit(code.charAt(0));
        }
    }

    /** More than anybody reads. */
    private static final int MAX_FAULTS = 100;

    /** Paragraphs whose place is noted one by one. */
    private static final int MAX_LOCATED = 200;

    /** Line ends, other controls and marks of direction: what would forge a line of a log or hide part of it. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");

    private static final Pattern FACILITY_CODE = Pattern.compile("\\d{3}|\\d{6}|[0-2](\\.\\d+){3,}");
    private static final Pattern PLACE_CODE = Pattern.compile("\\d{6}|[1-9]\\d{2}");
    private static final Pattern FOREIGN_STATE = Pattern.compile("[2-9]\\d{2}");
    private static final Pattern AZIENDA = Pattern.compile("\\d{6}");
    private static final Pattern ICD_10 = Pattern.compile("I10.*|ICD-?10.*");

    private static final Set<String> LOINC_NAMES = Set.of("LN", "LOINC", "2.16.840.1.113883.6.1", "");
    private static final Set<String> LOCAL_NAMES = Set.of("99SNODO", "L", "");
    /** Results that are said to be withdrawn, wrong or not obtainable (HL7 table 0085). */
    static final Set<String> NO_RESULT = Set.of("D", "W", "X");

    private static final Map<String, String> MDM_PLACES = places(false);
    private static final Map<String, String> ORU_PLACES = places(true);

    private final Er7 message;
    private final boolean oru;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, String> locations;
    private final Map<Observation, List<Er7.Segment>> observations = new LinkedHashMap<>();

    CertificateReader(Er7 message) {
        this.message = message;
        this.oru = !message.segment("TXA").exists()
                && message.segment("MSH").get(9, 1) != null
                && message.segment("MSH").get(9, 1).equalsIgnoreCase("ORU");
        this.locations = new HashMap<>(oru ? ORU_PLACES : MDM_PLACES);
    }

    List<Fault> faults() {
        return faults;
    }

    Map<String, String> locations() {
        return locations;
    }

    /** What an absent observation is called, for the reason of a fault at {@link #NO_OBX}; null for other fields. */
    static String absentObservation(String path) {
        Observation best = null;
        for (Observation each : Observation.values()) {
            boolean holds =
                    path.equals(each.path) || path.startsWith(each.path + ".") || path.startsWith(each.path + "[");
            // the PIN has an observation of its own inside the on-line collection
            if (holds && (best == null || each.path.length() > best.path.length())) {
                best = each;
            }
        }
        return best == null ? null : best.code + " (" + best.words + ")";
    }

    @Override
    public void found(String path, String location) {
        locations.put(path, location);
    }

    @Override
    public void fault(SnodoCode code, String path, String location, String reason) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(new Fault(code, path, location, reason));
        }
    }

    /** @param action by the trigger event; for an ORU the status of the result (OBR-25) decides */
    CertificateRequest read(Action action) {
        sortObservations();
        single("PID");
        single("TXA");
        Er7.Segment txa = message.segment("TXA");
        Er7.Segment obr = message.segment("OBR");
        Action wanted = oru ? oruAction(obr) : action;
        if (!oru) {
            checkDocumentType(txa, wanted);
        }
        Sender sender = sender(message);
        String number = oru ? first(obr.get(3), obr.get(2)) : txa.get(12);
        String replaced = oru ? first(obr.get(29, 1, 2), obr.get(29, 1, 1)) : txa.get(13);
        OffsetDateTime visit = oru ? time(obr, 7, "visitTime") : time(txa, 4, "visitTime");
        Professional author = oru ? oruAuthor(obr) : professional(txa, 5, "author");
        Professional authenticator = oru ? null : professional(txa, 10, "legalAuthenticator");
        String confidentiality = oru ? null : confidentiality(txa.get(18));
        List<String> question = paragraphs(Observation.QUESTION);
        return new CertificateRequest(
                wanted,
                sender,
                number,
                wanted == Action.NEW ? null : replaced,
                patient(),
                author,
                authenticator,
                encounter(),
                visit,
                question.isEmpty() ? null : String.join("\n", question),
                code(Observation.EXEMPTION),
                code(Observation.DIAGNOSIS),
                paragraphs(Observation.PATHOLOGY),
                code(Observation.SERVICE),
                paragraphs(Observation.CONCLUSIONS),
                upper(simple(Observation.REGIME)),
                confidentiality,
                flag(Observation.SPECIAL_LAWS),
                flag(Observation.OBSCURED),
                upper(simple(Observation.NRE)),
                onlineCollection(),
                upper(simple(Observation.TICKET)));
    }

    /** Of two persons or two documents it cannot be known which is meant. */
    private void single(String segment) {
        if (message.all(segment).size() > 1) {
            fault(
                    SnodoCode.NOT_ALLOWED_TOGETHER,
                    "",
                    segment + "^2",
                    "Il messaggio porta più di un segmento " + segment
                            + ": un certificato riguarda una sola persona ed è un solo documento.");
        }
    }

    // --- header ----------------------------------------------------------------------------------------------

    static Sender sender(Er7 message) {
        Er7.Segment msh = message.segment("MSH");
        String facility = first(msh.get(4, 1), msh.get(4, 2));
        String code = msh.get(4, 2);
        if (code == null && facility != null && FACILITY_CODE.matcher(facility).matches()) {
            code = facility;
        }
        return new Sender(first(msh.get(3, 1), msh.get(3, 2)), facility, code);
    }

    private void checkDocumentType(Er7.Segment txa, Action wanted) {
        String type = txa.get(2);
        if (type == null && wanted != Action.ANNULMENT) {
            fault(
                    SnodoCode.FIELD_MISSING,
                    "",
                    "TXA^1^2",
                    "TXA-2 (tipo di documento) è assente: per i certificati è " + DOCUMENT_TYPE + ".");
        } else if (type != null && !type.equals(DOCUMENT_TYPE)) {
            fault(
                    SnodoCode.CODE_UNKNOWN,
                    "",
                    "TXA^1^2",
                    "Il tipo di documento «" + shown(type) + "» (TXA-2) non è gestito: per i certificati è "
                            + DOCUMENT_TYPE + ".");
        }
    }

    private static String confidentiality(String value) {
        if (value == null) {
            return null;
        }
        String code = upper(value);
        return code.equals("V") || code.equals("R") ? code : "N";
    }

    private static Action oruAction(Er7.Segment obr) {
        String status = upper(obr.get(25));
        if (status == null) {
            return Action.NEW;
        }
        return switch (status) {
            case "C" -> Action.REPLACEMENT;
            case "X", "D" -> Action.ANNULMENT;
            default -> Action.NEW;
        };
    }

    // --- people ----------------------------------------------------------------------------------------------

    private Patient patient() {
        Er7.Segment pid = message.segment("PID");
        if (!pid.exists()) {
            return null;
        }
        PatientIdentifiers ids = new PatientIdentifiers(this, pid);
        int name = bestName(pid);
        String second = pid.get(5, name, 3);
        String given = pid.get(5, name, 2);
        if (pid.repetitions(5) > 0) {
            found("patient.family", "PID^1^5^" + name + "^1");
            found("patient.given", "PID^1^5^" + name + "^2");
        }
        return new Patient(
                ids.fiscalCode(),
                ids.stp(),
                ids.eni(),
                ids.team(),
                ids.regionalId(),
                pid.get(5, name, 1),
                given == null || second == null ? given : given + " " + second,
                date(pid, 7, "patient.birthDate"),
                upper(pid.get(8)),
                address(pid),
                phone(pid),
                birthplace(pid));
    }

    /** The legal name (XPN-7 L) where names repeat, else the first. */
    static int bestName(Er7.Segment pid) {
        for (int i = 1; i <= pid.repetitions(5); i++) {
            if ("L".equals(pid.get(5, i, 7)) && pid.get(5, i, 1) != null) {
                return i;
            }
        }
        return 1;
    }

    private Address address(Er7.Segment pid) {
        int best = 0;
        int bestRank = Integer.MAX_VALUE;
        for (int i = 1; i <= pid.repetitions(11); i++) {
            String use = upper(pid.get(11, i, 7));
            int rank = use == null
                    ? 2
                    : List.of("H", "L").indexOf(use) < 0 ? 3 : List.of("H", "L").indexOf(use);
            if (pid.text(11, i) != null && !"N".equals(use) && rank < bestRank) {
                best = i;
                bestRank = rank;
            }
        }
        if (best == 0) {
            return null;
        }
        String at = "PID^1^11^" + best;
        found("patient.address", at);
        found("patient.address.street", at + "^1");
        found("patient.address.city", at + "^3");
        found("patient.address.province", at + "^4");
        found("patient.address.postalCode", at + "^5");
        found("patient.address.country", at + "^6");
        found("patient.address.use", at + "^7");
        found("patient.address.istatCode", at + "^9");
        return new Address(
                upper(pid.get(11, best, 7)),
                pid.get(11, best, 1),
                pid.get(11, best, 3),
                pid.get(11, best, 5),
                pid.get(11, best, 4),
                pid.get(11, best, 6),
                pid.get(11, best, 9));
    }

    private Place birthplace(Er7.Segment pid) {
        String name = pid.get(23, 1);
        String code = pid.get(23, 2);
        if (name != null && code == null && PLACE_CODE.matcher(name).matches()) {
            code = name;
            name = null;
        }
        if (name != null || code != null) {
            found("patient.birthplace", "PID^1^23^1");
        }
        for (int i = 1; i <= pid.repetitions(11); i++) {
            if (!"N".equals(upper(pid.get(11, i, 7)))) {
                continue;
            }
            if (code == null) {
                String state = pid.get(11, i, 6);
                code = pid.get(11, i, 9);
                if (code == null
                        && state != null
                        && FOREIGN_STATE.matcher(state).matches()) {
                    code = state;
                }
                if (code != null) {
                    found("patient.birthplace.istatCode", "PID^1^11^" + i + "^9");
                }
            }
            if (name == null && pid.get(11, i, 3) != null) {
                name = pid.get(11, i, 3);
                found("patient.birthplace", "PID^1^11^" + i + "^3");
            }
        }
        return name == null && code == null ? null : new Place(name, code);
    }

    private String phone(Er7.Segment pid) {
        for (int i = 1; i <= pid.repetitions(13); i++) {
            String number = telecom(pid, 13, i);
            if (number != null && !PatientIdentifiers.isPlaceholder(upper(number))) {
                found("patient.phone", "PID^1^13^" + i);
                return number;
            }
        }
        return null;
    }

    /** An XTN as one text: as written, else put together of country, area and number, else the e-mail address. */
    static String telecom(Er7.Segment segment, int field, int repetition) {
        String number = segment.get(field, repetition, 7);
        if (number != null) {
            String country = segment.get(field, repetition, 5);
            String area = segment.get(field, repetition, 6);
            String prefix = country == null ? "" : (country.startsWith("+") ? country : "+" + country);
            return prefix + (area == null ? "" : area) + number;
        }
        return first(
                first(segment.get(field, repetition, 1), segment.get(field, repetition, 12)),
                first(segment.get(field, repetition, 4), segment.get(field, repetition, 9)));
    }

    private Professional professional(Er7.Segment segment, int field, String path) {
        int best = 0;
        for (int i = 1; i <= segment.repetitions(field); i++) {
            if (segment.text(field, i) == null) {
                continue;
            }
            String authority = upper(segment.get(field, i, 9));
            if (best == 0 || "MEF".equals(authority)) {
                best = i;
            }
            if ("MEF".equals(authority)) {
                break;
            }
        }
        if (best == 0) {
            return null;
        }
        String at = segment.id() + "^" + segment.occurrence() + "^" + field + "^" + best;
        return professional(
                path,
                at,
                segment.get(field, best, 1),
                segment.get(field, best, 2),
                segment.get(field, best, 3),
                new String[] {"1", "2", "3"});
    }

    private Professional professional(
            String path, String at, String id, String family, String given, String[] components) {
        found(path, at);
        found(path + ".fiscalCode", at + "^" + components[0]);
        found(path + ".family", at + "^" + components[1]);
        found(path + ".given", at + "^" + components[2]);
        boolean author = path.equals("author");
        return new Professional(upper(id), family, given, author ? authorTelecom() : null);
    }

    /** OBR-32 holds the name in the subcomponents of its first component; some senders write it as an XCN. */
    private Professional oruAuthor(Er7.Segment obr) {
        if (obr.get(32) != null) {
            boolean nested = obr.get(32, 1, 1, 2) != null;
            return nested
                    ? professional(
                            "author",
                            "OBR^" + obr.occurrence() + "^32^1",
                            obr.get(32, 1, 1, 1),
                            obr.get(32, 1, 1, 2),
                            obr.get(32, 1, 1, 3),
                            new String[] {"1^1", "1^2", "1^3"})
                    : professional(obr, 32, "author");
        }
        for (List<Er7.Segment> each : observations.values()) {
            if (each.get(0).get(16) != null) {
                return professional(each.get(0), 16, "author");
            }
        }
        return null;
    }

    private String authorTelecom() {
        Er7.Segment obx = obx(Observation.AUTHOR_TELECOM);
        if (obx == null) {
            return null;
        }
        found(Observation.AUTHOR_TELECOM.path, value(obx));
        return "XTN".equals(upper(obx.get(2))) ? telecom(obx, 5, 1) : obx.get(5);
    }

    private Encounter encounter() {
        Er7.Segment pv1 = message.segment("PV1");
        if (!pv1.exists()) {
            return null;
        }
        String azienda = sender(message).facilityCode();
        return new Encounter(
                upper(pv1.get(2)),
                pv1.get(19),
                time(pv1, 44, "encounter.start"),
                time(pv1, 45, "encounter.end"),
                azienda != null && AZIENDA.matcher(azienda).matches() ? azienda : null,
                pv1.get(3, 1, 4, 1),
                null,
                pv1.get(3, 1),
                pv1.get(3, 9),
                null);
    }

    // --- times -----------------------------------------------------------------------------------------------

    private OffsetDateTime time(Er7.Segment segment, int field, String path) {
        String text = segment.get(field);
        if (text == null) {
            return null;
        }
        OffsetDateTime time = Hl7Time.time(text);
        if (time == null) {
            String at = segment.id() + "^" + segment.occurrence() + "^" + field;
            fault(
                    SnodoCode.FIELD_MALFORMED,
                    path,
                    at,
                    "«" + shown(text) + "» in " + segment.id() + "-" + field
                            + " non è una data e ora esistente nella forma " + Hl7Time.TIME_FORM + ".");
        }
        return time;
    }

    private LocalDate date(Er7.Segment segment, int field, String path) {
        String text = segment.get(field);
        if (text == null) {
            return null;
        }
        LocalDate date = Hl7Time.date(text);
        if (date == null) {
            fault(
                    SnodoCode.FIELD_MALFORMED,
                    path,
                    segment.id() + "^" + segment.occurrence() + "^" + field,
                    "«" + shown(text) + "» in " + segment.id() + "-" + field + " non è una data esistente nella forma "
                            + Hl7Time.DATE_FORM + ".");
        }
        return date;
    }

    // --- observations ----------------------------------------------------------------------------------------

    private void sortObservations() {
        for (Er7.Segment obx : message.all("OBX")) {
            Observation observation = observation(obx);
            if (observation == null || NO_RESULT.contains(first(upper(obx.get(11)), ""))) {
                continue;
            }
            String type = upper(obx.get(2));
            // The value of an encapsulated document is never looked at.
            boolean document = "ED".equals(type) || "RP".equals(type);
            if (!document && !obx.isValued(5) && obx.repetitions(5) < 2) {
                continue;
            }
            if (type == null) {
                fault(
                        SnodoCode.FIELD_MISSING,
                        observation.path,
                        "OBX^" + obx.occurrence() + "^2",
                        "OBX-2 (tipo del valore) è assente per " + observation.code + " (" + observation.words
                                + "): il tipo atteso è " + observation.form.wanted + ".");
            } else if (!observation.form.types.contains(type)) {
                fault(
                        SnodoCode.FIELD_MALFORMED,
                        observation.path,
                        "OBX^" + obx.occurrence() + "^2",
                        "Il tipo «" + shown(type) + "» in OBX-2 non va bene per " + observation.code + " ("
                                + observation.words + "): il tipo atteso è " + observation.form.wanted + ".");
            } else {
                observations
                        .computeIfAbsent(observation, key -> new ArrayList<>())
                        .add(obx);
            }
        }
    }

    /** By the identifier, or by the alternate one (CE-4 to CE-6). */
    private static Observation observation(Er7.Segment obx) {
        for (int at = 1; at <= 4; at += 3) {
            Observation found = Observation.BY_CODE.get(first(upper(obx.get(3, at)), ""));
            String system = first(upper(obx.get(3, at + 2)), "");
            if (found != null && (found.isLoinc() ? LOINC_NAMES : LOCAL_NAMES).contains(system)) {
                return found;
            }
        }
        return null;
    }

    private Er7.Segment obx(Observation observation) {
        List<Er7.Segment> found = observations.get(observation);
        return found == null ? null : found.get(0);
    }

    /** The observation of what a certificate has one of; a second one that says otherwise is a fault, never overlooked. */
    private Er7.Segment single(Observation observation) {
        Er7.Segment first = obx(observation);
        if (first == null) {
            return null;
        }
        for (Er7.Segment each : observations.get(observation)) {
            for (int repetition = 1; repetition <= each.repetitions(5); repetition++) {
                String other = each.get(5, repetition, 1);
                if (other != null && !other.equalsIgnoreCase(first(first.get(5, 1), ""))) {
                    fault(
                            SnodoCode.NOT_ALLOWED_TOGETHER,
                            observation.path,
                            value(each) + "^" + repetition,
                            "Il messaggio porta più di un valore per " + observation.code + " (" + observation.words
                                    + "): oltre a «" + shown(first.get(5, 1)) + "» c'è «" + shown(other)
                                    + "», ma un certificato ne ha uno solo.");
                    return first;
                }
            }
        }
        return first;
    }

    private static String value(Er7.Segment obx) {
        return "OBX^" + obx.occurrence() + "^5";
    }

    private Code code(Observation observation) {
        Er7.Segment obx = single(observation);
        if (obx == null) {
            return null;
        }
        String at = value(obx) + "^1";
        found(observation.path, at);
        found(observation.path + ".code", at + "^1");
        found(observation.path + ".description", at + "^2");
        String system = upper(obx.get(5, 3));
        if (observation == Observation.DIAGNOSIS
                && system != null
                && ICD_10.matcher(system).matches()) {
            fault(
                    SnodoCode.CODE_UNKNOWN,
                    observation.path + ".code",
                    at + "^3",
                    "La diagnosi è codificata in «" + shown(system) + "»: la codifica attesa è ICD-9-CM (I9C).");
        }
        return new Code(obx.get(5, 1), obx.get(5, 2));
    }

    /** Each observation, repetition and line is a paragraph. */
    private List<String> paragraphs(Observation observation) {
        List<String> found = new ArrayList<>();
        for (Er7.Segment obx : observations.getOrDefault(observation, List.of())) {
            int repetition = 0;
            for (String text : obx.texts(5)) {
                repetition++;
                for (String line : text == null ? new String[0] : text.split("\n")) {
                    if (!line.isBlank()) {
                        if (found.size() < MAX_LOCATED) {
                            found(observation.path + "[" + found.size() + "]", value(obx) + "^" + repetition);
                        }
                        found.add(line.strip());
                    }
                }
            }
            found(observation.path, value(observations.get(observation).get(0)));
        }
        return found;
    }

    private String simple(Observation observation) {
        Er7.Segment obx = single(observation);
        if (obx == null) {
            return null;
        }
        found(observation.path, value(obx));
        return obx.get(5);
    }

    private Boolean flag(Observation observation) {
        Er7.Segment obx = single(observation);
        if (obx == null) {
            return null;
        }
        found(observation.path, value(obx));
        return flag(observation, obx);
    }

    private Boolean flag(Observation observation, Er7.Segment obx) {
        String text = obx.get(5);
        if ("Y".equalsIgnoreCase(text)) {
            return true;
        }
        if ("N".equalsIgnoreCase(text)) {
            return false;
        }
        fault(
                SnodoCode.FIELD_MALFORMED,
                observation.path,
                value(obx),
                "«" + shown(text) + "» non va bene per " + observation.code + " (" + observation.words
                        + "): il valore atteso è Y o N.");
        return null;
    }

    private OnlineCollection onlineCollection() {
        Er7.Segment pin = obx(Observation.PIN);
        Er7.Segment asked = obx(Observation.ONLINE);
        if (pin != null) {
            found(Observation.PIN.path, value(pin));
        }
        if (asked == null) {
            return null;
        }
        found("onlineCollection", value(asked));
        found("onlineCollection.requested", value(asked));
        Boolean requested = flag(Observation.ONLINE, asked);
        return requested == null ? null : new OnlineCollection(requested, pin == null ? null : pin.get(5));
    }

    // --- texts -----------------------------------------------------------------------------------------------

    private static String first(String one, String other) {
        return one != null ? one : other;
    }

    private static String upper(String text) {
        return text == null ? null : text.toUpperCase(Locale.ROOT);
    }

    /** A value as a reason quotes it: one line, not without end. */
    static String shown(String value) {
        return shown(value, 60);
    }

    static String shown(String value, int length) {
        String line = value == null ? "" : UNSEEN.matcher(value).replaceAll(" ");
        return line.length() <= length ? line : line.substring(0, length) + "…";
    }

    /** Where each canonical field stands, or would stand. */
    private static Map<String, String> places(boolean oru) {
        Map<String, String> places = new HashMap<>();
        places.put("", "MSH^1");
        places.put("action", "MSH^1^9");
        places.put("sender", "MSH^1^3");
        places.put("sender.application", "MSH^1^3");
        places.put("sender.facility", "MSH^1^4^1^1");
        places.put("sender.facilityCode", "MSH^1^4^1^2");
        places.put("documentNumber", oru ? "OBR^1^3" : "TXA^1^12");
        places.put("replacedDocumentNumber", oru ? "OBR^1^29" : "TXA^1^13");
        places.put("patient", "PID^1");
        places.put("patient.fiscalCode", "PID^1^3");
        places.put("patient.stp", "PID^1^3");
        places.put("patient.eni", "PID^1^3");
        places.put("patient.team", "PID^1^3");
        places.put("patient.regionalId", "PID^1^3");
        places.put("patient.family", "PID^1^5^1^1");
        places.put("patient.given", "PID^1^5^1^2");
        places.put("patient.birthDate", "PID^1^7");
        places.put("patient.gender", "PID^1^8");
        places.put("patient.address", "PID^1^11");
        places.put("patient.phone", "PID^1^13");
        places.put("patient.birthplace", "PID^1^23");
        places.put("author", oru ? "OBR^1^32" : "TXA^1^5");
        places.put("legalAuthenticator", oru ? "OBR^1^32" : "TXA^1^10");
        places.put("encounter", "PV1^1");
        places.put("encounter.kind", "PV1^1^2");
        places.put("encounter.unitCode", "PV1^1^3^1^1");
        places.put("encounter.structureCode", "PV1^1^3^1^4");
        places.put("encounter.unitName", "PV1^1^3^1^9");
        places.put("encounter.id", "PV1^1^19");
        places.put("encounter.start", "PV1^1^44");
        places.put("encounter.end", "PV1^1^45");
        places.put("encounter.azienda", "MSH^1^4^1^2");
        places.put("visitTime", oru ? "OBR^1^7" : "TXA^1^4");
        places.put("confidentiality", oru ? "OBR^1" : "TXA^1^18");
        for (Observation each : Observation.values()) {
            places.put(each.path, NO_OBX);
        }
        return places;
    }
}
