package it.snodo.booking.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.Ruling;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CatalogueItem;
import it.snodo.config.ConfigFolder;
import it.snodo.registry.CodeTables;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests for the rules, made as an intake makes them: a tree of fields, read as every request is. Starts from one that no
 * rule has anything to say of, and changes single fields.
 */
final class Cases {

    static final ZoneId ROME = ZoneId.of("Europe/Rome");

    static final BookingCatalogue CATALOGUE =
            BookingCatalogue.of(new ConfigFolder(Path.of(".")), new CodeTables(new ConfigFolder(Path.of("."))));

    private static final RuleBook BOOK = new RuleBook(CATALOGUE, BookingProperties.standard());
    private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[([0-9]+)]");

    private final ObjectNode tree = BookingReading.json().createObjectNode();
    private final List<Booking.Earlier> earlier = new ArrayList<>();
    private Booking standing;
    private Booking answered;
    private ZonedDateTime now = ZonedDateTime.of(2026, 1, 12, 10, 15, 0, 0, ROME);
    private RuleBook book = BOOK;
    private BookingCatalogue catalogue = CATALOGUE;

    private Cases() {}

    /** A first cardiological visit for an enrolled patient, asked for on 12 January 2026. */
    static Cases booking() {
        return new Cases()
                .with("operation", "BOOK")
                .with("requester.application", "SOVRACUP")
                .with("requester.operator", "OP017")
                .with("patient.fiscalCode", "RSSMRA80A01L219M")
                .with("patient.family", "Rossi")
                .with("patient.given", "Mario")
                .with("patient.birthDate", "1980-01-01")
                .with("patient.sex", "M")
                .with("patient.phones[0]", "0115661566")
                .with("prescription.numbers[0]", "010A01234567890")
                .with("prescription.compiled", "2026-01-10")
                .with("prescription.notExempt", true)
                .with("prescription.priority", "P")
                .line("89.7A.3");
    }

    /** A field by its path, {@code lines[0].slot.start}; null takes it away. */
    Cases with(String path, Object value) {
        JsonNode at = tree;
        Matcher steps = STEP.matcher(path);
        List<Object> keys = new ArrayList<>();
        while (steps.find()) {
            keys.add(steps.group(1) != null ? steps.group(1) : Integer.valueOf(steps.group(2)));
        }
        for (int i = 0; i < keys.size() - 1; i++) {
            at = child(at, keys.get(i), keys.get(i + 1) instanceof Integer);
        }
        Object last = keys.get(keys.size() - 1);
        JsonNode leaf = BookingReading.json().valueToTree(value);
        if (at instanceof ArrayNode array) {
            int index = (Integer) last;
            if (index < array.size()) {
                array.set(index, leaf);
            } else {
                array.add(leaf);
            }
        } else if (value == null) {
            ((ObjectNode) at).remove((String) last);
        } else {
            ((ObjectNode) at).set((String) last, leaf);
        }
        return this;
    }

    Cases without(String path) {
        return with(path, null);
    }

    private static JsonNode child(JsonNode of, Object key, boolean array) {
        JsonNode found = key instanceof Integer index ? of.get(index) : of.get((String) key);
        if (found != null && !found.isNull()) {
            return found;
        }
        JsonNode made = array
                ? BookingReading.json().createArrayNode()
                : BookingReading.json().createObjectNode();
        if (key instanceof Integer) {
            ((ArrayNode) of).add(made);
        } else {
            ((ObjectNode) of).set((String) key, made);
        }
        return made;
    }

    /** One more line. */
    Cases line(String service) {
        return with("lines[" + lineCount() + "].service", service);
    }

    Cases item(String service, String item) {
        int index = lineCount();
        return line(service).with("lines[" + index + "].item", item);
    }

    Cases quantity(int pieces) {
        return last("quantity", pieces);
    }

    /** A field of the last line. */
    Cases last(String field, Object value) {
        return with("lines[" + (lineCount() - 1) + "]." + field, value);
    }

    /** A place for the last line, of the hub's own search. */
    Cases slot(String azienda, String agenda, String start) {
        return last("slot.azienda", azienda)
                .last("slot.agenda", agenda)
                .last("slot.start", start)
                .last("slot.minutes", 20)
                .last("slot.proposed", true);
    }

    Cases noLines() {
        tree.remove("lines");
        return this;
    }

    private int lineCount() {
        return tree.has("lines") ? tree.get("lines").size() : 0;
    }

    Cases at(ZonedDateTime moment) {
        now = moment.withZoneSameInstant(ROME);
        return this;
    }

    Cases today(String day) {
        return at(LocalDate.parse(day).atTime(10, 15).atZone(ROME));
    }

    Cases earlier(Booking.Earlier other) {
        earlier.add(other);
        return this;
    }

    static Booking.Earlier earlier(String code, String azienda, String prescription, String service, String start) {
        return new Booking.Earlier(
                code,
                Booking.State.BOOKED,
                azienda,
                prescription,
                LocalDate.of(2026, 1, 2),
                List.of(booked(service, azienda, start)));
    }

    static Booking.BookedLine booked(String service, String azienda, String start) {
        return new Booking.BookedLine(
                service,
                service,
                "Prestazione " + service,
                "000-0001",
                1,
                null,
                new Slot(
                        azienda,
                        "AG-1",
                        OffsetDateTime.parse(start),
                        20,
                        "010003",
                        "Ospedale",
                        "Ambulatorio 1",
                        false,
                        true),
                null);
    }

    Cases standing(String code, String azienda, Booking.BookedLine... lines) {
        standing = new Booking(
                code,
                1,
                Booking.State.BOOKED,
                azienda,
                "CUP-1",
                BookingReading.of(tree, BookingRequest.class).ask().patient(),
                null,
                List.of(lines),
                null,
                List.of(),
                null,
                null,
                "SOVRACUP",
                now.toInstant(),
                now.toInstant());
        return this;
    }

    Cases answered(Booking booking) {
        answered = booking;
        return this;
    }

    /** Other choices than the usual ones. */
    Cases by(BookingProperties properties) {
        book = new RuleBook(catalogue, properties);
        return this;
    }

    /** Other tables than the usual ones. */
    Cases by(BookingCatalogue tables) {
        catalogue = tables;
        book = new RuleBook(tables, BookingProperties.standard());
        return this;
    }

    BookingCase made() {
        BookingReading<BookingRequest> read = BookingReading.of(tree, BookingRequest.class);
        LocalDate today = now.toLocalDate();
        List<Optional<CatalogueItem>> items = new ArrayList<>();
        List<Slot> slots = new ArrayList<>();
        for (Line line : read.ask().lines()) {
            items.add(catalogue.item(line.item() == null ? line.service() : line.item(), today));
            slots.add(line.slot());
        }
        return new BookingCase(
                read.ask(), read.unreadable(), now, items, slots, standing, List.copyOf(earlier), answered);
    }

    RuleBook book() {
        return book;
    }

    RuleBook.Judgement judge(Step.Phase phase) {
        return book.judge(made(), phase);
    }

    RuleBook.Judgement beforeSlot() {
        return judge(Step.Phase.BEFORE_SLOT);
    }

    RuleBook.Judgement withSlot() {
        return judge(Step.Phase.WITH_SLOT);
    }

    /** What was said under one number, "SC-007" for SC-007a and SC-007b too. */
    static List<Ruling> under(String code, RuleBook.Judgement judgement) {
        return judgement.rulings().stream()
                .filter(each -> each.code().matches(Pattern.quote(code) + "[a-z]?"))
                .toList();
    }
}
