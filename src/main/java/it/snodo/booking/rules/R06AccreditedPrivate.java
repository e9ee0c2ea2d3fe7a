package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.PrescriptionForm;
import it.snodo.booking.rules.Lines.Entry;
import java.time.LocalDate;

/** Accredited private centres take the ricettario regionale and nothing else. */
final class R06AccreditedPrivate extends PrescriptionRule {

    private static final Code FORM = reject("SC-006", BUSINESS, "Modulo non accettato dal privato accreditato");

    private final BookingCatalogue catalogue;

    R06AccreditedPrivate(BookingCatalogue catalogue) {
        super(6, "§3.4", Step.SLOT, "Le strutture private accreditate accettano solo il ricettario regionale.", FORM);
        this.catalogue = catalogue;
    }

    static boolean isGoodThere(BookingCatalogue catalogue, String form, LocalDate day) {
        return catalogue.form(form, day).filter(PrescriptionForm::accredited).isPresent();
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!takesPlaces(given) || isGoodThere(catalogue, Bound.form(given), given.today())) {
            return;
        }
        for (Entry entry : Lines.toBook(given)) {
            if (entry.slot() != null && Boolean.TRUE.equals(entry.slot().privateStructure())) {
                rulings.add(
                        FORM,
                        "prescription.form",
                        "Il modulo " + Bound.form(given)
                                + " non vale nelle strutture private accreditate: scegliere una"
                                + " struttura pubblica, o far trascrivere la richiesta sul ricettario regionale.",
                        Bound.form(given));
                return;
            }
        }
    }
}
