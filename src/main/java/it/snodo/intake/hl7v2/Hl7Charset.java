package it.snodo.intake.hl7v2;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which character set a message is really written in, and which one its sender reads. MSH-18 is believed only as far as
 * the bytes bear it out.
 *
 * @param read what the bytes are decoded with
 * @param answer what the answer is encoded with: the declared one when we know it, else the one found
 * @param declared whether MSH-18 named the one that was found
 */
public record Hl7Charset(Charset read, Charset answer, boolean declared) {

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final Pattern NOT_IN_NAMES = Pattern.compile("[^A-Z0-9]");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");

    /** Names seen in MSH-18, letters and digits only; HL7 table 0211 and what vendors write instead. */
    private static final Map<String, Charset> NAMES = Map.ofEntries(
            Map.entry("ASCII", StandardCharsets.US_ASCII),
            Map.entry("USASCII", StandardCharsets.US_ASCII),
            Map.entry("ISOIR6", StandardCharsets.US_ASCII),
            Map.entry("UNICODE", StandardCharsets.UTF_8),
            Map.entry("UNICODEUTF8", StandardCharsets.UTF_8),
            Map.entry("UTF8", StandardCharsets.UTF_8),
            Map.entry("AL32UTF8", StandardCharsets.UTF_8),
            Map.entry("UNICODEUTF16", StandardCharsets.UTF_16),
            Map.entry("UTF16", StandardCharsets.UTF_16),
            Map.entry("LATIN1", StandardCharsets.ISO_8859_1),
            Map.entry("ISOIR100", StandardCharsets.ISO_8859_1),
            Map.entry("WE8ISO8859P1", StandardCharsets.ISO_8859_1),
            Map.entry("LATIN9", Charset.forName("ISO-8859-15")),
            Map.entry("WE8ISO8859P15", Charset.forName("ISO-8859-15")),
            Map.entry("WE8MSWIN1252", WINDOWS_1252),
            Map.entry("ANSI", WINDOWS_1252));

    /**
     * @param bytes the whole message
     * @param declared first repetition of MSH-18; empty or null when absent
     * @param configured what the peer is known to write; null unknown
     */
    public static Hl7Charset of(byte[] bytes, String declared, Charset configured) {
        Charset named = named(declared);
        if (named != null && !keepsAscii(named)) {
            // The separators were read as single bytes, so this is not what the sender writes.
            named = null;
        }
        if (isAscii(bytes)) {
            Charset likely = named != null ? named : configured != null ? configured : StandardCharsets.UTF_8;
            return new Hl7Charset(likely, likely, named != null);
        }
        boolean utf8 = decodes(bytes, StandardCharsets.UTF_8);
        for (Charset candidate : new Charset[] {named, configured}) {
            if (candidate != null && bearsOut(candidate, bytes, utf8)) {
                return new Hl7Charset(candidate, named != null ? named : candidate, candidate.equals(named));
            }
        }
        Charset found = utf8 ? StandardCharsets.UTF_8 : WINDOWS_1252;
        return new Hl7Charset(found, named != null ? named : found, false);
    }

    /**
     * Almost any bytes decode as a one-byte set. But accented letters that all happen to be whole UTF-8 sequences are
     * UTF-8, and control characters of the upper range (C1) are in no text: both give a wrong declaration away.
     */
    private static boolean bearsOut(Charset candidate, byte[] bytes, boolean utf8) {
        if (candidate.equals(StandardCharsets.UTF_8)) {
            return utf8;
        }
        if (utf8) {
            return false;
        }
        if (candidate.name().startsWith("ISO-8859")) {
            for (byte each : bytes) {
                if (each >= (byte) 0x80 && each <= (byte) 0x9F) {
                    return false;
                }
            }
        }
        return decodes(bytes, candidate);
    }

