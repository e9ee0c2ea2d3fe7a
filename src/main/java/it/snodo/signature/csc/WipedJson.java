package it.snodo.signature.csc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JSON object whose bytes leave nothing behind: no text is made of a secret, and every array it has stood in is wiped.
 * Jackson keeps its buffers for the next caller.
 */
final class WipedJson implements AutoCloseable {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[1024];
    private int length;
    private boolean first = true;

    WipedJson() {
        add('{');
    }

    WipedJson text(String name, String value) {
        if (value != null) {
            name(name);
            quoted(value.toCharArray());
        }
        return this;
    }

    /** Left out when there is none. */
    WipedJson secret(String name, char[] value) {
        if (value != null) {
            name(name);
            quoted(value);
        }
        return this;
    }

    WipedJson number(String name, int value) {
        name(name);
        plain(Integer.toString(value));
        return this;
    }

    WipedJson flag(String name, boolean value) {
        name(name);
        plain(Boolean.toString(value));
        return this;
    }

    WipedJson texts(String name, String value) {
        name(name);
        add('[');
        quoted(value.toCharArray());
        add(']');
        return this;
    }

    /** The authentication objects of v2; those without a value are left out. */
    WipedJson authData(String pinId, char[] pin, String otpId, char[] otp) {
        name("authData");
        add('[');
        authObject(pinId, pin, false);
        authObject(otpId, otp, pin != null);
        add(']');
        return this;
    }

    private void authObject(String id, char[] value, boolean comma) {
        if (value == null) {
            return;
        }
        if (comma) {
            add(',');
        }
        plain("{\"id\":");
        quoted(id.toCharArray());
        plain(",\"value\":");
        quoted(value);
        add('}');
    }

    /** The whole object. The array belongs to the caller, who wipes it. */
    byte[] take() {
        add('}');
        byte[] whole = Arrays.copyOf(bytes, length);
        close();
        return whole;
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    private void name(String name) {
        if (!first) {
            add(',');
        }
        first = false;
        quoted(name.toCharArray());
        add(':');
    }

    private void plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            add(text.charAt(i));
        }
    }

    /** ASCII only: every other character as an escape, which every reader of JSON understands. */
    private void quoted(char[] text) {
        add('"');
        for (char c : text) {
            if (c == '"' || c == '\\') {
                add('\\');
                add(c);
            } else if (c >= ' ' && c < 127) {
                add(c);
            } else {
                add('\\');
                add('u');
                for (int shift = 12; shift >= 0; shift -= 4) {
                    add(HEX[(c >> shift) & 0xF]);
                }
            }
        }
        add('"');
    }

    private void add(int character) {
        if (length == bytes.length) {
            byte[] larger = Arrays.copyOf(bytes, bytes.length * 2);
            Arrays.fill(bytes, (byte) 0);
            bytes = larger;
        }
        bytes[length++] = (byte) character;
    }
}
