package it.snodo.intake.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.param.DateParam;
import ca.uhn.fhir.rest.param.ParamPrefixEnum;
import it.snodo.access.Audit;
import it.snodo.booking.Booking;
import it.snodo.booking.Identity;
import it.snodo.booking.Slot;
import it.snodo.booking.desk.BookingDesk;
import it.snodo.fault.SnodoCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Resource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Reads and searches Appointments for who says first whose they are (R80): {@code patient.identifier}, or
 * {@code patient.family} and {@code patient.birthdate}. There is no search for persons. Every question leaves a line in the
 * audit.
 */
@Component
class AppointmentSearch {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");

    private final FhirContext context;
    private final ObjectProvider<BookingDesk> desk;
    private final ObjectProvider<Audit> audit;

    AppointmentSearch(FhirContext context, ObjectProvider<BookingDesk> desk, ObjectProvider<Audit> audit) {
        this.context = context;
        this.desk = desk;
        this.audit = audit;
    }

    void read(String id, HttpServletRequest request, HttpServletResponse response) throws IOException {
        answering(request, response, () -> {
            Identity identity = identity(request);
            String code = id.toUpperCase(Locale.ROOT);
            if (!identity.isEnough()) {
                audit.getObject().denied("booking " + code, null, "READ_APPOINTMENT");
                return unidentified();
            }
            Optional<Booking> found = desk.getObject().find(code).filter(identity::matches);
            if (found.isEmpty()) {
                audit.getObject().denied("booking " + code, identity.fiscalCode(), "READ_APPOINTMENT");
                return new Answer(
                        404,
                        OutcomeWriter.of(
                                SnodoCode.NOT_FOUND,
                                "La prenotazione non esiste, oppure i dati forniti non corrispondono."));
            }
            audit.getObject().read("booking " + code, found.get().patient().fiscalCode(), "READ_APPOINTMENT");
            response.setHeader("ETag", "W/\"" + found.get().revision() + "\"");
            return new Answer(200, AppointmentWriter.of(found.get(), null));
        });
    }

    void search(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answering(request, response, () -> {
            Identity identity = identity(request);
            Set<String> codes = codes(request);
            String asked = "bookings" + (codes.isEmpty() ? "" : " " + String.join(" ", codes));
            if (!identity.isEnough()) {
                audit.getObject().denied(asked, null, "SEARCH_APPOINTMENTS");
                return unidentified();
            }
            if (codes.isEmpty() && identity.fiscalCode() == null) {
                audit.getObject().denied(asked, null, "SEARCH_APPOINTMENTS");
                return new Answer(
                        400,
                        OutcomeWriter.of(
                                SnodoCode.REQUEST_INVALID,
                                "La ricerca richiede patient.identifier, oppure identifier con il codice della"
                                        + " prenotazione."));
            }
            String dates = badDate(request);
            if (dates != null) {
                audit.getObject().denied(asked, identity.fiscalCode(), "SEARCH_APPOINTMENTS");
                return new Answer(
                        400,
                        OutcomeWriter.of(
                                SnodoCode.REQUEST_INVALID,
                                "Il parametro date vale «" + dates + "»: serve" + " una data come ge2026-12-01."));
            }
            List<Booking> found = candidates(codes, identity).stream()
                    .filter(identity::matches)
                    .filter(each -> hasStatus(request, each))
                    .filter(each -> isWithin(request, each))
                    .toList();
            if (found.isEmpty()) {
                audit.getObject().denied(asked, identity.fiscalCode(), "SEARCH_APPOINTMENTS");
            }
            found.forEach(each ->
                    audit.getObject().read("booking " + each.code(), person(each, identity), "SEARCH_APPOINTMENTS"));
            Bundle bundle = new Bundle();
            bundle.setType(Bundle.BundleType.SEARCHSET);
            bundle.setTotal(found.size());
            found.forEach(each -> bundle.addEntry()
                    .setFullUrl(BookingExchange.base(request) + "/Appointment/" + each.code())
                    .setResource(AppointmentWriter.of(each, null))
                    .getSearch()
                    .setMode(Bundle.SearchEntryMode.MATCH));
            return new Answer(200, bundle);
        });
    }

    /** Whose booking it is; who has no codice fiscale is known by the code that fitted. */
    private static String person(Booking booking, Identity identity) {
        return booking.patient().fiscalCode() != null ? booking.patient().fiscalCode() : identity.fiscalCode();
    }

    private List<Booking> candidates(Set<String> codes, Identity identity) {
        List<Booking> found = new ArrayList<>();
        if (identity.fiscalCode() != null) {
            desk.getObject().ofPerson(identity.fiscalCode()).stream()
                    .filter(each -> codes.isEmpty()
                            || codes.contains(each.code())
                            || each.fillerCode() != null
                                    && codes.contains(each.fillerCode().toUpperCase(Locale.ROOT)))
                    .forEach(found::add);
        }
        for (String code : codes) {
            desk.getObject()
                    .find(code)
                    .filter(one -> found.stream().noneMatch(each -> each.code().equals(one.code())))
                    .ifPresent(found::add);
        }
        found.sort(Comparator.comparing(each -> each.firstSlot() == null
                ? Instant.EPOCH
                : each.firstSlot().start().toInstant()));
        return found;
    }

