package it.snodo.intake.hl7v2;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Entitlement;
import it.snodo.booking.BookingRequest.Identification;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.BookingRequest.Requester;
import it.snodo.booking.Slot;
import it.snodo.booking.Slot.Wish;
import it.snodo.intake.BookingArrival;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** The same request is the same whether it comes as JSON or as SRM. */
class BookingRoundTripTest {

    private final Hl7v2Intake intake = Listener.intake(Listener.properties());

    @Property(tries = 500)
    void a_request_written_as_SRM_is_read_as_the_same_request(@ForAll @LongRange(min = 0) long seed) {
        BookingRequest request = new Requests(new Random(seed)).next();
        ObjectNode json = BookingReading.json().valueToTree(request);
        BookingReading<BookingRequest> fromJson = BookingReading.of(json, BookingRequest.class);
        assertThat(fromJson.ask()).isEqualTo(request);
        String message = SrmText.of(request);
        BookingArrival arrival = (BookingArrival)
                intake.read(message.getBytes(StandardCharsets.UTF_8), "test").get(0);
        assertThat(arrival.faults()).as(message).isEmpty();
        assertThat(arrival.unreadable()).as(message).isEmpty();
        assertThat(BookingReading.json().<ObjectNode>valueToTree(arrival.ask()))
                .as(message)
                .isEqualTo(json);
        assertThat(arrival.ask()).isEqualTo(request);
    }

    /** Requests with any of their fields. */
    private record Requests(Random random) {

        private static final List<String> WORDS = List.of(
                "D'ANGELO",
                "NICOLÒ",
                "Rossi & Figli",
                "a|b^c~d\\e&f",
                "due\nrighe",
                "DE' CONTI",
                "X",
                "sospetta cataratta, occhio dx");

        private <T> T perhaps(Supplier<T> made) {
            return random.nextBoolean() ? made.get() : null;
        }

        private String word() {
            return WORDS.get(random.nextInt(WORDS.size()));
        }

        private String code() {
            return "C" + random.nextInt(1000);
        }

        private Boolean flag() {
            return perhaps(random::nextBoolean);
        }

        private LocalDate day() {
            return LocalDate.of(1990 + random.nextInt(60), 1 + random.nextInt(12), 1 + random.nextInt(28));
        }

        private BookingRequest next() {
            Operation operation = Stream.of(Operation.values())
                    .filter(each -> each != Operation.REPRINT)
                    .toList()
                    .get(random.nextInt(5));
            boolean fresh = operation == Operation.BOOK;
            List<Line> lines =
                    Stream.generate(this::line).limit(1 + random.nextInt(3)).toList();
            Wish wish = perhaps(() -> new Wish(day(), perhaps(this::day), null, null, null));
            return new BookingRequest(
                    operation,
                    new Requester(
                            "CARTELLA",
                            word(),
                            perhaps(this::code),
                            perhaps(this::code),
                            perhaps(() -> "PHONE"),
                            perhaps(() -> "010205")),
                    fresh ? null : "SC2026" + (100000 + random.nextInt(900000)),
                    patient(),
                    prescription(),
                    lines,
                    wish,
                    fresh ? null : identification(),
                    Stream.of("SC-028", "SC-040", "SC-084")
                            .limit(random.nextInt(4))
                            .toList(),
                    flag(),
                    perhaps(() -> "SC2026000001"),
                    perhaps(() -> "Il paziente non può venire"));
        }

        private Patient patient() {
            return new Patient(
                    perhaps(() -> "RSSMRA80A41L219M"),
                    perhaps(() -> "STP0010011234567"),
                    perhaps(() -> "ENI0010011234567"),
                    perhaps(() -> "6921767"),
                    word(),
                    perhaps(this::word),
                    perhaps(this::day),
                    perhaps(() -> "F"),
                    perhaps(() -> "L219"),
                    perhaps(() -> "001272"),
                    perhaps(this::word),
                    Stream.of("non fornito", "+39 011 5661566", "0115661566")
                            .limit(random.nextInt(4))
                            .toList(),
                    perhaps(() -> "010301"),
                    perhaps(() -> new Entitlement(
                            "EU",
                            perhaps(() -> "TEAM"),
                            perhaps(this::day),
                            flag(),
                            perhaps(this::day),
                            perhaps(this::day),
                            flag(),
                            perhaps(() -> "STUDY"),
                            perhaps(this::word),
                            perhaps(() -> "DEU"),
                            perhaps(this::code),
                            perhaps(this::code),
                            perhaps(this::code),
                            flag())));
        }

        private Prescription prescription() {
            return new Prescription(
                    Stream.of("010A01234567890", "1234512345678")
                            .limit(random.nextInt(3))
                            .toList(),
                    perhaps(() -> "M10"),
                    perhaps(() -> "010301"),
                    day(),
                    perhaps(() -> "SSN"),
                    perhaps(() -> "UE"),
                    perhaps(() -> "TICKET"),
                    perhaps(() -> "SSR"),
                    perhaps(() -> "048"),
                    flag(),
                    flag(),
                    perhaps(() -> "BDPUX".substring(random.nextInt(5)).substring(0, 1)),
                    flag(),
                    flag(),
                    flag(),
                    flag(),
                    perhaps(() -> "VRDLGU60A01L219X"),
                    perhaps(() -> "MMG"),
                    perhaps(this::word),
                    flag(),
                    flag(),
                    perhaps(this::day),
                    flag());
        }

        private Line line() {
            String service = "89.7A." + random.nextInt(10);
            String azienda = perhaps(() -> "010301");
            return new Line(
                    service,
                    perhaps(() -> service + "-CATARATTA"),
                    perhaps(this::word),
                    perhaps(() -> random.nextInt(20)),
                    perhaps(() -> "R"),
                    perhaps(this::word),
                    perhaps(this::word),
                    azienda,
                    perhaps(() -> slot(azienda)),
                    flag());
        }

        private Slot slot(String azienda) {
            return new Slot(
                    azienda,
                    perhaps(this::code),
                    // winter time: a summer's offset would be another way of writing the same instant
                    OffsetDateTime.of(2026, 1, 1 + random.nextInt(28), 9, 5, 0, 0, ZoneOffset.ofHours(1)),
                    perhaps(() -> random.nextInt(120)),
                    perhaps(() -> "STS0123"),
                    perhaps(this::word),
                    perhaps(this::word),
                    flag(),
                    flag());
        }

        private Identification identification() {
            return new Identification(
                    perhaps(() -> "SC2026000123"),
                    "ROSSI",
                    perhaps(this::word),
                    perhaps(this::day),
                    perhaps(this::word),
                    perhaps(() -> LocalDateTime.of(2026, 1, 20, 9, 30)),
                    perhaps(() -> "0115661566"));
        }
    }
}
