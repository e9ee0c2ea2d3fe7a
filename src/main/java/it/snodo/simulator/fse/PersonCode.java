package it.snodo.simulator.fse;

import java.util.Locale;

/** The form of a person's code as the gateway checks it: codice fiscale by its check letter, STP and ENI by digits. */
final class PersonCode {
    /** Weights of the characters in odd places (1st, 3rd, …), digits first: Ministry of Finance decree of 23/12/1976. */
    private static final int[] ODD_DIGIT = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};

    private static final int[] ODD_LETTER = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };

    private PersonCode() {}

    static boolean isValid(String given) {
        String code = given.toUpperCase(Locale.ROOT);
        if (code.matches("(STP|ENI)\\d{13}")) {
            return true;
        }
        if (!code.matches("[A-Z]{6}[A-Z0-9]{9}[A-Z]")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            char c = code.charAt(i);
            int value = Character.isDigit(c) ? c - '0' : c - 'A';
            if (i % 2 == 1) {
                sum += value;
            } else {
                sum += Character.isDigit(c) ? ODD_DIGIT[value] : ODD_LETTER[value];
            }
        }
        return code.charAt(15) == 'A' + sum % 26;
    }
}
