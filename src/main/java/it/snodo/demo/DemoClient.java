package it.snodo.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** Speaks to the hub as an outside system would: sockets and HTTP, through the public ports only. */
final class DemoClient {

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final ObjectMapper json;
    private final String base;
    private final int mllpPort;
    private final String simulators;

    DemoClient(ObjectMapper json, int httpPort, int mllpPort, int simulatorPort) {
        this.json = json;
        this.base = "http://localhost:" + httpPort;
        this.mllpPort = mllpPort;
        this.simulators = "http://localhost:" + simulatorPort;
    }

    /** Sends one frame and waits for its acknowledgement; empty when there is none. */
    String mllp(byte[] message) {
        try (MllpClient connection = new MllpClient(mllpPort)) {
            String answer = connection.exchange(message);
            return answer == null ? "" : answer;
        }
    }

    HttpResponse<String> post(String path, String user, String type, byte[] body, String... headers)
            throws IOException, InterruptedException {
        return send("POST", path, user, type, body, headers);
    }

    HttpResponse<String> send(String method, String path, String user, String type, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path, user)
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    JsonNode get(String path, String user) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(request(path, user).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return json.readTree(answer.body());
    }

    byte[] bytes(String path, String user) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(request(path, user).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode());
        }
        return answer.body();
    }

    /** Orders something of a simulated CUP. */
    void cup(String number, String order) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulators + "/cup/" + number + "/" + order))
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != 200) {
            throw new IOException(request.uri() + " answered " + status);
        }
    }

    /** Orders something of the simulated AURA ({@code POST}), or takes all orders back ({@code DELETE}). */
    void aura(String method, String rule) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulators + "/aura/_control"))
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        rule == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(rule))
                .build();
        int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != 200) {
            throw new IOException(request.uri() + " answered " + status);
        }
    }

    /** What a simulated system tells of itself, such as {@code /aura/_state}. */
    JsonNode simulator(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulators + path))
                .timeout(Duration.ofSeconds(60))
                .build();
        return json.readTree(http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .body());
    }

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path, String user) {
        String basic = Base64.getEncoder().encodeToString((user + ":demo").getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Basic " + basic);
    }
}
