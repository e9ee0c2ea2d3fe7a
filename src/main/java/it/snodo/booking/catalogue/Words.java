package it.snodo.booking.catalogue;

import java.text.Normalizer;
import java.util.Locale;

/** Words as people write them: case, accents and punctuation do not matter. */
final class Words {

    private Words() {}

    /** Capitals without accents, one blank between words and around them. */
    static String fold(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFD).toUpperCase(Locale.ROOT);
        StringBuilder words = new StringBuilder(plain.length() + 2).append(' ');
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                words.append(c);
            } else if (Character.getType(c) != Character.NON_SPACING_MARK && words.charAt(words.length() - 1) != ' ') {
                words.append(' ');
            }
        }
        return words.charAt(words.length() - 1) == ' '
                ? words.toString()
                : words.append(' ').toString();
    }

    /** Whether the words of the second stand in the first, next to each other. */
    static boolean contain(String text, String words) {
        return text != null && fold(text).contains(fold(words));
    }
}
