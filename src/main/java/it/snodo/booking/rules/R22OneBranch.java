package it.snodo.booking.rules;

import it.snodo.booking.rules.Lines.Entry;
import java.util.List;
import java.util.stream.Collectors;

/** Services of different branches need prescriptions of their own. */
final class R22OneBranch extends PrescriptionRule {

    private static final Code SEVERAL = reject("SC-022", BUSINESS, "Branche diverse su una prescrizione");

    private final boolean chained;

    /** @param chained each service has a branch in common with some other, not all with all (R24) */
    R22OneBranch(boolean chained) {
        super(
                22,
                "§3.4",
                Step.CONTENT,
                "Le prestazioni di una prescrizione devono avere una branca in comune; le altre vogliono un'altra"
                        + " prescrizione.",
                SEVERAL);
        this.chained = chained;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        List<Entry> lines = Branches.ofOwn(given);
        if (!given.isNew()
                || lines.isEmpty()
                || !Branches.common(lines).isEmpty()
                || chained && Branches.isChain(lines)) {
            return;
        }
        rulings.add(
                SEVERAL,
                "lines",
                "Non c'è una branca comune a tutte le prestazioni: "
                        + lines.stream()
                                .map(each -> each.named() + " branca "
                                        + each.item().branches().stream()
                                                .sorted()
                                                .collect(Collectors.joining(" o ")))
                                .collect(Collectors.joining(", "))
                        + ". Occorre una prescrizione per ogni branca.");
    }
}
