package it.snodo.booking.rules;

import it.snodo.booking.Decision;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.rules.Lines.Entry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Beside what is booked, the prescription has what is done without booking. */
final class R37MixedDirectAccess extends PrescriptionRule {

    private static final Code SAME = code("SC-037a", Decision.WARN, "Altra prestazione ad accesso diretto");
    private static final Code NEW_FORM = code("SC-037b", Decision.WARN, "Accesso diretto con un'altra prescrizione");

    private final BookingCatalogue catalogue;

    R37MixedDirectAccess(BookingCatalogue catalogue) {
        super(
                37,
                "§3.6",
                Step.CLASSES,
                "Prescrizione mista con accesso diretto: si prenota il resto, e la prestazione ad accesso diretto si fa nella"
                        + " stessa azienda; se quella non la eroga occorre un'altra prescrizione.",
                SAME,
                NEW_FORM);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Set<Integer> aside = Lines.setAside(given);
        if (!given.isNew() || aside.isEmpty()) {
            return;
        }
        List<CupAzienda> possible = possible(given);
        for (Entry entry : Lines.all(given)) {
            if (!aside.contains(entry.index()) || !Lines.isDirect(entry)) {
                continue;
            }
            List<CupAzienda> both = possible.stream()
                    .filter(each -> !catalogue
                            .local(each.code(), entry.item().item(), given.today())
                            .isEmpty())
                    .toList();
            if (both.isEmpty()) {
                rulings.add(
                        NEW_FORM,
                        entry.path("service"),
                        "«" + entry.named()
                                + "» è ad accesso diretto, ma nessuna azienda che può prenotare il resto la eroga:"
                                + " occorre un'altra prescrizione.");
            } else {
                rulings.add(
                        SAME,
                        entry.path("service"),
                        "«" + entry.named()
                                + "» è ad accesso diretto e non si prenota: il paziente la fa nella stessa azienda"
                                + " delle altre, che la eroga ("
                                + both.stream().map(CupAzienda::name).collect(Collectors.joining(", ")) + ").",
                        both.stream().map(CupAzienda::code).collect(Collectors.joining(",")));
            }
        }
    }

    /** Aziende that can book all the rest: the one wanted, or every one that offers it. */
    private List<CupAzienda> possible(BookingCase given) {
        List<Entry> rest = Lines.toBook(given);
        Optional<String> bound = Bound.azienda(given, catalogue);
        return catalogue.aziende(given.today()).stream()
                .filter(each -> bound.isEmpty() || bound.get().equals(each.code()))
                .filter(each -> bound.isPresent()
                        || rest.stream().filter(line -> line.item() != null).noneMatch(line -> catalogue
                                .local(each.code(), line.item().item(), given.today())
                                .isEmpty()))
                .toList();
    }
}
