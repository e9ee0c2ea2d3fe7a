package it.snodo.booking.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.Note;
import it.snodo.booking.Ruling;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CatalogueItem;
import it.snodo.config.ConfigFolder;
import it.snodo.registry.CodeTables;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A request as an intake makes it, out of a tree of fields, and what the book of rules says of it. It begins as a booking
 * that nothing is wrong with: 10 March 2026, ten o'clock.
 */
final class PersonCase {

    static final ZoneId ROME = ZoneId.of("Europe/Rome");

    private static final ConfigFolder FOLDER = new ConfigFolder(Path.of("."));

    /** The tables of {@code mappings/} as they are. */
    static final BookingCatalogue TABLES = BookingCatalogue.of(FOLDER, new CodeTables(FOLDER));

    private static final String BOOKING = """
            {"operation": "BOOK",
             "patient": {"fiscalCode": "RSSMRA80A41L219Q", "family": "Rossi", "given": "Maria", "birthDate": "1980-01-01",
               "sex": "F", "phones": ["011 5661566"]},
             "prescription": {"numbers": ["010A01234567890"], "form": "M01", "compiled": "2026-03-05", "priority": "P"},
             "lines": [{"service": "89.7A.3", "slot": {"azienda": "010301", "agenda": "AG-1",
               "start": "2026-03-17T09:30:00+01:00", "minutes": 20, "place": "Via San Secondo 29", "proposed": true}}]}
            """;

    private static final String EXISTING = """
            {"operation": "%s", "bookingCode": "SC2026000123",
             "patient": {"family": "Rossi", "birthDate": "1980-01-01"}}
            """;

    private final ObjectNode tree;
    private ZonedDateTime now = LocalDateTime.parse("2026-03-10T10:00").atZone(ROME);
    private Booking standing;
    private List<Booking.Earlier> earlier = List.of();
    private List<BookingRequest.Patient> alike = List.of();
    private Booking answered;
    private BookingCatalogue catalogue = TABLES;
    private BookingProperties properties = BookingProperties.standard();

