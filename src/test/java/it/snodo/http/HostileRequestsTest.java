package it.snodo.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.intake.Demo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What is meant to exhaust the hub is refused in time, with an answer, and the hub goes on serving. */
@SpringBootTest(
        classes = HttpSlice.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.main.banner-mode=off",
            "camel.main.routes-include-pattern=file:routes/certificate-rest.camel.yaml,"
                    + "file:routes/certificate-fhir.camel.yaml",
            "spring.artemis.embedded.persistent=false",
            "management.endpoints.enabled-by-default=false",
            "snodo.intake.max-body=1MB",
            "snodo.intake.body-timeout=1s",
            "server.tomcat.connection-timeout=2s",
            "server.tomcat.threads.max=8",
            "logging.level.root=WARN",
            "logging.level.org.apache.activemq.audit=OFF"
        })
class HostileRequestsTest {

    private static final String REST = "/api/v1/certificates";
    private static final String FHIR = "/fhir/$process-message";

    @LocalServerPort
    int port;

    private final ObjectMapper json = new ObjectMapper();

    /** Status line and body of an answer read to its end. */
    private record Answer(int status, String head, String body) {}

    private static String head(String path, String type, String... more) {
        StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        head.append("Authorization: Basic ")
                .append(Base64.getEncoder().encodeToString("specialista:p".getBytes(StandardCharsets.UTF_8)))
                .append("\r\nContent-Type: ")
                .append(type)
                .append("\r\nConnection: close\r\n");
        for (String line : more) {
            head.append(line).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    private Answer send(String head, byte[] body) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            try {
                out.write(body);
                out.flush();
            } catch (SocketException e) {
                // refused before all was sent: the answer is there to be read
            }
            return read(socket);
        }
    }

    private static Answer read(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        try {
            in.transferTo(all);
        } catch (SocketException e) {
            // reset after the answer
        }
        String text = all.toString(StandardCharsets.UTF_8);
        int cut = text.indexOf("\r\n\r\n");
        String head = cut < 0 ? text : text.substring(0, cut);
        String body = cut < 0 ? "" : text.substring(cut + 4);
        if (head.toLowerCase().contains("transfer-encoding: chunked")) {
            body = body.replaceAll("(?m)^[0-9a-fA-F]+\r?\n", "");
        }
        return new Answer(head.isEmpty() ? 0 : Integer.parseInt(head.split(" ")[1]), head, body.strip());
    }