    private static Set<String> codes(HttpServletRequest request) {
        return Stream.of("identifier", "_id")
                .flatMap(name -> values(request, name))
                .map(AppointmentSearch::plain)
                .filter(each -> !each.isEmpty())
                .map(each -> each.toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private static Stream<String> values(HttpServletRequest request, String name) {
        String[] found = request.getParameterValues(name);
        return found == null
                ? Stream.empty()
                : Stream.of(found).flatMap(each -> Stream.of(each.split(","))).map(String::strip);
    }

    /** Value of {@code system|value}. */
    private static String plain(String token) {
        return token.substring(token.lastIndexOf('|') + 1).strip();
    }

    private static Identity identity(HttpServletRequest request) {
        String person = first(request, "patient.identifier", "actor.identifier", "patient:identifier");
        String birth = first(request, "patient.birthdate", "birthDate", "birthdate");
        return new Identity(
                person == null ? null : plain(person),
                first(request, "patient.family", "family"),
                first(request, "patient.given", "given"),
                day(birth));
    }

    private static LocalDate day(String text) {
        try {
            return text == null ? null : LocalDate.parse(text);
        } catch (DateTimeException e) {
            return null; // says nothing that could be compared
        }
    }

    private static String first(HttpServletRequest request, String... names) {
        return Stream.of(names)
                .map(request::getParameter)
                .filter(each -> each != null && !each.isBlank())
                .findFirst()
                .orElse(null);
    }

    private static boolean hasStatus(HttpServletRequest request, Booking booking) {
        Set<String> wanted =
                values(request, "status").map(AppointmentSearch::plain).collect(Collectors.toSet());
        return wanted.isEmpty()
                || wanted.contains(AppointmentWriter.status(booking.state()).toCode());
    }

    private static String badDate(HttpServletRequest request) {
        return values(request, "date")
                .filter(each -> {
                    try {
                        new DateParam(each);
                        return false;
                    } catch (RuntimeException e) {
                        return true;
                    }
                })
                .findFirst()
                .orElse(null);
    }

    private static boolean isWithin(HttpServletRequest request, Booking booking) {
        Slot first = booking.firstSlot();
        return values(request, "date").allMatch(each -> first != null && fits(new DateParam(each), first));
    }

    private static boolean fits(DateParam said, Slot slot) {
        Instant start = slot.start().toInstant();
        Instant from = begin(said);
        Instant until = end(said);
        ParamPrefixEnum prefix = said.getPrefix() == null ? ParamPrefixEnum.EQUAL : said.getPrefix();
        return switch (prefix) {
            case GREATERTHAN, STARTS_AFTER -> !start.isBefore(until);
            case GREATERTHAN_OR_EQUALS -> !start.isBefore(from);
            case LESSTHAN, ENDS_BEFORE -> start.isBefore(from);
            case LESSTHAN_OR_EQUALS -> start.isBefore(until);
            case NOT_EQUAL -> start.isBefore(from) || !start.isBefore(until);
            default -> !start.isBefore(from) && start.isBefore(until);
        };
    }

    /** A day, month or year without a zone is an Italian one. */
    private static Instant begin(DateParam said) {
        String text = said.getValueAsString();
        return switch (said.getPrecision()) {
            case YEAR -> LocalDate.parse(text + "-01-01").atStartOfDay(ROME).toInstant();
            case MONTH -> LocalDate.parse(text + "-01").atStartOfDay(ROME).toInstant();
            case DAY -> LocalDate.parse(text).atStartOfDay(ROME).toInstant();
            default -> said.getValue().toInstant();
        };
    }

    private static Instant end(DateParam said) {
        var start = begin(said).atZone(ROME);
        return switch (said.getPrecision()) {
            case YEAR -> start.plusYears(1).toInstant();
            case MONTH -> start.plusMonths(1).toInstant();
            case DAY -> start.plusDays(1).toInstant();
            case MINUTE -> start.plusMinutes(1).toInstant();
            case SECOND -> start.plusSeconds(1).toInstant();
            default -> start.toInstant().plusMillis(1);
        };
    }

    private static Answer unidentified() {
        OperationOutcome outcome = new OperationOutcome();
        outcome.addIssue()
                .setSeverity(IssueSeverity.ERROR)
                .setCode(IssueType.BUSINESSRULE)
                .setDiagnostics(
                        "Per leggere una prenotazione serve che chi chiede dica di chi è: patient.identifier, oppure"
                                + " patient.family e patient.birthdate.")
                .getDetails()
                .setText("Dati di identificazione assenti")
                .addCoding()
                .setSystem(BookingNames.RULES)
                .setCode("SC-080");
        return new Answer(422, outcome);
    }

    /** What is answered, with its status. */
    private record Answer(int status, Resource resource) {}

    /** Something that may find the store away. */
    private interface Work {
        Answer answer();
    }

    private void answering(HttpServletRequest request, HttpServletResponse response, Work work) throws IOException {
        Answer answer;
        try {
            answer = work.answer();
        } catch (org.springframework.dao.DataAccessException e) {
            answer = new Answer(
                    503, OutcomeWriter.of(SnodoCode.STORE_UNAVAILABLE, SnodoCode.STORE_UNAVAILABLE.title() + "."));
        }
        boolean xml = "xml".equals(CertificateOperations.format(request));
        byte[] body = AnswerWriter.encode(context, xml, answer.resource);
        response.setStatus(answer.status);
        response.setContentType(xml ? "application/fhir+xml;charset=UTF-8" : "application/fhir+json;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
