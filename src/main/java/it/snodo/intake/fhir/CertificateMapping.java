package it.snodo.intake.fhir;

import static it.snodo.fault.SnodoCode.CODE_UNKNOWN;
import static it.snodo.fault.SnodoCode.EVENT_UNKNOWN;
import static it.snodo.fault.SnodoCode.FIELD_MALFORMED;
import static it.snodo.fault.SnodoCode.FIELD_MISSING;
import static it.snodo.fault.SnodoCode.MESSAGE_TYPE_UNKNOWN;
import static it.snodo.fault.SnodoCode.NOT_ALLOWED_TOGETHER;

import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequest.Action;
import it.snodo.certificate.CertificateRequest.Code;
import it.snodo.certificate.CertificateRequest.OnlineCollection;
import it.snodo.certificate.CertificateRequest.Professional;
import it.snodo.certificate.CertificateRequest.Sender;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Characters;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.CompositionAttestationMode;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.hl7.fhir.r4.model.Composition.DocumentRelationshipType;
import org.hl7.fhir.r4.model.Composition.SectionComponent;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;

/**
 * One Bundle to one canonical request. What the request has no place for is refused rather than lost: this is a
 * clinical document. The table of what comes from where is in {@code src/docs/fhir.md}.
 */
final class CertificateMapping {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final Pattern FILLER = Pattern.compile("[Ff]\\d{3}|000");
    private static final String CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

    private final Bundle bundle;
    private final String prefix;
    private final BundleIndex index;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, String> locations = new HashMap<>();

    private Composition composition;
    private String compositionPath;
    private boolean ifNoneExist;

    CertificateMapping(Bundle bundle, String prefix) {
        this.bundle = bundle;
        this.prefix = prefix;
        this.index = new BundleIndex(bundle, prefix);
        locations.put("", prefix);
    }

    List<Fault> faults() {
        return faults;
    }

    Map<String, String> locations() {
        return locations;
    }

    /** The Bundle's MessageHeader; null in a transaction. */
    MessageHeader header() {
        return bundle.getEntryFirstRep().getResource() instanceof MessageHeader header ? header : null;
    }

    Composition composition() {
        return composition;
    }

    /** True when the Composition is to be created only where there is none of that number. */
    boolean ifNoneExist() {
        return ifNoneExist;
    }

    /** @return null when the Bundle carries no certificate */
    CertificateRequest map() {
        if (!findComposition()) {
            return null;
        }
        checkRequests();
        checkExtensions();
        Action action = action();
        if (action == Action.NEW && said() == Action.REPLACEMENT) {
            // The event says so; what it replaces is then missing, like in the other forms.
            action = Action.REPLACEMENT;
        }
        checkEvent(action);
        Organization custodian = resolve(
                        composition, composition.getCustodian(), compositionPath + ".custodian", Organization.class)
                .orElse(null);
        Encounter encounter = encounter();
        String confidentiality = confidentiality();
        String number = identifier(composition.getIdentifier(), "documentNumber", compositionPath + ".identifier");
        locations.put("replacedDocumentNumber", compositionPath + ".relatesTo");
        String replaced = replaced();
        if (action == Action.ANNULMENT && replaced == null && number != null) {
            // The document's own number with status entered-in-error is how FHIR says "this one": the annulment, that
            // needs a number of its own, takes one made from it.
            replaced = number;
            locations.put("replacedDocumentNumber", compositionPath + ".identifier.value");
            number = number + "/ANNULLAMENTO";
        }
        Map<String, SectionComponent> sections = sections();
        return new CertificateRequest(
                action,
                sender(custodian),
                number,
                replaced,
                patient(),
                professional(
                        "author",
                        composition.getAuthor().isEmpty() ? null : composition.getAuthorFirstRep(),
                        compositionPath + ".author[0]"),
                authenticator(),
                new EncounterMapping(this).map(encounter, custodian),
                visitTime(encounter),
                question(sections.get(FhirNames.QUESTION)),
                exemption(sections.get(FhirNames.EXEMPTION)),
                diagnosis(sections.get(FhirNames.DIAGNOSIS), encounter),
                paragraphs("pathology", sections.get(FhirNames.REPORT)),
                service(sections.get(FhirNames.SERVICES)),
                paragraphs("conclusions", sections.get(FhirNames.CONCLUSIONS)),
                codeExtension(FhirNames.REGIME, "regime"),
                confidentiality,
                booleanExtension(FhirNames.SPECIAL_LAWS, "specialLaws"),
                obscuredToParent(),
                nre(encounter),
                onlineCollection(),
                codeExtension(FhirNames.TICKET, "ticket"));
    }

    // --- what the Bundle is ----------------------------------------------------------------------------------

