package it.snodo.certificate;

import static it.snodo.fault.SnodoCode.CODE_NOT_COHERENT;
import static it.snodo.fault.SnodoCode.CODE_UNKNOWN;
import static it.snodo.fault.SnodoCode.FIELD_MALFORMED;
import static it.snodo.fault.SnodoCode.FIELD_MISSING;
import static it.snodo.fault.SnodoCode.FIELD_TOO_LONG;
import static it.snodo.fault.SnodoCode.IDENTIFIER_INVALID;
import static it.snodo.fault.SnodoCode.NOT_ALLOWED_TOGETHER;
import static it.snodo.registry.Identifiers.quoted;

import it.snodo.certificate.CertificateProperties.DiagnosisPairs;
import it.snodo.certificate.CertificateRequest.Action;
import it.snodo.certificate.CertificateRequest.Address;
import it.snodo.certificate.CertificateRequest.Code;
import it.snodo.certificate.CertificateRequest.Encounter;
import it.snodo.certificate.CertificateRequest.OnlineCollection;
import it.snodo.certificate.CertificateRequest.Patient;
import it.snodo.certificate.CertificateRequest.Place;
import it.snodo.certificate.CertificateRequest.Professional;
import it.snodo.certificate.CertificateRequest.TeamCard;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.registry.CodeTables;
import it.snodo.registry.CodiceFiscale;
import it.snodo.registry.Country;
import it.snodo.registry.Diagnosis;
import it.snodo.registry.Eni;
import it.snodo.registry.Exemption;
import it.snodo.registry.IdentifierProperties;
import it.snodo.registry.InvalidIdentifierException;
import it.snodo.registry.Nre;
import it.snodo.registry.Pairing;
import it.snodo.registry.Regime;
import it.snodo.registry.Stp;
import it.snodo.registry.TeamCardNumber;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.lang.reflect.RecordComponent;
import java.time.Clock;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The checks of a certificate request. Each field gets at most one fault: the first found, in the order characters,
 * length and presence, form, tables, coherence with other fields.
 */
@Component("certificateChecks")
class CertificateRules implements CertificateChecks {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd/MM/uuuu");
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("dd/MM/uuuu HH:mm");
    private static final int OLDEST = 130;
    private static final int OF_AGE = 18;

    /** What an annulment must say; everything else was said by the document that it annuls. */
    private static final Set<String> NEEDED_TO_ANNUL =
            Set.of("action", "sender", "sender.application", "documentNumber", "replacedDocumentNumber");

    /** Texts of several lines, where line ends and tabulators are welcome. */
    private static final Set<String> TEXTS = Set.of("question", "pathology", "conclusions");

    private static final Set<String> GENDERS = Set.of("M", "F", "U");
    private static final Set<String> ENCOUNTER_KINDS = Set.of("O", "I", "E");

    private static final Pattern LETTER = Pattern.compile("\\p{L}");
    private static final Pattern SCHEME = Pattern.compile("^(tel|mailto):");
    private static final Pattern POSTAL_CODE = Pattern.compile("[0-9]{5}");
    private static final Pattern COMUNE = Pattern.compile("[0-9]{6}");
    private static final Pattern STATE = Pattern.compile("[0-9]{3}");
    private static final Pattern STRUCTURE = Pattern.compile("[A-Z0-9]{6,8}");

    private final Validator validator;
    private final CodeTables tables;
    private final AziendaResolver aziende;
    private final IdentifierProperties identifiers;
    private final CertificateProperties properties;
    private final Clock clock;

    @Autowired
    CertificateRules(
            Validator validator,
            CodeTables tables,
            AziendaResolver aziende,
            IdentifierProperties identifiers,
            CertificateProperties properties) {
        this(validator, tables, aziende, identifiers, properties, Clock.systemUTC());
    }

    CertificateRules(
            Validator validator,
            CodeTables tables,
            AziendaResolver aziende,
            IdentifierProperties identifiers,
            CertificateProperties properties,
            Clock clock) {
        this.validator = validator;
        this.tables = tables;
        this.aziende = aziende;
        this.identifiers = identifiers;
        this.properties = properties;
        this.clock = clock;
    }

