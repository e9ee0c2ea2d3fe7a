package it.snodo.intake.hl7v2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A message in the vertical-bar form, read by position: segments, fields, repetitions, components, subcomponents, all
 * counted from 1 as in HL7. Only what is asked for is decoded; a document of 30 MB inside an OBX costs nothing.
 *
 * <p>Segments end with CR, LF or both, but only where the next line looks like a segment: any other line belongs to the
 * field before it. Every set of characters that comes here keeps ASCII as it is, so separators are single bytes.
 */
public final class Er7 {

    /** Separators of a message, as its first segment declares them. */
    public record Separators(char field, char component, char repetition, char escape, char subcomponent) {

        public static final Separators STANDARD = new Separators('|', '^', '~', '\\', '&');

        public String declared() {
            return "" + component + repetition + escape + subcomponent;
        }

        /** A text as it stands inside a field. */
        public String escape(String text) {
            StringBuilder out = new StringBuilder(text.length() + 16);
            for (int i = 0; i < text.length(); i++) {
                char each = text.charAt(i);
                if (each == escape) {
                    sequence(out, "E");
                } else if (each == field) {
                    sequence(out, "F");
                } else if (each == component) {
                    sequence(out, "S");
                } else if (each == repetition) {
                    sequence(out, "R");
                } else if (each == subcomponent) {
                    sequence(out, "T");
                } else if (each == '\n') {
                    sequence(out, ".br");
                } else if (each >= ' ' || each == '\t') {
                    out.append(each);
                }
            }
            return out.toString();
        }

        private void sequence(StringBuilder out, String name) {
            out.append(escape).append(name).append(escape);
        }
    }

    /** More segments than any message has: without an end a frame of empty ones would fill the memory. */
    static final int MAX_SEGMENTS = 50_000;

    /** A field is asked for many times and decoded once, unless it is a large one. */
    private static final int MAX_KEPT = 4096;

    /** Repetitions that are looked at where one of them is chosen. */
    private static final int MAX_REPETITIONS = 100;

    /** The bytes hold more than {@link #MAX_SEGMENTS} segments. */
    public static final class TooManySegments extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final byte[] bytes;
    private final Separators separators;
    private final Charset charset;
    private final List<Segment> segments;
    private final boolean continued;

    private Er7(byte[] bytes, Separators separators, Charset charset, List<Segment> segments, boolean continued) {
        this.bytes = bytes;
        this.separators = separators;
        this.charset = charset;
        this.segments = segments;
        this.continued = continued;
    }

    /** Reads the bytes from {@code from} to {@code to}; a first segment that is no header gets the usual separators. */
    public static Er7 read(byte[] bytes, int from, int to, Charset charset) {
        List<Segment> segments = new ArrayList<>();
        Map<String, Integer> counts = new HashMap<>();
        Lines lines = new Lines(bytes, from, to);
        Separators separators = separatorsAt(bytes, lines.firstStart(), to);
        Er7 message = new Er7(
                bytes, separators, charset, Collections.unmodifiableList(segments), lines.scan(separators.field));
        for (int[] range : lines.ranges) {
            String id = new String(bytes, range[0], 3, StandardCharsets.ISO_8859_1);
            int occurrence = counts.merge(id, 1, Integer::sum);
            segments.add(message.new Segment(id, occurrence, range[0], range[1]));
        }
        return message;
    }

    /** Separators of the header at {@code start}: missing ones are the usual ones. */
    private static Separators separatorsAt(byte[] bytes, int start, int to) {
        if (start + 4 > to || !isHeader(bytes, start, to)) {
            return Separators.STANDARD;
        }
        char field = (char) bytes[start + 3];
        char[] rest = {'^', '~', '\\', '&'};
        for (int i = 0; i < 4 && start + 4 + i < to; i++) {
            char each = (char) bytes[start + 4 + i];
            if (each == field || each <= ' ') {
                break;
            }
            rest[i] = each;
        }
        return new Separators(field, rest[0], rest[1], rest[2], rest[3]);
    }