    private boolean findComposition() {
        List<Composition> all = index.all(Composition.class);
        MessageHeader header = header();
        if (bundle.getType() == Bundle.BundleType.MESSAGE && header == null) {
            fault(
                    FIELD_MISSING,
                    "",
                    prefix + ".entry[0].resource",
                    "In un Bundle di tipo message la prima risorsa deve essere il MessageHeader.");
        }
        if (all.isEmpty()) {
            fault(
                    MESSAGE_TYPE_UNKNOWN,
                    "",
                    prefix,
                    "Il Bundle non contiene una Composition: un certificato ne richiede una di tipo LOINC 11488-4.");
            return false;
        }
        composition = all.get(0);
        if (header != null && header.hasFocus()) {
            Optional<Resource> focus = index.resolve(header, header.getFocusFirstRep());
            if (focus.isPresent() && focus.get() instanceof Composition focused) {
                composition = focused;
            } else {
                fault(
                        FIELD_MALFORMED,
                        "",
                        index.path(header) + ".focus[0].reference",
                        "MessageHeader.focus deve riferirsi alla Composition del certificato contenuta nel Bundle.");
            }
        }
        compositionPath = index.path(composition);
        if (all.size() > 1) {
            fault(
                    NOT_ALLOWED_TOGETHER,
                    "",
                    index.path(all.get(1)),
                    "Il Bundle contiene " + all.size() + " Composition: inviare un certificato per volta.");
        }
        boolean referto = composition.getType().getCoding().stream()
                .anyMatch(coding -> FhirNames.RSA.equals(coding.getCode())
                        && (!coding.hasSystem() || FhirNames.LOINC.equals(coding.getSystem())));
        if (!referto) {
            fault(
                    MESSAGE_TYPE_UNKNOWN,
                    "",
                    compositionPath + ".type",
                    "Il tipo della Composition deve essere LOINC 11488-4 (referto di specialistica ambulatoriale)"
                            + (composition.getType().hasCoding()
                                    ? ", non «"
                                            + composition
                                                    .getType()
                                                    .getCodingFirstRep()
                                                    .getCode() + "»."
                                    : "."));
        }
        return true;
    }

    /** A transaction that asks for more than "take this certificate" would be half done. */
    private void checkRequests() {
        if (bundle.getType() != Bundle.BundleType.TRANSACTION) {
            return;
        }
        for (int i = 0; i < bundle.getEntry().size(); i++) {
            var entry = bundle.getEntry().get(i);
            String path = prefix + ".entry[" + i + "].request";
            if (!entry.hasRequest() || entry.getRequest().getMethod() == null) {
                fault(
                        FIELD_MISSING,
                        "",
                        path + ".method",
                        "In una transazione ogni entry deve avere request.method: manca nella numero " + (i + 1) + ".");
            } else if (entry.getRequest().getMethod() != HTTPVerb.POST
                    && entry.getRequest().getMethod() != HTTPVerb.PUT) {
                fault(
                        FIELD_MALFORMED,
                        "",
                        path + ".method",
                        "Una transazione con un certificato può solo creare (POST o PUT), non "
                                + entry.getRequest().getMethod().toCode() + ".");
            }
            if (entry.getResource() == composition && entry.getRequest().getIfNoneExist() != null) {
                ifNoneExist = true;
                checkIfNoneExist(entry.getRequest().getIfNoneExist(), path + ".ifNoneExist");
            }
        }
    }

