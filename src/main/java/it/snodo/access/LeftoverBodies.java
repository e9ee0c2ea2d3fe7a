package it.snodo.access;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * A call that is refused before its body was read leaves the rest of it on the line. Tomcat reads that to its end, so that
 * the caller comes to reading the answer: for as long as the caller cares to trickle, on one of its threads. Here it is
 * read for a moment, and then the connection is closed.
 */
@Component
class LeftoverBodies implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final long PATIENCE_NANOS = 3_000_000_000L;

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(new Limit());
    }

    private static final class Limit extends ValveBase {

        Limit() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            try {
                getNext().invoke(request, response);
            } finally {
                boolean body = request.getContentLengthLong() > 0
                        || request.getCoyoteRequest().getMimeHeaders().getHeader("Transfer-Encoding") != null;
                if (body && response.getStatus() >= 400 && !request.isAsync()) {
                    leave(request, response);
                }
            }
        }

        private static void leave(Request request, Response response) {
            try {
                response.finishResponse();
                InputStream rest = request.getStream();
                byte[] buffer = new byte[8192];
                long until = System.nanoTime() + PATIENCE_NANOS;
                while (rest.read(buffer) >= 0) {
                    if (System.nanoTime() > until) {
                        break;
                    }
                }
            } catch (IOException | RuntimeException e) {
                // gone, or silent: nothing is owed to it any more
            }
            request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
            request.getCoyoteRequest().action(ActionCode.CLOSE_NOW, null);
        }
    }
}
