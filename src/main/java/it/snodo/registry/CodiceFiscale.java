package it.snodo.registry;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Codice fiscale of a person: sixteen characters, or the provisional code of eleven digits.
 *
 * <p>Seven positions hold digits; when two persons would get the same code, one or more of them are replaced by letters
 * (omocodia: 0 to 9 become L M N P Q R S T U V). Date and place are read after undoing that; the last character is
 * computed on the others as they are written.
 *
 * @param value upper case, without spaces
 */
public record CodiceFiscale(String value) {

    /** How much of the code is checked. */
    public enum Strictness {
        /** Structure, calendar and check letter. */
        STRICT,
        /** Six letters, then letters or digits, and the right check letter: what the FSE gateway does. */
        CHECK,
        /** Sixteen letters or digits. */
        LENIENT
    }

    private static final Pattern SIXTEEN = Pattern.compile("[A-Z0-9]{16}");
    private static final Pattern SIX_LETTERS = Pattern.compile("[A-Z]{6}.*");
    private static final Pattern PROVISIONAL = Pattern.compile("[0-9]{11}");
    private static final String D = "[0-9LMNPQRSTUV]";
    private static final Pattern STRUCTURE =
            Pattern.compile("[A-Z]{6}" + D + "{2}[ABCDEHLMPRST]" + D + "{2}[A-Z]" + D + "{3}[A-Z]");
    private static final String MONTHS = "ABCDEHLMPRST";
    private static final String OMOCODIA = "LMNPQRSTUV";
    private static final int[] ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };

    /**
     * Reads a code; case and spaces do not matter.
     *
     * @throws InvalidIdentifierException when it is not one; the message says in Italian what is wrong
     */
    public static CodiceFiscale parse(String text, Strictness strictness) {
        String value = Identifiers.required(text, "il codice fiscale");
        if (PROVISIONAL.matcher(value).matches()) {
            if (provisionalCheck(value) != value.charAt(10) - '0') {
                throw bad(
                        value,
                        "è provvisorio (11 cifre) e ha la cifra di controllo errata: l'ultima dovrebbe essere «"
                                + provisionalCheck(value) + "»");
            }
            return new CodiceFiscale(value);
        }
        if (value.length() != 16) {
            throw bad(value, "non ha 16 caratteri (ne ha " + value.length() + ")");
        }
        if (!SIXTEEN.matcher(value).matches()) {
            throw bad(value, "contiene caratteri diversi da lettere A-Z e cifre");
        }
        if (strictness == Strictness.LENIENT) {
            return new CodiceFiscale(value);
        }
        if (strictness == Strictness.STRICT) {
            if (!STRUCTURE.matcher(value).matches()) {
                throw bad(
                        value,
                        "non ha la struttura prevista (sei lettere, due cifre, una lettera, due cifre, una lettera, tre"
                                + " cifre, una lettera)");
            }
            if (day(value).isEmpty()) {
                throw bad(value, "contiene un giorno di nascita inesistente");
            }
        }
        if (!SIX_LETTERS.matcher(value).matches()) {
            throw bad(value, "non comincia con sei lettere (tre del cognome e tre del nome)");
        }
        char expected = checkLetter(value);
        if (value.charAt(15) != expected) {
            throw bad(
                    value, "ha il carattere di controllo errato: l'ultima lettera dovrebbe essere «" + expected + "»");
        }
        return new CodiceFiscale(value);
    }

    private static InvalidIdentifierException bad(String value, String why) {
        return new InvalidIdentifierException("Il codice fiscale " + Identifiers.quoted(value) + " " + why + ".");
    }

    /** The check letter that the first fifteen characters ask for. */
    static char checkLetter(String value) {
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            char c = value.charAt(i);
            int order = c <= '9' ? c - '0' : c - 'A';
            sum += i % 2 == 0 ? ODD[order] : order;
        }
        return (char) ('A' + sum % 26);
    }

    /** The last digit of an eleven-digit code: digits in even places count double, less nine when over nine. */
    static int provisionalCheck(String value) {
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            int digit = value.charAt(i) - '0';
            int weighted = i % 2 == 0 ? digit : digit * 2;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return (10 - sum % 10) % 10;
    }

    /** Digits again where omocodia put letters; only of a code with the structure of one. */
    private static String digits(String value) {
        char[] plain = value.toCharArray();
        for (int i : new int[] {6, 7, 9, 10, 12, 13, 14}) {
            int index = OMOCODIA.indexOf(plain[i]);
            if (index >= 0) {
                plain[i] = (char) ('0' + index);
            }
        }
        return new String(plain);
    }

    /** Year of the century, month and day as a date of 19nn or 20nn, whichever century has that day. */
    private static Optional<LocalDate> day(String value) {
        String plain = digits(value);
        int year = Integer.parseInt(plain.substring(6, 8));
        int month = MONTHS.indexOf(plain.charAt(8)) + 1;
        int day = Integer.parseInt(plain.substring(9, 11));
        day = day > 40 ? day - 40 : day;
        for (int century : new int[] {2000, 1900}) {
            try {
                return Optional.of(LocalDate.of(century + year, month, day));
            } catch (DateTimeException e) {
                // 29 February exists in 2000 and not in 1900; another century may have the day
            }
        }
        return Optional.empty();
    }

    /** Eleven digits instead of sixteen characters. */
    public boolean provisional() {
        return value.length() == 11;
    }

    /** M or F; empty for a provisional code or one without the usual structure. */
    public Optional<String> gender() {
        if (!STRUCTURE.matcher(value).matches()) {
            return Optional.empty();
        }
        return Optional.of(Integer.parseInt(digits(value).substring(9, 11)) > 40 ? "F" : "M");
    }

    /** Cadastral code of the birthplace, such as H501 (Z and three digits: abroad). */
    public Optional<String> placeCode() {
        return STRUCTURE.matcher(value).matches() ? Optional.of(digits(value).substring(11, 15)) : Optional.empty();
    }

    /** Date of birth, in the latest century that is not after the given day. */
    public Optional<LocalDate> birthDate(LocalDate notAfter) {
        if (!STRUCTURE.matcher(value).matches()) {
            return Optional.empty();
        }
        return day(value).map(found -> {
            LocalDate date = found;
            while (date.isAfter(notAfter)) {
                date = date.minusYears(100);
            }
            return date;
        });
    }

    @Override
    public String toString() {
        return value;
    }
}
