package it.snodo.certificate;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;

/**
 * Leaves out the characters that XML 1.0 cannot carry (control characters, halves of surrogate pairs, U+FFFE, U+FFFF):
 * a bell or a null that a hospital's system left in a note must not keep the certificate from being written.
 */
public final class XmlTextSerializer extends StdSerializer<String> {

    private static final long serialVersionUID = 1L;

    public XmlTextSerializer() {
        super(String.class);
    }

    @Override
    public void serialize(String text, JsonGenerator out, SerializerProvider provider) throws IOException {
        out.writeString(legal(text));
    }

    @Override
    public boolean isEmpty(SerializerProvider provider, String text) {
        return text.isEmpty();
    }

    static String legal(String text) {
        int bad = 0;
        while (bad < text.length() && isPlain(text.charAt(bad))) {
            bad++;
        }
        if (bad == text.length()) {
            return text;
        }
        StringBuilder kept = new StringBuilder(text.length()).append(text, 0, bad);
        text.codePoints()
                .skip(text.codePointCount(0, bad))
                .filter(XmlTextSerializer::isLegal)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }

    /** Legal for sure, by one look at one char. */
    private static boolean isPlain(char c) {
        return c >= ' ' && c < Character.MIN_SURROGATE || c == '\n' || c == '\t' || c == '\r';
    }

    private static boolean isLegal(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || c >= 0x20 && c <= 0xD7FF
                || c >= 0xE000 && c <= 0xFFFD
                || c >= 0x10000 && c <= 0x10FFFF;
    }
}
