package it.snodo.intake;

/** Which characters a text may hold: those that XML 1.0 and the database can carry. */
public final class Characters {

    private Characters() {}

    /** @return the first character that cannot be carried as {@code U+nnnn}, or null when all can */
    public static String firstForbidden(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            boolean good = c == '\t'
                    || c == '\n'
                    || c == '\r'
                    || c >= 0x20 && c <= 0xD7FF
                    || c >= 0xE000 && c <= 0xFFFD
                    || c >= 0x10000;
            if (!good) {
                return String.format("U+%04X", c);
            }
            i += Character.charCount(c);
        }
        return null;
    }
}
