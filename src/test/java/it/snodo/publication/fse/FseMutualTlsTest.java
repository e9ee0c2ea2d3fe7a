package it.snodo.publication.fse;

import static it.snodo.publication.DeliveryAction.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import it.snodo.fault.SnodoCode;
import it.snodo.publication.Destination;
import it.snodo.publication.KeyStores;
import it.snodo.publication.Lane;
import it.snodo.publication.Outbox;
import it.snodo.publication.Outcome;
import it.snodo.publication.PublicationStore;
import it.snodo.publication.PublicationSubject;
import it.snodo.publication.PublicationSubjects;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;

/** The channel to the gateway: both sides show a certificate, and neither believes just any. */
class FseMutualTlsTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String TAKEN = "{\"traceID\":\"tr\",\"workflowInstanceId\":\"w\"}";

    private static final String NOTHING_HEARD = "{\"traceID\":\"tr\",\"transactionData\":[]}";

    @TempDir
    static Path folder;

    private static TestAuthority ministry;
    private static TestAuthority stranger;
    private static Path server;
    private static Path serverOfAnotherName;
    private static Path ours;
    private static Path oursFromAStranger;

    private final List<String> served = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpsServer gateway;
    private volatile boolean oneCallAConnection;

    @BeforeAll
    static void certificates() throws Exception {
        ministry = new TestAuthority("CA di prova");
        stranger = new TestAuthority("CA di altri");
        server = ministry.issue(folder.resolve("server.p12"), "localhost", "localhost");
        serverOfAnotherName = ministry.issue(folder.resolve("other-name.p12"), "altro.example", "altro.example");
        ours = ministry.issue(folder.resolve("ours.p12"), "A1#111SNODO", null);
        oursFromAStranger = stranger.issue(folder.resolve("stranger.p12"), "A1#111SNODO", null);
        ministry.trust(folder.resolve("trust.p12"));
        stranger.trust(folder.resolve("trust-stranger.p12"));
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.stop(0);
        }
        threads.shutdownNow();
    }

    private String start(Path keys, String... protocols) throws GeneralSecurityException, IOException {
        SSLContext context =
                KeyStores.tls(keys, TestAuthority.PASSWORD, folder.resolve("trust.p12"), TestAuthority.PASSWORD);
        gateway = HttpsServer.create(new InetSocketAddress("localhost", 0), 0);
        gateway.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                if (protocols.length > 0) {
                    wanted.setProtocols(protocols);
                }
                parameters.setSSLParameters(wanted);
            }
        });
        gateway.setExecutor(threads);
        gateway.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            served.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            boolean question = exchange.getRequestMethod().equals("GET");
            byte[] body = (question ? NOTHING_HEARD : TAKEN).getBytes(StandardCharsets.UTF_8);
            if (oneCallAConnection) {
                exchange.getResponseHeaders().set("Connection", "close");
            }
            exchange.sendResponseHeaders(question ? 200 : 202, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        gateway.start();
        return "https://localhost:" + gateway.getAddress().getPort() + "/v1";
    }

    /** The client as the hub itself puts it together from its properties. */
    private static FseGateway client(FseProperties properties, SslBundles bundles) throws Exception {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        if (bundles != null) {
            beans.addBean("sslBundles", bundles);
        }
        ObjectProvider<SslBundles> provider = beans.getBeanProvider(SslBundles.class);
        return new FseConfiguration()
                .fseGateway(
                        properties, PublicationStore.properties(), FseKit.metadata(properties), provider, call -> {});
    }

    private static FseGateway client(String url, Path keys, String trust) throws Exception {
        return client(FseKit.properties(url, keys, folder.resolve(trust), TestAuthority.PASSWORD), null);
    }

    private static PublicationSubject subject() {
        PublicationStore store = PublicationStore.fresh();
        store.document("A");
        return store.subjects().of("A");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void the_right_certificates_open_the_channel(String protocol) throws Exception {
        String url = start(server, protocol);
        try (FseGateway client = client(url, ours, "trust.p12")) {
            assertThat(client.create(subject(), "1", TRACE)).isInstanceOf(Outcome.Done.class);
        }
        assertThat(served).containsExactly("POST /v1/documents");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_spring_ssl_bundle_does_the_same(String protocol) throws Exception {
        String url = start(server, protocol);
        SslBundles bundles = new DefaultSslBundleRegistry(
                "fse",
                SslBundle.of(SslStoreBundle.of(
                        KeyStores.load(ours, TestAuthority.PASSWORD),
                        TestAuthority.PASSWORD,
                        KeyStores.load(folder.resolve("trust.p12"), TestAuthority.PASSWORD))));
        try (FseGateway client = client(FseKit.properties(url, "fse"), bundles)) {
            assertThat(client.create(subject(), "1", TRACE)).isInstanceOf(Outcome.Done.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_renewed_certificate_is_used_without_a_restart_and_a_broken_file_leaves_the_last_good_one(String protocol)
            throws Exception {
        oneCallAConnection = true;
        String url = start(server, protocol);
        Path keys = folder.resolve("renewed-" + protocol + ".p12");
        replace(keys, Files.readAllBytes(oursFromAStranger), 1);
        try (FseGateway client = client(url, keys, "trust.p12")) {
            assertThat(client.create(subject(), "1", TRACE)).isInstanceOf(Outcome.Retry.class);
            replace(keys, Files.readAllBytes(ours), 2);
            assertThat(client.create(subject(), "1", TRACE)).isInstanceOf(Outcome.Done.class);
            replace(keys, new byte[] {1, 2, 3}, 3);
            assertThat(client.create(subject(), "1", TRACE)).isInstanceOf(Outcome.Done.class);
        }
    }

    /** Each content has a time of its own, as days lie between renewals. */
    private static void replace(Path file, byte[] content, long time) throws IOException {
        Path next = Files.write(file.resolveSibling("next"), content);
        Files.setLastModifiedTime(next, FileTime.from(Instant.ofEpochSecond(time)));
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void a_missing_or_foreign_certificate_of_ours_is_named_and_certainly_changed_nothing() throws Exception {
        String url = start(server, "TLSv1.2");
        for (Path keys : new Path[] {null, oursFromAStranger}) {
            try (FseGateway client = client(url, keys, "trust.p12")) {
                Outcome.Retry retry = (Outcome.Retry) client.create(subject(), "1", TRACE);
                assertThat(retry.code()).isEqualTo(SnodoCode.DESTINATION_TLS);
                assertThat(retry.words()).contains("certificato dell'hub");
                assertThat(retry.unknown()).isFalse();
                assertThat(retry.outage()).isTrue();
            }
        }
        assertThat(served).isEmpty();
    }

    /** With TLS 1.3 the client has begun to speak before it hears the refusal, if it hears it at all. */
    @Test
    void with_tls_1_3_too_the_certificate_is_named() throws Exception {
        String url = start(server, "TLSv1.3");
        for (Path keys : new Path[] {null, oursFromAStranger}) {
            try (FseGateway client = client(url, keys, "trust.p12")) {
                Outcome.Retry publication = (Outcome.Retry) client.create(subject(), "1", TRACE);
                assertThat(publication.words()).contains("il certificato dell'hub manca o non è");
                assertThat(publication.outage()).isTrue();
                Outcome.Retry question =
                        (Outcome.Retry) client.statusByTrace(TRACE).outcome();
                assertThat(question.code()).isEqualTo(SnodoCode.DESTINATION_TLS);
                assertThat(question.words()).contains("il certificato dell'hub manca o non è");
            }
        }
        assertThat(served).isEmpty();
    }

    @Test
    void a_server_that_we_have_no_reason_to_believe_gets_nothing() throws Exception {
        String url = start(server);
        try (FseGateway client = client(url, ours, "trust-stranger.p12")) {
            Outcome.Retry retry = (Outcome.Retry) client.create(subject(), "1", TRACE);
            assertThat(retry.code()).isEqualTo(SnodoCode.DESTINATION_TLS);
            assertThat(retry.words()).contains("non è di un'autorità che l'hub riconosce");
            assertThat(retry.unknown()).isFalse();
        }
        assertThat(served).isEmpty();
    }

    @Test
    void a_certificate_of_another_name_is_not_the_gateway_s() throws Exception {
        String url = start(serverOfAnotherName);
        try (FseGateway client = client(url, ours, "trust.p12")) {
            Outcome.Retry retry = (Outcome.Retry) client.create(subject(), "1", TRACE);
            assertThat(retry.code()).isEqualTo(SnodoCode.DESTINATION_TLS);
            assertThat(retry.unknown()).isFalse();
        }
        assertThat(served).isEmpty();
    }

    @Test
    void a_delivery_waits_through_a_wrong_certificate_and_leaves_with_the_right_one() throws Exception {
        String url = start(server);
        PublicationStore store = PublicationStore.fresh();
        Outbox outbox = store.outbox();
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        try (FseGateway wrong = client(url, oursFromAStranger, "trust.p12")) {
            Lane lane = lane(store, outbox, wrong, url);
            for (int i = 0; i < 30; i++) {
                store.clock.move(Duration.ofHours(4));
                store.due();
                lane.take().forEach(lane::deliver);
            }
        }
        assertThat(store.state("A", CREATE))
                .as("thirty tries in five days make no dead letter of it")
                .isEqualTo("WAITING");
        assertThat(store.column("A", CREATE, "last_code")).isEqualTo(SnodoCode.DESTINATION_TLS.code());
        assertThat(store.column("A", CREATE, "last_words")).contains("certificato dell'hub");
        assertThat(served).isEmpty();
        try (FseGateway right = client(url, ours, "trust.p12")) {
            store.clock.move(Duration.ofHours(4));
            store.due();
            Lane lane = lane(store, outbox, right, url);
            lane.take().forEach(lane::deliver);
        }
        assertThat(store.state("A", CREATE)).isEqualTo("DELIVERED");
        assertThat(served)
                .filteredOn(call -> call.startsWith("POST"))
                .containsExactly("POST /v1/documents/validate-and-create");
    }

    private static Lane lane(PublicationStore store, Outbox outbox, FseGateway client, String url) {
        PublicationSubjects subjects = store.subjects();
        FseValidation validation = new FseValidation(client, subjects, outbox, store.jdbc);
        return new Lane(
                Destination.FSE,
                outbox,
                new FseDelivery(client, validation, subjects, outbox, store.jdbc, FseKit.properties(url), store.clock),
                PublicationStore.properties());
    }
}
