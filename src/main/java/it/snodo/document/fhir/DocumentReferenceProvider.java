package it.snodo.document.fhir;

import ca.uhn.fhir.rest.annotation.Count;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Offset;
import ca.uhn.fhir.rest.annotation.OptionalParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.annotation.Sort;
import ca.uhn.fhir.rest.api.SortOrderEnum;
import ca.uhn.fhir.rest.api.SortSpec;
import ca.uhn.fhir.rest.api.server.IBundleProvider;
import ca.uhn.fhir.rest.param.DateParam;
import ca.uhn.fhir.rest.param.DateRangeParam;
import ca.uhn.fhir.rest.param.ParamPrefixEnum;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.SimpleBundleProvider;
import it.snodo.document.Caller;
import it.snodo.document.Callers;
import it.snodo.document.DocumentQuery;
import it.snodo.document.DocumentQuery.Bound;
import it.snodo.document.PublishedDocument.State;
import it.snodo.document.PublishedDocuments;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.IdType;
import org.springframework.stereotype.Component;

/** Find Document References, in the way of IHE MHD (ITI-67). */
@Component
class DocumentReferenceProvider implements IResourceProvider {

    private static final int PAGE = 50;
    private static final ZoneId ROME = ZoneId.of("Europe/Rome");

    private final PublishedDocuments documents;
    private final Callers callers;
    private final DocumentReferences references;

    DocumentReferenceProvider(PublishedDocuments documents, Callers callers, DocumentReferences references) {
        this.documents = documents;
        this.callers = callers;
        this.references = references;
    }

    @Override
    public Class<DocumentReference> getResourceType() {
        return DocumentReference.class;
    }

    @Read
    public DocumentReference read(@IdParam IdType id) {
        return FhirFaults.translate(() -> documents
                .find(callers.current(), id.getIdPart())
                .map(references::of)
                .orElseThrow(() -> FhirFaults.absent("DocumentReference", id.getIdPart())));
    }

    @Search
    public IBundleProvider search(
            @OptionalParam(name = "patient") ReferenceParam patient,
            @OptionalParam(name = "patient.identifier") TokenParam patientIdentifier,
            @OptionalParam(name = DocumentReference.SP_IDENTIFIER) TokenOrListParam identifier,
            @OptionalParam(name = "_id") TokenOrListParam id,
            @OptionalParam(name = DocumentReference.SP_TYPE) TokenOrListParam type,
            @OptionalParam(name = DocumentReference.SP_STATUS) TokenOrListParam status,
            @OptionalParam(name = DocumentReference.SP_DATE) DateRangeParam date,
            @OptionalParam(name = DocumentReference.SP_PERIOD) DateRangeParam period,
            @Sort SortSpec sort,
            @Count Integer count,
            @Offset Integer offset) {
        return FhirFaults.translate(() -> {
            Caller caller = callers.current();
            caller.mustBeReader();
            String[] person = person(patient, patientIdentifier);
            Set<String> ids = new HashSet<>();
            if (id != null) {
                id.getValuesAsQueryTokens().forEach(token -> ids.add(token.getValue()));
            }
            if (identifier != null) {
                identifier.getValuesAsQueryTokens().forEach(token -> ids.add(extension(token)));
            }
            if (person == null && ids.isEmpty()) {
                throw new SnodoException(
                        SnodoCode.REQUEST_INVALID,
                        "La ricerca richiede patient (o patient.identifier) con sistema|valore, identifier o _id.");
            }
            Set<State> states = states(status);
            int page = count == null ? PAGE : Math.max(0, count);
            if (status != null && states.isEmpty()) {
                return new SimpleBundleProvider(List.of());
            }
            int from = offset == null ? 0 : offset;
            PublishedDocuments.Page found = documents.search(
                    caller,
                    new DocumentQuery(
                            ids,
                            person == null ? null : person[0],
                            person == null ? null : person[1],
                            codes(type),
                            states,
                            bounds(date),
                            bounds(period),
                            oldestFirst(sort),
                            null,
                            from,
                            page));
            return new OffsetPage(found.items().stream().map(references::of).toList(), found.total(), from, page);
        });
    }

    /** OID (or null) and value of the person's identifier, from any of the ways to write it. */
    private static String[] person(ReferenceParam patient, TokenParam patientIdentifier) {
        if (patientIdentifier != null) {
            return person(patientIdentifier.getSystem(), patientIdentifier.getValue());
        }
        if (patient == null) {
            return null;
        }
        String said = patient.getValue();
        int cut = said == null ? -1 : said.lastIndexOf('|');
        if (cut < 0) {
            return person(null, said);
        }
        return person(said.substring(0, cut), said.substring(cut + 1));
    }

