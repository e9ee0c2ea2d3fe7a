package it.snodo.simulator.cup;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One HL7 v2 message: segments, fields, repetitions, components, by the separators that its MSH names. */
final class Hl7 {
    private static final Map<String, Charset> CHARSETS = Map.of(
            "", StandardCharsets.UTF_8,
            "ASCII", StandardCharsets.UTF_8,
            "UNICODE UTF-8", StandardCharsets.UTF_8,
            "8859/1", StandardCharsets.ISO_8859_1,
            "8859/15", Charset.forName("ISO-8859-15"));
    private static final Pattern TIME = Pattern.compile("(\\d{8})(\\d{4})(?:\\d{2}(?:\\.\\d{1,4})?)?([+-]\\d{4})?");
    private static final DateTimeFormatter OFFSET =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmxx").withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("uuuuMMddHHmm").withResolverStyle(ResolverStyle.STRICT);

    /** @param fields by their HL7 number; the first is the segment's name */
    record Segment(String name, String[] fields, Hl7 of) {

        /** Field as it stands, with its separators; empty when absent. */
        String field(int number) {
            return number < fields.length ? fields[number] : "";
        }

        /** First repetition's component, unescaped; empty when absent. */
        String value(int field, int component) {
            return of.component(repetition(field, 0), component);
        }

        /** The field's first component. */
        String value(int field) {
            return value(field, 1);
        }

        List<String> repetitions(int field) {
            return field(field).isEmpty() ? List.of() : List.of(field(field).split(Pattern.quote(of.repeat), -1));
        }

        private String repetition(int field, int index) {
            List<String> all = repetitions(field);
            return index < all.size() ? all.get(index) : "";
        }
    }

    final List<Segment> segments = new ArrayList<>();
    final Charset charset;
    /** False when the bytes are not of the charset that MSH-18 names, or that is unknown. */
    final boolean legible;

    final String text;
    private String component = "^";
    private String repeat = "~";
    private String escape = "\\";
    private String subcomponent = "&";

    private Hl7(String text, Charset charset, boolean legible) {
        this.text = text;
        this.charset = charset;
        this.legible = legible;
    }

    /** Reads a message; null when it does not begin with an MSH. */
    static Hl7 of(byte[] bytes) {
        String raw = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!raw.startsWith("MSH") || raw.length() < 9) {
            return null;
        }
        String[] head = raw.split("\r", 2)[0].split(Pattern.quote(raw.substring(3, 4)), -1);
        String named = head.length > 17 ? head[17].split("~", -1)[0].trim() : "";
        Charset charset = CHARSETS.get(named);
        boolean legible = charset != null;
        String text;
        try {
            text = (charset == null ? StandardCharsets.ISO_8859_1 : charset)
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            legible = false;
            text = raw;
        }
        Hl7 message = new Hl7(text, charset == null ? StandardCharsets.UTF_8 : charset, legible);
        message.read(raw.charAt(3));
        return message;
    }

    private void read(char separator) {
        String encoding = text.substring(4, 8);
        component = encoding.substring(0, 1);
        repeat = encoding.substring(1, 2);
        escape = encoding.substring(2, 3);
        subcomponent = encoding.substring(3, 4);
        for (String line : text.split("\r")) {
            if (line.isBlank()) {
                continue;
            }
            String[] parts = line.split(Pattern.quote(String.valueOf(separator)), -1);
            if (parts[0].equals("MSH")) {
                // MSH-1 is the separator itself
                String[] shifted = new String[parts.length + 1];
                shifted[0] = "MSH";
                shifted[1] = String.valueOf(separator);
                System.arraycopy(parts, 1, shifted, 2, parts.length - 1);
                parts = shifted;
            }
            segments.add(new Segment(parts[0], parts, this));
        }
    }

    Segment msh() {
        return segments.get(0);
    }

    /** The first segment of that name; one without fields when there is none. */
    Segment first(String name) {
        return segments.stream()
                .filter(segment -> segment.name().equals(name))
                .findFirst()
                .orElse(new Segment(name, new String[] {name}, this));
    }

    List<Segment> all(String name) {
        return segments.stream().filter(segment -> segment.name().equals(name)).toList();
    }

    /** Names in order, each followed by a blank: what a structure is compared with. */
    String shape() {
        StringBuilder names = new StringBuilder();
        segments.forEach(segment -> names.append(segment.name()).append(' '));
        return names.toString();
    }

    /** Segments from each one of that name up to the next. */
    List<List<Segment>> groups(String name) {
        List<List<Segment>> groups = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.name().equals(name)) {
                groups.add(new ArrayList<>());
            }
            if (!groups.isEmpty()) {
                groups.get(groups.size() - 1).add(segment);
            }
        }
        return groups;
    }

    /** Component of a repetition, unescaped; subcomponents but the first are left out. */
    String component(String repetition, int number) {
        String[] parts = repetition.split(Pattern.quote(component), -1);
        if (number > parts.length) {
            return "";
        }
        String value = parts[number - 1].split(Pattern.quote(subcomponent), -1)[0];
        return value.equals("\"\"") ? "" : unescaped(value).strip();
    }

    private String unescaped(String value) {
        if (!value.contains(escape)) {
            return value;
        }
        return value.replace(escape + "F" + escape, "|")
                .replace(escape + "S" + escape, component)
                .replace(escape + "T" + escape, subcomponent)
                .replace(escape + "R" + escape, repeat)
                .replace(escape + "E" + escape, escape);
    }

    /** Text that stands for itself in a message with the usual separators. */
    static String escaped(String value) {
        return value.replace("\\", "\\E\\")
                .replace("|", "\\F\\")
                .replace("^", "\\S\\")
                .replace("&", "\\T\\")
                .replace("~", "\\R\\");
    }

    /**
     * A time in Europe/Rome, to the minute; null when it is none.
     *
     * @param ts with offset, or without: then it is Rome's
     */
    static LocalDateTime time(String ts) {
        Matcher matcher = TIME.matcher(ts);
        if (!matcher.matches()) {
            return null;
        }
        try {
            String minute = matcher.group(1) + matcher.group(2);
            return matcher.group(3) == null
                    ? LocalDateTime.parse(minute, LOCAL)
                    : OffsetDateTime.parse(minute + matcher.group(3), OFFSET)
                            .atZoneSameInstant(Cup.ROME)
                            .toLocalDateTime();
        } catch (java.time.DateTimeException e) {
            return null;
        }
    }

    /** With seconds and Rome's offset of that day. */
    static String time(LocalDateTime at) {
        return DateTimeFormatter.ofPattern("yyyyMMddHHmmssZ").format(at.atZone(Cup.ROME));
    }
}
