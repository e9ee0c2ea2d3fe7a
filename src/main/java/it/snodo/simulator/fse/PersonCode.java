package it.snodo.simulator.fse;

import java.util.Locale;

/**
 * A person's code as the gateway checks it: under the OID of the codice fiscale, or under none, it must be one, with the
 * right check letter; under any other it may be anything. STP and ENI are therefore sent under theirs.
 */
final class PersonCode {
    private static final String FISCAL_CODE = "2.16.840.1.113883.2.9.4.3.2";

    /** Weights of the characters in odd places (1st, 3rd, …), digits first: Ministry of Finance decree of 23/12/1976. */
    private static final int[] ODD_DIGIT = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};

    private static final int[] ODD_LETTER = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };

    private PersonCode() {}

    /** @param cx {@code code^^^&oid&ISO}, or the bare code */
    static boolean isValid(String cx) {
        String[] parts = cx.split("\\^\\^\\^");
        if (parts.length == 0) {
            return false;
        }
        String[] authority = parts.length == 1 ? new String[0] : parts[1].split("&");
        boolean fiscal = parts.length == 1 || authority.length > 1 && FISCAL_CODE.equals(authority[1]);
        return !fiscal || isFiscalCode(parts[0]);
    }

    private static boolean isFiscalCode(String given) {
        String code = given.toUpperCase(Locale.ROOT);
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