    private static String[] person(String system, String value) {
        if (value == null || value.isBlank()) {
            throw new SnodoException(
                    SnodoCode.REQUEST_INVALID, "L'identificativo del paziente va scritto come sistema|valore.");
        }
        String plain = value.startsWith("Patient/") ? value.substring("Patient/".length()) : value;
        String oid = PatientSystems.oid(system);
        if (system != null && !system.isBlank() && oid == null) {
            throw new SnodoException(
                    SnodoCode.REQUEST_INVALID,
                    "Il sistema «" + system
                            + "» non è tra quelli degli assistiti (http://hl7.it/sid/codiceFiscale, …).");
        }
        return new String[] {oid, plain.strip()};
    }

    /** The document's extension, from {@code value}, {@code urn:oid:root|value} or {@code root^value}. */
    private static String extension(TokenParam token) {
        String value = token.getValue();
        return value.substring(value.lastIndexOf('^') + 1);
    }

    private static Set<String> codes(TokenOrListParam type) {
        Set<String> codes = new HashSet<>();
        if (type != null) {
            for (TokenParam token : type.getValuesAsQueryTokens()) {
                boolean loinc = token.getSystem() == null
                        || token.getSystem().isEmpty()
                        || token.getSystem().equals("http://loinc.org");
                // A code of another system is asked for and is not there: the search finds nothing, it is not wrong.
                codes.add(loinc ? token.getValue() : "-");
            }
        }
        return codes;
    }

    private static Set<State> states(TokenOrListParam status) {
        Set<State> states = new HashSet<>();
        if (status != null) {
            for (TokenParam token : status.getValuesAsQueryTokens()) {
                switch (token.getValue()) {
                    case "current" -> states.add(State.CURRENT);
                    case "superseded" -> states.add(State.SUPERSEDED);
                    case "entered-in-error" -> states.add(State.ANNULLED);
                    default ->
                        throw new SnodoException(
                                SnodoCode.REQUEST_INVALID,
                                "Lo stato «" + token.getValue()
                                        + "» non esiste: usare current, superseded o entered-in-error.");
                }
            }
        }
        return states;
    }

    private static List<Bound> bounds(DateRangeParam range) {
        List<Bound> bounds = new ArrayList<>();
        if (range != null) {
            DateParam lower = range.getLowerBound();
            if (lower != null && !lower.isEmpty()) {
                boolean beyond = lower.getPrefix() == ParamPrefixEnum.GREATERTHAN
                        || lower.getPrefix() == ParamPrefixEnum.STARTS_AFTER;
                bounds.add(new Bound(">=", beyond ? end(lower) : start(lower)));
            }
            DateParam upper = range.getUpperBound();
            if (upper != null && !upper.isEmpty()) {
                boolean before = upper.getPrefix() == ParamPrefixEnum.LESSTHAN
                        || upper.getPrefix() == ParamPrefixEnum.ENDS_BEFORE;
                bounds.add(new Bound("<", before ? start(upper) : end(upper)));
            }
        }
        return bounds;
    }

    /** First moment of what was written; a day, month or year without a zone is an Italian one. */
    private static OffsetDateTime start(DateParam said) {
        String text = said.getValueAsString();
        return switch (said.getPrecision()) {
            case YEAR ->
                LocalDate.of(Integer.parseInt(text), 1, 1).atStartOfDay(ROME).toOffsetDateTime();
            case MONTH -> LocalDate.parse(text + "-01").atStartOfDay(ROME).toOffsetDateTime();
            case DAY -> LocalDate.parse(text).atStartOfDay(ROME).toOffsetDateTime();
            default -> said.getValue().toInstant().atZone(ROME).toOffsetDateTime();
        };
    }

    /** First moment after what was written. */
    private static OffsetDateTime end(DateParam said) {
        OffsetDateTime start = start(said);
        return switch (said.getPrecision()) {
            case YEAR -> start.atZoneSameInstant(ROME).plusYears(1).toOffsetDateTime();
            case MONTH -> start.atZoneSameInstant(ROME).plusMonths(1).toOffsetDateTime();
            case DAY -> start.atZoneSameInstant(ROME).plusDays(1).toOffsetDateTime();
            case MINUTE -> start.plusMinutes(1);
            case SECOND -> start.plusSeconds(1);
            default -> start.plusNanos(1_000_000);
        };
    }

    private static boolean oldestFirst(SortSpec sort) {
        if (sort == null) {
            return false;
        }
        if (!DocumentReference.SP_DATE.equals(sort.getParamName()) || sort.getChain() != null) {
            throw new SnodoException(SnodoCode.REQUEST_INVALID, "Si può ordinare solo per date (_sort=date o -date).");
        }
        return sort.getOrder() != SortOrderEnum.DESC;
    }

    /** One page that the database has already cut: the server only has to write the links to the others. */
    private static final class OffsetPage extends SimpleBundleProvider {

        OffsetPage(List<DocumentReference> page, int total, int offset, int size) {
            super(page);
            setSize(total);
            setCurrentPageOffset(offset);
            setCurrentPageSize(size);
        }
    }
}
