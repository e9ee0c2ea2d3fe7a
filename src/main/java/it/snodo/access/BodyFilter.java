package it.snodo.access;

import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.CallIn;
import it.snodo.intake.IntakeProperties;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads the body of a call before anything else does: never more than the limit, on the wire or unpacked, and never for
 * longer than a slow line needs. It comes after the filters of security: nobody unknown gets a buffer. What it refuses is told
 * to the journal.
 */
@Component
@Order(0)
class BodyFilter extends OncePerRequestFilter {

    /** The slowest line that a body may come over. */
    private static final long BYTES_PER_SECOND = 64 * 1024;

    private static final Set<String> METHODS = Set.of("POST", "PUT", "PATCH", "DELETE");
    private static final Set<String> PACKED = Set.of("gzip", "x-gzip");
    private static final String ENCODING = "Content-Encoding";

    private final AccessRefusals refusals;
    private final ApplicationEventPublisher events;
    private final long maxBody;
    private final long patienceNanos;

    BodyFilter(AccessRefusals refusals, ApplicationEventPublisher events, IntakeProperties properties) {
        this.refusals = refusals;
        this.events = events;
        this.maxBody = properties.maxBody().toBytes();
        this.patienceNanos = properties.bodyTimeout().toNanos();
    }

    /** A form (a search by POST) is read by the container, that has its own limit. */
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String type = request.getContentType();
        return !Calls.isInterface(request)
                || !METHODS.contains(request.getMethod())
                || type != null && type.startsWith("application/x-www-form-urlencoded");
    }

    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;
        private final SnodoCode code;
        private final transient byte[] read;
        private final boolean packed;

        Refused(SnodoCode code, String reason, byte[] read, boolean packed) {
            super(reason);
            this.code = code;
            this.read = read;
            this.packed = packed;
        }
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        byte[] body;
        try {
            body = body(request);
        } catch (Refused e) {
            if (e.code == SnodoCode.BODY_TOO_SLOW) {
                response.setHeader("Connection", "close");
            }
            refusals.refuse(request, response, e.code, e.getMessage(), "too-costly");
            if (Calls.mayCarrySecrets(request)) {
                Arrays.fill(e.read, (byte) 0);
            } else {
                events.publishEvent(refused(request, e));
            }
            return;
        }
        try {
            chain.doFilter(new Read(request, body), response);
        } finally {
            if (Calls.mayCarrySecrets(request)) {
                // these calls are answered by now, and nobody keeps what they brought
                Arrays.fill(body, (byte) 0);
            }
        }
    }

    private static CallIn refused(HttpServletRequest request, Refused e) {
        String user = request.getRemoteUser();
        String path = request.getRequestURI();
        return new CallIn(
                path.startsWith("/fse-callback/") ? "FSE" : Calls.isFhir(request) ? "FHIR" : "REST",
                user == null ? request.getRemoteAddr() : user + " " + request.getRemoteAddr(),
                user == null ? "" : user,
                request.getMethod() + " " + path.replaceFirst("^/api/v1|^/fhir(?=/)", ""),
                e.read,
                e.packed,
                Math.max(request.getContentLengthLong(), e.read.length),
                user == null,
                Fault.at(e.code, "", e.getMessage()),
                null,
                null);
    }

    private byte[] body(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > maxBody) {
            throw tooLarge(new byte[0]);
        }
        boolean secret = Calls.mayCarrySecrets(request);
        byte[] sent = read(request.getInputStream(), secret);
        String encoding = request.getHeader(ENCODING);
        if (encoding == null || encoding.isBlank() || encoding.equalsIgnoreCase("identity")) {
            return sent;
        }
        if (!PACKED.contains(encoding.strip().toLowerCase(java.util.Locale.ROOT))) {
            throw new Refused(
                    SnodoCode.MEDIA_TYPE_UNSUPPORTED,
                    "Il Content-Encoding indicato non è gestito: usare gzip o nessuno.",
                    sent,
                    true);
        }
        try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(sent))) {
            byte[] body = read(unpacked, secret);
            if (secret) {
                Arrays.fill(sent, (byte) 0);
            }
            return body;
        } catch (Refused e) {
            // what came is the packed body
            throw new Refused(e.code, e.getMessage(), sent, true);
        } catch (ZipException | EOFException e) {
            throw new Refused(SnodoCode.MESSAGE_UNREADABLE, "Il corpo non è un gzip leggibile.", sent, true);
        }
    }

    /** What has been read, wiped when it is no longer needed; one that does not grow leaves no copy behind. */
    private static final class Bytes extends ByteArrayOutputStream {

        Bytes(int size) {
            super(size);
        }

        void wipe() {
            Arrays.fill(buf, (byte) 0);
        }
    }

    private byte[] read(InputStream in, boolean secret) throws IOException {
        long began = System.nanoTime();
        Bytes out = new Bytes(secret ? 32 * 1024 : 32);
        byte[] buffer = new byte[8192];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                if (out.size() > maxBody) {
                    throw tooLarge(out.toByteArray());
                }
                long allowed = patienceNanos + out.size() * 1_000_000_000L / BYTES_PER_SECOND;
                if (System.nanoTime() - began > allowed) {
                    throw tooSlow(out.toByteArray());
                }
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw isTimeout(e) ? tooSlow(out.toByteArray()) : e;
        } finally {
            if (secret) {
                out.wipe();
                Arrays.fill(buffer, (byte) 0);
            }
        }
    }

    /** The container wraps it. */
    private static boolean isTimeout(Throwable e) {
        return e != null && (e instanceof SocketTimeoutException || isTimeout(e.getCause()));
    }

    private Refused tooLarge(byte[] read) {
        return new Refused(
                SnodoCode.FRAME_TOO_LARGE, "Il corpo supera il limite di " + maxBody + " byte.", read, false);
    }

    private static Refused tooSlow(byte[] read) {
        return new Refused(SnodoCode.BODY_TOO_SLOW, SnodoCode.BODY_TOO_SLOW.cause(), read, false);
    }

    /** The request with its body as it was read, unpacked. */
    private static final class Read extends HttpServletRequestWrapper {

        private final byte[] body;

        Read(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = body;
        }

        @Override
        public ServletInputStream getInputStream() {
            ByteArrayInputStream in = new ByteArrayInputStream(body);
            return new ServletInputStream() {
                @Override
                public int read() {
                    return in.read();
                }

                @Override
                public int read(byte[] to, int from, int length) {
                    return in.read(to, from, length);
                }

                @Override
                public boolean isFinished() {
                    return in.available() == 0;
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setReadListener(ReadListener listener) {
                    throw new UnsupportedOperationException("the body has been read");
                }
            };
        }

        @Override
        public BufferedReader getReader() throws IOException {
            String charset = getCharacterEncoding();
            return new BufferedReader(
                    new InputStreamReader(getInputStream(), charset == null ? StandardCharsets.UTF_8.name() : charset));
        }

        @Override
        public int getContentLength() {
            return body.length;
        }

        @Override
        public long getContentLengthLong() {
            return body.length;
        }

        @Override
        public String getHeader(String name) {
            return isHidden(name) ? null : isLength(name) ? String.valueOf(body.length) : super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return isHidden(name)
                    ? Collections.emptyEnumeration()
                    : isLength(name)
                            ? Collections.enumeration(Set.of(String.valueOf(body.length)))
                            : super.getHeaders(name);
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            return Collections.enumeration(Collections.list(super.getHeaderNames()).stream()
                    .filter(name -> !isHidden(name))
                    .toList());
        }

        private static boolean isHidden(String name) {
            return ENCODING.equalsIgnoreCase(name) || "Transfer-Encoding".equalsIgnoreCase(name);
        }

        private boolean isLength(String name) {
            return "Content-Length".equalsIgnoreCase(name) && super.getHeader(name) != null;
        }
    }
}