    static boolean isHeader(byte[] bytes, int start, int to) {
        if (start + 4 > to) {
            return false;
        }
        boolean named = bytes[start] == 'M' && bytes[start + 1] == 'S' && bytes[start + 2] == 'H'
                || (bytes[start] == 'F' || bytes[start] == 'B') && bytes[start + 1] == 'H' && bytes[start + 2] == 'S';
        return named && isSeparator(bytes[start + 3]);
    }

    private static boolean isSeparator(byte each) {
        return each > ' ' && !isLetter(each) && !isDigit(each);
    }

    private static boolean isLetter(byte each) {
        return each >= 'A' && each <= 'Z' || each >= 'a' && each <= 'z';
    }

    private static boolean isUpper(byte each) {
        return each >= 'A' && each <= 'Z';
    }

    private static boolean isDigit(byte each) {
        return each >= '0' && each <= '9';
    }

    /** Finds where segments begin and end. */
    private static final class Lines {
        private final byte[] bytes;
        private final int from;
        private final int to;
        private final List<int[]> ranges = new ArrayList<>();

        Lines(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.from = from;
            this.to = to;
        }

        int firstStart() {
            int at = from;
            while (at < to && bytes[at] <= ' ' && bytes[at] >= 0) {
                at++;
            }
            return at;
        }

        /** @return whether some line was taken as going on with the one before */
        boolean scan(char field) {
            boolean continued = false;
            int[] open = null;
            int line = from;
            while (line < to) {
                int end = line;
                while (end < to && bytes[end] != '\r' && bytes[end] != '\n') {
                    end++;
                }
                int start = line;
                while (start < end && bytes[start] <= ' ' && bytes[start] >= 0) {
                    start++;
                }
                if (start < end) {
                    if (startsSegment(start, end, field)) {
                        if (ranges.size() == MAX_SEGMENTS) {
                            throw new TooManySegments();
                        }
                        open = new int[] {start, end};
                        ranges.add(open);
                    } else if (open != null) {
                        open[1] = end;
                        continued = true;
                    }
                }
                line = end + 1;
            }
            return continued;
        }

        private boolean startsSegment(int start, int end, char field) {
            if (end - start < 3 || !isUpper(bytes[start])) {
                return false;
            }
            for (int i = start + 1; i < start + 3; i++) {
                if (!isUpper(bytes[i]) && !isDigit(bytes[i])) {
                    return false;
                }
            }
            return end - start == 3 || bytes[start + 3] == field || isOtherHeader(start, end);
        }

