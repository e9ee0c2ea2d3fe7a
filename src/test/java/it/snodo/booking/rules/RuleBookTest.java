package it.snodo.booking.rules;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Entitlement;
import it.snodo.booking.BookingRequest.Identification;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.BookingRequest.Requester;
import it.snodo.booking.Decision;
import it.snodo.booking.Ruling;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.CatalogueItem;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The engine, whatever comes: requests where any field may be missing or odd. */
class RuleBookTest {

    private static final int TRIES = 150;

    /** Always the same requests: what is tried in a build is what was tried before it. */
    private static final String SEED = "88";

    private static final RuleBook BOOK = new RuleBook(PersonCase.TABLES, BookingProperties.standard());

    private static final RuleBook ANOTHER = new RuleBook(PersonCase.TABLES, BookingProperties.standard());

    private static final ZonedDateTime NOW =
            LocalDateTime.parse("2026-03-10T10:00").atZone(PersonCase.ROME);

    /** Values that mean something to some rule, and values that mean nothing to any. */
    private static final List<String> TEXTS = List.of(
            "SSN",
            "EU",
            "NON_EU",
            "NON_EU_DEPENDANT",
            "CONVENTION",
            "STP",
            "ENI",
            "REFUGEE",
            "FOSTERED",
            "TOURIST",
            "TEAM",
            "E106",
            "DEPENDANT",
            "STUDY",
            "Tunisia",
            "UE",
            "EE",
            "M01",
            "M04",
            "M07",
            "SSN_LIBERO_ACCESSO",
            "SSN_ALTRA_MODULISTICA",
            "TICKET",
            "ESENTE",
            "ESENTE_TOTALE",
            "SSR",
            "EXTRA_SSR",
            "048",
            "E01",
            "E04",
            "D03",
            "C01",
            "057",
            "U",
            "B",
            "D",
            "P",
            "M",
            "F",
            "PHONE",
            "PHARMACY",
            "FAX",
            "DESK",
            "010301",
            "301",
            "903",
            "010203",
            "STP0010011234567",
            "RSSMRA80A41L219Q",
            "SC2026000123",
            "Rossi",
            "non fornito",
            "",
            " ",
            "·",
            "010A01234567890",
            "89.7A.3",
            "89.52",
            "88.23.2",
            "88.23.2-DX",
            "89.01.3",
            "95.02",
            "90.62.2",
            "91.49.2",
            "87.44.1",
            "R",
            "LOCAL",
            "Pecco",
            "MMG",
            "SPECIALIST",
            "SC-059",
            "SC-084",
            "SC-040",
            "SC-038b");

    @Property(tries = TRIES, seed = SEED)
    void whatever_is_missing_or_odd_no_rule_throws(@ForAll long seed) {
        BookingCase given = anyCase(new Random(seed));

        for (Step.Phase phase : Step.Phase.values()) {
            Declared.check(BOOK, BOOK.judge(given, phase).rulings());
        }
        BOOK.boundTo(given);
        BOOK.setAside(given);
        new InEffect(PersonCase.TABLES, PersonCase.booking().term()).of(given);
    }

    @Property(tries = TRIES, seed = SEED)
    void what_stops_hides_the_later_steps(@ForAll long seed) {
        BookingCase given = anyCase(new Random(seed));

        for (Step.Phase phase : Step.Phase.values()) {
            List<Ruling> said = BOOK.judge(given, phase).rulings();
            Optional<Step> stopped = stepsOf(given, phase).stream()
                    .filter(each -> each.rulings().stream().anyMatch(ruling -> stops(ruling, given)))
                    .map(Said::step)
                    .findFirst();
            long reached = stepsOf(given, phase).stream()
                    .filter(each -> stopped.isEmpty() || each.step().compareTo(stopped.get()) <= 0)
                    .mapToLong(each -> each.rulings().size())
                    .sum();
            assertThat(said).hasSize((int) reached);
        }
    }

    @Property(tries = TRIES, seed = SEED)
    void a_question_that_is_confirmed_becomes_a_notice(@ForAll long seed) {
        BookingCase given = anyCase(new Random(seed));

        for (Step.Phase phase : Step.Phase.values()) {
            List<Ruling> said = BOOK.judge(given, phase).rulings();
            List<String> asked = said.stream()
                    .filter(each -> each.decision() == Decision.CONFIRM)
                    .map(Ruling::code)
                    .toList();
            List<Ruling> again = BOOK.judge(confirming(given, asked), phase).rulings();

            assertThat(asked).allSatisfy(code -> assertThat(again)
                    .filteredOn(each -> each.code().equals(code))
                    .allSatisfy(each -> assertThat(each.decision()).isNotEqualTo(Decision.CONFIRM)));
        }
    }

    @Property(tries = TRIES, seed = SEED)
    void the_same_request_is_told_the_same_in_the_same_order(@ForAll long seed) {
        BookingCase given = anyCase(new Random(seed));

        for (Step.Phase phase : Step.Phase.values()) {
            assertThat(ANOTHER.judge(given, phase).rulings())
                    .isEqualTo(BOOK.judge(given, phase).rulings());
        }
    }

    private record Said(Step step, List<Ruling> rulings) {}

