package it.snodo.intake.hl7v2;

import static it.snodo.demo.MllpClient.frame;
import static it.snodo.intake.hl7v2.Answers.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import it.snodo.config.SslBundleFiles;
import it.snodo.demo.MllpClient;
import it.snodo.signature.DemoKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.SocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** MLLP with mutual TLS, over real sockets. */
@ExtendWith(OutputCaptureExtension.class)
class MllpTlsTest {

    /** Another test of the same run may have silenced the hub. */
    @BeforeAll
    static void hear() {
        ((Logger) LoggerFactory.getLogger("it.snodo")).setLevel(Level.INFO);
    }

    private static final String CLIENT = "CN=Cartella clinica dimostrativa,O=Snodo demo,C=IT";

    @TempDir
    private static Path folder;

    private static DemoKeys keys;
    private static DemoKeys foreign;
    private static SslBundleFiles files;
    private static Listener listener;

    @BeforeAll
    static void start() throws IOException {
        keys = new DemoKeys(folder.resolve("ours"));
        foreign = new DemoKeys(folder.resolve("theirs"));
        files = bundle(keys);
        Path mappings = Files.createDirectories(folder.resolve("config/mappings"));
        Files.writeString(mappings.resolve("peers.csv"), """
                name,address,certificate,application,facility,charset,unwrapped_batches,note
                Rete interna,127.0.0.0/8,,LABORATORIO,,,,
                Cartella,,Cartella clinica dimostrativa,CARTELLA,010301,,,
                """);
        listener = new Listener(
                Listener.properties("tls.bundle=mllp", "tls.handshake-timeout=1s"),
                folder.resolve("config"),
                files.bundles());
    }

    @AfterAll
    static void stop() {
        listener.close();
        files.close();
    }

    @BeforeEach
    void nothingTaken() {
        listener.taken.clear();
    }

    private static SslBundleFiles bundle(DemoKeys demo) {
        return new SslBundleFiles("mllp", demo.pkcs12(DemoKeys.SERVER), demo.trusted(), new String(demo.password()));
    }

    private static String certificate(String id) {
        return Samples.certificate(id).toString();
    }