    private PersonCase(String json) {
        try {
            tree = (ObjectNode) BookingReading.json().readTree(json);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A new booking. */
    static PersonCase booking() {
        return new PersonCase(BOOKING);
    }

    /** An operation on {@link #stored}, asked for by who it belongs to. */
    static PersonCase existing(String operation) {
        return new PersonCase(EXISTING.formatted(operation)).standing(stored());
    }

    /** The booking of {@link #booking} as the register holds it. */
    static Booking stored() {
        return stored("2026-03-17T09:30:00+01:00", "SOVRACUP");
    }

    static Booking stored(String start, String origin) {
        BookingRequest request = booking().request().ask();
        return new Booking(
                "SC2026000123",
                1,
                Booking.State.BOOKED,
                "010301",
                "CUP-77",
                request.patient(),
                request.prescription(),
                List.of(line("89.7A.3", "Prima visita cardiologica", start, "20.00")),
                new BigDecimal("20.00"),
                List.of(new Note(
                        Note.Kind.PATIENT, "89.7A.3", "Portare gli elettrocardiogrammi e gli esami precedenti.", null)),
                null,
                null,
                origin,
                Instant.EPOCH,
                Instant.EPOCH);
    }

    static Booking.BookedLine line(String service, String title, String start, String ticket) {
        return new Booking.BookedLine(
                service,
                null,
                title,
                "301-0006",
                1,
                null,
                new Slot(
                        "010301",
                        "AG-1",
                        start == null ? null : OffsetDateTime.parse(start),
                        20,
                        null,
                        "Via San Secondo 29",
                        null,
                        false,
                        true),
                ticket == null ? null : new BigDecimal(ticket));
    }

    /** The stored booking with other lines, sum and notes. */
    static Booking answer(List<Booking.BookedLine> lines, String ticket, List<Note> notes) {
        Booking stored = stored();
        return new Booking(
                stored.code(),
                1,
                Booking.State.BOOKED,
                stored.azienda(),
                stored.fillerCode(),
                stored.patient(),
                stored.prescription(),
                lines,
                ticket == null ? null : new BigDecimal(ticket),
                notes,
                null,
                null,
                "SOVRACUP",
                Instant.EPOCH,
                Instant.EPOCH);
    }

    /** @param path such as {@code patient.entitlement.category} or {@code lines[0].slot.start}; objects are made */
    PersonCase with(String path, Object value) {
        String[] steps = path.split("\\.");
        JsonNode at = tree;
        for (int i = 0; i < steps.length - 1; i++) {
            at = step(at, steps[i]);
        }
        String last = steps[steps.length - 1];
        ((ObjectNode) at).set(last, BookingReading.json().valueToTree(value));
        return this;
    }

    private static JsonNode step(JsonNode at, String step) {
        if (step.endsWith("]")) {
            int open = step.indexOf('[');
            ArrayNode array = ((ObjectNode) at).withArray(step.substring(0, open));
            return array.get(Integer.parseInt(step.substring(open + 1, step.length() - 1)));
        }
        return ((ObjectNode) at).withObject("/" + step);
    }

    PersonCase without(String path) {
        int dot = path.lastIndexOf('.');
        JsonNode at = tree;
        if (dot > 0) {
            for (String each : path.substring(0, dot).split("\\.")) {
                at = step(at, each);
            }
        }
        ((ObjectNode) at).remove(path.substring(dot + 1));
        return this;
    }

    PersonCase service(String code) {
        return with("lines[0].service", code);
    }

    PersonCase confirming(String... codes) {
        return with("confirmations", List.of(codes));
    }

    PersonCase category(String category) {
        return with("patient.entitlement.category", category);
    }

    /** @param local date and time in Rome */
    PersonCase at(String local) {
        now = LocalDateTime.parse(local).atZone(ROME);
        return this;
    }

    PersonCase at(ZonedDateTime moment) {
        now = moment;
        return this;
    }

    PersonCase standing(Booking booking) {
        standing = booking;
        return this;
    }

    PersonCase earlier(Booking.Earlier... others) {
        earlier = List.of(others);
        return this;
    }

    PersonCase alike(BookingRequest.Patient... persons) {
        alike = List.of(persons);
        return this;
    }

    PersonCase answered(Booking booking) {
        answered = booking;
        return this;
    }

    PersonCase tables(BookingCatalogue other) {
        catalogue = other;
        return this;
    }

    PersonCase properties(BookingProperties other) {
        properties = other;
        return this;
    }

    BookingReading<BookingRequest> request() {
        return BookingReading.of(tree, BookingRequest.class);
    }

    BookingCase given() {
        BookingReading<BookingRequest> reading = request();
        List<Optional<CatalogueItem>> items = new ArrayList<>();
        List<Slot> slots = new ArrayList<>();
        for (Line line : reading.ask().lines()) {
            String wanted = line.item() != null ? line.item() : line.service();
            items.add(wanted == null ? Optional.empty() : catalogue.item(wanted, now.toLocalDate()));
            slots.add(line.slot());
        }
        return new BookingCase(
                reading.ask(), reading.unreadable(), now, items, slots, standing, earlier, answered, alike);
    }

    RuleBook book() {
        return new RuleBook(catalogue, properties);
    }

    PriorityTerm term() {
        return new PriorityTerm(catalogue, properties);
    }

    List<Ruling> before() {
        return judge(Step.Phase.BEFORE_SLOT);
    }

    List<Ruling> withSlot() {
        return judge(Step.Phase.WITH_SLOT);
    }

    List<Ruling> after() {
        return judge(Step.Phase.AFTER_ANSWER);
    }

    private List<Ruling> judge(Step.Phase phase) {
        List<Ruling> said = book().judge(given(), phase).rulings();
        Declared.check(book(), said);
        return said;
    }

    /** What they say as {@code DECISION SC-nnn condition path}. */
    static List<String> told(List<Ruling> rulings) {
        return rulings.stream()
                .map(each -> (each.decision() + " " + each.code() + " " + each.condition() + " " + each.path()).strip())
                .toList();
    }

    /** Codes of one rule only, so that another one's notice disturbs nobody. */
    static List<String> told(List<Ruling> rulings, String code) {
        return told(
                rulings.stream().filter(each -> each.code().startsWith(code)).toList());
    }

    static Ruling only(List<Ruling> rulings, String code) {
        return rulings.stream()
                .filter(each -> each.code().equals(code))
                .reduce((one, other) -> {
                    throw new AssertionError("more than one " + code + ": " + rulings);
                })
                .orElseThrow(() -> new AssertionError("no " + code + " in " + rulings));
    }

    static Map<String, Object> wish(String azienda) {
        return Map.of("azienda", Objects.requireNonNull(azienda));
    }
}