    private void checkIfNoneExist(String query, String path) {
        String value = composition.getIdentifier().getValue();
        String decoded;
        try {
            decoded = java.net.URLDecoder.decode(query, java.nio.charset.StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            decoded = query;
        }
        int at = decoded.indexOf("identifier=");
        String asked = at < 0 ? null : decoded.substring(at + "identifier=".length());
        if (asked == null || value == null || !(asked.equals(value) || asked.endsWith("|" + value))) {
            fault(
                    NOT_ALLOWED_TOGETHER,
                    "documentNumber",
                    path,
                    "ifNoneExist può chiedere solo identifier=sistema|valore della stessa Composition.");
        }
    }

    private void checkExtensions() {
        if (composition.hasModifierExtension()) {
            fault(
                    FIELD_MALFORMED,
                    "",
                    compositionPath + ".modifierExtension[0]",
                    "La Composition ha una modifierExtension che l'hub non conosce e quindi non può trascurare: «"
                            + composition.getModifierExtension().get(0).getUrl() + "».");
        }
        for (int i = 0; i < composition.getExtension().size(); i++) {
            String url = composition.getExtension().get(i).getUrl();
            if (url != null && url.startsWith(FhirNames.EXTENSION) && !FhirNames.EXTENSIONS.contains(url)) {
                fault(
                        FIELD_MALFORMED,
                        "",
                        compositionPath + ".extension[" + i + "].url",
                        "L'estensione «" + url + "» non esiste.");
            }
        }
    }

    private Action action() {
        locations.put("action", compositionPath + ".status");
        if (composition.getStatus() == CompositionStatus.ENTEREDINERROR) {
            return Action.ANNULMENT;
        }
        if (composition.getStatus() == CompositionStatus.PRELIMINARY) {
            fault(
                    FIELD_MALFORMED,
                    "action",
                    compositionPath + ".status",
                    "La Composition è «preliminary»: l'hub accetta solo certificati definitivi (final o amended).");
        }
        if (!composition.hasStatus()) {
            fault(FIELD_MISSING, "action", compositionPath + ".status", "Manca lo stato della Composition.");
        }
        return composition.hasRelatesTo() ? Action.REPLACEMENT : Action.NEW;
    }

    private String replaced() {
        for (int i = 0; i < composition.getRelatesTo().size(); i++) {
            var relation = composition.getRelatesTo().get(i);
            String path = compositionPath + ".relatesTo[" + i + "]";
            if (relation.getCode() != DocumentRelationshipType.REPLACES) {
                fault(
                        CODE_UNKNOWN,
                        "replacedDocumentNumber",
                        path + ".code",
                        "Di relatesTo.code l'hub gestisce solo «replaces».");
                continue;
            }
            if (relation.hasTargetIdentifier()) {
                return identifier(relation.getTargetIdentifier(), "replacedDocumentNumber", path + ".targetIdentifier");
            }
            if (relation.hasTargetReference() && relation.getTargetReference().hasIdentifier()) {
                return identifier(
                        relation.getTargetReference().getIdentifier(),
                        "replacedDocumentNumber",
                        path + ".targetReference.identifier");
            }
            fault(
                    FIELD_MISSING,
                    "replacedDocumentNumber",
                    path + ".targetIdentifier",
                    "relatesTo deve portare in targetIdentifier il numero del documento sostituito.");
        }
        return null;
    }

    /** What the event asks for; null when there is none or none of ours. */
    private Action said() {
        Coding event = header() == null ? new Coding() : header().getEventCoding();
        boolean ours = FhirNames.EVENTS.equals(event.getSystem()) || FhirNames.V2_EVENTS.equals(event.getSystem());
        return switch (ours && event.getCode() != null ? event.getCode() : "") {
            case "certificate-new", "T02" -> Action.NEW;
            case "certificate-replacement", "T10" -> Action.REPLACEMENT;
            case "certificate-annulment", "T11" -> Action.ANNULMENT;
            default -> null;
        };
    }

    private void checkEvent(Action action) {
        MessageHeader header = header();
        if (header == null) {
            return;
        }
        String path = index.path(header) + ".eventCoding";
        if (!header.hasEventCoding()) {
            if (!header.hasEventUriType()) {
                fault(FIELD_MISSING, "", path, "Manca l'evento del MessageHeader.");
            } else {
                fault(
                        EVENT_UNKNOWN,
                        "",
                        index.path(header) + ".eventUri",
                        "L'evento va indicato con eventCoding, nel sistema " + FhirNames.EVENTS + ".");
            }
            return;
        }
        String code = header.getEventCoding().getCode();
        Action said = said();
        if (said == null) {
            fault(
                    EVENT_UNKNOWN,
                    "",
                    path,
                    "L'evento «" + code + "» non è gestito: i codici sono certificate-new, certificate-replacement e "
                            + "certificate-annulment di " + FhirNames.EVENTS + ".");
        } else if (said != action) {
            fault(
                    NOT_ALLOWED_TOGETHER,
                    "action",
                    path,
                    "L'evento «" + code + "» non corrisponde alla Composition, che per stato e relatesTo è "
                            + switch (action) {
                                case NEW -> "un certificato nuovo.";
                                case REPLACEMENT -> "una sostituzione.";
                                case ANNULMENT -> "un annullamento.";
                            });
        }
    }

    // --- who -------------------------------------------------------------------------------------------------

    private Sender sender(Organization custodian) {
        MessageHeader header = header();
        String application = null;
        Organization facility = custodian;
        if (header != null) {
            String path = index.path(header) + ".source";
            locations.put("sender", path);
            var source = header.getSource();
            if (source.hasName()) {
                application = text(source.getName(), "sender.application", path + ".name");
            } else if (source.hasSoftware()) {
                application = text(source.getSoftware(), "sender.application", path + ".software");
            } else {
                application = text(source.getEndpoint(), "sender.application", path + ".endpoint");
            }
            if (header.hasSender()) {
                facility = resolve(header, header.getSender(), index.path(header) + ".sender", Organization.class)
                        .orElse(custodian);
            }
        } else {
            locations.put("sender", compositionPath + ".custodian");
            if (bundle.getMeta().hasSource()) {
                application = text(bundle.getMeta().getSource(), "sender.application", prefix + ".meta.source");
            } else if (composition.getMeta().hasSource()) {
                application =
                        text(composition.getMeta().getSource(), "sender.application", compositionPath + ".meta.source");
            } else if (custodian != null) {
                application = text(custodian.getName(), "sender.application", index.path(custodian) + ".name");
            }
        }
        String name = null;
        String code = null;
        if (facility != null) {
            String path = index.path(facility);
            name = text(facility.getName(), "sender.facility", path + ".name");
            code = find(facility.getIdentifier(), FhirNames.AZIENDA, "sender.facilityCode", path);
            if (code == null && facility.hasIdentifier()) {
                code = identifier(facility.getIdentifierFirstRep(), "sender.facilityCode", path + ".identifier[0]");
            }
        }
        return application == null && name == null && code == null ? null : new Sender(application, name, code);
    }

    private CertificateRequest.Patient patient() {
        locations.put("patient", compositionPath + ".subject");
        Patient patient = composition.hasSubject()
                ? resolve(composition, composition.getSubject(), compositionPath + ".subject", Patient.class)
                        .orElse(null)
                : null;
        return patient == null ? null : new PatientMapping(this).map(patient);
    }

    private Professional authenticator() {
        for (int i = 0; i < composition.getAttester().size(); i++) {
            var attester = composition.getAttester().get(i);
            boolean legal = attester.getMode() == CompositionAttestationMode.LEGAL
                    || attester.getMode() == CompositionAttestationMode.OFFICIAL;
            if (legal && attester.hasParty()) {
                return professional(
                        "legalAuthenticator", attester.getParty(), compositionPath + ".attester[" + i + "].party");
            }
        }
        return null;
    }

    private Professional professional(String field, Reference reference, String referencePath) {
        locations.put(field, referencePath);
        if (reference == null) {
            return null;
        }
        Resource found =
                resolve(composition, reference, referencePath, Resource.class).orElse(null);
        List<ContactPoint> telecoms = new ArrayList<>();
        List<String> telecomPaths = new ArrayList<>();
        Practitioner person = null;
        if (found instanceof PractitionerRole role) {
            collect(role.getTelecom(), index.path(role), telecoms, telecomPaths);
            person = resolve(role, role.getPractitioner(), index.path(role) + ".practitioner", Practitioner.class)
                    .orElse(null);
        } else if (found instanceof Practitioner practitioner) {
            person = practitioner;
        } else if (found != null) {
            fault(
                    FIELD_MALFORMED,
                    field,
                    referencePath + ".reference",
                    "Il riferimento porta a una risorsa " + found.fhirType()
                            + ": serve un Practitioner o un PractitionerRole.");
        }
        if (person == null) {
            return null;
        }
        String path = index.path(person);
        locations.put(field, path);
        locations.put(field + ".fiscalCode", path + ".identifier");
        locations.put(field + ".telecom", path + ".telecom");
        collect(person.getTelecom(), path, telecoms, telecomPaths);
        String fiscalCode = find(person.getIdentifier(), FhirNames.FISCAL_CODE, field + ".fiscalCode", path);
        String telecom = null;
        for (int i = 0; i < telecoms.size() && telecom == null; i++) {
            telecom = text(telecom(telecoms.get(i)), field + ".telecom", telecomPaths.get(i) + ".value");
        }
        return new Professional(
                fiscalCode, family(person.getName(), field, path), given(person.getName(), field, path), telecom);
    }

    private static void collect(List<ContactPoint> from, String path, List<ContactPoint> to, List<String> paths) {
        for (int i = 0; i < from.size(); i++) {
            to.add(from.get(i));
            paths.add(path + ".telecom[" + i + "]");
        }
    }

    /** A contact as the URL that the CDA will want. */
    static String telecom(ContactPoint contact) {
        String value = contact.getValue();
        if (value == null || value.isBlank() || value.contains(":")) {
            return value;
        }
        if (contact.getSystem() == ContactPointSystem.EMAIL) {
            return "mailto:" + value.strip();
        }
        return contact.getSystem() == ContactPointSystem.FAX ? "fax:" + value.strip() : "tel:" + value.strip();
    }

    // --- what ------------------------------------------------------------------------------------------------

    private Encounter encounter() {
        if (!composition.hasEncounter()) {
            List<Encounter> all = index.all(Encounter.class);
            return all.size() == 1 ? all.get(0) : null;
        }
        return resolve(composition, composition.getEncounter(), compositionPath + ".encounter", Encounter.class)
                .orElse(null);
    }

    /** The clinical event's start, else the start of an outpatient encounter, else the Composition's date. */
    private OffsetDateTime visitTime(Encounter encounter) {
        locations.put("visitTime", compositionPath + ".date");
        for (int i = 0; i < composition.getEvent().size(); i++) {
            var event = composition.getEvent().get(i);
            if (event.getPeriod().hasStart()) {
                return time(
                        event.getPeriod().getStartElement(),
                        "visitTime",
                        compositionPath + ".event[" + i + "].period.start");
            }
        }
        if (encounter != null && encounter.getPeriod().hasStart() && "O".equals(EncounterMapping.kind(encounter))) {
            return time(encounter.getPeriod().getStartElement(), "visitTime", index.path(encounter) + ".period.start");
        }
        return composition.hasDate()
                ? time(composition.getDateElement(), "visitTime", compositionPath + ".date")
                : null;
    }

    private Map<String, SectionComponent> sections() {
        Map<String, SectionComponent> sections = new HashMap<>();
        locations.put("question", compositionPath + ".section");
        locations.put("pathology", compositionPath + ".section");
        locations.put("conclusions", compositionPath + ".section");
        locations.put("service", compositionPath + ".section");
        locations.put("exemption", compositionPath + ".section");
        locations.put("diagnosis", compositionPath + ".section");
        for (int i = 0; i < composition.getSection().size(); i++) {
            SectionComponent section = composition.getSection().get(i);
            String path = compositionPath + ".section[" + i + "]";
            section.setUserData("path", path);
            String code = section.getCode().getCoding().stream()
                    .filter(coding -> !coding.hasSystem() || FhirNames.LOINC.equals(coding.getSystem()))
                    .map(Coding::getCode)
                    .filter(known -> known != null)
                    .findFirst()
                    .orElse(null);
            if (code == null || !FhirNames.SECTIONS.contains(code)) {
                fault(
                        CODE_UNKNOWN,
                        "",
                        path + ".code",
                        (code == null ? "Una sezione senza codice LOINC" : "La sezione LOINC " + code)
                                + " non fa parte del certificato e il suo contenuto andrebbe perso: le sezioni sono "
                                + "47045-0, 29548-5, 57827-8, 62387-6, 55110-1 e 29299-5.");
            } else if (sections.putIfAbsent(code, section) != null) {
                fault(NOT_ALLOWED_TOGETHER, "", path + ".code", "La sezione LOINC " + code + " è ripetuta.");
            } else if (section.hasSection()) {
                fault(FIELD_MALFORMED, "", path + ".section[0]", "Le sezioni del certificato non hanno sottosezioni.");
            }
        }
        return sections;
    }

    private List<String> paragraphs(String field, SectionComponent section) {
        if (section == null || !section.getText().hasDiv()) {
            return List.of();
        }
        String path = section.getUserString("path") + ".text.div";
        locations.put(field, path);
        if (Narrative.hasImage(section.getText().getDiv())) {
            fault(
                    FIELD_MALFORMED,
                    field,
                    path,
                    "Il testo contiene un'immagine, che il certificato non può riportare: descriverla a parole.");
        }
        List<String> kept = new ArrayList<>();
        for (String paragraph : Narrative.paragraphs(section.getText().getDiv())) {
            String text = text(paragraph, field, path);
            if (text != null) {
                kept.add(text);
            }
        }
        return kept;
    }

    private String question(SectionComponent section) {
        List<String> paragraphs = paragraphs("question", section);
        return paragraphs.isEmpty() ? null : String.join("\n", paragraphs);
    }

    private Code exemption(SectionComponent section) {
        List<Coverage> coverages = chosen(section, Coverage.class);
        if (coverages.isEmpty()) {
            coverages = index.all(Coverage.class);
        }
        List<Code> found = new ArrayList<>();
        for (Coverage coverage : coverages) {
            String path = index.path(coverage);
            locations.putIfAbsent("exemption", path);
            for (int c = 0; c < coverage.getCostToBeneficiary().size(); c++) {
                var cost = coverage.getCostToBeneficiary().get(c);
                for (int e = 0; e < cost.getException().size(); e++) {
                    add(
                            found,
                            code(
                                    cost.getException().get(e).getType(),
                                    FhirNames.EXEMPTION_SYSTEM,
                                    "exemption",
                                    path + ".costToBeneficiary[" + c + "].exception[" + e + "].type"));
                }
            }
            if (found.isEmpty()
                    && coverage.getType().getCoding().stream()
                            .anyMatch(coding -> matches(FhirNames.EXEMPTION_SYSTEM, coding))) {
                add(found, code(coverage.getType(), FhirNames.EXEMPTION_SYSTEM, "exemption", path + ".type"));
            }
        }
        return single(found, "exemption", "esenzioni");
    }

    private Code diagnosis(SectionComponent section, Encounter encounter) {
        List<Condition> conditions = chosen(section, Condition.class);
        if (conditions.isEmpty() && encounter != null) {
            conditions = encounter.getDiagnosis().stream()
                    .map(diagnosis ->
                            index.resolve(encounter, diagnosis.getCondition()).orElse(null))
                    .filter(Condition.class::isInstance)
                    .map(Condition.class::cast)
                    .toList();
        }
        if (conditions.isEmpty()) {
            conditions = index.all(Condition.class);
        }
        List<Code> found = new ArrayList<>();
        for (Condition condition : conditions) {
            add(found, code(condition.getCode(), FhirNames.ICD9, "diagnosis", index.path(condition) + ".code"));
        }
        return single(found, "diagnosis", "diagnosi");
    }

    private Code service(SectionComponent section) {
        List<Code> found = new ArrayList<>();
        List<Procedure> procedures = chosen(section, Procedure.class);
        List<ServiceRequest> requests = chosen(section, ServiceRequest.class);
        if (procedures.isEmpty() && requests.isEmpty()) {
            procedures = index.all(Procedure.class);
        }
        if (procedures.isEmpty() && requests.isEmpty()) {
            requests = index.all(ServiceRequest.class);
        }
        for (Procedure procedure : procedures) {
            add(found, code(procedure.getCode(), FhirNames.SERVICE_SYSTEM, "service", index.path(procedure) + ".code"));
        }
        if (found.isEmpty()) {
            for (ServiceRequest request : requests) {
                add(found, code(request.getCode(), FhirNames.SERVICE_SYSTEM, "service", index.path(request) + ".code"));
            }
        }
        return single(found, "service", "prestazioni");
    }

    private static void add(List<Code> found, Code code) {
        if (code != null && found.stream().noneMatch(other -> other.code().equals(code.code()))) {
            found.add(code);
        }
    }

    private Code single(List<Code> found, String field, String what) {
        if (found.size() > 1) {
            fault(
                    NOT_ALLOWED_TOGETHER,
                    field,
                    locations.get(field),
                    "Il Bundle porta più " + what + " ("
                            + String.join(", ", found.stream().map(Code::code).toList())
                            + "): un certificato ne riguarda una sola.");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    private <T extends Resource> List<T> chosen(SectionComponent section, Class<T> type) {
        List<T> chosen = new ArrayList<>();
        if (section != null) {
            for (int i = 0; i < section.getEntry().size(); i++) {
                String path = section.getUserString("path") + ".entry[" + i + "]";
                Reference reference = section.getEntry().get(i);
                Optional<Resource> found = index.resolve(composition, reference);
                if (found.isEmpty()) {
                    unresolved(reference, path);
                } else if (type.isInstance(found.get())) {
                    chosen.add(type.cast(found.get()));
                }
            }
        }
        return chosen;
    }

    /** The coding of the system that the field wants; one of another system is named and refused, never guessed. */
    private Code code(CodeableConcept concept, Pattern system, String field, String path) {
        locations.put(field, path);
        List<Coding> codings = concept.getCoding();
        int best = -1;
        for (int i = 0; i < codings.size() && best < 0; i++) {
            if (matches(system, codings.get(i))) {
                best = i;
            }
        }
        for (int i = 0; i < codings.size() && best < 0; i++) {
            Coding coding = codings.get(i);
            boolean filler = field.equals("diagnosis")
                    && coding.getCode() != null
                    && FILLER.matcher(coding.getCode()).matches();
            if (!coding.hasSystem() || filler) {
                best = i;
            }
        }
        if (best < 0) {
            if (!codings.isEmpty()) {
                fault(
                        CODE_UNKNOWN,
                        field + ".code",
                        path + ".coding[0].system",
                        "Il sistema di codifica «" + codings.get(0).getSystem() + "» non è quello atteso: "
                                + switch (field) {
                                    case "diagnosis" ->
                                        "la diagnosi va in ICD-9-CM (http://hl7.org/fhir/sid/icd-9-cm).";
                                    case "exemption" ->
                                        "l'esenzione va nel catalogo nazionale (http://terminology.hl7.it/CodeSystem/minsan-esenzioni).";
                                    default ->
                                        "la prestazione va nel catalogo nazionale (http://terminology.hl7.it/CodeSystem/catalogo-prestazioni).";
                                });
            }
            return null;
        }
        Coding coding = codings.get(best);
        String at = path + ".coding[" + best + "]";
        String code = text(coding.getCode(), field + ".code", at + ".code");
        String description = coding.hasDisplay()
                ? text(coding.getDisplay(), field + ".description", at + ".display")
                : text(concept.getText(), field + ".description", path + ".text");
        return code == null && description == null ? null : new Code(code == null ? "" : code, description);
    }

    private static boolean matches(Pattern system, Coding coding) {
        return coding.hasSystem()
                && system.matcher(FhirNames.system(coding.getSystem())).matches();
    }

    private String nre(Encounter encounter) {
        for (ServiceRequest request : index.all(ServiceRequest.class)) {
            String path = index.path(request);
            String found = find(request.getIdentifier(), FhirNames.NRE, "nre", path);
            if (found == null
                    && FhirNames.NRE.contains(
                            FhirNames.system(request.getRequisition().getSystem()))) {
                found = identifier(request.getRequisition(), "nre", path + ".requisition");
            }
            if (found != null) {
                return found;
            }
        }
        if (encounter != null) {
            for (int i = 0; i < encounter.getBasedOn().size(); i++) {
                Identifier identifier = encounter.getBasedOn().get(i).getIdentifier();
                if (FhirNames.NRE.contains(FhirNames.system(identifier.getSystem()))) {
                    return identifier(identifier, "nre", index.path(encounter) + ".basedOn[" + i + "].identifier");
                }
            }
        }
        return null;
    }

    // --- who may see it --------------------------------------------------------------------------------------

    /** The stricter of Composition.confidentiality and meta.security. */
    private String confidentiality() {
        String found = null;
        // A code that FHIR does not know is the reader's fault already, and gives none here.
        if (composition.getConfidentiality() != null) {
            locations.put("confidentiality", compositionPath + ".confidentiality");
            found = level(composition.getConfidentiality().toCode(), compositionPath + ".confidentiality");
        }
        for (int i = 0; i < composition.getMeta().getSecurity().size(); i++) {
            Coding label = composition.getMeta().getSecurity().get(i);
            String path = compositionPath + ".meta.security[" + i + "]";
            String code = label.getCode() == null ? "" : label.getCode();
            if (CONFIDENTIALITY.equals(label.getSystem())
                    || "urn:oid:2.16.840.1.113883.5.25".equals(label.getSystem())) {
                String level = level(code, path + ".code");
                if (level != null && (found == null || "NRV".indexOf(level) > "NRV".indexOf(found))) {
                    found = level;
                    locations.put("confidentiality", path + ".code");
                }
            } else if (!code.equals("P97")) {
                // An instruction about who may see the document is obeyed or refused, never overlooked.
                fault(
                        CODE_UNKNOWN,
                        "confidentiality",
                        path,
                        "L'etichetta di riservatezza «" + code + "» non è gestita: usare N, R o V di " + CONFIDENTIALITY
                                + ", o P97 per l'oscuramento al genitore.");
            }
        }
        return found;
    }

    private String level(String code, String path) {
        if (Set.of("N", "R", "V").contains(code)) {
            return code;
        }
        fault(
                CODE_UNKNOWN,
                "confidentiality",
                path,
                "Il livello di riservatezza «" + code + "» non è ammesso: i valori sono N, R e V.");
        return null;
    }

    private Boolean obscuredToParent() {
        Boolean said = booleanExtension(FhirNames.OBSCURED_TO_PARENT, "obscuredToParent");
        for (int i = 0; i < composition.getMeta().getSecurity().size(); i++) {
            if ("P97".equals(composition.getMeta().getSecurity().get(i).getCode())) {
                String path = compositionPath + ".meta.security[" + i + "]";
                if (Boolean.FALSE.equals(said)) {
                    fault(
                            NOT_ALLOWED_TOGETHER,
                            "obscuredToParent",
                            path,
                            "L'etichetta P97 e l'estensione oscurato-genitore si contraddicono.");
                }
                locations.putIfAbsent("obscuredToParent", path);
                return true;
            }
        }
        return said;
    }

    private OnlineCollection onlineCollection() {
        for (int i = 0; i < composition.getExtension().size(); i++) {
            Extension extension = composition.getExtension().get(i);
            if (FhirNames.ONLINE_COLLECTION.equals(extension.getUrl())) {
                String path = compositionPath + ".extension[" + i + "]";
                locations.put("onlineCollection", path);
                Boolean requested = null;
                String pin = null;
                for (int j = 0; j < extension.getExtension().size(); j++) {
                    Extension part = extension.getExtension().get(j);
                    String at = path + ".extension[" + j + "]";
                    if ("richiesto".equals(part.getUrl())) {
                        requested = bool(part.getValue(), "onlineCollection.requested", at);
                    } else if ("pin".equals(part.getUrl())) {
                        pin = string(part.getValue(), "onlineCollection.pin", at);
                    } else {
                        fault(
                                FIELD_MALFORMED,
                                "onlineCollection",
                                at + ".url",
                                "In scarico-online l'estensione «" + part.getUrl()
                                        + "» non esiste: le parti sono richiesto e pin.");
                    }
                }
                return new OnlineCollection(requested, pin);
            }
        }
        return null;
    }

    private String codeExtension(String url, String field) {
        for (int i = 0; i < composition.getExtension().size(); i++) {
            if (url.equals(composition.getExtension().get(i).getUrl())) {
                return string(
                        composition.getExtension().get(i).getValue(), field, compositionPath + ".extension[" + i + "]");
            }
        }
        locations.put(field, compositionPath + ".extension");
        return null;
    }

    private Boolean booleanExtension(String url, String field) {
        for (int i = 0; i < composition.getExtension().size(); i++) {
            if (url.equals(composition.getExtension().get(i).getUrl())) {
                return bool(
                        composition.getExtension().get(i).getValue(), field, compositionPath + ".extension[" + i + "]");
            }
        }
        return null;
    }

    private Boolean bool(Type value, String field, String path) {
        locations.put(field, path + ".valueBoolean");
        // A value that is no boolean counts as a value and still is none.
        if (value instanceof BooleanType bool && bool.getValue() != null) {
            return bool.getValue();
        }
        fault(FIELD_MALFORMED, field, path, "L'estensione deve portare valueBoolean.");
        return null;
    }

    private String string(Type value, String field, String path) {
        if (value instanceof StringType || value instanceof org.hl7.fhir.r4.model.CodeType) {
            return text(value.primitiveValue(), field, path + ".value" + suffix(value));
        }
        if (value instanceof Coding coding) {
            return text(coding.getCode(), field, path + ".valueCoding.code");
        }
        fault(FIELD_MALFORMED, field, path, "L'estensione deve portare valueCode o valueString.");
        return null;
    }

    private static String suffix(Type value) {
        String type = value.fhirType();
        return Character.toUpperCase(type.charAt(0)) + type.substring(1);
    }

    // --- what the parts share --------------------------------------------------------------------------------

    BundleIndex index() {
        return index;
    }

    void locate(String field, String path) {
        locations.put(field, path);
    }

    void fault(SnodoCode code, String field, String path, String reason) {
        faults.add(new Fault(code, field, path, reason));
    }

    /** The resource referred to; a reference that leads nowhere, or to another kind of thing, is a fault. */
    <T extends Resource> Optional<T> resolve(Resource from, Reference reference, String path, Class<T> type) {
        if (reference == null || reference.isEmpty()) {
            return Optional.empty();
        }
        Optional<Resource> found = index.resolve(from, reference);
        if (found.isEmpty()) {
            unresolved(reference, path);
            return Optional.empty();
        }
        if (!type.isInstance(found.get())) {
            fault(
                    FIELD_MALFORMED,
                    "",
                    path + ".reference",
                    "Il riferimento porta a una risorsa " + found.get().fhirType() + ", non a " + type.getSimpleName()
                            + ".");
            return Optional.empty();
        }
        return Optional.of(type.cast(found.get()));
    }

    private void unresolved(Reference reference, String path) {
        String target = reference.getReference();
        fault(
                FIELD_MALFORMED,
                "",
                path + ".reference",
                target == null || target.isBlank()
                        ? "Il riferimento non indica alcuna risorsa: il Bundle deve contenerla."
                        : "Il riferimento «" + target + "» non si trova nel Bundle.");
    }

    /** Trimmed; null when empty or when it holds what no document can carry. */
    String text(String value, String field, String path) {
        locations.put(field, path);
        if (value == null) {
            return null;
        }
        String forbidden = Characters.firstForbidden(value);
        if (forbidden != null) {
            fault(
                    FIELD_MALFORMED,
                    field,
                    path,
                    "Il valore contiene il carattere di controllo " + forbidden
                            + ", che un documento non può contenere.");
            return null;
        }
        return value.isBlank() ? null : value.strip();
    }

    String identifier(Identifier identifier, String field, String path) {
        return text(identifier.getValue(), field, path + ".value");
    }

    /** Value of the first identifier of one of the systems; null when there is none. */
    String find(List<Identifier> identifiers, Set<String> systems, String field, String path) {
        String found = null;
        for (int i = 0; i < identifiers.size(); i++) {
            Identifier each = identifiers.get(i);
            String at = path + ".identifier[" + i + "]";
            if (each.getUse() == Identifier.IdentifierUse.OLD
                    || !systems.contains(FhirNames.system(each.getSystem()))) {
                continue;
            }
            if (found == null) {
                found = identifier(each, field, at);
            } else if (systems == FhirNames.FISCAL_CODE && !found.equalsIgnoreCase(each.getValue())) {
                fault(
                        NOT_ALLOWED_TOGETHER,
                        field,
                        at + ".value",
                        "Ci sono due codici fiscali diversi, «" + found + "» e «" + each.getValue()
                                + "»: non si può sapere di chi si parla. Quello non più valido va indicato con use = old.");
            }
        }
        return found;
    }

    /** The official name, else the first one that is not old. */
    static int nameIndex(List<HumanName> names) {
        int first = -1;
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).getUse() == HumanName.NameUse.OFFICIAL) {
                return i;
            }
            if (first < 0 && names.get(i).getUse() != HumanName.NameUse.OLD) {
                first = i;
            }
        }
        return first;
    }

