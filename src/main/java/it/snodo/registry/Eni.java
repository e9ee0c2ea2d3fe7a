package it.snodo.registry;

import java.util.regex.Pattern;

/**
 * Code of an EU citizen not enrolled: {@code ENI}, region (3 digits), azienda (3), progressive (7).
 *
 * @param value upper case, sixteen characters
 */
public record Eni(String value) {

    private static final Pattern FORM = Pattern.compile("ENI[0-9]{13}");

    /** @throws InvalidIdentifierException when it is not one */
    public static Eni parse(String text) {
        String value = Identifiers.required(text, "il codice ENI");
        if (!FORM.matcher(value).matches()) {
            throw new InvalidIdentifierException("Il codice ENI " + Identifiers.quoted(value)
                    + " non è nella forma prevista: «ENI» seguito da 13 cifre (regione, azienda, progressivo).");
        }
        return new Eni(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
