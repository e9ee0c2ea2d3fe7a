package it.snodo.booking.cup;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.cup.CupPort.Reply.Outcome;
import it.snodo.config.SslBundleFiles;
import it.snodo.signature.DemoKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A CUP behind TLS that asks for the hub's certificate too. */
class MllpCupTlsTest {

    @TempDir
    private static Path folder;

    private static SslBundleFiles ours;
    private static SslBundleFiles known;
    private static Cups cups;

    @BeforeAll
    static void open() {
        DemoKeys keys = new DemoKeys(folder);
        ours = bundle(keys, DemoKeys.CLIENT);
        known = bundle(keys, DemoKeys.SERVER);
        cups = new Cups(Cups.properties(1000, Duration.ofMinutes(10)), ours.bundles());
    }

    @AfterAll
    static void shut() {
        cups.close();
        ours.close();
        known.close();
    }

    private static SslBundleFiles bundle(DemoKeys keys, String who) {
        return new SslBundleFiles("cup", keys.pkcs12(who), keys.trusted(), new String(keys.password()));
    }

    private static Peer peer(SslBundleFiles files) throws IOException {
        SSLContext context = files.bundles().getBundle("cup").createSslContext();
        return new Peer(new MutualTls(context));
    }

    private static final class MutualTls extends ServerSocketFactory {
        private final SSLContext context;

        MutualTls(SSLContext context) {
            this.context = context;
        }

        @Override
        public ServerSocket createServerSocket(int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress at) throws IOException {
            SSLServerSocket socket =
                    (SSLServerSocket) context.getServerSocketFactory().createServerSocket(port, backlog, at);
            socket.setNeedClientAuth(true);
            return socket;
        }
    }

    private static CupAzienda azienda(Peer peer, String... quirks) {
        return Sample.azienda("SIU", "127.0.0.1", peer.port(), "2.5", null, "cup", quirks);
    }

    @Test
    void both_sides_show_who_they_are_and_the_connection_is_kept() throws IOException {
        try (Peer peer = peer(known)) {
            assertThat(cups.book(azienda(peer, "TLS_ANY_NAME")).outcome()).isEqualTo(Outcome.DONE);
            assertThat(cups.book(azienda(peer, "TLS_ANY_NAME")).outcome()).isEqualTo(Outcome.DONE);
            assertThat(peer.connections).hasValue(1);
        }
    }

    @Test
    void a_cup_that_does_not_believe_the_hub_is_told_by_its_words() throws IOException {
        try (Peer peer = peer(known);
                Cups unknown = new Cups(Cups.properties(1000, Duration.ofMinutes(10)), known.bundles())) {
            // the certificate is a server's, and no CUP takes it from a client
            Reply reply = unknown.book(azienda(peer, "TLS_ANY_NAME"));
            assertThat(reply.outcome()).isIn(Outcome.UNKNOWN, Outcome.UNSENT);
            assertThat(reply.words()).contains("TLS");
            assertThat(peer.received).isEmpty();
        }
    }

    @Test
    void a_cup_whose_certificate_is_no_servers_gets_nothing() throws IOException {
        try (Peer stranger = peer(ours)) {
            Reply reply = cups.book(azienda(stranger, "TLS_ANY_NAME"));
            assertThat(reply.outcome()).isEqualTo(Outcome.UNSENT);
            assertThat(reply.words()).contains("TLS");
            assertThat(stranger.received).isEmpty();
        }
    }

    @Test
    void a_cup_that_speaks_in_the_clear_gets_nothing() throws IOException {
        try (Peer clear = new Peer()) {
            clear.then((message, with) -> with.send(Peer.ack(message, "AA")));
            Reply reply = cups.port.send(
                    azienda(clear),
                    it.snodo.booking.BookingRequest.Operation.BOOK,
                    "SN1",
                    "MSH|^~\\&\r".getBytes(),
                    Duration.ofSeconds(2));
            assertThat(reply.outcome()).isEqualTo(Outcome.UNSENT);
            // the bytes of a TLS greeting are random, and look like a frame now and then
            assertThat(clear.received).noneMatch(frame -> frame.contains("MSH|"));
        }
    }

    @Test
    void a_bundle_that_is_not_there_is_named() throws IOException {
        Reply reply = cups.book(Sample.azienda("SIU", "127.0.0.1", 1, "2.5", null, "missing"));
        assertThat(reply.outcome()).isEqualTo(Outcome.UNSENT);
        assertThat(reply.words()).contains("missing");
    }
}
