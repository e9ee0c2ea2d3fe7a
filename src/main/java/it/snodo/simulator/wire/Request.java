package it.snodo.simulator.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP request as it came over the wire.
 *
 * @param method upper-case method
 * @param path path exactly as sent, still percent-encoded, without the query
 * @param query query string as sent, or the empty string
 * @param headers values by lower-case name, in order of arrival
 * @param body the body's bytes, never null
 */
public record Request(String method, String path, String query, Map<String, List<String>> headers, byte[] body) {

    /** The first value of a header, or null. */
    public String header(String name) {
        List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /** The media type without parameters, lower case; the empty string when there is none. */
    public String mediaType() {
        String value = header("content-type");
        if (value == null) {
            return "";
        }
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Neither headers nor body: they carry tokens and documents. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
