package it.snodo.booking.rules;

import it.snodo.booking.Booking;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.Incompatibility;
import it.snodo.booking.rules.Lines.Entry;
import java.time.OffsetDateTime;
import java.util.List;

/** Some exams spoil others: days must be between them, or one must come first. */
final class R32Incompatible extends PrescriptionRule {

    private static final Code SPOILT = reject("SC-032", BUSINESS, "Esami incompatibili");

    private final BookingCatalogue catalogue;

    R32Incompatible(BookingCatalogue catalogue) {
        super(
                32,
                "§3.6",
                Step.SLOT,
                "Tra esami che si disturbano devono passare i giorni della tabella delle incompatibilità, o uno deve venire"
                        + " prima dell'altro; vale anche con gli appuntamenti già presi.",
                SPOILT);
        this.catalogue = catalogue;
    }

    static boolean concerns(Incompatibility pair, Entry first, Entry second) {
        return isOf(pair.first(), first) && isOf(pair.second(), second);
    }

    private static boolean isOf(String code, Entry entry) {
        return entry.item() != null
                && (entry.item().code().equals(code) || entry.item().item().equals(code));
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!takesPlaces(given)) {
            return;
        }
        List<Entry> placed = Lines.toBook(given).stream()
                .filter(each -> each.item() != null
                        && each.slot() != null
                        && each.slot().start() != null)
                .toList();
        for (Incompatibility pair : catalogue.incompatibilities(given.today())) {
            for (Entry entry : placed) {
                if (isOf(pair.first(), entry)) {
                    for (Entry other : placed) {
                        if (isOf(pair.second(), other)) {
                            judge(pair, entry.slot().start(), other.slot().start(), entry, other.named(), rulings);
                        }
                    }
                }
                booked(pair, entry, given, rulings);
            }
        }
    }

    private void booked(Incompatibility pair, Entry entry, BookingCase given, Rulings rulings) {
        for (Booking.Earlier other : Bound.others(given)) {
            for (Booking.BookedLine line : other.lines()) {
                if (line.slot() == null || line.slot().start() == null) {
                    continue;
                }
                OffsetDateTime start = line.slot().start();
                String named =
                        "l'appuntamento " + other.code() + " del " + time(start) + " (" + line.description() + ")";
                if (isOf(pair.first(), entry) && isOf(pair.second(), line)) {
                    judge(pair, entry.slot().start(), start, entry, named, rulings);
                } else if (isOf(pair.second(), entry) && isOf(pair.first(), line)) {
                    judge(pair, start, entry.slot().start(), entry, named, rulings);
                }
            }
        }
    }

    private static boolean isOf(String code, Booking.BookedLine line) {
        return code.equals(line.service()) || code.equals(line.item());
    }

    private static void judge(
            Incompatibility pair,
            OffsetDateTime first,
            OffsetDateTime second,
            Entry entry,
            String other,
            Rulings rulings) {
        if (pair.allows(first.atZoneSameInstant(ROME), second.atZoneSameInstant(ROME))) {
            return;
        }
        rulings.add(
                SPOILT,
                entry.path("slot.start"),
                "«" + entry.named() + "» e " + other + " si disturbano: "
                        + (pair.ordered() ? pair.first() + " deve venire prima di " + pair.second() : "")
                        + (pair.ordered() && pair.minDays() > 0 ? ", e " : "")
                        + (pair.minDays() > 0 ? "devono passare almeno " + pair.minDays() + " giorni" : "")
                        + ". Scegliere un altro posto.",
                String.valueOf(pair.minDays()));
    }
}
