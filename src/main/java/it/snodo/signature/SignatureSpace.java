package it.snodo.signature;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The room for a signature's bytes in a prepared PDF: the hole of its {@code /ByteRange} (ISO 32000-1, 12.8.1). */
final class SignatureSpace {

    private static final byte[] RANGE = "/ByteRange".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern NUMBERS = Pattern.compile("/ByteRange\\s*\\[\\s*0\\s+(\\d+)\\s+(\\d+)\\s+\\d+");
    private static final int NUMBERS_LENGTH = 80;

    private SignatureSpace() {}

    /**
     * Writes the signature into the last hole of the file, as hexadecimal digits padded with zeros.
     *
     * @param pdf prepared file; it is changed
     * @return the file, or null when it has no such hole or the signature does not fit: nothing is written then
     */
    static byte[] fill(byte[] pdf, byte[] cms) {
        int at = lastIndexOf(pdf, RANGE);
        if (at < 0) {
            return null;
        }
        Matcher numbers = NUMBERS.matcher(
                new String(pdf, at, Math.min(NUMBERS_LENGTH, pdf.length - at), StandardCharsets.ISO_8859_1));
        if (!numbers.lookingAt()) {
            return null;
        }
        int from = Integer.parseInt(numbers.group(1));
        int to = Integer.parseInt(numbers.group(2));
        byte[] digits = HexFormat.of().formatHex(cms).getBytes(StandardCharsets.US_ASCII);
        if (from < 0 || to > pdf.length || to - from - 2 < digits.length || pdf[from] != '<' || pdf[to - 1] != '>') {
            return null;
        }
        Arrays.fill(pdf, from + 1, to - 1, (byte) '0');
        System.arraycopy(digits, 0, pdf, from + 1, digits.length);
        return pdf;
    }

    private static int lastIndexOf(byte[] bytes, byte[] what) {
        for (int at = bytes.length - what.length; at >= 0; at--) {
            if (bytes[at] == what[0] && Arrays.equals(bytes, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        return -1;
    }
}