    String family(List<HumanName> names, String field, String path) {
        int i = nameIndex(names);
        locations.put(field + ".family", path + ".name");
        return i < 0 ? null : text(names.get(i).getFamily(), field + ".family", path + ".name[" + i + "].family");
    }

    /** Given names in one, as everything after the intake has one. */
    String given(List<HumanName> names, String field, String path) {
        int i = nameIndex(names);
        locations.put(field + ".given", path + ".name");
        if (i < 0) {
            return null;
        }
        String joined = String.join(
                " ",
                names.get(i).getGiven().stream()
                        .map(StringType::getValue)
                        .filter(given -> given != null && !given.isBlank())
                        .map(String::strip)
                        .toList());
        return text(joined, field + ".given", path + ".name[" + i + "].given");
    }

    /** A moment with its zone; one without a zone, or a bare day, is Italian time. */
    OffsetDateTime time(BaseDateTimeType value, String field, String path) {
        locations.put(field, path);
        String said = value.getValueAsString();
        if (said == null || said.isBlank()) {
            return null;
        }
        try {
            if (said.length() == 10) {
                return LocalDate.parse(said).atStartOfDay(ROME).toOffsetDateTime();
            }
            return OffsetDateTime.parse(said);
        } catch (DateTimeException e) {
            fault(
                    FIELD_MALFORMED,
                    field,
                    path,
                    "Il valore «" + said
                            + "» non è un istante completo ed esistente: serve un valore come 2026-03-01T10:15:00+01:00.");
            return null;
        }
    }

    LocalDate date(DateType value, String field, String path) {
        locations.put(field, path);
        String said = value.getValueAsString();
        if (said == null || said.isBlank()) {
            return null;
        }
        try {
            return LocalDate.parse(said);
        } catch (DateTimeException e) {
            fault(
                    FIELD_MALFORMED,
                    field,
                    path,
                    "Il valore «" + said + "» non è una data completa ed esistente: serve un valore come 1980-01-31.");
            return null;
        }
    }
}
