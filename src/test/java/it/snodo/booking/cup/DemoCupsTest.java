package it.snodo.booking.cup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.when;

import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Proposal;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.BookingCatalogue.LocalService;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort.Found;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.cup.CupPort.Reply.Outcome;
import it.snodo.simulator.cup.CupSettings;
import it.snodo.simulator.wire.Request;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hub's side and the simulated CUPs, which share no code, in each of the four profiles. */
class DemoCupsTest {

    private static final AtomicInteger CODES = new AtomicInteger(700);

    private static it.snodo.simulator.cup.Cups simulated;
    private static Cups cups;

    @BeforeAll
    static void open() {
        simulated = new it.snodo.simulator.cup.Cups(CupSettings.onFreePorts(), null, Clock.systemUTC());
        BookingCatalogue catalogue = Sample.catalogue();
        when(catalogue.local(anyString(), eq("89.7A.3"), any()))
                .thenAnswer(call -> List.of(visit(call.getArgument(0))));
        when(catalogue.regional(anyString(), anyString(), any()))
                .thenAnswer(call -> Optional.of(visit(call.getArgument(0))));
        cups = new Cups(
                Cups.properties(1000, java.time.Duration.ofMinutes(10)),
                new org.springframework.boot.ssl.DefaultSslBundleRegistry(),
                catalogue);
    }

    @AfterAll
    static void shut() {
        cups.close();
        simulated.close();
    }

    /** As {@code mappings/booking-local-codes.csv} has it. */
    private static LocalService visit(String azienda) {
        return new LocalService(azienda, "89.7A.3", "89.7A.3", azienda.substring(3) + "-0004");
    }

    private static CupAzienda azienda(String number, String profile, String version) {
        return new CupAzienda(
                "010" + number,
                number,
                "ASL " + number,
                profile,
                "127.0.0.1",
                simulated.ports().get(number),
                version,
                null,
                null,
                false,
                false,
                false,
                false,
                false,
                Set.of());
    }

    @ParameterizedTest
    @CsvSource({"203,SRM", "206,SIU", "301,SIU"})
    void asked_for_public_places_a_cup_offers_no_private_ones(String number, String profile) {
        CupAzienda azienda = azienda(number, profile, "2.5");
        assertThat(found(azienda, false))
                .anyMatch(each -> Boolean.TRUE.equals(each.slot().privateStructure()));
        assertThat(found(azienda, true))
                .hasSizeGreaterThan(5)
                .allSatisfy(each -> assertThat(each.slot().privateStructure()).isFalse());
    }

    private static List<Proposal> found(CupAzienda azienda, boolean publicOnly) {
        Line line = new Line("89.7A.3", null, null, null, null, null, null, null, null, null);
        return cups.port
                .find(
                        azienda,
                        new AvailabilityQuery(null, null, null, List.of(line), null, 60, null),
                        publicOnly,
                        Cups.LONG)
                .proposals();
    }

    private static List<Proposal> places(CupAzienda azienda) {
        Line line = new Line("89.7A.3", null, null, null, null, null, null, null, null, null);
        Found found = cups.port.find(
                azienda,
                new AvailabilityQuery(null, Sample.patient("non fornito"), null, List.of(line), null, 20, null),
                false,
                Cups.LONG);
        assertThat(found.failure()).isNull();
        assertThat(found.proposals()).hasSizeGreaterThan(5);
        return found.proposals();
    }

    private static Booking booking(CupAzienda azienda, String code, String filler, Slot slot) {
        Booking sample = Sample.booking(Sample.patient("non fornito"), filler);
        return new Booking(
                code,
                1,
                Booking.State.REQUESTED,
                azienda.code(),
                filler,
                sample.patient(),
                sample.prescription(),
                List.of(new Booking.BookedLine(
                        "89.7A.3",
                        "89.7A.3",
                        "PRIMA VISITA CARDIOLOGICA",
                        visit(azienda.code()).localCode(),
                        1,
                        null,
                        slot,
                        null)),
                null,
                null,
                null,
                null,
                "SOVRACUP",
                sample.created(),
                sample.updated());
    }

    private static Reply send(CupAzienda azienda, Booking booking, Operation operation) {
        String id = Cups.id();
        byte[] command = cups.port.command(azienda, booking, operation, id, "Il paziente lo chiede");
        return cups.port.send(azienda, operation, id, command, Cups.LONG);
    }

    private static String newCode() {
        return "SC2026000" + CODES.incrementAndGet();
    }

