package it.snodo.registry;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What the identifiers have in common: how they are cleaned, and the values that senders write for "I have none". */
public final class Identifiers {

    private static final Pattern SPACES = Pattern.compile("[\\s\\u00A0]+");
    private static final Pattern UNSHOWN = Pattern.compile("[\\p{Cc}\\p{Cn}\\p{Co}\\p{Cs}]");
    private static final Set<String> NONE = Set.of("-1", "ND", "N.D.", "N/D", "NULL", "\"\"", "-");

    private Identifiers() {}

    /**
     * Upper case, without any white space; null when nothing is left or when the value is one that senders use for an
     * unknown identifier: {@code -1}, {@code ND}, sixteen {@code X}, zeros only.
     */
    public static String clean(String text) {
        if (text == null) {
            return null;
        }
        String value = SPACES.matcher(text).replaceAll("").toUpperCase(Locale.ROOT);
        return value.isEmpty() || isPlaceholder(value) ? null : value;
    }

    /** Whether a cleaned value stands for "unknown". */
    static boolean isPlaceholder(String value) {
        char first = value.charAt(0);
        return NONE.contains(value)
                || value.length() >= 10
                        && (first == 'X' || first == '0')
                        && value.chars().allMatch(c -> c == first);
    }

    static String required(String text, String what) {
        String value = clean(text);
        if (value == null) {
            throw new InvalidIdentifierException("Manca " + what + ".");
        }
        return value;
    }

    /** The value as it is shown to people: short, and without characters that could upset a terminal or a page. */
    public static String quoted(String value) {
        String shown = value.length() > 60 ? value.substring(0, 60) + "…" : value;
        return "«" + UNSHOWN.matcher(shown).replaceAll("?") + "»";
    }
}
