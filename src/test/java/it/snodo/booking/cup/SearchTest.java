package it.snodo.booking.cup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort.Found;
import it.snodo.booking.cup.CupPort.Reply.Outcome;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Searches at one azienda over a real socket. */
class SearchTest {

    private Cups cups;
    private Peer peer;
    private CupAzienda azienda;

    @BeforeEach
    void open() throws IOException {
        cups = new Cups();
        peer = new Peer();
        azienda = Sample.azienda("SRM", peer.port());
    }

    @AfterEach
    void shut() throws IOException {
        cups.close();
        peer.close();
    }

    private static AvailabilityQuery query(String service) {
        Line line = new Line(service, null, null, null, null, null, null, null, null, null);
        return new AvailabilityQuery(null, null, null, List.of(line), null, null, null);
    }

    private static String places(String message) {
        return Peer.ack(
                message,
                "AA",
                "QAK|" + Peer.controlId(message) + "|OK",
                "SCH|||||AG-1||||20|min|^^^20261211093000+0100",
                "RGS|1",
                "AIS|1||301-0004^V^99CRP|20261211093000+0100");
    }

    @Test
    void the_cup_is_asked_by_its_own_code_and_answered_in_the_regions() {
        peer.then((message, with) -> with.send(places(message)));
        Found found = cups.port.find(azienda, query("89.7A.3"), false, Cups.LONG);
        assertThat(found.failure()).isNull();
        assertThat(found.proposals()).singleElement().satisfies(each -> {
            assertThat(each.service()).isEqualTo("89.7A.3");
            assertThat(each.localCode()).isEqualTo("301-0004");
        });
        assertThat(peer.received.get(0))
                .contains("|SQM^S25^SQM_S25|")
                .contains("AIS|1||301-0004^PRIMA VISITA^99CRP^89.7A.3^PRIMA VISITA^99NTR");
    }

    @Test
    void a_cup_that_does_not_offer_it_is_not_asked() {
        Found found = cups.port.find(azienda, query("95.02"), false, Cups.LONG);
        assertThat(found.failure()).isNull();
        assertThat(found.proposals()).isEmpty();
        assertThat(peer.connections).hasValue(0);
    }

    @Test
    void a_search_that_gets_no_answer_in_time_says_why_and_spoils_no_booking() {
        await().atMost(Cups.LONG).untilAsserted(() -> {
            peer.clear().then((message, with) -> {});
            assertThat(cups.port
                            .find(azienda, query("89.7A.3"), false, Cups.SHORT)
                            .failure())
                    .contains("nessuna risposta");
        });
        peer.clear();
        assertThat(cups.command(azienda, Operation.BOOK, Cups.LONG).outcome()).isEqualTo(Outcome.DONE);
        peer.then((message, with) -> with.send(places(message)));
        assertThat(cups.port.find(azienda, query("89.7A.3"), false, Cups.LONG).proposals())
                .hasSize(1);
    }
}
