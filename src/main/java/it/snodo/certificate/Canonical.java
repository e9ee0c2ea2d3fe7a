package it.snodo.certificate;

import it.snodo.registry.Identifiers;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** How values are written in a canonical request: no outer blanks, nothing empty, codes and identifiers in capitals. */
final class Canonical {

    private static final Pattern STATE_PREFIX = Pattern.compile("[A-Z]{3}\\..+");

    private Canonical() {}

    /**
     * Without outer blanks (also the hard one); null when nothing is left, or when it is HL7's explicit nothing. Whatever else
     * cannot be seen (U+FEFF, U+200B) is the sender's text and stays.
     */
    static String text(String value) {
        if (value == null) {
            return null;
        }
        int from = 0;
        int to = value.length();
        while (from < to && blank(value.charAt(from))) {
            from++;
        }
        while (to > from && blank(value.charAt(to - 1))) {
            to--;
        }
        String stripped = value.substring(from, to);
        return stripped.isEmpty() || stripped.equals("\"\"") ? null : stripped;
    }

    private static boolean blank(char c) {
        return Character.isWhitespace(c) || c == '\u00A0';
    }

    static String code(String value) {
        String text = text(value);
        return text == null ? null : text.toUpperCase(Locale.ROOT);
    }

    static String identifier(String value) {
        return Identifiers.clean(value);
    }

    /** Paragraphs as they came: an empty one stays, so that the place of each keeps its meaning. */
    static List<String> paragraphs(List<String> values) {
        return values == null
                ? List.of()
                : values.stream().map(value -> value == null ? "" : value).toList();
    }

    /** Three capital letters before a dot, as some write the state that issued a card; null when there are none. */
    static String statePrefix(String value) {
        return value != null && STATE_PREFIX.matcher(value).matches() ? value.substring(0, 3) : null;
    }

    static String withoutPrefix(String value, String state) {
        return state != null && state.equals(statePrefix(value)) ? value.substring(4) : value;
    }
}