    private static void order(String number, String rule) {
        simulated.handle(
                new Request("POST", "/cup/" + number + "/rules", "", Map.of(), rule.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({
        "301,SIU,2.5",
        "301,SIU,2.3",
        "301,SIU,2.4",
        "301,SIU,2.5.1",
        "203,SRM,2.5",
        "203,SRM,2.3.1",
        "204,OMG,2.5",
        "204,OMG,2.4",
        "213,FHIR,"
    })
    void a_place_is_found_booked_moved_and_given_back(String number, String profile, String version) {
        CupAzienda azienda = azienda(number, profile, version);
        List<Proposal> free = places(azienda);
        Proposal first = free.get(0);
        assertThat(first.service()).isEqualTo("89.7A.3");
        assertThat(first.localCode()).isEqualTo(number + "-0004");
        assertThat(first.slot().agenda()).isNotBlank();
        assertThat(first.slot().place()).isNotBlank();
        assertThat(first.slot().minutes()).isPositive();
        assertThat(first.ticket()).isNotNull();
        String code = newCode();
        String id = Cups.id();
        byte[] command =
                cups.port.command(azienda, booking(azienda, code, null, first.slot()), Operation.BOOK, id, null);

        Reply booked = cups.port.send(azienda, Operation.BOOK, id, command, Cups.LONG);
        assertThat(booked.outcome()).as(booked.words()).isEqualTo(Outcome.DONE);
        assertThat(booked.fillerCode()).isNotBlank();
        assertThat(booked.ticket()).isNotNull();

        Reply again = cups.port.send(azienda, Operation.BOOK, id, command, Cups.LONG);
        assertThat(again.outcome()).as("the same bytes take effect once").isEqualTo(Outcome.DONE);

        Reply other = send(azienda, booking(azienda, newCode(), null, first.slot()), Operation.BOOK);
        assertThat(other.outcome()).as(other.words()).isEqualTo(Outcome.TAKEN);

        Slot later = free.get(free.size() - 1).slot();
        Reply moved = send(azienda, booking(azienda, code, booked.fillerCode(), later), Operation.MOVE);
        assertThat(moved.outcome()).as(moved.words()).isEqualTo(Outcome.DONE);

        Reply changed = send(azienda, booking(azienda, code, booked.fillerCode(), later), Operation.CHANGE);
        assertThat(changed.outcome()).as(changed.words()).isEqualTo(Outcome.DONE);

        Reply revoked = send(azienda, booking(azienda, code, booked.fillerCode(), later), Operation.REVOKE);
        assertThat(revoked.outcome()).as(revoked.words()).isEqualTo(Outcome.DONE);

        String wrong = newCode();
        Reply second = send(azienda, booking(azienda, wrong, null, later), Operation.BOOK);
        assertThat(second.outcome()).as("the place is free again").isEqualTo(Outcome.DONE);
        Reply deleted = send(azienda, booking(azienda, wrong, second.fillerCode(), later), Operation.DELETE);
        assertThat(deleted.outcome()).as(deleted.words()).isEqualTo(Outcome.DONE);
    }

    @ParameterizedTest
    @CsvSource({"301,SIU", "203,SRM", "204,OMG", "213,FHIR"})
    void what_was_left_unknown_is_known_by_sending_it_again(String number, String profile) {
        CupAzienda azienda = azienda(number, profile, null);
        for (String wire : List.of("LOST_ANSWER", "HALF", "RESET")) {
            Slot slot = places(azienda).get(0).slot();
            String id = Cups.id();
            byte[] command =
                    cups.port.command(azienda, booking(azienda, newCode(), null, slot), Operation.BOOK, id, null);
            order(number, "{\"operation\":\"BOOK\",\"wire\":\"" + wire + "\"}");
            assertThat(cups.port
                            .send(azienda, Operation.BOOK, id, command, Cups.LONG)
                            .outcome())
                    .as(wire)
                    .isEqualTo(Outcome.UNKNOWN);
            Reply again = cups.port.send(azienda, Operation.BOOK, id, command, Cups.LONG);
            assertThat(again.outcome()).as(wire + ": " + again.words()).isEqualTo(Outcome.DONE);
            assertThat(again.fillerCode()).isNotBlank();
        }
    }

    @Test
    void a_foreign_answer_and_an_answer_given_twice_lead_nobody_astray() {
        CupAzienda azienda = azienda("301", "SIU", null);
        order("301", "{\"operation\":\"BOOK\",\"wire\":\"TWICE\"}");
        for (int i = 0; i < 3; i++) {
            Slot slot = places(azienda).get(0).slot();
            assertThat(send(azienda, booking(azienda, newCode(), null, slot), Operation.BOOK)
                            .outcome())
                    .isEqualTo(Outcome.DONE);
        }
        order("301", "{\"operation\":\"BOOK\",\"msa2\":\"FOREIGN\"}");
        Slot slot = places(azienda).get(0).slot();
        String id = Cups.id();
        byte[] command = cups.port.command(azienda, booking(azienda, newCode(), null, slot), Operation.BOOK, id, null);
        await().atMost(Cups.LONG)
                .until(() -> cups.port
                                .send(azienda, Operation.BOOK, id, command, Cups.SHORT)
                                .outcome()
                        == Outcome.UNKNOWN);
        await().atMost(Cups.LONG).until(() -> rules("301").contains("\"applied\":1,\"operation\":\"BOOK\",\"msa2\""));
        assertThat(cups.port
                        .send(azienda, Operation.BOOK, id, command, Cups.LONG)
                        .outcome())
                .isEqualTo(Outcome.DONE);
    }

    private static String rules(String number) {
        return new String(
                simulated
                        .handle(new Request("GET", "/cup/" + number + "/rules", "", Map.of(), new byte[0]))
                        .body(),
                StandardCharsets.UTF_8);
    }
}
