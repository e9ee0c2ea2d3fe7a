package it.snodo.registry;

import java.util.regex.Pattern;

/**
 * Code of a foreigner temporarily present: {@code STP}, region (3 digits), azienda (3), progressive (7).
 *
 * @param value upper case, sixteen characters
 */
public record Stp(String value) {

    private static final Pattern FORM = Pattern.compile("STP[0-9]{13}");

    /** @throws InvalidIdentifierException when it is not one */
    public static Stp parse(String text) {
        String value = Identifiers.required(text, "il codice STP");
        if (!FORM.matcher(value).matches()) {
            throw new InvalidIdentifierException("Il codice STP " + Identifiers.quoted(value)
                    + " non è nella forma prevista: «STP» seguito da 13 cifre (regione, azienda, progressivo).");
        }
        return new Stp(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
