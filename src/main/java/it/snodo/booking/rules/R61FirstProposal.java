package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import java.util.Optional;

/** R61: the order itself is made by the search; a place that was typed in has gone past it. */
final class R61FirstProposal extends NumberedRule {

    private static final Code IGNORED = warn("SC-061", "ASL di appartenenza non proposta");

    private final BookingCatalogue catalogue;

    R61FirstProposal(BookingCatalogue catalogue) {
        super(
                61,
                "§3.6, §3.1",
                Step.SLOT,
                "La prima proposta segue la continuità terapeutica e l'ASL di appartenenza; poi si cerca in tutte le"
                        + " aziende. Uno specialista scelto per nome non è mai garantito.",
                IGNORED);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = given.request().patient();
        if (!given.isNew() || patient == null || patient.asl() == null || hasWishedFor(given)) {
            return;
        }
        Optional<CupAzienda> own = catalogue.azienda(patient.asl(), given.today());
        if (own.isEmpty()) {
            return;
        }
        for (int i = 0; i < given.request().lines().size(); i++) {
            Slot slot = Places.slot(given, i);
            if (slot != null
                    && !Boolean.TRUE.equals(slot.proposed())
                    && slot.azienda() != null
                    && !isThere(own.get(), slot.azienda(), given)
                    && offers(own.get(), given.request().lines().get(i), given)) {
                rulings.add(
                        IGNORED,
                        "lines[" + i + "].slot.azienda",
                        Places.title(given, i) + ": il posto è fuori dall'ASL di appartenenza ("
                                + own.get().name() + "), che lo offre anche lei: va proposta per prima.",
                        own.get().code());
            }
        }
    }

    private static boolean hasWishedFor(BookingCase given) {
        return given.request().wish() != null && given.request().wish().azienda() != null;
    }

    private boolean isThere(CupAzienda own, String azienda, BookingCase given) {
        return catalogue
                .azienda(azienda, given.today())
                .map(other -> other.code().equals(own.code()))
                .orElse(false);
    }

    private boolean offers(CupAzienda own, Line line, BookingCase given) {
        String wanted = line.item() != null ? line.item() : line.service();
        return wanted != null
                && !catalogue.local(own.code(), wanted, given.today()).isEmpty();
    }
}
