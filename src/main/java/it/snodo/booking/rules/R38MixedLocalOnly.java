package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Requester;
import it.snodo.booking.Decision;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.rules.Lines.Entry;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The prescription has what only a CUP aziendale books: there for all, or the SovraCup part alone. */
final class R38MixedLocalOnly extends PrescriptionRule {

    private static final Code ALL_THERE = code("SC-038a", Decision.ROUTE_LOCAL, "Tutto al CUP dell'azienda");
    private static final Code CHOOSE =
            code("SC-038b", Decision.CONFIRM, "Prestazione prenotabile solo in un CUP aziendale");

    private final BookingCatalogue catalogue;

    R38MixedLocalOnly(BookingCatalogue catalogue) {
        super(
                38,
                "§3.6",
                Step.CLASSES,
                "Prescrizione mista con prestazioni che prenota solo un CUP aziendale: se il CUP dello sportello le fa tutte va"
                        + " lì; altrimenti, con conferma, si prenota il resto e occorre un'altra prescrizione.",
                ALL_THERE,
                CHOOSE);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        List<Entry> all = Lines.all(given);
        List<Entry> local = all.stream().filter(Lines::isLocalOnly).toList();
        Set<Integer> aside = Lines.setAside(given);
        boolean mixed = local.stream().anyMatch(each -> aside.contains(each.index()));
        boolean onlyLaboratory = local.stream().allMatch(each -> each.kind().equals("LABORATORY"));
        if (!given.isNew() || local.isEmpty() || !mixed && onlyLaboratory) {
            return;
        }
        Optional<CupAzienda> own = own(given).filter(each -> doesAll(each, all, given));
        if (own.isPresent() || !mixed) {
            Optional<CupAzienda> there = own.isPresent() ? own : anywhere(all, given);
            rulings.add(
                    ALL_THERE,
                    local.get(0).path("service"),
                    "«" + local.get(0).named() + "» si prenota solo in un CUP aziendale: "
                            + there.map(each -> "tutte le prestazioni si prenotano al CUP di " + each.name())
                                    .orElse("rivolgersi al CUP di un'azienda che la eroga")
                            + ".",
                    there.map(CupAzienda::code).orElse(null));
            return;
        }
        Optional<CupAzienda> elsewhere = anywhere(all, given);
        for (Entry entry : local) {
            rulings.add(
                    CHOOSE,
                    entry.path("service"),
                    "«" + entry.named()
                            + "» non si prenota con il SovraCup: prenotare le altre e chiedere per questa un'altra"
                            + " prescrizione, oppure prenotare tutto al CUP di "
                            + elsewhere.map(CupAzienda::name).orElse("un'altra azienda") + ".",
                    elsewhere.map(CupAzienda::code).orElse(null));
        }
    }

    /** The azienda of the desk, or of the facility that sends; none when neither is said: nothing can be tried there then. */
    private Optional<CupAzienda> own(BookingCase given) {
        Requester requester = given.request().requester();
        return requester == null
                ? Optional.empty()
                : Stream.of(requester.azienda(), requester.facility())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .flatMap(each -> catalogue.azienda(each, given.today()));
    }

    private Optional<CupAzienda> anywhere(List<Entry> all, BookingCase given) {
        return catalogue.aziende(given.today()).stream()
                .filter(each -> doesAll(each, all, given))
                .min(Comparator.comparing(CupAzienda::code));
    }

    /** Its own CUP books them, SovraCup books them there, or its laboratory does them. */
    private boolean doesAll(CupAzienda azienda, List<Entry> all, BookingCase given) {
        return all.stream()
                .filter(each -> each.item() != null)
                .allMatch(each -> each.item().localCup().contains(azienda.code())
                        || each.kind().equals("LABORATORY")
                        || !catalogue
                                .local(azienda.code(), each.item().item(), given.today())
                                .isEmpty());
    }
}
