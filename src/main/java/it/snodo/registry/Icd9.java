package it.snodo.registry;

import java.util.Locale;

/** The two spellings of an ICD-9-CM diagnosis: with the dot (365.5), as documents want it, and without (3655). */
public final class Icd9 {

    private Icd9() {}

    /** Without dot, upper case: {@code v42.2} becomes {@code V422}. */
    public static String undotted(String code) {
        return code.strip().replace(".", "").toUpperCase(Locale.ROOT);
    }

    /** With the dot after three characters, after four for external causes: {@code 3655} becomes {@code 365.5}. */
    public static String dotted(String code) {
        String plain = undotted(code);
        int category = plain.startsWith("E") ? 4 : 3;
        return plain.length() <= category ? plain : plain.substring(0, category) + "." + plain.substring(category);
    }
}
