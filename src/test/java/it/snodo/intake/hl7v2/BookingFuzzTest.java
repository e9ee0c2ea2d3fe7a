package it.snodo.intake.hl7v2;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.intake.Arrival;
import it.snodo.intake.BookingArrival;
import it.snodo.intake.Incoming;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Whatever stands in a booking message: it is read to an end, and every outcome of it can be answered. */
class BookingFuzzTest {

    private static final List<String> PIECES = List.of(
            "",
            "|",
            "^",
            "~",
            "&",
            "\\",
            "\r",
            "\"\"",
            "0",
            "-1",
            "99999999999",
            "20260230",
            "è",
            "\\X0D\\",
            "PID|",
            "ARQ|",
            "RGS|1\r",
            "AIS|",
            "OBX|9|ST|CONFERMA^^99SC||SC-1~SC-2",
            "OBX|9|ST|a.b[3]^^99SC||x",
            "99QTY",
            "OBX|9|DT|IDDATAORA^^99SC||2026",
            "lines[0]",
            "TQ1|1||||||||TD10",
            "SCH|",
            "NTE|1|L|x^y^99LATO");

    private final Hl7v2Intake intake = Listener.intake(Listener.properties());

    @Property(tries = 1500)
    void any_message_can_be_read_and_answered(@ForAll @LongRange(min = 0) long seed) {
        Random random = new Random(seed);
        StringBuilder message = new StringBuilder(sample(random));
        for (int i = random.nextInt(8); i >= 0; i--) {
            // the header stays mostly whole, so that what is behind it is looked at
            int from = random.nextInt(10) == 0 ? 0 : Math.min(message.length(), 120);
            int at = from + random.nextInt(message.length() - from + 1);
            int to = Math.min(message.length(), at + random.nextInt(random.nextInt(10) == 0 ? 200 : 4));
            message.replace(at, to, PIECES.get(random.nextInt(PIECES.size())));
        }
        // readAgain: what fails is thrown, and not answered
        for (Arrival each : intake.readAgain(message.toString().getBytes(StandardCharsets.UTF_8), "fuzz")) {
            if (each instanceof Incoming) {
                continue;
            }
            BookingArrival arrival = (BookingArrival) each;
            assertThat(arrival.ask() == null).isEqualTo(!arrival.faults().isEmpty());
            assertThat(arrival.controlId()).isNotBlank();
            arrival.unreadable()
                    .forEach(one -> assertThat(arrival.locate(one.path())).isNotNull());
            for (BookingAnswer reply : List.of(
                    BookingAnswer.refused(
                            List.of(BookingSamples.expired(), BookingSamples.usualClass()), arrival.faults()),
                    BookingSamples.done(Operation.BOOK))) {
                byte[] answer = arrival.writer().write(arrival, reply);
                assertThat(answer.length == 0 || new String(answer, StandardCharsets.UTF_8).contains("MSA"))
                        .isTrue();
            }
        }
    }

    private static String sample(Random random) {
        String version =
                List.of("2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6").get(random.nextInt(7));
        return switch (random.nextInt(4)) {
            case 0 -> BookingSamples.search(version);
            case 1 -> BookingSamples.notice("S1" + (2 + random.nextInt(6)), version);
            default -> BookingSamples.request("S0" + (1 + random.nextInt(6)), version);
        };
    }
}
