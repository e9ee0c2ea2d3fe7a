package it.snodo.registry;

import java.util.regex.Pattern;

/**
 * Number of an electronic prescription: region (3 digits), two letters or digits, ten digits.
 *
 * @param value upper case, fifteen characters
 */
public record Nre(String value) {

    private static final Pattern FORM = Pattern.compile("[0-9]{3}[0-9A-Z]{2}[0-9]{10}");

    /** @throws InvalidIdentifierException when it is not one */
    public static Nre parse(String text) {
        String value = Identifiers.required(text, "il numero della ricetta elettronica");
        if (!FORM.matcher(value).matches()) {
            throw new InvalidIdentifierException("Il numero di ricetta elettronica " + Identifiers.quoted(value)
                    + " non è valido: servono 15 caratteri, le 3 cifre della regione, 2 lettere o cifre e 10 cifre.");
        }
        return new Nre(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