        /** A header with separators of its own: its first field ends where its separator comes again. */
        private boolean isOtherHeader(int start, int end) {
            if (!isHeader(bytes, start, end)) {
                return false;
            }
            for (int i = start + 5; i < Math.min(end, start + 10); i++) {
                if (bytes[i] == bytes[start + 3]) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The same message in another character set. */
    public Er7 in(Charset other) {
        List<Segment> same = new ArrayList<>(segments.size());
        Er7 message = new Er7(bytes, separators, other, Collections.unmodifiableList(same), continued);
        for (Segment each : segments) {
            same.add(message.new Segment(each.id, each.occurrence, each.start, each.end));
        }
        return message;
    }

    public Separators separators() {
        return separators;
    }

    public Charset charset() {
        return charset;
    }

    public List<Segment> segments() {
        return segments;
    }

    /** Whether a line that starts no segment was found and taken as part of the field before it. */
    boolean continued() {
        return continued;
    }

    /** The nth segment of that name, from 1; one without any field when there is none. */
    public Segment segment(String id) {
        for (Segment each : segments) {
            if (each.id.equals(id)) {
                return each;
            }
        }
        return new Segment(id, 1, 0, 0);
    }

    public List<Segment> all(String id) {
        List<Segment> found = new ArrayList<>();
        for (Segment each : segments) {
            if (each.id.equals(id)) {
                found.add(each);
            }
        }
        return found;
    }

    /** One segment. */
    public final class Segment {

        private final String id;
        private final int occurrence;
        private final int start;
        private final int end;
        /** 1 where the separator itself is field 1 (MSH, FHS, BHS), so that the first text after it is field 2. */
        private final int shift;

        private int[] cuts;
        private String[] texts;

        Segment(String id, int occurrence, int start, int end) {
            this.id = id;
            this.occurrence = occurrence;
            this.start = start;
            this.end = end;
            this.shift = id.equals("MSH") || id.equals("FHS") || id.equals("BHS") ? 1 : 0;
        }

        public String id() {
            return id;
        }

        /** Which of the segments of this name, from 1. */
        public int occurrence() {
            return occurrence;
        }

        int start() {
            return start;
        }

        int end() {
            return end;
        }

        public boolean exists() {
            return end > start;
        }

        /** The whole field as it stands in the message, nothing unescaped; empty when absent. */
        public String raw(int field) {
            int index = field - shift;
            if (index < 1 || !exists()) {
                return "";
            }
            if (cuts == null) {
                cuts = cut();
                texts = new String[cuts.length];
            }
            if (index >= cuts.length) {
                return "";
            }
            if (texts[index] != null) {
                return texts[index];
            }
            int from = cuts[index - 1] + 1;
            String text = new String(bytes, from, cuts[index] - from, charset);
            if (text.length() <= MAX_KEPT) {
                texts[index] = text;
            }
            return text;
        }

        private int[] cut() {
            int count = 1;
            for (int i = start + 3; i < end; i++) {
                if (bytes[i] == separators.field) {
                    count++;
                }
            }
            int[] found = new int[count];
            int at = 0;
            for (int i = start + 3; i < end; i++) {
                if (bytes[i] == separators.field) {
                    found[at++] = i;
                }
            }
            found[at] = end;
            return found;
        }

        /** How many repetitions there are, up to a hundred. */
        public int repetitions(int field) {
            String text = raw(field);
            if (text.isEmpty()) {
                return 0;
            }
            int count = 1;
            for (int i = 0; i < text.length() && count < MAX_REPETITIONS; i++) {
                if (text.charAt(i) == separators.repetition) {
                    count++;
                }
            }
            return count;
        }

        /** All repetitions as {@link #text(int, int)} gives them; null stands for an absent one. */
        public List<String> texts(int field) {
            String text = raw(field);
            List<String> found = new ArrayList<>();
            int from = 0;
            while (from <= text.length()) {
                int to = text.indexOf(separators.repetition, from);
                to = to < 0 ? text.length() : to;
                found.add(value(text.substring(from, to)));
                from = to + 1;
            }
            return found;
        }

        /** Whether {@link #text(int, int)} of the first repetition is not null; a long text is not read for it. */
        public boolean isValued(int field) {
            String text = raw(field);
            return !text.isEmpty() && Character.isLetterOrDigit(text.charAt(0)) || text(field, 1) != null;
        }

        /** One whole repetition as a text, component marks and all; null when absent or deleted. */
        public String text(int field, int repetition) {
            return value(part(raw(field), separators.repetition, repetition));
        }

        /** First repetition, first component, first subcomponent. */
        public String get(int field) {
            return get(field, 1, 1, 1);
        }

        public String get(int field, int component) {
            return get(field, 1, component, 1);
        }

        public String get(int field, int repetition, int component) {
            return get(field, repetition, component, 1);
        }

        /** The unescaped value without blanks around; null when it is absent, empty, or {@code ""} (delete). */
        public String get(int field, int repetition, int component, int subcomponent) {
            String text = raw(field);
            if (text.isEmpty()) {
                return null;
            }
            text = part(text, separators.repetition, repetition);
            text = part(text, separators.component, component);
            return value(part(text, separators.subcomponent, subcomponent));
        }
    }

    private static String part(String text, char separator, int number) {
        int from = 0;
        for (int i = 1; i < number; i++) {
            int next = text.indexOf(separator, from);
            if (next < 0) {
                return "";
            }
            from = next + 1;
        }
        int to = text.indexOf(separator, from);
        return to < 0 ? text.substring(from) : text.substring(from, to);
    }

    private String value(String raw) {
        String text = unescape(raw).strip();
        return text.isEmpty() || text.equals("\"\"") ? null : text;
    }

    /** Undoes the escapes; what is no escape stays as it is, a lone escape character too. Control characters go. */
    String unescape(String raw) {
        if (plainUntil(raw, 0) == raw.length()) {
            return raw;
        }
        StringBuilder out = new StringBuilder(raw.length());
        ByteArrayOutputStream hex = new ByteArrayOutputStream();
        int i = 0;
        while (i < raw.length()) {
            int plain = plainUntil(raw, i);
            if (plain > i) {
                flush(hex, out);
                out.append(raw.substring(i, plain));
                i = plain;
                continue;
            }
            char each = raw.charAt(i);
            int close = each == separators.escape ? raw.indexOf(separators.escape, i + 1) : -1;
            if (close > i + 1) {
                String name = raw.substring(i + 1, close);
                if (isHex(name)) {
                    for (int at = 1; at < name.length(); at += 2) {
                        hex.write(Integer.parseInt(name.substring(at, at + 2), 16));
                    }
                    i = close + 1;
                    continue;
                }
                String meaning = meaning(name);
                if (meaning != null) {
                    flush(hex, out);
                    out.append(meaning);
                    i = close + 1;
                    continue;
                }
            }
            flush(hex, out);
            append(out, each);
            i++;
        }
        flush(hex, out);
        return out.toString();
    }

    /** Where the first escape or control character from there on stands; the length when there is none. */
    private int plainUntil(String raw, int from) {
        int length = raw.length();
        char escape = separators.escape;
        int i = from;
        while (i < length) {
            char each = raw.charAt(i);
            if (each == escape || each < ' ' || each == 0x7F) {
                return i;
            }
            i++;
        }
        return i;
    }

    private String meaning(String name) {
        return switch (name) {
            case "F" -> String.valueOf(separators.field);
            case "S" -> String.valueOf(separators.component);
            case "T" -> String.valueOf(separators.subcomponent);
            case "R" -> String.valueOf(separators.repetition);
            case "E" -> String.valueOf(separators.escape);
            case "H", "N", ".fi", ".nf" -> "";
            case ".br", ".ce", ".sp" -> "\n";
            default -> {
                if (name.startsWith(".sp") && name.length() <= 5 && isNumber(name, name.charAt(3) == '+' ? 4 : 3)) {
                    yield "\n".repeat(Math.max(1, Integer.parseInt(name.substring(name.charAt(3) == '+' ? 4 : 3))));
                }
                if ((name.startsWith(".in") || name.startsWith(".ti") || name.startsWith(".sk"))
                        && isNumber(name, name.length() > 3 && "+-".indexOf(name.charAt(3)) >= 0 ? 4 : 3)) {
                    yield name.startsWith(".sk") ? " " : "";
                }
                yield null;
            }
        };
    }

    private static boolean isNumber(String text, int from) {
        if (from >= text.length()) {
            return false;
        }
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(String name) {
        if (name.length() < 3 || name.length() % 2 == 0 || name.charAt(0) != 'X') {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            if (Character.digit(name.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private void flush(ByteArrayOutputStream hex, StringBuilder out) {
        if (hex.size() > 0) {
            String text = hex.toString(charset);
            for (int i = 0; i < text.length(); i++) {
                append(out, text.charAt(i) == '\r' ? '\n' : text.charAt(i));
            }
            hex.reset();
        }
    }

    /** A line end inside a field is a new line of its text; other control characters are no text. */
    private static void append(StringBuilder out, char each) {
        if (each == '\r') {
            out.append('\n');
        } else if (each == '\n') {
            if (out.length() == 0 || out.charAt(out.length() - 1) != '\n') {
                out.append('\n');
            }
        } else if (each >= ' ' && each != 0x7F || each == '\t') {
            out.append(each);
        }
    }
}