    /** What every step would say if none stopped the request. */
    private static List<Said> stepsOf(BookingCase given, Step.Phase phase) {
        return Arrays.stream(Step.values())
                .filter(step -> step.phase() == phase)
                .map(step -> {
                    Rulings rulings = new Rulings();
                    BOOK.rules().stream()
                            .filter(rule -> rule.step() == step || step == Step.SLOT && rule.alsoWithSlot())
                            .forEach(rule -> rule.check(given, rulings));
                    return new Said(step, rulings.all());
                })
                .toList();
    }

    private static boolean stops(Ruling ruling, BookingCase given) {
        return ruling.decision().stops() && !(ruling.decision() == Decision.CONFIRM && given.confirmed(ruling.code()));
    }

    private static BookingCase confirming(BookingCase given, List<String> codes) {
        BookingRequest is = given.request();
        List<String> all = new ArrayList<>(is.confirmations());
        all.addAll(codes);
        BookingRequest confirmed = new BookingRequest(
                is.operation(),
                is.requester(),
                is.bookingCode(),
                is.patient(),
                is.prescription(),
                is.lines(),
                is.wish(),
                is.identification(),
                all,
                is.replaceExisting(),
                is.movesFrom(),
                is.reason());
        return new BookingCase(
                confirmed,
                given.unreadable(),
                given.now(),
                given.items(),
                given.slots(),
                given.standing(),
                given.earlier(),
                given.answered(),
                given.alike());
    }

    private static BookingCase anyCase(Random random) {
        // a field is there in some requests nearly always, in some nearly never
        double there = random.nextDouble();
        List<Line> lines = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            lines.add(any(Line.class, random, there));
        }
        BookingRequest request = new BookingRequest(
                random.nextInt(8) == 0 ? null : Operation.values()[random.nextInt(Operation.values().length)],
                maybe(Requester.class, random, there),
                text(random, there),
                maybe(Patient.class, random, there),
                maybe(Prescription.class, random, there),
                lines,
                maybe(Slot.Wish.class, random, there),
                maybe(Identification.class, random, there),
                List.of("SC-059", "SC-084", "SC-028").subList(0, random.nextInt(4)),
                random.nextBoolean() ? null : random.nextBoolean(),
                text(random, there),
                text(random, there));
        List<Optional<CatalogueItem>> items = lines.stream()
                .map(line -> line.service() == null
                        ? Optional.<CatalogueItem>empty()
                        : PersonCase.TABLES.item(line.service(), NOW.toLocalDate()))
                .toList();
        List<Slot> slots = new ArrayList<>();
        lines.forEach(line -> slots.add(line.slot()));
        return new BookingCase(
                request,
                List.of(),
                NOW,
                items,
                slots,
                random.nextBoolean() ? null : booking(random, there),
                random.nextBoolean() ? List.of() : List.of(earlier(random, there)),
                random.nextBoolean() ? null : booking(random, there),
                random.nextBoolean() ? List.of() : List.of(any(Patient.class, random, there)));
    }

    private static Booking booking(Random random, double there) {
        return new Booking(
                "SC2026000123",
                1,
                Booking.State.values()[random.nextInt(Booking.State.values().length)],
                text(random, there),
                text(random, there),
                maybe(Patient.class, random, there),
                maybe(Prescription.class, random, there),
                List.of(line(random, there)),
                null,
                null,
                null,
                null,
                text(random, there),
                null,
                null);
    }

    private static Booking.Earlier earlier(Random random, double there) {
        return new Booking.Earlier(
                "SC2026000009",
                Booking.State.BOOKED,
                text(random, there),
                text(random, there),
                null,
                List.of(line(random, there)),
                text(random, there));
    }

    private static Booking.BookedLine line(Random random, double there) {
        return new Booking.BookedLine(
                text(random, there),
                text(random, there),
                text(random, there),
                null,
                1,
                text(random, there),
                maybe(Slot.class, random, there),
                null);
    }

    private static <T> T maybe(Class<T> type, Random random, double there) {
        return random.nextDouble() < there ? any(type, random, there) : null;
    }

    private static String text(Random random, double there) {
        return random.nextDouble() < there ? TEXTS.get(random.nextInt(TEXTS.size())) : null;
    }

    /** A record with something, or nothing, in each of its fields. */
    private static <T> T any(Class<T> type, Random random, double there) {
        try {
            RecordComponent[] components = type.getRecordComponents();
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextDouble() < there ? value(components[i].getType(), random, there) : null;
            }
            Constructor<T> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("cannot make a " + type, e);
        }
    }

    private static Object value(Class<?> type, Random random, double there) {
        if (type == String.class) {
            return TEXTS.get(random.nextInt(TEXTS.size()));
        }
        if (type == List.class) {
            return List.of(TEXTS.get(random.nextInt(TEXTS.size())));
        }
        if (type == Boolean.class) {
            return random.nextBoolean();
        }
        if (type == Integer.class) {
            return random.nextInt(20) - 2;
        }
        LocalDate day = LocalDate.of(2026, 3, 10).plusDays(random.nextInt(800) - 400);
        if (type == LocalDate.class) {
            return random.nextInt(4) == 0 ? LocalDate.of(1950 + random.nextInt(80), 2, 28) : day;
        }
        if (type == LocalDateTime.class) {
            return day.atTime(9, 30);
        }
        if (type == OffsetDateTime.class) {
            return day.atTime(9, 30).atZone(PersonCase.ROME).toOffsetDateTime();
        }
        if (type == Slot.class) {
            return any(Slot.class, random, there);
        }
        if (type == Entitlement.class) {
            return any(Entitlement.class, random, there);
        }
        throw new AssertionError("no value of " + type);
    }
}
