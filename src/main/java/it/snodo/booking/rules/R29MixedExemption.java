package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.rules.Lines.Entry;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the exemption covers and what it does not need bookings of their own, unless the azienda says otherwise. */
final class R29MixedExemption extends PrescriptionRule {

    private static final Code MIXED = reject("SC-029", BUSINESS, "Prestazioni esenti e non esenti insieme");

    private final BookingCatalogue catalogue;

    R29MixedExemption(BookingCatalogue catalogue) {
        super(
                29,
                "§3.4",
                Step.CONTENT,
                "Prestazioni esenti e non esenti vogliono due prenotazioni, con autoimpegnativa, salvo diversa regola"
                        + " dell'azienda.",
                MIXED);
        this.catalogue = catalogue;
    }

    @Override
    public boolean alsoWithSlot() {
        return true;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        List<Entry> lines = Lines.toBook(given);
        if (!given.isNew()
                || lines.stream().noneMatch(each -> each.line().exempt() != null)
                || lines.stream().map(each -> isExempt(each, given)).distinct().count() < 2
                || lines.stream().allMatch(each -> isAllowed(each, given))) {
            return;
        }
        rulings.add(
                MIXED,
                "lines",
                "L'esenzione copre "
                        + lines.stream()
                                .filter(each -> isExempt(each, given))
                                .map(Entry::named)
                                .collect(Collectors.joining(", "))
                        + " e non le altre prestazioni: servono due prenotazioni distinte, con moduli di autoimpegnativa.");
    }

    /** As the caller says; where he does not, as the tariff. */
    private static boolean isExempt(Entry entry, BookingCase given) {
        Prescription prescription = given.request().prescription();
        return entry.line().exempt() != null
                ? entry.line().exempt()
                : prescription != null
                        && prescription.tariff() != null
                        && prescription.tariff().startsWith("ESENTE");
    }

    /** Where it is not known yet, some azienda may allow it: heard again when it is. */
    private boolean isAllowed(Entry entry, BookingCase given) {
        Optional<CupAzienda> azienda = entry.azienda(catalogue, given);
        return azienda.isPresent()
                ? azienda.get().mixedExemption()
                : catalogue.aziende(given.today()).stream().anyMatch(CupAzienda::mixedExemption);
    }
}
