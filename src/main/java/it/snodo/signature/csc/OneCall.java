package it.snodo.signature.csc;

import it.snodo.fault.SnodoCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.util.Timeout;

/**
 * HTTP for PINs: one connection for one call. There is no pool whose kept connection could break off under a request, no
 * repetition, no redirect, no cookie, and no logger that could be switched on and print what is sent: the wire logging of
 * the usual client ({@code org.apache.hc.client5.http.wire}) does not see these calls.
 */
final class OneCall {

    private static final int LARGEST_ANSWER = 1024 * 1024;

    /** Without fragments the body goes from the caller's array to the socket, and no buffer keeps a copy. */
    private static final Http1Config UNBUFFERED =
            Http1Config.custom().setChunkSizeHint(0).build();

    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "snodo-signature-deadline");
        thread.setDaemon(true);
        return thread;
    });

    private final Supplier<SSLContext> tls;
    private final Duration connectTimeout;
    private final Duration responseTimeout;

    /** @param tls asked for each connection; null for the platform's own trust */
    OneCall(Supplier<SSLContext> tls, Duration connectTimeout, Duration responseTimeout) {
        this.tls = tls;
        this.connectTimeout = connectTimeout;
        this.responseTimeout = responseTimeout;
    }

    /** An answer as it came. */
    record Answer(int status, byte[] body) {}

    /** No whole answer came. */
    static final class NoAnswer extends Exception {

        private static final long serialVersionUID = 1L;

        private final boolean sent;

        NoAnswer(String words, boolean sent) {
            super(words);
            this.sent = sent;
        }

        /** Whether anything may have reached the other side. */
        boolean sent() {
            return sent;
        }

        SnodoCode code() {
            return sent ? SnodoCode.SIGNATURE_ANSWER_LOST : SnodoCode.SIGNATURE_PROVIDER_DOWN;
        }
    }

    /** @param body of the kind named; the caller wipes it */
    Answer post(URI uri, String authorization, ContentType kind, byte[] body) throws NoAnswer {
        Socket plain = new Socket();
        try {
            Socket ready = connect(plain, uri);
            return during(plain, responseTimeout, () -> exchange(ready, request(uri, authorization, kind, body)));
        } catch (NotConnected e) {
            throw new NoAnswer(e.getMessage(), false);
        } catch (IOException | HttpException | RuntimeException e) {
            throw new NoAnswer(
                    "risposta non arrivata per intero (" + e.getClass().getSimpleName() + ")", true);
        } finally {
            close(plain);
        }
    }

    private Answer exchange(Socket socket, BasicClassicHttpRequest request) throws IOException, HttpException {
        try (DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(UNBUFFERED)) {
            connection.bind(socket);
            connection.setSocketTimeout(Timeout.of(responseTimeout));
            try (ClassicHttpResponse response =
                    new HttpRequestExecutor().execute(request, connection, HttpCoreContext.create())) {
                return new Answer(response.getCode(), bytes(response.getEntity()));
            }
        }
    }

    private static BasicClassicHttpRequest request(URI uri, String authorization, ContentType kind, byte[] body) {
        BasicClassicHttpRequest request = new BasicClassicHttpRequest("POST", uri);
        request.setHeader("Host", uri.getRawAuthority());
        request.setHeader("Content-Type", kind.toString());
        request.setHeader("Content-Length", Integer.toString(body.length));
        request.setHeader("Accept", "application/json");
        request.setHeader("Connection", "close");
        if (authorization != null) {
            request.setHeader("Authorization", authorization);
        }
        request.setEntity(new InOneGo(body, kind));
        return request;
    }

    private Socket connect(Socket plain, URI uri) throws NotConnected {
        boolean secure = "https".equals(uri.getScheme());
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        try {
            return during(plain, connectTimeout.multipliedBy(3), () -> {
                plain.connect(new InetSocketAddress(uri.getHost(), port), (int) connectTimeout.toMillis());
                plain.setTcpNoDelay(true);
                plain.setSoTimeout((int) connectTimeout.toMillis());
                return secure ? secured(plain, uri.getHost(), port) : plain;
            });
        } catch (UnknownHostException e) {
            throw new NotConnected("il nome del server non si risolve");
        } catch (SSLException e) {
            throw new NotConnected("la connessione TLS non si stabilisce (" + e.getMessage() + ")");
        } catch (IOException | HttpException | RuntimeException e) {
            throw new NotConnected("connessione non riuscita (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** A peer that drips a byte now and then would never run into the limit of a single read. */
    private static <T> T during(Socket socket, Duration longest, Step<T> step) throws IOException, HttpException {
        ScheduledFuture<?> deadline = WATCH.schedule(() -> close(socket), longest.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return step.run();
        } finally {
            deadline.cancel(false);
        }
    }

    private interface Step<T> {
        T run() throws IOException, HttpException;
    }

    private static final class NotConnected extends Exception {

        private static final long serialVersionUID = 1L;

        NotConnected(String words) {
            super(words);
        }
    }

    /** The body goes to the socket from where it lies: the library's own entity copies it through a buffer. */
    private static final class InOneGo extends AbstractHttpEntity {

        private final byte[] body;

        InOneGo(byte[] body, ContentType kind) {
            super(kind, null);
            this.body = body;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(body, 0, body.length);
            out.flush();
        }

        @Override
        public InputStream getContent() {
            return new ByteArrayInputStream(body);
        }

        @Override
        public long getContentLength() {
            return body.length;
        }

        @Override
        public boolean isStreaming() {
            return false;
        }

        @Override
        public void close() {}
    }

    private Socket secured(Socket plain, String host, int port) throws IOException {
        SSLContext context = tls == null ? platform() : tls.get();
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static SSLContext platform() throws IOException {
        try {
            return SSLContext.getDefault();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    private static byte[] bytes(HttpEntity entity) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        try (InputStream in = entity.getContent();
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
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

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }
}
