package it.snodo.booking;

import java.util.Locale;
import java.util.regex.Pattern;

/** The canonical form of texts and codes. */
final class Texts {

    /** What systems write for "unknown". */
    private static final Pattern NOTHING = Pattern.compile("-1|ND|X{16}|0{16}");

    private static final Pattern SPACE = Pattern.compile("\\s");

    private Texts() {}

    /** Trimmed; null when blank. */
    static String text(String given) {
        return given == null || given.isBlank() ? null : given.strip();
    }

    /** Trimmed, in capitals; null when blank. */
    static String code(String given) {
        return given == null || given.isBlank() ? null : given.strip().toUpperCase(Locale.ROOT);
    }

    /** As {@link #code}, without spaces; null when it stands for "unknown". */
    static String identifier(String given) {
        if (given == null) {
            return null;
        }
        String plain = SPACE.matcher(given).replaceAll("").toUpperCase(Locale.ROOT);
        return plain.isEmpty() || NOTHING.matcher(plain).matches() ? null : plain;
    }
}
