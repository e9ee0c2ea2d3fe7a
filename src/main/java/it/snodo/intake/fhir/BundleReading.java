package it.snodo.intake.fhir;

import static it.snodo.fault.SnodoCode.FIELD_MALFORMED;
import static it.snodo.fault.SnodoCode.NOT_ALLOWED_TOGETHER;

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
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;

/**
 * A Bundle while it is read: how a value is taken from it, where each field of the request was found, and what is wrong.
 */
final class BundleReading {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");

    private final Bundle bundle;
    private final BundleIndex index;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, String> locations = new HashMap<>();

    BundleReading(Bundle bundle, String path) {
        this.bundle = bundle;
        this.index = new BundleIndex(bundle, path);
        locate("", path);
    }

    Bundle bundle() {
        return bundle;
    }

    /** The Bundle's MessageHeader; null in a transaction. */
    MessageHeader header() {
        return bundle.getEntryFirstRep().getResource() instanceof MessageHeader header ? header : null;
    }

    List<Fault> faults() {
        return faults;
    }

    /** FHIRPath of each field of the request, found or missing. */
    Map<String, String> locations() {
        return locations;
    }

    void locate(String field, String path) {
        locations.put(field, path);
    }

    void fault(SnodoCode code, String field, String path, String reason) {
        faults.add(new Fault(code, field, path, reason));
    }

    // --- resources

    /** FHIRPath of the Bundle or of a resource in it. */
    String path(Resource resource) {
        return index.path(resource);
    }

    <T extends Resource> List<T> all(Class<T> type) {
        return index.all(type);
    }

    /** The resource referred to; empty, and no fault, when it is not there. */
    Optional<Resource> find(Resource from, Reference reference) {
        return index.resolve(from, reference);
    }

    /** The resource referred to; a reference that leads nowhere, or to another kind of thing, is a fault. */
    <T extends Resource> Optional<T> resolve(Resource from, Reference reference, String path, Class<T> type) {
        if (reference == null || reference.isEmpty()) {
            return Optional.empty();
        }
        Optional<Resource> found = find(from, reference);
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

    void unresolved(Reference reference, String path) {
        String target = reference.getReference();
        fault(
                FIELD_MALFORMED,
                "",
                path + ".reference",
                target == null || target.isBlank()
                        ? "Il riferimento non indica alcuna risorsa: il Bundle deve contenerla."
                        : "Il riferimento «" + target + "» non si trova nel Bundle.");
    }

    // --- values

    /** Trimmed; null when empty or when it holds what no document can carry. */
    String text(String value, String field, String path) {
        locate(field, path);
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
    String identifier(List<Identifier> identifiers, Set<String> systems, String field, String path) {
        String found = null;
        for (Placed<Identifier> each : Placed.each(identifiers, path + ".identifier")) {
            String value = each.value().getValue();
            if (each.value().getUse() == Identifier.IdentifierUse.OLD
                    || !systems.contains(FhirNames.system(each.value().getSystem()))) {
                continue;
            }
            if (found == null) {
                found = identifier(each.value(), field, each.path());
            } else if (systems == FhirNames.FISCAL_CODE && !found.equalsIgnoreCase(value)) {
                fault(
                        NOT_ALLOWED_TOGETHER,
                        field,
                        each.path() + ".value",
                        "Ci sono due codici fiscali diversi, «" + found + "» e «" + value
                                + "»: non si può sapere di chi si parla. Quello non più valido va indicato con use = old.");
            }
        }
        return found;
    }

    String family(List<HumanName> names, String field, String path) {
        locate(field + ".family", path + ".name");
        Placed<HumanName> name = name(names, path);
        return name == null ? null : text(name.value().getFamily(), field + ".family", name.path() + ".family");
    }

    /** Given names in one, as everything after the intake has one. */
    String given(List<HumanName> names, String field, String path) {
        locate(field + ".given", path + ".name");
        Placed<HumanName> name = name(names, path);
        return name == null ? null : text(joined(name.value().getGiven()), field + ".given", name.path() + ".given");
    }

    /** The official name, else the first one that is not old; null when there is none. */
    private static Placed<HumanName> name(List<HumanName> names, String path) {
        Placed<HumanName> first = null;
        for (Placed<HumanName> each : Placed.each(names, path + ".name")) {
            if (each.value().getUse() == HumanName.NameUse.OFFICIAL) {
                return each;
            }
            if (first == null && each.value().getUse() != HumanName.NameUse.OLD) {
                first = each;
            }
        }
        return first;
    }

    /** What is said in several pieces, with a space between. */
    static String joined(List<StringType> pieces) {
        return String.join(
                " ",
                pieces.stream()
                        .map(StringType::getValue)
                        .filter(piece -> piece != null && !piece.isBlank())
                        .map(String::strip)
                        .toList());
    }

    /** A moment with its zone; one without a zone, or a bare day, is Italian time. */
    OffsetDateTime time(BaseDateTimeType value, String field, String path) {
        locate(field, path);
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
        locate(field, path);
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
