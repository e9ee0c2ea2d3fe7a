package it.snodo.certificate;

import static it.snodo.fault.SnodoCode.FIELD_MALFORMED;
import static it.snodo.fault.SnodoCode.IDENTIFIER_INVALID;
import static it.snodo.registry.Identifiers.quoted;

import it.snodo.registry.CodiceFiscale;
import it.snodo.registry.IdentifierProperties;
import java.util.regex.Pattern;

/** What holds for the particulars of whoever is named, patient or doctor. */
final class PersonRules {

    private static final Pattern LETTER = Pattern.compile("\\p{L}");
    private static final Pattern SCHEME = Pattern.compile("^(tel|mailto):");

    private final IdentifierProperties identifiers;

    PersonRules(IdentifierProperties identifiers) {
        this.identifiers = identifiers;
    }

    /** @param instead what the sender of a provisional number can do about it; ends the sentence */
    void fiscalCode(String path, String value, String instead, Findings found) {
        found.identifier(path, () -> {
            CodiceFiscale code = CodiceFiscale.parse(value, identifiers.fiscalCode());
            if (code.provisional()) {
                found.add(
                        IDENTIFIER_INVALID,
                        path,
                        "Il codice fiscale provvisorio " + quoted(value)
                                + " è di 11 cifre, ma i documenti per il FSE accettano solo quello di 16"
                                + " caratteri" + instead);
            }
        });
    }

    static void name(String path, String value, Findings found) {
        if (value != null && !LETTER.matcher(value).find()) {
            found.add(
                    FIELD_MALFORMED,
                    path,
                    "Il valore " + quoted(value) + " per " + FieldNames.of(path) + " non contiene alcuna lettera.");
        }
    }

    static void telecom(String path, String value, Findings found) {
        if (value != null && Telecom.uri(value).isEmpty()) {
            found.add(
                    FIELD_MALFORMED,
                    path,
                    "Il valore " + quoted(SCHEME.matcher(value).replaceFirst("")) + " per " + FieldNames.of(path)
                            + " non è un numero di telefono né un indirizzo e-mail.");
        }
    }
}
