package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub started in a folder of its own, with no setting that names it: what is edited there takes effect as it runs. */
class EditingTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final int http = RunningHub.freePort();
    private final int management = RunningHub.freePort();
    private final int simulator = RunningHub.freePort();

    private volatile boolean silent;
    private volatile String booked = "not at all";

    @TempDir
    Path folder;

    @Test
    void a_mapping_a_template_and_routes_are_edited_without_a_restart() throws Exception {
        for (String name : List.of("routes", "mappings", "cda-templates", "xsd")) {
            copy(Path.of(name), folder.resolve(name));
        }
        Process hub = HubProcess.start(
                http,
                management,
                folder,
                "editing-test.log",
                "--snodo.mllp.port=" + RunningHub.freePort(),
                "--snodo.simulator.port=" + simulator,
                "--snodo.fse.base-url=http://localhost:" + simulator + "/fse/v1",
                "--snodo.rol.base-url=http://localhost:" + simulator + "/rol",
                "--snodo.data-dir=" + folder.resolve("hub-data"));
        try {
            Certificate unknown = Certificate.plain("")
                    .with("exemption.code", "ZZ1")
                    .without("diagnosis")
                    .with("diagnosis.code", "000");
            assertThat(post(unknown).statusCode()).isEqualTo(422);
            edit("mappings/exemptions.csv", "\n001,", "\nZZ1,chronic,Prova,optional,national,,,,\n001,");
            soon("the new exemption is known", () -> post(unknown).statusCode() == 201);

            soon("the revision tells the edited table", () -> configuration()
                    .path("items")
                    .path(0)
                    .path("changes")
                    .toString()
                    .contains("~mappings/exemptions.csv"));
            String edited = configuration().path("current").asText();
            JsonNode taken = JSON.readTree(post(Certificate.plain("")).body());
            assertThat(read("/api/v1/messages/" + taken.path("messageId").asText())
                            .path("configurationRevision")
                            .asText())
                    .isEqualTo(edited);
            assertThat(read("/api/v1/certificates/"
                                    + taken.path("certificateNumber").asText())
                            .path("configurationRevision")
                            .asText())
                    .isEqualTo(edited);

            edit("cda-templates/rsa/header.xsl", "<title>Referto di", "<title>Nuovo referto di");
            soon("the template is in force", () -> {
                String document = JSON.readTree(post(Certificate.plain("")).body())
                        .path("documentId")
                        .asText();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> get(http, "/api/v1/documents/" + document + "/cda", "specialista")
                                        .statusCode()
                                == 200);
                return get(http, "/api/v1/documents/" + document + "/cda", "specialista")
                        .body()
                        .contains("<title>Nuovo referto di");
            });

            Callers callers = new Callers(4);
            for (String[] route : new String[][] {
                {"booking-rest", "Cerca posti liberi"},
                {"accept", "Controlla la richiesta"},
                {"certificate-rest", "Un certificato nuovo"},
                {"publication-status", "Chiede al gateway FS"}
            }) {
                edit("routes/" + route[0] + ".camel.yaml", route[1], "RISCRITTA " + route[0]);
                soon(route[0] + " is the new one", () -> get(management, "/actuator/camelroutes", "ops")
                        .body()
                        .contains("RISCRITTA " + route[0]));
                assertThat(post(Certificate.plain("")).statusCode())
                        .as("certificates are still taken after " + route[0])
                        .isEqualTo(201);
            }
            callers.wereAnsweredYesOrAskedToComeAgain();
            JsonNode routes = JSON.readTree(
                    get(management, "/actuator/camelroutes", "ops").body());
            assertThat(routes.findValuesAsText("state")).containsOnly("Started");

            whatATemplateHasStoppedIsReplayedOnceItIsMended(
                    "cda-templates/rsa/header.xsl", "<xsl:template name=\"document-identity\">", "SNODO-3001");
            whatATemplateHasStoppedIsReplayedOnceItIsMended(
                    "cda-templates/page/page.xsl", "<xsl:template match=\"/ClinicalDocument\">", "SNODO-3005");
            anAziendaIsARowAndNothingElse();
            whatCannotBeUsedIsSaidAndHarmsNothing();
        } finally {
            HubProcess.stop(hub);
        }
    }

    /** The slip compiles and fails at work: such an edit is in force, and stops each document at once. */
    private void whatATemplateHasStoppedIsReplayedOnceItIsMended(String file, String place, String code)
            throws Exception {
        String slip = place + "<xsl:sequence select=\"xs:date(string(name()))\"/>";
        edit(file, place, slip);
        JsonNode[] stopped = new JsonNode[1];
        soon("a certificate is stopped by " + file, () -> {
            JsonNode receipt = JSON.readTree(post(Certificate.plain("")).body());
            stopped[0] = await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> read("/api/v1/messages/"
                                    + receipt.path("messageId").asText()),
                            now -> List.of("FAILED", "PUBLISHED")
                                    .contains(now.path("state").asText()));
            return stopped[0].path("state").asText().equals("FAILED");
        });
        String message = "/api/v1/messages/" + stopped[0].path("id").asText();
        String document = stopped[0].path("documentId").asText();
        JsonNode letters = read("/api/v1/dead-letters?destination=HUB&code=" + code);
        JsonNode letter = letters.path("items").path(letters.path("items").size() - 1);
        assertThat(letters.path("items").findValuesAsText("messageId"))
                .contains(stopped[0].path("id").asText());
        assertThat(letter.path("cause").asText()).startsWith(file + ", riga ");
        assertThat(letter.path("nextStep").asText()).contains("replay");
        assertThat(replay(message, true).body()).contains("Ora fallirebbe ancora: " + code + " " + file + ", riga ");

        edit(file, slip, place);
        soon("it could be made now", () -> replay(message, true).body().contains("Ora il documento si produce"));
        assertThat(replay(message, false).statusCode()).isEqualTo(200);
        soon(
                "the stopped one is published",
                () -> read(message).path("state").asText().equals("PUBLISHED"));
        assertThat(read(message).path("documentId").asText())
                .as("its identity is the one that its sender was told")
                .isEqualTo(document);
        assertThat(replay(message, false).statusCode()).as("no second effect").isEqualTo(409);
        List<String> sent = new ArrayList<>();
        read("/api/v1/publications?documentId=" + document)
                .path("items")
                .forEach(one -> sent.add(one.path("action").asText() + " " + one.path("attempts")));
        assertThat(sent).containsExactlyInAnyOrder("CREATE 1", "INSERIMENTO 1");
        assertThat(read("/api/v1/dead-letters?destination=HUB&code=" + code)
                        .path("items")
                        .findValuesAsText("messageId"))
                .doesNotContain(stopped[0].path("id").asText());
    }

    private HttpResponse<String> replay(String message, boolean dryRun) throws Exception {
        return CLIENT.send(
                request(http, message + "/replay?dryRun=" + dryRun, "ops")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"modello corretto\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Its CUP is on this machine; what is booked there goes out in the profile and the version that the row says. */
    private void anAziendaIsARowAndNothingElse() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        HttpServer fhir = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        fhir.createContext("/fhir/Appointment", exchange -> {
            byte[] appointment = exchange.getRequestBody().readAllBytes();
            told.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.getResponseHeaders().set("Content-Type", "application/fhir+json");
            exchange.getResponseHeaders().set("Location", "/fhir/Appointment/950");
            exchange.sendResponseHeaders(201, appointment.length);
            exchange.getResponseBody().write(appointment);
            exchange.close();
        });
        fhir.start();
        try (ServerSocket cup = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> serve(cup, told), "cup-950");
            serving.setDaemon(true);
            serving.start();
            int mllp = cup.getLocalPort();
            String before = "\n010920,";
            for (Object[] profile : new Object[][] {
                {"SIU", mllp, "2.5", "|SIU^S12^SIU_S12|"},
                {"SRM", mllp, "2.4", "|SRM^S01^SRM_S01|"},
                {"OMG", mllp, "2.5.1", "|OMG^O19^OMG_O19|"},
                {"FHIR", fhir.getAddress().getPort(), "", "POST /fhir/Appointment"}
            }) {
                String now = "\n010950,950,ASL Prova,ASL,active,,010,001272,,%s,127.0.0.1,%d,%s,,,,,,N,N,N,N,N\n010920,"
                        .formatted(profile);
                edit("mappings/aziende.csv", before, now);
                before = now;
                soon("a booking goes to the new azienda as " + profile[0], () -> {
                    told.clear();
                    HttpResponse<String> answer = book("010950");
                    String sent = told.poll();
                    return answer.statusCode() == 201
                            && sent != null
                            && sent.contains((String) profile[3])
                            && (sent.startsWith("POST") || sent.contains("|P|" + profile[2]));
                });
            }
            aProfileThatChangesFindsTheBookingItWasSilentAbout(before, mllp, told);
            edit("mappings/aziende.csv", before, "\n010920,");
            soon("and is gone with its row", () -> book("010950").statusCode() == 422);
        } finally {
            fhir.stop(0);
        }
    }

    /** What went out as HL7 and got no answer is asked for as FHIR, once that is what the row says. */
    private void aProfileThatChangesFindsTheBookingItWasSilentAbout(String fhir, int mllp, BlockingQueue<String> told)
            throws Exception {
        String siu = fhir.replaceAll(",FHIR,127.0.0.1,[0-9]+,,", ",SIU,127.0.0.1," + mllp + ",2.5,");
        edit("mappings/aziende.csv", fhir, siu);
        silent = true;
        AtomicReference<JsonNode> booking = new AtomicReference<>();
        soon("a booking of which its CUP says nothing", () -> {
            told.clear();
            HttpResponse<String> answer = book("010950");
            String sent = told.poll();
            booking.set(JSON.readTree(answer.body()).path("booking"));
            return answer.statusCode() == 202 && sent.contains("|SIU^S12^SIU_S12|");
        });
        edit("mappings/aziende.csv", siu, fhir);
        String own = "/api/v1/bookings/" + booking.get().path("code").asText() + "?fiscalCode="
                + booking.get().at("/patient/fiscalCode").asText();
        soon("it stands", () -> {
            String answer = get(http, own, "cup").body();
            return JSON.readTree(answer).path("state").asText().equals("BOOKED");
        });
        assertThat(told).last().asString().startsWith("POST /fhir/Appointment");
        silent = false;
    }

    private HttpResponse<String> book(String azienda) throws Exception {
        BookingSample sample = new BookingSample()
                .with("lines[0].azienda=" + azienda + ";lines[0].slot.azienda=" + azienda
                        + ";lines[0].slot.agenda=AG-1")
                .with("lines[0].slot.start="
                        + LocalDate.now()
                                .plusDays(20)
                                .atTime(9, 30)
                                .atZone(BookingSample.ROME)
                                .toOffsetDateTime());
        HttpResponse<String> answer = CLIENT.send(
                request(http, "/api/v1/bookings", "cup")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", Outside.unique("ROW"))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(sample.json()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        booked = answer.statusCode() + " " + answer.body();
        return answer;
    }

    /** A CUP that says yes to everything, one message after the other, unless it is silent and hangs up. */
    private void serve(ServerSocket cup, BlockingQueue<String> told) {
        while (!cup.isClosed()) {
            try (Socket socket = cup.accept()) {
                InputStream in = socket.getInputStream();
                StringBuilder message = new StringBuilder();
                for (int each = in.read(); each >= 0; each = in.read()) {
                    if (each != 0x1C) {
                        message.append((char) each);
                        continue;
                    }
                    String text = message.substring(message.indexOf("MSH"));
                    message.setLength(0);
                    told.add(text);
                    if (silent) {
                        break;
                    }
                    String id = text.split("\\|", -1)[9];
                    socket.getOutputStream()
                            .write(("\u000bMSH|^~\\&|CUP|010950|||||ACK|1|P|2.4\rMSA|AA|" + id + "\r\u001c\r")
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                // the hub has ended the connection, or the test has ended
            }
        }
    }

    /** Call without a pause while routes are replaced under them. */
    private final class Callers {

        private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean calling = true;

        Callers(int number) {
            for (int i = 0; i < number; i++) {
                boolean booking = i % 2 == 0;
                Thread thread = new Thread(() -> call(booking), "caller-" + i);
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
            }
        }

        private void call(boolean booking) {
            while (calling) {
                try {
                    HttpResponse<String> answer = booking ? search() : post(Certificate.plain(""));
                    count((booking ? "search " : "certificate ")
                            + answer.statusCode()
                            + (answer.body().contains("SNODO-90") ? " later" : ""));
                } catch (Exception e) {
                    count(e.toString());
                }
            }
        }

        private void count(String answer) {
            answers.computeIfAbsent(answer, key -> new AtomicInteger()).incrementAndGet();
        }

        /** Never that the address is not there, or not for them. */
        void wereAnsweredYesOrAskedToComeAgain() throws InterruptedException {
            calling = false;
            for (Thread thread : threads) {
                thread.join(60_000);
            }
            System.out.println("Calls while routes were replaced: " + answers);
            assertThat(answers).containsKeys("certificate 201", "search 422");
            assertThat(answers.keySet())
                    .isSubsetOf("certificate 201", "search 422", "certificate 503 later", "search 503 later");
        }
    }

    /** A search that is refused for what it says, once a route has taken it. */
    private HttpResponse<String> search() throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + "/api/v1/availability"))
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString("cup:demo".getBytes(StandardCharsets.UTF_8)))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void whatCannotBeUsedIsSaidAndHarmsNothing() throws Exception {
        assertThat(configuration().path("refused")).isEmpty();
        edit("mappings/exemptions.csv", "\nZZ1,chronic,", "\nZZ1,nessuna famiglia,");
        edit("cda-templates/rsa/header.xsl", "<title>Nuovo", "<titolo>Nuovo");
        edit("routes/accept.camel.yaml", "- route:", "- rotta:");
        soon("the three are told", () -> configuration().path("refused").size() >= 3);
        JsonNode refused = configuration().path("refused");
        assertThat(refused.findValuesAsText("reason")).allMatch(reason -> !reason.isBlank());
        assertThat(refused.findValues("files").toString())
                .contains("[\"mappings/exemptions.csv\"]", "[\"cda-templates/rsa/header.xsl\"]")
                .contains("[\"routes/accept.camel.yaml\"]");
        assertThat(refused.toString()).contains("nessuna famiglia").contains("header.xsl, riga ");

        // the hub is as well as before, and says so with the reason beside it
        JsonNode health =
                JSON.readTree(get(management, "/actuator/health", "ops").body());
        assertThat(health.path("status").asText()).isEqualTo("UP");
        JsonNode files = health.path("components").path("configurationFiles");
        assertThat(files.path("status").asText()).isEqualTo("UP");
        assertThat(files.path("details").path("warning").asText()).isNotBlank();
        assertThat(files.path("details").path("refused").toString())
                .contains("mappings/exemptions.csv", "cda-templates/rsa/header.xsl", "routes/accept.camel.yaml");
        assertThat(get(management, "/actuator/prometheus", "ops").body())
                .containsPattern("snodo_configuration_refused(\\{.*})? 3");
        assertThat(post(Certificate.plain("")).statusCode()).isEqualTo(201);

        // one slip keeps no later edit of another file from being taken
        edit("routes/certificate-rest.camel.yaml", "RISCRITTA certificate-rest", "RISCRITTA di nuovo");
        soon(
                "another route is taken",
                () -> get(management, "/actuator/camelroutes", "ops").body().contains("RISCRITTA di nuovo"));

        // what can be read and not be made is taken back as a whole: its routes go on as they were
        edit("routes/accept.camel.yaml", "- rotta:", "- route:");
        soon(
                "the route file is good again",
                () -> configuration().path("refused").size() == 2);
        int routes = JSON.readTree(
                        get(management, "/actuator/camelroutes", "ops").body())
                .findValues("state")
                .size();
        edit("routes/accept.camel.yaml", "bean:acceptance?method=check", "bean:nessunBean?method=check");
        soon(
                "the bean is told",
                () -> configuration().path("refused").toString().contains("nessunBean"));
        soon("all routes are there", () -> JSON.readTree(
                        get(management, "/actuator/camelroutes", "ops").body())
                .findValuesAsText("state")
                .equals(java.util.Collections.nCopies(routes, "Started")));
        assertThat(post(Certificate.plain("")).statusCode()).isEqualTo(201);

        edit("mappings/exemptions.csv", "\nZZ1,nessuna famiglia,", "\nZZ1,chronic,");
        edit("cda-templates/rsa/header.xsl", "<titolo>Nuovo", "<title>Nuovo");
        edit("routes/accept.camel.yaml", "bean:nessunBean?method=check", "bean:acceptance?method=check");
        soon("all is well again", () -> configuration().path("refused").isEmpty());
        assertThat(get(management, "/actuator/health", "ops").body()).doesNotContain("nessuna famiglia");
        assertThat(post(Certificate.plain("")).statusCode()).isEqualTo(201);
    }

    private JsonNode configuration() throws Exception {
        return read("/api/v1/configuration");
    }

    private JsonNode read(String path) throws Exception {
        return JSON.readTree(get(http, path, "ops").body());
    }

    private void soon(String what, java.util.concurrent.Callable<Boolean> is) {
        try {
            await(what)
                    .atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofMillis(300))
                    .until(is);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what + "; the last booking was answered " + booked, e);
        }
    }

    /** As careful editors do: the file is there in full at every moment. */
    private void edit(String name, String old, String now) throws IOException {
        Path file = folder.resolve(name);
        String text = Files.readString(file);
        assertThat(text).contains(old);
        Path written = Files.writeString(folder.resolve("being-written"), text.replace(old, now));
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private HttpResponse<String> post(Certificate certificate) throws IOException, InterruptedException {
        String number = Outside.unique("EDIT");
        byte[] body = certificate.copy().with("documentNumber", number).rest();
        return CLIENT.send(
                request(http, "/api/v1/certificates", "specialista")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", number)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(int port, String path, String user)
            throws IOException, InterruptedException {
        return CLIENT.send(request(port, path, user).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(int port, String path, String user) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(60))
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString((user + ":demo").getBytes(StandardCharsets.UTF_8)));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        }
    }
}
