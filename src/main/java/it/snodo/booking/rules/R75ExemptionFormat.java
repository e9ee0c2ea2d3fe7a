package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;
import java.util.regex.Pattern;

/** R75: of a code that exists in no form, which class it was meant to be of. */
final class R75ExemptionFormat extends NumberedRule {

    private static final Code FORM = warn("SC-075", "Codice di esenzione mal formato");

    private static final Pattern LIKE_PATHOLOGY = Pattern.compile("[0-9]+");
    private static final Pattern LIKE_RARE = Pattern.compile("R[A-Z0-9]{4,6}|[A-Z0-9]{5}|[A-Z0-9]{7}");
    private static final Pattern LIKE_INVALIDITY = Pattern.compile("[A-Z][0-9]{2}|[A-Z][0-9]{4}");

    private final BookingCatalogue catalogue;

    R75ExemptionFormat(BookingCatalogue catalogue) {
        super(
                75,
                "§4.5",
                Step.TARIFF,
                "Patologia: tre cifre dell'elenco; malattia rara: sei caratteri; invalidità: i caratteri del suo"
                        + " elenco; le altre: il codice relativo.",
                FORM);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        ExemptionClaim claim = ExemptionClaim.of(given, catalogue);
        if (claim == null || claim.code() == null || claim.isUsable()) {
            return;
        }
        String meant = meant(claim.code());
        if (meant != null) {
            rulings.add(
                    FORM,
                    "prescription.exemption",
                    "«" + claim.prescription().exemption() + "» non è scritto come un codice " + meant + ".",
                    claim.prescription().exemption());
        }
    }

    private static String meant(String code) {
        if (LIKE_PATHOLOGY.matcher(code).matches()) {
            return "di patologia (tre cifre, tra quelle dell'elenco)";
        }
        if (LIKE_INVALIDITY.matcher(code).matches()) {
            return "di invalidità o di altra categoria dell'elenco";
        }
        return LIKE_RARE.matcher(code).matches() ? "di malattia rara (sei caratteri)" : null;
    }
}
