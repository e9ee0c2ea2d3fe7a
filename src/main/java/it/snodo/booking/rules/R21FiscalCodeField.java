package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.Decision;
import it.snodo.booking.rules.BookingProperties.FiscalCodeCheck;
import it.snodo.registry.CodiceFiscale;
import it.snodo.registry.InvalidIdentifierException;
import java.util.Set;
import java.util.regex.Pattern;

/** What stands in the field of the codice fiscale depends on who the patient is. */
final class R21FiscalCodeField extends PrescriptionRule {

    private static final Pattern CODICE_FISCALE =
            Pattern.compile("[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]|[0-9]{11}");
    private static final Pattern STP_OR_ENI = Pattern.compile("(STP|ENI)[A-Z0-9]+");
    private static final Set<String> ABROAD = Set.of("EU", "CONVENTION");

    private static final Code NOT_EMPTY = code("SC-021", Decision.WARN, "Codice fiscale di un assicurato estero");
    private static final Code WRONG_KIND = reject("SC-021", BUSINESS, "Codice fiscale non adatto alla categoria");
    private static final Code ABSENT = reject("SC-021", MISSING, "Manca il codice della categoria");

    private static final Code NOT_RIGHT = code("SC-021", Decision.WARN, "Codice fiscale da controllare");
    private static final Code WRONG = reject("SC-021", MALFORMED, "Codice fiscale errato");

    /** What means to be a codice fiscale, and is no regional code. */
    private static final Pattern MEANT = Pattern.compile("[A-Z]{6}[A-Z0-9]{5,11}|[0-9]{11}");

    private final FiscalCodeCheck check;

    R21FiscalCodeField(FiscalCodeCheck check) {
        super(
                21,
                "§3.4",
                Step.FORM,
                "Nel campo del codice fiscale: SSN il codice fiscale o regionale, SASN il codice fiscale, STP ed ENI il loro"
                        + " codice; per gli assicurati esteri resta vuoto. Un codice fiscale che non torna (struttura, data,"
                        + " carattere di controllo) è segnalato, o rifiutato con snodo.booking.rules.fiscal-code-check=reject.",
                NOT_EMPTY,
                WRONG_KIND,
                ABSENT,
                NOT_RIGHT,
                WRONG);
        this.check = check;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = given.request().patient();
        if (!given.isNew() || patient == null) {
            return;
        }
        String category = Persons.category(given);
        String code = patient.fiscalCode();
        if (category.equals("STP") || category.equals("ENI")) {
            own(category, category.equals("STP") ? patient.stp() : patient.eni(), code, rulings);
        } else if (code == null) {
            return;
        } else if (ABROAD.contains(category)) {
            rulings.add(
                    NOT_EMPTY,
                    "patient.fiscalCode",
                    "Per un assicurato estero il campo del codice fiscale deve restare vuoto: «" + code
                            + "» non viene usato.");
        } else if (STP_OR_ENI.matcher(code).matches()
                        && !CODICE_FISCALE.matcher(code).matches()
                || category.equals("SASN") && !CODICE_FISCALE.matcher(code).matches()) {
            rulings.add(
                    WRONG_KIND,
                    "patient.fiscalCode",
                    "«" + code + "» non è il codice di un assistito " + category + ": serve il codice fiscale"
                            + (category.equals("SASN")
                                    ? "."
                                    : " o quello regionale; per STP ed ENI indicare la categoria."));
        } else if (check != FiscalCodeCheck.OFF && MEANT.matcher(code).matches()) {
            right(code, rulings);
        }
    }

    private void right(String code, Rulings rulings) {
        try {
            CodiceFiscale.parse(code, CodiceFiscale.Strictness.STRICT);
        } catch (InvalidIdentifierException e) {
            rulings.add(
                    check == FiscalCodeCheck.REJECT ? WRONG : NOT_RIGHT,
                    "patient.fiscalCode",
                    e.getMessage() + " Controllarlo sulla tessera sanitaria.");
        }
    }

    private static void own(String category, String own, String fiscalCode, Rulings rulings) {
        String path = category.equals("STP") ? "patient.stp" : "patient.eni";
        if (fiscalCode != null && !fiscalCode.equals(own)) {
            rulings.add(
                    WRONG_KIND,
                    "patient.fiscalCode",
                    "Per la categoria " + category + " si usa il codice " + category + ", non «" + fiscalCode + "».");
        } else if (own == null) {
            rulings.add(ABSENT, path, "Manca il codice " + category + " del paziente.");
        }
    }
}
