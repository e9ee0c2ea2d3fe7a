package it.snodo.access;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;

/** What a connection's buffer holds of a body once it has been answered. */
class SecretBodiesTest {

    private final BlockingQueue<String> left = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @CsvSource({
        "/api/v1/certificates/1/signature, false",
        "/api/v1/certificates/1/signatur%65, false",
        "/api/v1/certificates/1/signature;a=b, false",
        "/api/v1/certificates/1/%61nnulment/signature, false",
        "/api/v1/certificates/1, true"
    })
    void a_pin_does_not_stay_however_its_path_is_written(String path, boolean stays) throws Exception {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
        factory.addEngineValves(new Look());
        new SecretBodies().customize(factory);
        WebServer server = factory.getWebServer(
                context -> context.addServlet("all", new Reader()).addMapping("/*"));
        server.start();
        try {
            HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + server.getPort() + path))
                                    .version(HttpClient.Version.HTTP_1_1)
                                    .POST(HttpRequest.BodyPublishers.ofString("{\"pin\":\"73519064\"}"))
                                    .build(),
                            BodyHandlers.discarding());
            String buffer = left.poll(10, TimeUnit.SECONDS);
            assertThat(buffer).contains("POST ");
            assertThat(buffer.contains("73519064")).isEqualTo(stays);
        } finally {
            server.stop();
        }
    }

    private static final class Reader extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.getInputStream().readAllBytes();
        }
    }

    /** Stands before the valve that blackens, and so looks after it. */
    private final class Look extends ValveBase {

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            getNext().invoke(request, response);
            var buffer = ((ApplicationBufferHandler) request.getCoyoteRequest().getInputBuffer()).getByteBuffer();
            left.add(new String(buffer.array(), StandardCharsets.ISO_8859_1));
        }
    }
}