    /** A client with the keys of that name; null without keys of its own. It trusts whatever the hub shows. */
    private static SocketFactory client(DemoKeys from, String name, String... protocolAndSuite) {
        try {
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            if (name != null) {
                KeyStore store = KeyStore.getInstance("PKCS12");
                try (InputStream in = Files.newInputStream(from.pkcs12(name))) {
                    store.load(in, from.password());
                }
                managers.init(store, from.password());
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(name == null ? null : managers.getKeyManagers(), new TrustManager[] {new Everybody()}, null);
            return new Factory(context, protocolAndSuite);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Everybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static final class Factory extends SocketFactory {
        private final SSLContext context;
        private final String[] protocolAndSuite;
        private SSLSocket last;

        Factory(SSLContext context, String... protocolAndSuite) {
            this.context = context;
            this.protocolAndSuite = protocolAndSuite;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            last = (SSLSocket) context.getSocketFactory().createSocket(host, port);
            if (protocolAndSuite.length > 0) {
                last.setEnabledProtocols(new String[] {protocolAndSuite[0]});
            }
            if (protocolAndSuite.length > 1) {
                last.setEnabledCipherSuites(new String[] {protocolAndSuite[1]});
            }
            last.setSoTimeout(20_000);
            last.startHandshake();
            return last;
        }

        X509Certificate shown() throws SSLException {
            return (X509Certificate) last.getSession().getPeerCertificates()[0];
        }

        @Override
        public Socket createSocket(String host, int port, java.net.InetAddress local, int localPort)
                throws UnknownHostException {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(java.net.InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(java.net.InetAddress host, int port, java.net.InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_peer_with_a_good_certificate_is_served_and_known_by_its_subject(String protocol) {
        try (MllpClient peer = new MllpClient(client(keys, DemoKeys.CLIENT, protocol), listener.tlsPort)) {
            String answers = peer.send(frame(certificate("TA1")))
                            .send(frame(certificate("TA2")))
                            .receive()
                    + peer.receive();
            assertThat(answers).contains("MSA|AA|TA1").contains("MSA|AA|TA2");
            assertThat(listener.taken)
                    .allSatisfy(message -> assertThat(message.peer()).startsWith(CLIENT + " 127.0.0.1:"));
        }
    }

    @Test
    void a_peer_without_certificate_is_not_served() {
        assertNotServed(client(keys, null));
    }

    @Test
    void a_peer_with_a_foreign_certificate_is_not_served(CapturedOutput log) {
        assertNotServed(client(foreign, DemoKeys.CLIENT));
        await().untilAsserted(() -> assertThat(log).contains("TLS handshake with /127.0.0.1"));
    }

    /** With TLS 1.3 the client thinks the handshake done before the hub has looked at its certificate. */
    private static void assertNotServed(SocketFactory client) {
        assertThatThrownBy(() -> {
                    try (MllpClient peer = new MllpClient(client, listener.tlsPort)) {
                        String answer = peer.send(frame(certificate("TB1"))).receive();
                        throw new UncheckedIOException(new SSLException("closed, with the answer " + answer));
                    }
                })
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageNotContaining("MSA");
        assertThat(listener.taken).isEmpty();
    }

    @Test
    void TLS_before_1_2_is_refused() throws IOException {
        byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 4 + 2];
        byte[] head = {0x16, 3, 1, 0, 45, 1, 0, 0, 41, 3, 1};
        System.arraycopy(head, 0, hello, 0, head.length);
        byte[] tail = {0, 0, 2, (byte) 0xC0, 0x13, 1, 0};
        System.arraycopy(tail, 0, hello, hello.length - tail.length, tail.length);
        try (Socket socket = new Socket("127.0.0.1", listener.tlsPort)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(hello);
            byte[] answer = socket.getInputStream().readAllBytes();
            // a fatal alert, protocol_version (RFC 5246, 7.2)
            assertThat(answer).hasSizeGreaterThanOrEqualTo(7);
            assertThat(Arrays.copyOfRange(answer, 5, 7)).containsExactly(2, 70);
            assertThat(answer[0]).isEqualTo((byte) 0x15);
        }
    }

    @Test
    void a_suite_without_authenticated_encryption_is_refused() {
        assertThatThrownBy(() -> new MllpClient(
                        client(keys, DemoKeys.CLIENT, "TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
                        listener.tlsPort))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("handshake_failure");
    }

    @Test
    void a_plain_peer_on_the_TLS_port_is_cut_off_with_a_line_in_the_log(CapturedOutput log) {
        try (MllpClient peer = new MllpClient(listener.tlsPort)) {
            peer.send(frame(certificate("TC1")));
            assertThatThrownBy(() -> {
                        while (peer.receiveBytes() != null) {}
                        throw new IllegalStateException("closed without an answer");
                    })
                    .isInstanceOf(IllegalStateException.class);
            await().untilAsserted(() -> assertThat(log).contains("speaks without TLS on the port for TLS"));
            assertThat(listener.taken).isEmpty();
        }
    }

    @Test
    void a_TLS_peer_on_the_plain_port_is_cut_off_with_a_line_in_the_log(CapturedOutput log) {
        assertThatThrownBy(() -> new MllpClient(client(keys, DemoKeys.CLIENT), listener.port))
                .isInstanceOf(UncheckedIOException.class);
        await().untilAsserted(() -> assertThat(log).contains("speaks TLS on the port without"));
    }

    @Test
    void a_connection_that_never_begins_its_handshake_is_closed() {
        try (MllpClient peer = new MllpClient(listener.tlsPort)) {
            assertThat(peer.receive()).isNull();
            await().untilAsserted(() -> assertThat(listener.connections.count()).isZero());
        }
    }

    @Test
    void a_peer_may_send_only_as_whom_its_certificate_or_address_stands_for() {
        try (MllpClient plain = listener.connect();
                MllpClient secure = new MllpClient(client(keys, DemoKeys.CLIENT), listener.tlsPort)) {
            String refused = plain.exchange(certificate("TD1"));
            assertThat(field(refused, "MSA", 1)).isEqualTo("AR");
            assertThat(field(refused, "ERR", 5)).startsWith("SNODO-1021");
            // The true sender's id is still free.
            assertThat(listener.taken.peek().controlId()).isNull();
            assertThat(field(secure.exchange(certificate("TD1")), "MSA", 1)).isEqualTo("AA");
            String laboratory =
                    Samples.certificate("TD2").with("MSH", 3, "LABORATORIO").toString();
            assertThat(field(plain.exchange(laboratory), "MSA", 1)).isEqualTo("AA");
            String other = Samples.certificate("TD3")
                    .with("MSH", 4, "ASL X^010203^ISO")
                    .toString();
            assertThat(field(secure.exchange(other), "MSA", 1)).isEqualTo("AR");
        }
    }

    @Test
    void a_changed_certificate_is_shown_to_new_connections_while_open_ones_go_on(CapturedOutput log)
            throws IOException {
        DemoKeys changing = new DemoKeys(folder.resolve("changing"));
        Path server = changing.pkcs12(DemoKeys.SERVER);
        try (SslBundleFiles own = bundle(changing);
                Listener reloading =
                        new Listener(Listener.properties("tls.bundle=mllp"), Path.of("."), own.bundles())) {
            Factory client = (Factory) client(changing, DemoKeys.CLIENT);
            try (MllpClient open = new MllpClient(client, reloading.tlsPort)) {
                X509Certificate before = client.shown();
                assertThat(open.exchange(certificate("TE1"))).contains("MSA|AA|TE1");
                replace(server, withPassword(foreign, changing));
                await().untilAsserted(() -> {
                    try (MllpClient next = new MllpClient(client, reloading.tlsPort)) {
                        assertThat(client.shown()).isNotEqualTo(before);
                        assertThat(next.exchange(certificate("TE2"))).contains("MSA|AA|TE2");
                    }
                });
                X509Certificate after = client.shown();
                assertThat(open.exchange(certificate("TE3"))).contains("MSA|AA|TE3");
                // A file that is none leaves the last good one in force.
                replace(server, "rotto".getBytes(StandardCharsets.UTF_8));
                await().untilAsserted(() -> assertThat(log).containsAnyOf("cannot be used", "reload error"));
                try (MllpClient next = new MllpClient(client, reloading.tlsPort)) {
                    assertThat(client.shown()).isEqualTo(after);
                    assertThat(next.exchange(certificate("TE4"))).contains("MSA|AA|TE4");
                }
            }
        }
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path next = file.resolveSibling("next.p12");
        Files.write(next, content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** One's server key under another's password. */
    private static byte[] withPassword(DemoKeys from, DemoKeys as) {
        try (InputStream in = Files.newInputStream(from.pkcs12(DemoKeys.SERVER))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, from.password());
            KeyStore copy = KeyStore.getInstance("PKCS12");
            copy.load(null, null);
            copy.setKeyEntry(
                    "server",
                    store.getKey(DemoKeys.SERVER, from.password()),
                    as.password(),
                    store.getCertificateChain(DemoKeys.SERVER));
            var out = new java.io.ByteArrayOutputStream();
            copy.store(out, as.password());
            return out.toByteArray();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