    /** The set that MSH-18 means; null when it says nothing we know. */
    public static Charset named(String declared) {
        if (declared == null || declared.isBlank()) {
            return null;
        }
        String key = NOT_IN_NAMES.matcher(declared.toUpperCase(Locale.ROOT)).replaceAll("");
        Charset known = NAMES.get(key);
        if (known != null) {
            return known;
        }
        String number = key.startsWith("ISO8859") ? key.substring(7) : key.startsWith("8859") ? key.substring(4) : "";
        if (!number.isEmpty()) {
            return forName("ISO-8859-" + number);
        }
        for (String prefix : new String[] {"WINDOWS", "WIN", "CP"}) {
            if (key.startsWith(prefix)) {
                return forName("windows-" + key.substring(prefix.length()));
            }
        }
        return forName(declared.trim());
    }

    private static Charset forName(String name) {
        try {
            Charset charset = Charset.forName(name);
            return charset.canEncode() ? charset : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean keepsAscii(Charset charset) {
        return charset.decode(ByteBuffer.wrap(new byte[] {'M', 'S', 'H', '|', '^', '~', '\\', '&', '\r'}))
                .toString()
                .equals("MSH|^~\\&\r");
    }

    static boolean isAscii(byte[] bytes) {
        for (byte each : bytes) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the bytes are, every one of them, text in this set. */
    private static boolean decodes(byte[] bytes, Charset charset) {
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(Math.min(bytes.length + 1, 8192));
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (result.isError()) {
                return false;
            }
            if (result.isUnderflow()) {
                return true;
            }
            out.clear();
        }
    }

    /**
     * UTF-16 text as UTF-8, a UTF-8 mark taken off: afterwards separators and segment ends are single bytes.
     *
     * @return the same array when there is nothing to do
     */
    public static byte[] asBytesWithAsciiSeparators(byte[] raw) {
        Charset wide = wide(raw);
        if (wide != null) {
            String text = new String(raw, wide);
            return (text.startsWith("\uFEFF") ? text.substring(1) : text).getBytes(StandardCharsets.UTF_8);
        }
        if (raw.length >= 3 && raw[0] == (byte) 0xEF && raw[1] == (byte) 0xBB && raw[2] == (byte) 0xBF) {
            return Arrays.copyOfRange(raw, 3, raw.length);
        }
        return raw;
    }

    /** The UTF-16 form a message is in; null when it is in none. */
    static Charset wide(byte[] raw) {
        if (raw.length < 4) {
            return null;
        }
        if (raw[0] == (byte) 0xFE && raw[1] == (byte) 0xFF || raw[0] == 0 && raw[1] > ' ' && raw[2] == 0) {
            return StandardCharsets.UTF_16BE;
        }
        if (raw[0] == (byte) 0xFF && raw[1] == (byte) 0xFE || raw[1] == 0 && raw[0] > ' ' && raw[3] == 0) {
            return StandardCharsets.UTF_16LE;
        }
        return null;
    }

    /** Bytes of an answer; letters that the set lacks lose their accent rather than become question marks. */
    public static byte[] encode(String answer, Charset charset) {
        String text = withoutMarks(answer, charset);
        CharsetEncoder encoder = charset.newEncoder();
        if (encoder.canEncode(text)) {
            return text.getBytes(charset);
        }
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(each -> {
            String letter = Character.toString(each);
            if (encoder.canEncode(letter)) {
                out.append(letter);
            } else {
                out.append(MARKS.matcher(Normalizer.normalize(letter, Normalizer.Form.NFD))
                        .replaceAll("")
                        .replace('’', '\'')
                        .replace('«', '"')
                        .replace('»', '"')
                        .replace("€", "EUR")
                        .replace('–', '-'));
            }
        });
        return out.toString().getBytes(charset);
    }

    /** What an answer repeats of the sender's own words must not end its frame: no byte of it is a frame mark. */
    private static String withoutMarks(String text, Charset charset) {
        boolean twoBytes = charset.name().startsWith("UTF-16");
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (isMark(each) || twoBytes && (isMark(each & 0xFF) || isMark(each >> 8))) {
                out = out == null ? new StringBuilder(text) : out;
                out.setCharAt(i, '?');
            }
        }
        return out == null ? text : out.toString();
    }

    private static boolean isMark(int value) {
        return value == MllpDecoder.VT || value == MllpDecoder.FS;
    }
}
