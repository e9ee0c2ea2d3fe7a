package it.snodo.booking.desk;

import static it.snodo.booking.desk.DeskKit.HERE;
import static it.snodo.booking.desk.DeskKit.arrival;
import static it.snodo.booking.desk.DeskKit.book;
import static it.snodo.booking.desk.DeskKit.moveTo;
import static it.snodo.booking.desk.DeskKit.newId;
import static it.snodo.booking.desk.DeskKit.on;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.State;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingAsk;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.desk.FakeCups.Died;
import it.snodo.booking.desk.FakeCups.Fate;
import it.snodo.fault.Remedy;
import it.snodo.fault.SnodoCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of bookings, moves and revokes, of lost answers, refusals and dying processes, each caller repeating his
 * message until he knows: in the end hub and CUP agree, and every caller was told what is.
 */
class HistoriesTest {

    private static final List<Fate> FATES = List.of(
            Fate.NORMAL,
            Fate.NORMAL,
            Fate.NORMAL,
            Fate.NORMAL,
            Fate.UNSENT,
            Fate.ANSWER_LOST,
            Fate.LOST,
            Fate.REFUSED,
            Fate.HUB_DIES_BEFORE,
            Fate.HUB_DIES_AFTER);

    private record Sent(String id, BookingAsk ask) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void hub_and_cup_agree_in_the_end_and_nobody_was_told_otherwise(long seed) {
        Random random = new Random(seed);
        DeskKit kit = DeskKit.fresh(patient());
        List<DeskKit> started = new ArrayList<>(List.of(kit));
        try {
            List<Sent> sent = new ArrayList<>();
            List<String> codes = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                BookingAsk ask = ask(random, codes, i);
                Sent message = random.nextInt(5) == 0 && !sent.isEmpty()
                        ? sent.get(random.nextInt(sent.size()))
                        : new Sent(newId(), ask);
                sent.add(message);
                Fate fate = FATES.get(random.nextInt(FATES.size()));
                kit.cups.fate = operation -> fate;
                try {
                    BookingDesk.Answered answered = kit.desk().handle(arrival(message.id(), message.ask()));
                    if (answered.reply() instanceof BookingAnswer answer && answer.booking() != null) {
                        codes.add(answer.booking().code());
                    }
                } catch (Died died) {
                    kit.cups.fate = operation -> Fate.NORMAL;
                    kit = kit.restarted();
                    started.add(kit);
                }
                if (random.nextInt(4) == 0) {
                    kit.cups.fate = operation -> Fate.NORMAL;
                    kit.recovery().sendAll();
                }
            }
            kit.cups.fate = operation -> Fate.NORMAL;
            kit.recovery().sendAll();
            close(kit);
            kit.recovery().sendAll();
            everybodyIsTold(kit, sent);
            check(kit);
        } finally {
            started.forEach(DeskKit::close);
        }
    }

    private static DeskProperties patient() {
        // who asks for what has no outcome is told so at once
        return new DeskProperties(
                java.time.Duration.ofMillis(1500),
                5,
                java.time.Duration.ofHours(24),
                java.time.Duration.ZERO,
                java.time.Duration.ZERO,
                java.time.Duration.ofMinutes(15),
                java.time.Duration.ofHours(1),
                java.time.Duration.ofMinutes(15),
                4,
                DeskKit.properties().search());
    }

    private static BookingAsk ask(Random random, List<String> codes, int i) {
        String code = codes.isEmpty() ? "SC2026999999" : codes.get(random.nextInt(codes.size()));
        return switch (random.nextInt(5)) {
            case 0 -> moveTo(code, FakeCups.slot(HERE, random.nextInt(12)));
            case 1 -> on(Operation.REVOKE, code);
            default -> book(i + 1, FakeCups.slot(HERE, random.nextInt(12)));
        };
    }

    /** What a CUP does not tell, a person asks it: a place that is taken may be taken by the booking itself. */
    private static void close(DeskKit kit) {
        kit.store
                .jdbc
                .sql("select id from booking_command where state = 'UNKNOWN' and operation = 'BOOK'")
                .query(Long.class)
                .list()
                .forEach(id -> kit.settle(id, kit.cups.standing()));
    }

    /** Who asks once more is told the same, unless he was told to try again; and trying again does nothing twice. */
    private static void everybodyIsTold(DeskKit kit, List<Sent> sent) {
        Map<String, String> answers = new HashMap<>();
        for (Sent message : sent) {
            BookingDesk.Answered last = kit.desk().handle(arrival(message.id(), message.ask()));
            String text = new String(last.answer());
            assertThat(text).as("a final answer").doesNotStartWith("UNKNOWN");
            if (!saysAgain(text)) {
                assertThat(answers.putIfAbsent(message.id(), text)).isIn(null, text);
            }
            if (last.reply() instanceof BookingAnswer answer && answer.result() == Result.BOOKED) {
                assertThat(answer.booking().state()).isIn(State.BOOKED, State.REVOKED);
            }
        }
    }

    private static boolean saysAgain(String answer) {
        return Arrays.stream(SnodoCode.values())
                .anyMatch(each -> each.remedy() == Remedy.RETRY && answer.contains(each.code()));
    }

    private static void check(DeskKit kit) {
        assertThat(kit.register().waiting()).isEmpty();
        assertThat(kit.store
                        .jdbc
                        .sql("select count(*) from booking_slot")
                        .query(Long.class)
                        .single())
                .isZero();
        List<String> booked = kit.store
                .jdbc
                .sql("select code from booking where state = 'BOOKED'")
                .query(String.class)
                .list();
        assertThat(kit.cups.standing()).containsExactlyInAnyOrderElementsOf(booked);
        for (String code : booked) {
            Booking booking = kit.desk().find(code).orElseThrow();
            assertThat(kit.cups.places(code)).isEqualTo(FakeCups.places(booking));
            assertThat(booking.pending()).isNull();
        }
        assertThat(kit.store
                        .jdbc
                        .sql("select count(*) from booking where state in ('UNKNOWN', 'REQUESTED')")
                        .query(Long.class)
                        .single())
                .isZero();
        // each booking that was done at the CUP was done once
        assertThat(kit.cups.done().stream().filter(each -> each.startsWith("BOOK")))
                .doesNotHaveDuplicates();
    }
}
