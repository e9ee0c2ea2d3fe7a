package it.snodo.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What goes back over the wire, and how.
 *
 * @param status HTTP status
 * @param headers header values by name
 * @param body the body's bytes
 * @param delay how long the answer is held back
 * @param manner what the client sees of it
 */
public record Answer(int status, Map<String, String> headers, byte[] body, Duration delay, Manner manner) {

    /** How an answer leaves. */
    public enum Manner {
        /** As it should. */
        WHOLE,
        /** Headers that promise the whole body, half of it, then the connection is closed. */
        HALF,
        /** As it should, and then once more: on a connection that stays open, as the answer to whatever comes next. */
        TWICE,
        /** Nothing: the connection is closed in order (FIN). */
        DROP,
        /** Nothing: the connection is reset (RST). */
        RESET,
        /** Nothing: the connection stays open. */
        SILENT
    }

    public static Answer of(int status, String contentType, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (contentType != null) {
            headers.put("Content-Type", contentType);
        }
        return new Answer(status, headers, body, Duration.ZERO, Manner.WHOLE);
    }

    public static Answer json(int status, JsonNode body) {
        return of(status, "application/json", Json.bytes(body));
    }

    public static Answer problem(int status, JsonNode body) {
        return of(status, "application/problem+json", Json.bytes(body));
    }

    public static Answer text(int status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    public static Answer nothing() {
        return of(204, null, new byte[0]);
    }

    public Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body, delay, manner);
    }

    public Answer after(Duration wait) {
        return new Answer(status, headers, body, wait, manner);
    }

    public Answer sent(Manner how) {
        return new Answer(status, headers, body, delay, how);
    }
}
