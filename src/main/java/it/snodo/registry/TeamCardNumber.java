package it.snodo.registry;

import java.util.regex.Pattern;

/**
 * Identification number of a European health insurance card: up to twenty letters or digits; an Italian one is
 * {@code 80380} and fifteen digits. No check digit is published.
 *
 * @param value upper case
 */
public record TeamCardNumber(String value) {

    private static final Pattern ANY = Pattern.compile("[A-Z0-9][A-Z0-9./-]{0,19}");
    private static final Pattern ITALIAN = Pattern.compile("80380[0-9]{15}");

    /** @throws InvalidIdentifierException when it is not one */
    public static TeamCardNumber parse(String text) {
        String value = Identifiers.required(text, "il numero della tessera TEAM");
        if (value.startsWith("80380") && !ITALIAN.matcher(value).matches()) {
            throw new InvalidIdentifierException("Il numero di tessera TEAM " + Identifiers.quoted(value)
                    + " comincia come una tessera italiana (80380) ma non è di 20 cifre.");
        }
        if (!ANY.matcher(value).matches()) {
            throw new InvalidIdentifierException("Il numero di tessera TEAM " + Identifiers.quoted(value)
                    + " non è valido: può avere al massimo 20 caratteri tra lettere e cifre.");
        }
        return new TeamCardNumber(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
