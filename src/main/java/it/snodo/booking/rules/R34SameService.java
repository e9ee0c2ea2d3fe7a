package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.rules.Lines.Entry;

/** What is booked is what was asked for, or an item of the catalogue that stands for it. */
final class R34SameService extends PrescriptionRule {

    private static final Code OTHER = reject("SC-034", BUSINESS, "Prestazione diversa da quella richiesta");

    R34SameService() {
        super(
                34,
                "§3.6",
                Step.CONTENT,
                "La prestazione richiesta non si cambia in un'altra: si prenota lei, o una voce del catalogo che le"
                        + " corrisponde; i codici dei CUP sono relazioni nascoste.",
                OTHER);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        for (Entry entry : Lines.all(given)) {
            String service = entry.line().service();
            if (service == null) {
                continue;
            }
            if (given.isNew() && entry.item() != null && !isOf(entry, service)) {
                String item = entry.line().item() == null
                        ? entry.item().item()
                        : entry.line().item();
                rulings.add(
                        OTHER,
                        entry.path("item"),
                        "«" + item + "» non è una voce di " + service
                                + ": la prestazione richiesta non si può cambiare.",
                        service);
            } else if (given.request().operation() == Operation.MOVE
                    && given.standing() != null
                    && given.standing().lines().stream()
                            .noneMatch(each -> service.equals(each.service()) || service.equals(each.item()))) {
                rulings.add(
                        OTHER,
                        entry.path("service"),
                        "La prenotazione " + given.standing().code() + " non ha la prestazione " + service
                                + ": si sposta quella prenotata, per un'altra occorre una nuova prenotazione.",
                        service);
            }
        }
    }

    private static boolean isOf(Entry entry, String service) {
        String asked = entry.line().item();
        boolean known = asked == null
                || asked.equals(entry.item().item())
                || asked.equals(entry.item().code());
        return known
                && (entry.item().code().equals(service) || entry.item().item().equals(service));
    }
}
