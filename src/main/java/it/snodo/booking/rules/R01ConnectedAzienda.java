package it.snodo.booking.rules;

import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.rules.Lines.Entry;
import java.util.HashSet;
import java.util.Set;

/** The azienda must be one whose CUP the hub reaches; an accredited private centre is reached through its azienda. */
final class R01ConnectedAzienda extends PrescriptionRule {

    private static final Code UNKNOWN = reject("SC-001", NOT_IN_TABLE, "Azienda non collegata al SovraCup");

    private final BookingCatalogue catalogue;

    R01ConnectedAzienda(BookingCatalogue catalogue) {
        super(
                1,
                "§2.1, §3.6",
                Step.CLASSES,
                "L'azienda che eroga deve essere collegata al SovraCup; i nomi del 2007 valgono per l'azienda che ne ha preso"
                        + " il posto.",
                UNKNOWN);
        this.catalogue = catalogue;
    }

    @Override
    public boolean alsoWithSlot() {
        return true;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!takesPlaces(given)) {
            return;
        }
        Set<String> told = new HashSet<>();
        for (Entry entry : Lines.all(given)) {
            if (entry.azienda() != null && entry.azienda(catalogue, given).isEmpty() && told.add(entry.azienda())) {
                rulings.add(
                        UNKNOWN,
                        path(given, entry),
                        "L'azienda «" + entry.azienda() + "» non è collegata al SovraCup il " + day(given.today())
                                + ": sceglierne una collegata, o rivolgersi al suo CUP.",
                        entry.azienda());
            }
        }
    }

    private static String path(BookingCase given, Entry entry) {
        Slot slot = entry.line().slot();
        if (slot != null && slot.azienda() != null) {
            return entry.path("slot.azienda");
        }
        return entry.line().azienda() == null && given.request().wish() != null
                ? "wish.azienda"
                : entry.path("azienda");
    }
}
