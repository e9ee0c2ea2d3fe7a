package it.snodo.access;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Tomcat keeps the bytes of a request in a buffer of the connection until another request overwrites them: those of a body
 * with a PIN or an OTP are blackened as soon as it has been answered, so that no dump of the memory shows them.
 */
@Component
class SecretBodies implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    /** Where PIN and OTP come in. */
    private static final Pattern SECRET = Pattern.compile(".*/(signature|annulment)(/.*)?");

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(new Blackening());
    }

    private static final class Blackening extends ValveBase {

        Blackening() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            try {
                getNext().invoke(request, response);
            } finally {
                if ("POST".equals(request.getMethod())
                        && isSecret(request)
                        && request.getCoyoteRequest().getInputBuffer() instanceof ApplicationBufferHandler buffer) {
                    blacken(buffer.getByteBuffer());
                }
            }
        }

        /** By the path as it is routed: an encoded letter must not save a PIN. Null for a request that cannot be decoded. */
        private static boolean isSecret(Request request) {
            String path = request.getDecodedRequestURI();
            return SECRET.matcher(path == null ? request.getRequestURI() : path).matches();
        }

        /** What has been read after the headers; a next request that lies there already is not touched. */
        private static void blacken(ByteBuffer buffer) {
            if (buffer == null || !buffer.hasArray()) {
                return;
            }
            byte[] bytes = buffer.array();
            int start = buffer.arrayOffset();
            int end = start + buffer.position();
            for (int i = start; i + 3 < end; i++) {
                if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                    Arrays.fill(bytes, i + 4, end, (byte) '*');
                    return;
                }
            }
        }
    }
}
