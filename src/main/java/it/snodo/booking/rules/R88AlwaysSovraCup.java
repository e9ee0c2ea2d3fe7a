package it.snodo.booking.rules;

import it.snodo.booking.Booking.Earlier;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.catalogue.CatalogueItem;

/** R88. */
final class R88AlwaysSovraCup extends NumberedRule {

    private static final Code LOCAL = warn("SC-088", "Prenotazione locale di una prestazione SovraCup");

    R88AlwaysSovraCup() {
        super(
                88,
                "§3.6",
                Step.DUPLICATES,
                "Anche ciò che vale in una sola azienda si prenota dal SovraCup, così che ogni punto possa revocarlo.",
                LOCAL);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        for (int i = 0; i < given.request().lines().size(); i++) {
            Line line = given.request().lines().get(i);
            boolean ours = Places.item(given, i).map(CatalogueItem::firstAccess).orElse(false);
            if (ours && given.earlier().stream().anyMatch(earlier -> isLocal(earlier, line.service(), given))) {
                rulings.add(
                        LOCAL,
                        "lines[" + i + "].service",
                        Places.title(given, i)
                                + ": c'è già una prenotazione fatta nel CUP aziendale. Si prenota sempre dal"
                                + " SovraCup, perché ogni punto possa revocarla.");
            }
        }
    }

    private static boolean isLocal(Earlier earlier, String service, BookingCase given) {
        return "LOCAL".equals(earlier.origin())
                && service != null
                && earlier.lines().stream()
                        .anyMatch(each -> service.equals(each.service()) && Duplicates.isToCome(each, given));
    }
}
