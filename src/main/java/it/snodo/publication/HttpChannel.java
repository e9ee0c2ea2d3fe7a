package it.snodo.publication;

import it.snodo.fault.SnodoCode;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * HTTP to one destination: pooled connections, a limit on every wait and on the whole call, no repetition of its own. It
 * tells a call that never left from one whose effect is unknown, because only the first may simply be made again.
 */
public final class HttpChannel implements AutoCloseable {

    private static final String PROGRESS = "snodo.progress";
    private static final int LARGEST_ANSWER = 2 * 1024 * 1024;
    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "snodo-http-deadline");
        thread.setDaemon(true);
        return thread;
    });

    private final CloseableHttpClient client;
    private final Duration responseTimeout;
    private final int connections;

    /** @param tls asked for each new connection; null for the platform's own trust */
    public HttpChannel(Duration connectTimeout, Duration responseTimeout, int connections, Supplier<SSLContext> tls) {
        this.responseTimeout = responseTimeout;
        this.connections = connections;
        PoolingHttpClientConnectionManagerBuilder pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(connections)
                .setMaxConnPerRoute(connections)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(connectTimeout))
                        .setSocketTimeout(Timeout.of(responseTimeout))
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .setTimeToLive(TimeValue.ofMinutes(5))
                        .build());
        if (tls != null) {
            pool.setTlsSocketStrategy(new CurrentTls(tls));
        }
        this.client = HttpClients.custom()
                .setConnectionManager(pool.build())
                .setRequestExecutor(new Executor())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(connectTimeout))
                        .setResponseTimeout(Timeout.of(responseTimeout))
                        .build())
                .evictIdleConnections(TimeValue.ofSeconds(30))
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    /** New connections use the keys and the trust of now; sessions of the ones before are not taken up again. */
    private static final class CurrentTls implements TlsSocketStrategy {

        private final Supplier<SSLContext> tls;
        private SSLContext context;
        private TlsSocketStrategy strategy;

        CurrentTls(Supplier<SSLContext> tls) {
            this.tls = tls;
        }

        @Override
        public SSLSocket upgrade(Socket socket, String target, int port, Object attachment, HttpContext exchange)
                throws IOException {
            return current().upgrade(socket, target, port, attachment, exchange);
        }

        private synchronized TlsSocketStrategy current() {
            SSLContext now = tls.get();
            if (now != context) {
                context = now;
                strategy = new DefaultClientTlsStrategy(now);
            }
            return strategy;
        }
    }

    /** An answer as it came; header names in any case. */
    public record Reply(int status, byte[] body, Map<String, String> headers) {}

    /** No whole answer came. */
    public static final class CallFailed extends Exception {

        private static final long serialVersionUID = 1L;

        private final boolean unknown;
        private final SnodoCode code;

        CallFailed(String words, boolean unknown, SnodoCode code, Throwable cause) {
            super(words, cause);
            this.unknown = unknown;
            this.code = code;
        }

        /** True when the request may have reached the other side. */
        public boolean unknown() {
            return unknown;
        }

        /** What is wrong with the way there: DESTINATION_TLS or DESTINATION_UNREACHABLE. */
        public SnodoCode code() {
            return code;
        }
    }

    /**
     * How long a {@code Retry-After} asks us to wait (RFC 9110 §10.2.3).
     *
     * @param value seconds or an HTTP date; null when the header is absent
     * @return null when nothing readable is asked
     */
    public static Duration retryAfter(String value, Instant now) {
        if (value == null || value.isBlank()) {
            return null;
        }
        String text = value.trim();
        if (text.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    public Reply call(HttpUriRequestBase request) throws CallFailed {
        return call(request, responseTimeout);
    }

    /** @param longest how long the answer may keep us waiting, when that is less than usual */
    public Reply call(HttpUriRequestBase request, Duration longest) throws CallFailed {
        Duration wait = longest.compareTo(responseTimeout) < 0 ? longest : responseTimeout;
        if (wait != responseTimeout) {
            request.setConfig(
                    RequestConfig.custom().setResponseTimeout(Timeout.of(wait)).build());
        }
        // A peer that drips a byte now and then would never run into the timeout of a single read.
        ScheduledFuture<?> deadline =
                WATCH.schedule(request::cancel, wait.toMillis() * 3 / 2 + 5_000, TimeUnit.MILLISECONDS);
        HttpClientContext context = HttpClientContext.create();
        Progress progress = new Progress();
        context.setAttribute(PROGRESS, progress);
        try {
            for (int left = connections; ; left--) {
                try {
                    return client.execute(request, context, HttpChannel::reply);
                } catch (Unasked e) {
                    if (left == 0) {
                        throw e;
                    }
                    // that connection is closed; the next, or a new one, is as it should be
                }
            }
        } catch (IOException | IllegalStateException e) {
            throw failed(e, progress, "https".equalsIgnoreCase(request.getScheme()));
        } finally {
            deadline.cancel(false);
        }
    }

    private static Reply reply(ClassicHttpResponse response) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : response.getHeaders()) {
            headers.put(header.getName(), header.getValue());
        }
        return new Reply(response.getCode(), body(response.getEntity()), headers);
    }

    private static CallFailed failed(Exception e, Progress progress, boolean https) {
        String refusal = TlsRefusal.of(e);
        if (refusal != null) {
            return new CallFailed(refusal, false, SnodoCode.DESTINATION_TLS, e);
        }
        boolean brokenOff = https
                && (e instanceof SocketException && !(e instanceof ConnectException)
                        || e instanceof SSLException
                        || e instanceof EOFException
                        || e instanceof NoHttpResponseException);
        if (!progress.begun()) {
            return brokenOff && !(e instanceof NoRouteToHostException)
                    ? new CallFailed(
                            "la connessione TLS si interrompe prima di cominciare (" + name(e)
                                    + "): il server non è pronto, o non accetta il certificato dell'hub",
                            false,
                            SnodoCode.DESTINATION_TLS,
                            e)
                    : new CallFailed(
                            "connessione non riuscita (" + name(e) + ")", false, SnodoCode.DESTINATION_UNREACHABLE, e);
        }
        if (brokenOff && progress.nobodyKnowsUs()) {
            return new CallFailed(
                    "il server ha chiuso la connessione TLS senza rispondere (" + name(e)
                            + "): il certificato dell'hub manca o non è tra quelli che il server accetta",
                    true,
                    SnodoCode.DESTINATION_TLS,
                    e);
        }
        return new CallFailed(
                "risposta non arrivata per intero (" + name(e) + ")", true, SnodoCode.DESTINATION_UNREACHABLE, e);
    }

    /** How far a call came: what fails before a request goes out has certainly changed nothing. */
    private static final class Progress {

        private EndpointDetails endpoint;
        private boolean first;
        private boolean certificate;

        void begins(HttpClientConnection connection) {
            endpoint = connection.getEndpointDetails();
            first = endpoint != null && endpoint.getResponseCount() == 0;
            SSLSession session = connection.getSSLSession();
            certificate = session == null || session.getLocalCertificates() != null;
        }

        boolean begun() {
            return endpoint != null;
        }

        /** A connection that never brought an answer, opened without a certificate of ours (TLS 1.3 tells late). */
        boolean nobodyKnowsUs() {
            return first && !certificate && endpoint.getResponseCount() == 0;
        }
    }

    /** A kept connection holds an answer that nobody asked for. Nothing has been sent. */
    private static final class Unasked extends ConnectException {

        private static final long serialVersionUID = 1L;

        Unasked() {
            super("an answer that nobody asked for");
        }
    }

    /** Notes that a connection stands and the request goes out. */
    private static final class Executor extends HttpRequestExecutor {

        @Override
        public ClassicHttpResponse execute(
                ClassicHttpRequest request,
                HttpClientConnection connection,
                HttpResponseInformationCallback information,
                HttpContext context)
                throws IOException, HttpException {
            if (connection.getEndpointDetails() != null
                    && connection.getEndpointDetails().getResponseCount() > 0
                    && connection.isDataAvailable(Timeout.ofMilliseconds(1))) {
                // An answer to something asked before, given twice or late: it would be taken for the answer to this.
                connection.close(CloseMode.IMMEDIATE);
                throw new Unasked();
            }
            if (context.getAttribute(PROGRESS) instanceof Progress progress) {
                progress.begins(connection);
            }
            return super.execute(request, connection, information, context);
        }
    }

    private static byte[] body(HttpEntity entity) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        try (InputStream in = entity.getContent()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (out.size() + read > LARGEST_ANSWER) {
                    throw new IOException("answer too large");
                }
                out.write(buffer, 0, read);
            }
            return out.toByteArray();
        }
    }

    private static String name(Exception e) {
        return e.getClass().getSimpleName();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
