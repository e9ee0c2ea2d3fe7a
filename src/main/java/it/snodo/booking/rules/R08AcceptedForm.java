package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.catalogue.BookingCatalogue;
import java.util.Set;
import java.util.regex.Pattern;

/** Everything that is not libero accesso needs an accepted form with its number. */
final class R08AcceptedForm extends PrescriptionRule {

    private static final Set<String> WITHOUT_NUMBER = Set.of("SSN_ALTRA_MODULISTICA", "SSN_LIBERO_ACCESSO");

    private static final Code NO_NUMBER = reject("SC-008", MISSING, "Manca il numero dell'impegnativa");
    private static final Code UNKNOWN_FORM = reject("SC-008", NOT_IN_TABLE, "Modulo non accettato");
    private static final Code BAD_NUMBER = reject("SC-008", MALFORMED, "Numero dell'impegnativa non valido");
    private static final Code UNKNOWN_RECIPE = reject("SC-008", NOT_IN_TABLE, "Tipo ricetta sconosciuto");
    /** NRE and paper codes have 15 or 16 letters and digits; other forms number as they like. */
    private static final Pattern NUMBER = Pattern.compile("[A-Z0-9][A-Z0-9./_-]{0,31}");
    /** Source: hl7-booking.md §5.1; SSN where systems write the usual one out. */
    private static final Set<String> RECIPES = Set.of("EE", "UE", "NA", "ND", "NE", "NX", "ST", "SSN");

    private static final Code UNKNOWN_TYPE = reject("SC-008", NOT_IN_TABLE, "Tipo di prescrizione sconosciuto");

    private final BookingCatalogue catalogue;

    R08AcceptedForm(BookingCatalogue catalogue) {
        super(
                8,
                "§3.4, §3.6",
                Step.FORM,
                "Il tipo SSN vuole un modulo accettato, con numero e data di compilazione.",
                NO_NUMBER,
                UNKNOWN_FORM,
                UNKNOWN_TYPE,
                BAD_NUMBER,
                UNKNOWN_RECIPE);
        this.catalogue = catalogue;
    }

    /** Autoimpegnativa and libero accesso. */
    static boolean isWithoutNumber(Prescription prescription) {
        return prescription != null && prescription.type() != null && WITHOUT_NUMBER.contains(prescription.type());
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        Prescription prescription = given.request().prescription();
        if (prescription != null
                && prescription.type() != null
                && !prescription.type().equals("SSN")
                && !WITHOUT_NUMBER.contains(prescription.type())) {
            rulings.add(
                    UNKNOWN_TYPE,
                    "prescription.type",
                    "Il tipo di prescrizione «" + prescription.type()
                            + "» non esiste: SSN, SSN_ALTRA_MODULISTICA o SSN_LIBERO_ACCESSO.");
            return;
        }
        if (catalogue.form(Bound.form(given), given.today()).isEmpty()) {
            rulings.add(
                    UNKNOWN_FORM,
                    "prescription.form",
                    "Il modulo «" + Bound.form(given) + "» non è tra quelli accettati (da M01 a M13).");
        }
        if (!isWithoutNumber(prescription)
                && (prescription == null || prescription.numbers().isEmpty())) {
            rulings.add(
                    NO_NUMBER,
                    "prescription.numbers",
                    "Manca il numero dell'impegnativa (o NRE): senza, si prenotano solo il libero accesso e"
                            + " l'autoimpegnativa.");
        }
        if (prescription == null) {
            return;
        }
        for (int i = 0; i < prescription.numbers().size(); i++) {
            String number = prescription.numbers().get(i);
            if (!NUMBER.matcher(number).matches()) {
                rulings.add(
                        BAD_NUMBER,
                        "prescription.numbers[" + i + "]",
                        "«" + (number.length() > 40 ? number.substring(0, 40) + "…" : number)
                                + "» non è il numero di un'impegnativa: lettere e cifre, al massimo 32.");
            }
        }
        if (prescription.recipeType() != null && !RECIPES.contains(prescription.recipeType())) {
            rulings.add(
                    UNKNOWN_RECIPE,
                    "prescription.recipeType",
                    "Il tipo ricetta «" + prescription.recipeType() + "» non esiste: UE, EE, NA, ND, NE, NX o ST.",
                    prescription.recipeType());
        }
    }
}
