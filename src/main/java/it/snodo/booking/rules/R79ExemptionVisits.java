package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import java.util.Objects;
import java.util.stream.Stream;

/** R79, the visits by which an exemption is given or renewed; only the diagnostic question tells them. */
final class R79ExemptionVisits extends NumberedRule {

    private static final Code VISIT = warn("SC-079b", "Visita per il rilascio o il rinnovo di un'esenzione");

    private final BookingCatalogue catalogue;

    R79ExemptionVisits(BookingCatalogue catalogue) {
        super(
                79,
                "§3.9",
                Step.TARIFF,
                "La visita per il rilascio di un'esenzione paga il ticket, quella per il rinnovo no; entrambe solo in"
                        + " una struttura pubblica.",
                VISIT);
        this.catalogue = catalogue;
    }

    @Override
    public boolean alsoWithSlot() {
        return true;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        ExemptionClaim claim = ExemptionClaim.of(given, catalogue);
        if (claim == null) {
            return;
        }
        boolean release = asks(given, claim.prescription(), "RILASCIO");
        boolean renewal = asks(given, claim.prescription(), "RINNOVO");
        if (release && !renewal && claim.code() != null) {
            rulings.add(
                    VISIT,
                    "prescription.exemption",
                    "La visita per il rilascio di un'esenzione paga il ticket: l'esenzione " + claim.code()
                            + " vale dalle prestazioni successive.");
        }
        if ((release || renewal)
                && Lines.all(given).stream()
                        .anyMatch(each ->
                                isPrivate(each.slot()) || isPrivate(each.line().slot()))) {
            rulings.add(
                    VISIT,
                    "lines",
                    "Le visite per il rilascio o il rinnovo di un'esenzione si fanno solo in una struttura pubblica:"
                            + " scegliere un altro posto.");
        }
    }

    private static boolean asks(BookingCase given, Prescription prescription, String what) {
        return Stream.concat(
                        Stream.of(String.valueOf(prescription.question())),
                        given.request().lines().stream().map(Line::question).filter(Objects::nonNull))
                .map(Caller::fold)
                .anyMatch(question -> question.contains(what) && question.contains("ESENZIONE"));
    }

    private static boolean isPrivate(Slot slot) {
        return slot != null && Boolean.TRUE.equals(slot.privateStructure());
    }
}
