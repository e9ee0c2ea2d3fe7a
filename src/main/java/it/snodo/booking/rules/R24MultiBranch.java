package it.snodo.booking.rules;

import it.snodo.booking.Decision;
import it.snodo.booking.rules.Lines.Entry;
import java.util.List;

/** A service of several branches stands with services of any of them; whether it may link two others is a choice. */
final class R24MultiBranch extends PrescriptionRule {

    private static final Code CHAIN = code("SC-024", Decision.WARN, "Branche concatenate");

    private final boolean chained;

    R24MultiBranch(boolean chained) {
        super(
                24,
                "§3.4",
                Step.CONTENT,
                "Una prestazione di più branche sta con prestazioni di ognuna; di regola una branca deve essere comune a tutte"
                        + " (si cambia con snodo.booking.rules.chained-branches).",
                CHAIN);
        this.chained = chained;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        List<Entry> lines = Branches.ofOwn(given);
        if (given.isNew()
                && chained
                && !lines.isEmpty()
                && Branches.common(lines).isEmpty()
                && Branches.isChain(lines)) {
            rulings.add(
                    CHAIN,
                    "lines",
                    "Le prestazioni stanno insieme solo grazie a una prestazione di più branche: alcune aziende vogliono"
                            + " prescrizioni distinte.");
        }
    }
}