    @Override
    public List<Fault> check(CertificateRequest request) {
        Findings found = new Findings();
        boolean annulment = request.action() == Action.ANNULMENT;
        if (!FirstLook.isSound(request)) {
            characters("", request, found);
            shape(request, annulment, found);
        }
        numbers(request, found);
        if (request.patient() != null) {
            patient(request, annulment, found);
        } else if (!annulment) {
            found.missing("patient");
        }
        professionals(request, annulment, found);
        encounter(request, annulment, found);
        visit(request, annulment, found);
        exemption(request, annulment, found);
        contents(request, annulment, found);
        return found.inOrder();
    }

    /** At most one fault a field. */
    private static final class Findings {

        private final Map<String, Fault> byPath = new LinkedHashMap<>();

        void add(SnodoCode code, String path, String reason) {
            byPath.putIfAbsent(path, Fault.at(code, path, reason));
        }

        void missing(String path) {
            add(FIELD_MISSING, path, "Manca " + FieldNames.of(path) + ": è un dato obbligatorio.");
        }

        void unless(boolean good, SnodoCode code, String path, String reason) {
            if (!good) {
                add(code, path, reason);
            }
        }

        boolean has(String path) {
            return byPath.containsKey(path);
        }

        List<Fault> inOrder() {
            List<Fault> faults = new ArrayList<>(byPath.values());
            faults.sort(Comparator.comparingLong(fault -> FieldOrder.rank(fault.path())));
            return List.copyOf(faults);
        }
    }

    // --- characters and shape ----------------------------------------------------------------------------------

