package it.snodo.publication;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
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
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * HTTP to one destination: pooled connections, a limit on every wait and on the whole call, no repetition of its own. It
 * tells a call that never left from one whose effect is unknown, because only the first may simply be made again.
 */
public final class HttpChannel implements AutoCloseable {

    private static final int LARGEST_ANSWER = 2 * 1024 * 1024;
    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "snodo-http-deadline");
        thread.setDaemon(true);
        return thread;
    });

    private final CloseableHttpClient client;
    private final Duration responseTimeout;

    /** @param tls null for the platform's own trust */
    public HttpChannel(Duration connectTimeout, Duration responseTimeout, int connections, SSLContext tls) {
        this.responseTimeout = responseTimeout;
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
            pool.setTlsSocketStrategy(new DefaultClientTlsStrategy(tls));
        }
        this.client = HttpClients.custom()
                .setConnectionManager(pool.build())
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

    /** An answer as it came; header names in any case. */
    public record Reply(int status, byte[] body, Map<String, String> headers) {}

    /** No whole answer came. */
    public static final class CallFailed extends Exception {

        private static final long serialVersionUID = 1L;

        private final boolean unknown;

        CallFailed(String words, boolean unknown, Throwable cause) {
            super(words, cause);
            this.unknown = unknown;
        }

        /** True when the request may have reached the other side. */
        public boolean unknown() {
            return unknown;
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
        try {
            return client.execute(request, response -> {
                Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                for (Header header : response.getHeaders()) {
                    headers.put(header.getName(), header.getValue());
                }
                return new Reply(response.getCode(), body(response.getEntity()), headers);
            });
        } catch (ConnectException
                | ConnectTimeoutException
                | UnknownHostException
                | NoRouteToHostException
                | SSLHandshakeException
                | ConnectionRequestTimeoutException e) {
            throw new CallFailed("connessione non riuscita (" + name(e) + ")", false, e);
        } catch (IOException | IllegalStateException e) {
            throw new CallFailed("risposta non arrivata per intero (" + name(e) + ")", true, e);
        } finally {
            deadline.cancel(false);
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
