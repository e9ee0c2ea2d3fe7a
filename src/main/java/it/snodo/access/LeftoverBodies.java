package it.snodo.access;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * A call that is refused before its body was read leaves the rest of it on the line. Tomcat reads that to its end, so that
 * the caller comes to reading the answer: for as long as the caller cares to trickle, on one of its threads. Here it is
 * read for a moment, and if it has not come to its end then, the connection is closed.
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
                if (body && response.getStatus() >= 400 && !request.isAsync() && !request.isFinished()) {
                    leave(request, response);
                }
            }
        }

        private static void leave(Request request, Response response) {
            boolean ended = false;
            try {
                response.finishResponse();
                if (request.getCoyoteRequest().hasExpectation()) {
                    // who waits for leave to send will not send any more
                    return;
                }
                // below the servlet's stream, that is closed by now
                Bin bin = new Bin();
                long until = System.nanoTime() + PATIENCE_NANOS;
                while (!ended && System.nanoTime() < until) {
                    ended = request.getCoyoteRequest().doRead(bin) < 0;
                }
            } catch (IOException | RuntimeException e) {
                // gone, or silent: nothing is owed to it any more
            }
            if (!ended) {
                request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
                request.getCoyoteRequest().action(ActionCode.CLOSE_NOW, null);
            }
        }
    }

    /** Takes what is read, for nobody. */
    private static final class Bin implements ApplicationBufferHandler {

        private ByteBuffer buffer = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer read) {
            buffer = read;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return buffer;
        }

        @Override
        public void expand(int size) {}
    }
}
