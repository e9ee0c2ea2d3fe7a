package it.snodo.publication.fse;

import com.nimbusds.jose.JWSObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/** An HTTP server that answers what a test tells it to, and keeps what it was asked. */
final class StubGateway implements AutoCloseable {

    record Asked(String method, String path, Map<String, String> headers, byte[] body) {

        String text() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }

        String operation() {
            return method + " " + path;
        }

        Map<String, Object> claims() {
            try {
                return JWSObject.parse(headers.get("FSE-JWT-Signature"))
                        .getPayload()
                        .toJSONObject();
            } catch (ParseException e) {
                throw new IllegalStateException(e);
            }
        }

        Map<String, Object> bearer() {
            try {
                return JWSObject.parse(headers.get("Authorization").substring("Bearer ".length()))
                        .getPayload()
                        .toJSONObject();
            } catch (ParseException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @FunctionalInterface
    interface Answerer {
        void answer(HttpExchange exchange) throws IOException;
    }

    final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
    private final Deque<Answerer> answers = new ArrayDeque<>();
    private final HttpServer server;

    StubGateway() {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
        asked.add(new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                headers,
                exchange.getRequestBody().readAllBytes()));
        Answerer answer;
        synchronized (answers) {
            answer = answers.isEmpty() ? null : answers.poll();
        }
        if (answer == null) {
            json(599, "{}").answer(exchange);
        } else {
            answer.answer(exchange);
        }
    }

    StubGateway then(Answerer answer) {
        synchronized (answers) {
            answers.add(answer);
        }
        return this;
    }

    StubGateway then(int status, String body) {
        return then(json(status, body));
    }

    StubGateway problem(int status, String type, String detail) {
        return then(
                status,
                "{\"traceID\":\"tr\",\"type\":\"" + type + "\",\"title\":\"t\",\"detail\":\"" + detail
                        + "\",\"status\":" + status + "}");
    }

    StubGateway success(int status, String workflowId) {
        return then(
                status,
                "{\"traceID\":\"tr\",\"spanID\":\"s\",\"warning\":\"\",\"workflowInstanceId\":\"" + workflowId + "\"}");
    }

    /** Takes the request and closes the connection without a word. */
    StubGateway drop() {
        return then(HttpExchange::close);
    }

    static Answerer json(int status, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set("Content-Type", status < 300 ? "application/json" : "application/problem+json");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        };
    }

    List<String> operations() {
        return asked.stream().map(Asked::operation).toList();
    }

    Asked last() {
        return asked.get(asked.size() - 1);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
