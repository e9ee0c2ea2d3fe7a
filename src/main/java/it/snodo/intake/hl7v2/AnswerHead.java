package it.snodo.intake.hl7v2;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What all answers have in common: the header that turns the sender's around, and the form of an ERR in each version. */
record AnswerHead(Header header) {

    /** HL7 table 0357. */
    private static final Map<Integer, String> CONDITIONS = Map.ofEntries(
            Map.entry(0, "Message accepted"),
            Map.entry(100, "Segment sequence error"),
            Map.entry(101, "Required field missing"),
            Map.entry(102, "Data type error"),
            Map.entry(103, "Table value not found"),
            Map.entry(104, "Value too long"),
            Map.entry(200, "Unsupported message type"),
            Map.entry(201, "Unsupported event code"),
            Map.entry(202, "Unsupported processing id"),
            Map.entry(203, "Unsupported version id"),
            Map.entry(204, "Unknown key identifier"),
            Map.entry(205, "Duplicate key identifier"),
            Map.entry(206, "Application record locked"),
            Map.entry(207, "Application internal error"));

    /** What table 0104 has beside the three numbers of a minor version; 2.2 is answered although it is read as 2.3. */
    private static final Set<String> OTHERS = Set.of("2.2", "2.3.1", "2.5.1");

    static String condition(int number) {
        return CONDITIONS.getOrDefault(number, "Application internal error");
    }

    /** HL7 table 0155; a value that is not in it is taken for "always". */
    static boolean isWanted(String condition, boolean accepted) {
        return switch (condition) {
            case "", "NE" -> false;
            case "ER" -> !accepted;
            case "SU" -> accepted;
            default -> true;
        };
    }

    /** Before 2.5: an ERR has one field, and no severity. */
    boolean isOld() {
        return header.minor() > 0 && header.minor() < 5;
    }

    /** 2.3 itself, not 2.3.1: a message type has no structure in it. */
    boolean isOldest() {
        return header.version().equals("2.3")
                || header.version().equals("2.3.0")
                || header.minor() == 3 && header.version().startsWith("2.2");
    }

    /** @param later an application answer in enhanced mode: a message of its own, that nobody needs to acknowledge */
    String msh(String type, boolean later) {
        Er7.Separators separators = header.separators();
        char bar = separators.field();
        StringBuilder out = new StringBuilder(256);
        out.append("MSH").append(bar).append(separators.declared()).append(bar);
        // Who was addressed answers; a message addressed to nobody in particular is answered by the hub.
        String self = header.to().isEmpty() ? String.valueOf(bar) : header.to();
        out.append(self.charAt(0) == bar ? "SNODO" + self : self);
        out.append(bar).append(header.from().isEmpty() ? String.valueOf(bar) : header.from());
        out.append(bar).append(Hl7Time.now()).append(bar).append(bar);
        out.append(type).append(bar).append(Acknowledgement.newControlId()).append(bar);
        out.append(header.processing().isEmpty() ? "P" : header.processing()).append(bar);
        out.append(version());
        if (later) {
            out.append(String.valueOf(bar).repeat(3)).append("NE").append(bar).append("NE");
        }
        if (!header.charset().isEmpty()) {
            out.append(String.valueOf(bar).repeat(later ? 2 : 6)).append(header.charset());
        }
        return out.append('\r').toString();
    }

    /** MSH-12: the sender's own, as HL7 table 0104 writes it. */
    private String version() {
        if (header.minor() == 0) {
            return "2.5";
        }
        String given = header.version().toLowerCase(Locale.ROOT).replace("v", "");
        return OTHERS.contains(given) ? given : "2." + header.minor();
    }

    /** MSH-9 of a plain acknowledgement. */
    String acknowledgement() {
        return isOldest() || header.event().isEmpty() ? "ACK" : type("ACK", "ACK");
    }

    /** MSH-9 of an answer with a structure of its own. */
    String type(String type, String structure) {
        char component = header.separators().component();
        String event = type + component + header.separators().escape(header.event());
        return isOldest() ? event : event + component + structure;
    }

    /**
     * ERR-2 to ERR-8 of 2.5 and later.
     *
     * @param location ERR-2 with {@code ^} between its parts; null when there is none
     * @param code ERR-5: code, text, system
     * @param parameter ERR-6; may be null
     * @param diagnostic ERR-7; may be null
     * @param message ERR-8
     */
    String error(
            String location,
            int number,
            String condition,
            char severity,
            String[] code,
            String parameter,
            String diagnostic,
            String message) {
        Er7.Separators separators = header.separators();
        char bar = separators.field();
        char component = separators.component();
        StringBuilder out = new StringBuilder(256);
        out.append(at(location)).append(bar);
        out.append(number).append(component).append(condition).append(component).append("HL70357");
        out.append(bar).append(severity).append(bar);
        out.append(code[0]).append(component).append(separators.escape(code[1]));
        out.append(component).append(code[2]).append(bar);
        out.append(parameter == null ? "" : separators.escape(parameter)).append(bar);
        out.append(diagnostic == null ? "" : separators.escape(diagnostic)).append(bar);
        return out.append(separators.escape(message)).toString();
    }

    /** One ERR-1 of the versions before 2.5: segment, sequence, field, and code with text as subcomponents. */
    String oldError(String location, int number, String condition, String code, String text) {
        Er7.Separators separators = header.separators();
        char component = separators.component();
        char sub = separators.subcomponent();
        StringBuilder out = new StringBuilder(128);
        String[] parts = at(location).split(Pattern.quote(String.valueOf(component)), -1);
        for (int i = 0; i < 3; i++) {
            out.append(i < parts.length ? parts[i] : "").append(component);
        }
        out.append(number)
                .append(sub)
                .append(condition)
                .append(sub)
                .append("HL70357")
                .append(sub);
        return out.append(code).append(sub).append(separators.escape(text)).toString();
    }

    private String at(String location) {
        return location == null ? "" : location.replace('^', header.separators().component());
    }
}