    /** No text of the request holds what XML cannot carry or a reader cannot see. */
    private static void characters(String path, Object value, Findings found) {
        if (value == null) {
            return;
        }
        if (value instanceof String text) {
            character(path, text, found);
        } else if (value instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                characters(path + "[" + i + "]", items.get(i), found);
            }
        } else if (value.getClass().isRecord()) {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                String inner = path.isEmpty() ? component.getName() : path + "." + component.getName();
                try {
                    characters(inner, component.getAccessor().invoke(value), found);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("a record's own accessor can always be called", e);
                }
            }
        }
    }

    private static void character(String path, String text, Findings found) {
        int list = path.indexOf('[');
        boolean lines = TEXTS.contains(list < 0 ? path : path.substring(0, list));
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            boolean lineEnd = c == '\n' || c == '\r' || c == '\t';
            boolean bad = Character.isISOControl(c) && !(lines && lineEnd)
                    || c >= 0xD800 && c <= 0xDFFF
                    || c == 0xFFFE
                    || c == 0xFFFF
                    || c == 0xFFFD;
            if (bad) {
                String why = c == 0xFFFD
                        ? "un carattere che non è stato possibile decodificare: verificare il set di caratteri dichiarato"
                        : String.format("il carattere non ammesso U+%04X", c);
                found.add(
                        FIELD_MALFORMED,
                        path,
                        "Il valore per " + FieldNames.of(path) + " contiene, in posizione "
                                + (text.codePointCount(0, i) + 1) + ", " + why + ".");
                return;
            }
            i += Character.charCount(c);
        }
    }

    /** The constraints on the records themselves. */
    private void shape(CertificateRequest request, boolean annulment, Findings found) {
        for (ConstraintViolation<CertificateRequest> violation : validator.validate(request)) {
            String path = violation.getPropertyPath().toString().replace(".<list element>", "");
            Object constraint = violation.getConstraintDescriptor().getAnnotation();
            if (constraint instanceof NotNull) {
                if (!annulment || NEEDED_TO_ANNUL.contains(path)) {
                    found.missing(path);
                }
            } else if (constraint instanceof Size size) {
                int length = String.valueOf(violation.getInvalidValue()).length();
                found.add(
                        FIELD_TOO_LONG,
                        path,
                        "Il valore per " + FieldNames.of(path) + " è di " + length + " caratteri: il massimo è "
                                + size.max() + ".");
            } else {
                found.add(FIELD_MALFORMED, path, "Il valore per " + FieldNames.of(path) + " non è ammesso.");
            }
        }
    }

    private static void numbers(CertificateRequest request, Findings found) {
        String replaced = request.replacedDocumentNumber();
        if (request.action() == Action.NEW && replaced != null) {
            found.add(
                    NOT_ALLOWED_TOGETHER,
                    "replacedDocumentNumber",
                    "Un nuovo certificato non può indicare il documento sostituito " + quoted(replaced)
                            + ": inviare una sostituzione, oppure togliere il riferimento.");
        } else if ((request.action() == Action.REPLACEMENT || request.action() == Action.ANNULMENT)
                && replaced == null) {
            found.missing("replacedDocumentNumber");
        } else if (request.action() == Action.REPLACEMENT && replaced.equals(request.documentNumber())) {
            found.add(
                    NOT_ALLOWED_TOGETHER,
                    "replacedDocumentNumber",
                    "Il documento nuovo e quello sostituito hanno lo stesso numero " + quoted(replaced)
                            + ": il nuovo documento deve avere un numero proprio.");
        }
    }

    // --- the person --------------------------------------------------------------------------------------------

    private void patient(CertificateRequest request, boolean annulment, Findings found) {
        Patient patient = request.patient();
        identity(patient, annulment, found);
        name("patient.family", patient.family(), found);
        name("patient.given", patient.given(), found);
        if (!annulment && patient.birthDate() == null) {
            found.missing("patient.birthDate");
        }
        if (patient.birthDate() != null) {
            birthDate(request, patient.birthDate(), found);
        }
        if (patient.gender() == null) {
            if (!annulment) {
                found.missing("patient.gender");
            }
        } else {
            found.unless(
                    GENDERS.contains(patient.gender()),
                    CODE_UNKNOWN,
                    "patient.gender",
                    "Il valore " + quoted(patient.gender())
                            + " per il sesso dell'assistito non è ammesso: usare M, F o U (non noto).");
        }
        address(patient.address(), found);
        birthplace(patient.birthplace(), found);
    }

    private void identity(Patient patient, boolean annulment, Findings found) {
        if (patient.fiscalCode() != null) {
            fiscalCode("patient.fiscalCode", patient.fiscalCode(), true, found);
        }
        if (patient.stp() != null) {
            identifier("patient.stp", () -> Stp.parse(patient.stp()), found);
        }
        if (patient.eni() != null) {
            identifier("patient.eni", () -> Eni.parse(patient.eni()), found);
        }
        TeamCard team = patient.team();
        boolean card = team != null && (team.cardNumber() != null || team.personalNumber() != null);
        if (card) {
            team(team, found);
        }
        if (!annulment && !card && patient.fiscalCode() == null && patient.stp() == null && patient.eni() == null) {
            found.add(
                    FIELD_MISSING,
                    "patient.fiscalCode",
                    "Manca un identificativo dell'assistito: serve almeno uno tra codice fiscale, STP, ENI e TEAM"
                            + " (numero di tessera e numero personale).");
        }
    }

    private void team(TeamCard team, Findings found) {
        if (team.cardNumber() == null) {
            found.add(
                    FIELD_MISSING,
                    "patient.team.cardNumber",
                    "Manca il numero della tessera TEAM: va indicato insieme al numero personale.");
        } else {
            identifier("patient.team.cardNumber", () -> TeamCardNumber.parse(team.cardNumber()), found);
        }
        if (team.personalNumber() == null) {
            found.add(
                    FIELD_MISSING,
                    "patient.team.personalNumber",
                    "Manca il numero personale della tessera TEAM: va indicato insieme al numero di tessera.");
        }
        if (team.state() != null && tables.country(team.state()).isEmpty()) {
            found.add(
                    CODE_UNKNOWN,
                    "patient.team.state",
                    "Lo Stato " + quoted(team.state())
                            + " della tessera TEAM non è in tabella: usare il codice ISO 3166 di tre lettere.");
        }
    }

    private void fiscalCode(String path, String value, boolean person, Findings found) {
        identifier(
                path,
                () -> {
                    CodiceFiscale code = CodiceFiscale.parse(value, identifiers.fiscalCode());
                    if (code.provisional()) {
                        found.add(
                                IDENTIFIER_INVALID,
                                path,
                                "Il codice fiscale provvisorio " + quoted(value)
                                        + " è di 11 cifre, ma i documenti per il FSE accettano solo quello di 16"
                                        + " caratteri"
                                        + (person
                                                ? ": indicare quello definitivo, oppure soltanto STP, ENI o TEAM."
                                                : "."));
                    }
                },
                found);
    }

    private static void identifier(String path, Runnable parse, Findings found) {
        try {
            parse.run();
        } catch (InvalidIdentifierException e) {
            found.add(IDENTIFIER_INVALID, path, e.getMessage());
        }
    }

    private static void name(String path, String value, Findings found) {
        if (value != null && !LETTER.matcher(value).find()) {
            found.add(
                    FIELD_MALFORMED,
                    path,
                    "Il valore " + quoted(value) + " per " + FieldNames.of(path) + " non contiene alcuna lettera.");
        }
    }

    private void birthDate(CertificateRequest request, LocalDate birth, Findings found) {
        LocalDate today = today();
        if (birth.isAfter(today)) {
            found.add(
                    FIELD_MALFORMED, "patient.birthDate", "La data di nascita " + DAY.format(birth) + " è nel futuro.");
        } else if (birth.isBefore(today.minusYears(OLDEST))) {
            found.add(
                    FIELD_MALFORMED,
                    "patient.birthDate",
                    "La data di nascita " + DAY.format(birth) + " è di oltre " + OLDEST + " anni fa.");
        } else if (request.visitTime() != null && birth.isAfter(visitDay(request))) {
            found.add(
                    NOT_ALLOWED_TOGETHER,
                    "patient.birthDate",
                    "La data di nascita " + DAY.format(birth) + " è successiva alla visita del "
                            + DAY.format(visitDay(request)) + ".");
        }
    }

    private void address(Address address, Findings found) {
        if (address == null) {
            return;
        }
        Optional<Country> country = tables.country(address.country());
        if (address.country() != null && country.isEmpty()) {
            found.add(
                    CODE_UNKNOWN,
                    "patient.address.country",
                    "Lo Stato " + quoted(address.country())
                            + " dell'indirizzo non è in tabella: usare il codice ISTAT (100 = Italia) o ISO 3166.");
        }
        boolean italian = country.map(Country::italy).orElse(address.country() == null);
        if (italian && address.postalCode() != null) {
            found.unless(
                    POSTAL_CODE.matcher(address.postalCode()).matches(),
                    FIELD_MALFORMED,
                    "patient.address.postalCode",
                    "Il CAP " + quoted(address.postalCode()) + " non è valido: un CAP italiano ha 5 cifre.");
        }
        String province = address.province();
        if (italian && province != null && province.length() == 2 && !province.equalsIgnoreCase("EE")) {
            found.unless(
                    tables.province(province).isPresent(),
                    CODE_UNKNOWN,
                    "patient.address.province",
                    "La sigla di provincia " + quoted(province) + " non è in tabella.");
        }
        if (address.istatCode() != null) {
            found.unless(
                    COMUNE.matcher(address.istatCode()).matches(),
                    FIELD_MALFORMED,
                    "patient.address.istatCode",
                    "Il codice ISTAT " + quoted(address.istatCode())
                            + " del comune di residenza non è valido: servono 6 cifre.");
        }
    }

    private static void birthplace(Place place, Findings found) {
        if (place != null && place.istatCode() != null) {
            found.unless(
                    COMUNE.matcher(place.istatCode()).matches()
                            || STATE.matcher(place.istatCode()).matches(),
                    FIELD_MALFORMED,
                    "patient.birthplace.istatCode",
                    "Il codice ISTAT " + quoted(place.istatCode())
                            + " del luogo di nascita non è valido: servono le 6 cifre del comune, oppure, per chi è"
                            + " nato all'estero, le 3 dello Stato (da sole o precedute da 999).");
        }
    }

    // --- doctors -----------------------------------------------------------------------------------------------

    private void professionals(CertificateRequest request, boolean annulment, Findings found) {
        if (request.author() != null) {
            professional("author", request.author(), found);
        } else if (!annulment) {
            found.missing("author");
        }
        if (request.legalAuthenticator() != null) {
            professional("legalAuthenticator", request.legalAuthenticator(), found);
        }
        if (!annulment && request.author() != null && request.author().telecom() == null) {
            boolean known =
                    TableResolver.authorTelecom(request, tables, aziende).isPresent();
            // Without an azienda there is already a fault that says more.
            found.unless(
                    known || aziende.find(request).isEmpty(),
                    FIELD_MISSING,
                    "author.telecom",
                    "Manca il recapito del medico autore, e non si trova né nell'anagrafe dei professionisti né"
                            + " presso l'unità o l'azienda: indicare un telefono o un indirizzo e-mail.");
        }
    }

    private void professional(String path, Professional doctor, Findings found) {
        if (doctor.fiscalCode() != null) {
            fiscalCode(path + ".fiscalCode", doctor.fiscalCode(), false, found);
        }
        name(path + ".family", doctor.family(), found);
        name(path + ".given", doctor.given(), found);
        telecom(path + ".telecom", doctor.telecom(), found);
    }

    private static void telecom(String path, String value, Findings found) {
        if (value != null) {
            found.unless(
                    Telecom.uri(value).isPresent(),
                    FIELD_MALFORMED,
                    path,
                    "Il valore " + quoted(SCHEME.matcher(value).replaceFirst("")) + " per " + FieldNames.of(path)
                            + " non è un numero di telefono né un indirizzo e-mail.");
        }
    }

    // --- where and when ----------------------------------------------------------------------------------------

    private void encounter(CertificateRequest request, boolean annulment, Findings found) {
        Encounter encounter = request.encounter();
        if (encounter != null) {
            if (encounter.kind() != null) {
                found.unless(
                        ENCOUNTER_KINDS.contains(encounter.kind()),
                        CODE_UNKNOWN,
                        "encounter.kind",
                        "Il tipo di episodio " + quoted(encounter.kind())
                                + " non è ammesso: usare O (ambulatoriale), I (ricovero) o E (pronto soccorso).");
            }
            if (encounter.start() != null) {
                notInTheFuture("encounter.start", "L'inizio dell'episodio", encounter.start(), found);
            }
            if (encounter.start() != null && encounter.end() != null && !found.has("encounter.start")) {
                found.unless(
                        !encounter.end().isBefore(encounter.start()),
                        NOT_ALLOWED_TOGETHER,
                        "encounter.end",
                        "La fine dell'episodio (" + moment(encounter.end()) + ") precede l'inizio ("
                                + moment(encounter.start()) + ").");
            }
            if (encounter.structureCode() != null) {
                found.unless(
                        STRUCTURE.matcher(encounter.structureCode()).matches(),
                        FIELD_MALFORMED,
                        "encounter.structureCode",
                        "Il codice di struttura " + quoted(encounter.structureCode())
                                + " non è valido: un codice HSP.11 o STS.11 ha da 6 a 8 lettere o cifre.");
            }
            telecom("encounter.unitTelecom", encounter.unitTelecom(), found);
        }
        if (!annulment || encounter != null && encounter.azienda() != null) {
            azienda(request, found);
        }
    }

    private void azienda(CertificateRequest request, Findings found) {
        if (aziende.find(request).isPresent()) {
            return;
        }
        String named = request.encounter() == null ? null : request.encounter().azienda();
        String facility = request.sender() == null ? null : request.sender().facilityCode();
        if (named != null) {
            found.add(
                    CODE_UNKNOWN,
                    "encounter.azienda",
                    "L'azienda " + quoted(named)
                            + " non è in tabella: usare le 6 cifre di regione e azienda, per esempio 010301.");
        } else if (facility != null) {
            found.add(
                    CODE_UNKNOWN,
                    "sender.facilityCode",
                    "Il codice " + quoted(facility)
                            + " della struttura mittente non è né un'azienda né una struttura in tabella, e il resto"
                            + " della richiesta non permette di risalire all'azienda: usare le 6 cifre di regione e"
                            + " azienda, per esempio 010301.");
        } else {
            found.add(
                    FIELD_MISSING,
                    "encounter.azienda",
                    "Manca l'azienda sanitaria: indicarla nell'episodio o nel codice della struttura mittente, con le 6"
                            + " cifre di regione e azienda, per esempio 010301.");
        }
    }

    private void visit(CertificateRequest request, boolean annulment, Findings found) {
        if (request.visitTime() != null) {
            notInTheFuture("visitTime", "La visita", request.visitTime(), found);
        } else if (!annulment) {
            found.missing("visitTime");
        }
    }

    private void notInTheFuture(String path, String what, OffsetDateTime time, Findings found) {
        OffsetDateTime latest = OffsetDateTime.now(clock).plus(properties.clockTolerance());
        found.unless(!time.isAfter(latest), FIELD_MALFORMED, path, what + " risulta nel futuro: " + moment(time) + ".");
    }

    private String moment(OffsetDateTime time) {
        return MOMENT.format(time.atZoneSameInstant(properties.zone()));
    }

    /** The day of the visit, which validities are counted on; today when the request does not say it. */
    private LocalDate visitDay(CertificateRequest request) {
        return request.visitTime() == null
                ? today()
                : request.visitTime().atZoneSameInstant(properties.zone()).toLocalDate();
    }

    private LocalDate today() {
        return LocalDate.now(clock.withZone(properties.zone()));
    }

    // --- exemption and diagnosis -------------------------------------------------------------------------------

    private void exemption(CertificateRequest request, boolean annulment, Findings found) {
        Optional<Exemption> exemption = Optional.empty();
        if (code(request.exemption()) == null) {
            if (!annulment) {
                found.missing("exemption.code");
            }
        } else {
            // A day that is wrong itself says nothing of the exemption: one slip, one fault.
            boolean dated = !found.has("visitTime") && !found.has("patient.birthDate");
            exemption = knownExemption(code(request.exemption()), dated ? visitDay(request) : today(), found);
        }
        String diagnosis = code(request.diagnosis());
        if (diagnosis == null) {
            exemption
                    .filter(known -> known.diagnosisRequired() && !annulment)
                    .ifPresent(known -> noDiagnosis(known, found));
        } else if (CodeTables.isFiller(diagnosis)) {
            exemption.ifPresent(known -> filler(known, diagnosis, found));
        } else {
            diagnosis(exemption, diagnosis, found);
        }
    }

    private static String code(Code code) {
        return code == null ? null : code.code();
    }

    private Optional<Exemption> knownExemption(String code, LocalDate day, Findings found) {
        Optional<Exemption> valid = tables.exemption(code, day);
        if (valid.isEmpty()) {
            Optional<Exemption> other = tables.exemption(code);
            String reason = other.map(known -> known.validTo() != null && day.isAfter(known.validTo())
                            ? "L'esenzione " + quoted(code) + " non è più in uso: valeva fino al "
                                    + DAY.format(known.validTo())
                                    + (known.note() == null ? "" : " (" + known.note() + ")") + "."
                            : "L'esenzione " + quoted(code) + " non era ancora in uso il " + DAY.format(day)
                                    + ": vale dal " + DAY.format(known.validFrom()) + ".")
                    .orElse("Il codice di esenzione " + quoted(code) + " non è nel catalogo delle esenzioni.");
            found.add(CODE_UNKNOWN, "exemption.code", reason);
        }
        return valid;
    }

    private void noDiagnosis(Exemption exemption, Findings found) {
        List<String> fillers = tables.fillersFor(exemption.code());
        found.add(
                FIELD_MISSING,
                "diagnosis.code",
                fillers.isEmpty()
                        ? "Manca la diagnosi: per l'esenzione " + exemption.code() + " serve un codice ICD-9-CM."
                        : "Manca la diagnosi: per l'esenzione " + exemption.code() + " indicare "
                                + String.join(" o ", fillers) + ", oppure un codice ICD-9-CM coerente.");
    }

    /** A filler is good for its own exemption; one that the table does not know, where no diagnosis is needed. */
    private void filler(Exemption exemption, String filler, Findings found) {
        List<String> meant = tables.fillerExemptions(filler);
        boolean general = meant.contains("*") || meant.isEmpty();
        boolean good = meant.contains(exemption.code())
                || general
                        && (!exemption.diagnosisRequired()
                                || meant.contains("*")
                                        && !tables.fillersFor(exemption.code()).isEmpty());
        if (good) {
            return;
        }
        if (meant.isEmpty()) {
            found.add(
                    CODE_UNKNOWN,
                    "diagnosis.code",
                    "Il codice di riempimento " + quoted(filler)
                            + " non è in tabella, e l'esenzione " + exemption.code()
                            + " richiede una diagnosi: indicare un codice ICD-9-CM.");
        } else {
            found.add(
                    CODE_NOT_COHERENT,
                    "diagnosis.code",
                    "Il codice di riempimento " + quoted(filler) + " non vale per l'esenzione " + exemption.code()
                            + (exemption.diagnosisRequired() ? ": indicare un codice ICD-9-CM." : "."));
        }
    }

    private void diagnosis(Optional<Exemption> exemption, String code, Findings found) {
        Optional<Diagnosis> known = tables.diagnosis(code);
        if (known.isEmpty()) {
            found.add(
                    CODE_UNKNOWN,
                    "diagnosis.code",
                    "Il codice di diagnosi " + quoted(code) + " non è nella classificazione ICD-9-CM.");
            return;
        }
        if (!known.get().inFse()) {
            found.add(
                    CODE_UNKNOWN,
                    "diagnosis.code",
                    "Il codice di diagnosi " + quoted(code) + " (" + known.get().title()
                            + ") non è accettato dal FSE: usare un codice ICD-9-CM vicino o più specifico.");
            return;
        }
        exemption.ifPresent(of -> {
            Pairing pairing = tables.pairing(of.code(), code);
            boolean refused = pairing == Pairing.REFUSED
                    || pairing == Pairing.NOT_LISTED && properties.diagnosisPairs() == DiagnosisPairs.REFUSE;
            if (refused) {
                List<String> fillers = tables.fillersFor(of.code());
                found.add(
                        CODE_NOT_COHERENT,
                        "diagnosis.code",
                        "La diagnosi " + quoted(code) + " (" + known.get().title()
                                + ") non è tra quelle previste per l'esenzione " + of.code() + " (" + of.title() + ")"
                                + (fillers.isEmpty()
                                        ? "."
                                        : ": indicare una diagnosi coerente, oppure " + String.join(" o ", fillers)
                                                + "."));
            }
        });
    }

    // --- the rest ----------------------------------------------------------------------------------------------

    private void contents(CertificateRequest request, boolean annulment, Findings found) {
        if (!annulment && request.pathology().stream().allMatch(String::isBlank)) {
            found.add(
                    FIELD_MISSING,
                    "pathology",
                    "Manca il testo «è affetto dalla seguente patologia»: serve almeno un paragrafo non vuoto.");
        }
        known(
                "service.code",
                code(request.service()),
                found,
                value -> found.unless(
                        tables.service(value).isPresent(),
                        CODE_UNKNOWN,
                        "service.code",
                        "La prestazione " + quoted(value) + " non è nel catalogo nazionale delle prestazioni."));
        known(
                "regime",
                request.regime(),
                found,
                value -> found.unless(
                        tables.regime(value).filter(Regime::certificate).isPresent(),
                        CODE_UNKNOWN,
                        "regime",
                        "Il regime " + quoted(value) + " non è ammesso: usare "
                                + tables.regimes().stream()
                                        .filter(Regime::certificate)
                                        .map(Regime::code)
                                        .collect(Collectors.joining(", "))
                                + "."));
        confidentiality(request, found);
        parent(request, found);
        known("nre", request.nre(), found, value -> identifier("nre", () -> Nre.parse(value), found));
        OnlineCollection online = request.onlineCollection();
        if (online != null && Boolean.TRUE.equals(online.requested()) && online.pin() == null) {
            found.add(
                    FIELD_MISSING,
                    "onlineCollection.pin",
                    "È richiesto lo scarico on line ma manca il PIN da comunicare al cittadino.");
        }
        known(
                "ticket",
                request.ticket(),
                found,
                value -> found.unless(
                        tables.ticketState(value).isPresent(),
                        CODE_UNKNOWN,
                        "ticket",
                        "Lo stato del ticket " + quoted(value) + " non è ammesso: usare "
                                + String.join(", ", tables.ticketStates()) + "."));
    }

    private static void known(String path, String value, Findings found, Consumer<String> rule) {
        if (value != null && !found.has(path)) {
            rule.accept(value);
        }
    }

    private static void confidentiality(CertificateRequest request, Findings found) {
        String level = request.confidentiality();
        if (level == null) {
            return;
        }
        if (!Set.of("N", "R", "V").contains(level)) {
            found.add(
                    CODE_UNKNOWN,
                    "confidentiality",
                    "Il livello di riservatezza " + quoted(level)
                            + " non è ammesso: usare N (normale), R (riservato) o V (molto riservato).");
        } else if (request.underSpecialLaws() && !level.equals("V")) {
            found.add(
                    NOT_ALLOWED_TOGETHER,
                    "confidentiality",
                    "Il livello di riservatezza " + quoted(level)
                            + " contraddice l'indicazione «leggi speciali», che richiede V.");
        }
    }

    private void parent(CertificateRequest request, Findings found) {
        LocalDate birth = request.patient() == null ? null : request.patient().birthDate();
        if (!request.hiddenFromParent() || birth == null || found.has("patient.birthDate")) {
            return;
        }
        int age = Period.between(birth, visitDay(request)).getYears();
        found.unless(
                age < OF_AGE,
                NOT_ALLOWED_TOGETHER,
                "obscuredToParent",
                "«Oscurato al genitore» è ammesso solo per i minorenni: alla visita l'assistito ha " + age + " anni.");
    }
}
