package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.rules.Lines.Entry;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** R60. */
final class R60NoSlotWithinTerm extends NumberedRule {

    private static final Code TELL = warn("SC-060a", "Data oltre il termine accettata");
    private static final Code NOWHERE = refer("SC-060b", 207, "Nessun posto disponibile");

    private final R59LatestDate latest;
    private final BookingCatalogue catalogue;

    R60NoSlotWithinTerm(R59LatestDate latest, BookingCatalogue catalogue) {
        super(
                60,
                "§3.6",
                Step.SLOT,
                "Se nel termine non c'è posto si offre la prima disponibilità: chi la accetta mostra la data al"
                        + " prescrittore, chi non la accetta va dall'erogatore indicato dall'ASL o dal prescrittore.",
                TELL,
                NOWHERE);
        this.latest = latest;
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Operation operation = given.request().operation();
        if (operation != Operation.BOOK && operation != Operation.MOVE) {
            return;
        }
        boolean foreign = false;
        for (Entry each : Lines.toBook(given)) {
            foreign |= Places.slot(given, each.index()) == null && notOffered(given, each, rulings);
        }
        for (int i = 0; i < given.request().lines().size(); i++) {
            if (Lines.setAside(given).contains(i)) {
                continue;
            }
            if (Places.slot(given, i) == null) {
                if (foreign) {
                    // nobody has looked for a place of this one: the other one stands in the way
                    continue;
                }
                rulings.add(
                        NOWHERE,
                        "lines[" + i + "]",
                        Places.title(given, i)
                                + ": nessun posto disponibile. La persona si rivolga all'erogatore indicato"
                                + " dalla sua ASL, o al prescrittore.");
            } else if (given.isNew() && given.confirmed(R59LatestDate.BEYOND.code()) && latest.isBeyond(given, i)) {
                rulings.add(
                        TELL,
                        "lines[" + i + "].slot.start",
                        Places.title(given, i)
                                + ": la data accettata è oltre il termine della classe; dire alla persona di"
                                + " mostrarla al prescrittore.");
            }
        }
    }

    /** Whether the azienda that was asked for does not have the service: it was not asked for a place then. */
    private boolean notOffered(BookingCase given, Entry entry, Rulings rulings) {
        CupAzienda azienda = entry.azienda(catalogue, given).orElse(null);
        if (azienda == null || entry.item() == null || offers(azienda, entry, given)) {
            return false;
        }
        List<CupAzienda> others = catalogue.aziende(given.today()).stream()
                .filter(each -> offers(each, entry, given))
                .toList();
        rulings.add(
                NOWHERE,
                entry.path("azienda"),
                "«" + entry.named() + "» non è tra le prestazioni che si prenotano presso " + azienda.name() + ": "
                        + (others.isEmpty()
                                ? "nessuna azienda collegata la offre."
                                : "la offrono "
                                        + others.stream().map(CupAzienda::name).collect(Collectors.joining(", "))
                                        + "."),
                others.isEmpty() ? null : others.stream().map(CupAzienda::code).collect(Collectors.joining(",")));
        return true;
    }

    private boolean offers(CupAzienda azienda, Entry entry, BookingCase given) {
        return Optional.ofNullable(entry.line().item()).stream().anyMatch(item -> has(azienda, item, given))
                || entry.line().service() != null && has(azienda, entry.line().service(), given);
    }

    private boolean has(CupAzienda azienda, String code, BookingCase given) {
        return !catalogue.local(azienda.code(), code, given.today()).isEmpty();
    }
}