    private Answer post(String path, String type, byte[] body, String... more) throws IOException {
        String[] all = new String[more.length + 1];
        all[0] = "Content-Length: " + body.length;
        System.arraycopy(more, 0, all, 1, more.length);
        return send(head(path, type, all), body);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    private void assertRefused(Answer answer, int status, String code) throws IOException {
        assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(status);
        JsonNode body = json.readTree(answer.body());
        String found = body.has("resourceType")
                ? body.at("/issue/0/details/coding/0/code").asText()
                : body.path("code").asText();
        assertThat(found).isEqualTo(code);
    }

    /** Whatever came before, an ordinary certificate is still taken. */
    @AfterEach
    void still_serves() throws IOException {
        Answer answer = post(REST, "application/json", Demo.bytes("09-rest.json"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {REST, FHIR})
    void a_body_that_says_it_is_too_large_is_refused_unread(String path) throws IOException {
        Answer answer = send(head(path, "application/json", "Content-Length: 900000000000"), bytes("{"));
        assertRefused(answer, 413, "SNODO-1008");
    }

    @ParameterizedTest
    @ValueSource(strings = {REST, FHIR})
    void a_body_in_chunks_without_end_is_cut_at_the_limit(String path) throws IOException {
        byte[] chunk = bytes("10000\r\n" + "x".repeat(0x10000) + "\r\n");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < 20; i++) {
            body.writeBytes(chunk);
        }
        assertRefused(
                send(head(path, "application/json", "Transfer-Encoding: chunked"), body.toByteArray()),
                413,
                "SNODO-1008");
    }

    @ParameterizedTest
    @ValueSource(strings = {REST, FHIR})
    void a_packed_body_that_unpacks_beyond_the_limit_is_refused(String path) throws IOException {
        byte[] bomb = gzip(new byte[100 * 1024 * 1024]);
        assertThat(bomb).hasSizeLessThan(1024 * 1024);
        assertRefused(post(path, "application/json", bomb, "Content-Encoding: gzip"), 413, "SNODO-1008");
    }

    @Test
    void a_packed_body_of_ordinary_size_is_taken() throws IOException {
        Answer rest = post(REST, "application/json", gzip(Demo.bytes("09-rest.json")), "Content-Encoding: gzip");
        assertThat(rest.status()).as(rest.body()).isEqualTo(201);
        Answer fhir = post(
                FHIR, "application/fhir+json", gzip(Demo.bytes("07-fhir-messaggio.json")), "Content-Encoding: gzip");
        assertThat(fhir.status()).as(fhir.body()).isEqualTo(200);
    }

    @Test
    void what_is_no_gzip_or_packed_otherwise_is_refused() throws IOException {
        assertRefused(post(REST, "application/json", bytes("{}"), "Content-Encoding: gzip"), 400, "SNODO-1001");
        assertRefused(post(REST, "application/json", bytes("{}"), "Content-Encoding: br"), 415, "SNODO-6006");
    }

    @ParameterizedTest
    @ValueSource(strings = {REST, FHIR})
    void JSON_nested_without_end_is_refused(String path) throws IOException {
        for (String nest : new String[] {"[", "{\"a\":", "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":"}) {
            // the two interfaces are given different bytes, lest one is taken for the repetition of the other
            byte[] deep = bytes((path.equals(FHIR) ? " " : "") + nest.repeat(900_000 / nest.length()));
            assertRefused(post(path, "application/json", deep), 400, "SNODO-1001");
        }
    }

    @Test
    void XML_that_multiplies_itself_or_reads_files_is_refused() throws IOException {
        String laughs = "<!DOCTYPE Bundle [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
                + "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">"
                + "<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\"><!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\">"
                + "<!ENTITY g \"&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;\"><!ENTITY h \"&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;\">]>"
                + "<Bundle xmlns=\"http://hl7.org/fhir\"><id value=\"&h;\"/></Bundle>";
        String file = "<!DOCTYPE Bundle [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>"
                + "<Bundle xmlns=\"http://hl7.org/fhir\"><id value=\"x\"/><language value=\"it\"/>"
                + "<type value=\"message\"/><identifier><value value=\"&x;\"/></identifier></Bundle>";
        String nested = "<Bundle xmlns=\"http://hl7.org/fhir\">" + "<entry><resource><Bundle>".repeat(30_000);
        for (String xml : new String[] {laughs, file, nested}) {
            Answer answer = post(FHIR, "application/fhir+xml", bytes(xml));
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("SNODO-1001");
        }
    }

    @Test
    void headers_without_end_are_refused() throws IOException {
        Answer answer = send(head(REST, "application/json", "X-Long: " + "x".repeat(100_000)), new byte[0]);
        assertThat(answer.status()).isIn(400, 431);
    }

    @Test
    void peers_that_send_a_byte_now_and_then_do_not_hold_the_others_up() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                Socket socket = new Socket("localhost", port);
                socket.setSoTimeout(30_000);
                slow.add(socket);
                String head = head(REST, "application/json", "Content-Length: 5000");
                // half of them stop in the headers, half in the body
                String part = i % 2 == 0 ? head.substring(0, 60) : head + "{";
                socket.getOutputStream().write(bytes(part));
                socket.getOutputStream().flush();
            }
            Answer served = post(REST, "application/json", Demo.bytes("09-rest.json"));
            assertThat(served.status()).isEqualTo(201);
            for (int i = 1; i < slow.size(); i += 2) {
                assertThat(read(slow.get(i)).status()).isEqualTo(408);
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void a_refusal_leaves_the_connection_open_for_the_next_call() throws Exception {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(30_000);
            for (String user : new String[] {"specialista:p", "specialista:errata", "specialista:p"}) {
                for (int i = 0; i < 3; i++) {
                    byte[] body = bytes("{\"a\":" + i + "}");
                    String head = "POST " + REST + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Authorization: Basic " + Base64.getEncoder().encodeToString(bytes(user))
                            + "\r\nContent-Length: " + body.length + "\r\n\r\n";
                    socket.getOutputStream().write(bytes(head));
                    socket.getOutputStream().write(body);
                    String answer = oneAnswer(socket.getInputStream());
                    assertThat(answer).startsWith("HTTP/1.1 4").doesNotContainIgnoringCase("connection: close");
                }
            }
        }
    }

    /** Head and body of an answer on a connection that stays open. */
    private static String oneAnswer(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("closed after: " + text).isNotNegative();
            text.append((char) next);
        }
        String head = text.toString().toLowerCase();
        if (head.contains("content-length:")) {
            int from = head.indexOf("content-length:") + 15;
            in.readNBytes(Integer.parseInt(
                    head.substring(from, head.indexOf('\r', from)).strip()));
        } else {
            while (text.indexOf("\r\n0\r\n\r\n") < 0) {
                text.append((char) in.read());
            }
        }
        return text.toString();
    }

    @Test
    void a_peer_that_is_refused_cannot_go_on_trickling() throws Exception {
        List<Socket> slow = new ArrayList<>();
        Thread trickle = null;
        try {
            for (int i = 0; i < 16; i++) {
                Socket socket = new Socket("localhost", port);
                socket.setSoTimeout(30_000);
                slow.add(socket);
                String head = head(REST, "application/json", "Content-Length: 500000")
                        .replaceAll("Authorization: .*\r\n", "");
                socket.getOutputStream().write(bytes(head + "{"));
            }
            trickle = new Thread(() -> {
                boolean open = true;
                while (open) {
                    open = false;
                    for (Socket socket : slow) {
                        try {
                            socket.getOutputStream().write(' ');
                            open = true;
                        } catch (IOException e) {
                            // cut off, as it must be
                        }
                    }
                    java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
                }
            });
            trickle.start();
            trickle.join(30_000);
            assertThat(trickle.isAlive()).as("still trickling").isFalse();
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
            if (trickle != null) {
                trickle.join();
            }
        }
    }

    @Test
    void a_body_that_trickles_in_is_cut_off_by_its_whole_time() throws Exception {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            out.write(bytes(head(REST, "application/json", "Content-Length: 5000") + "{"));
            out.flush();
            Thread trickle = new Thread(() -> {
                try {
                    while (true) {
                        out.write(' ');
                        out.flush();
                        java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
                    }
                } catch (IOException e) {
                    // cut off, as it must be
                }
            });
            trickle.start();
            assertRefused(read(socket), 408, "SNODO-1022");
            socket.close();
            trickle.join(10_000);
            assertThat(trickle.isAlive()).isFalse();
        }
    }
}
