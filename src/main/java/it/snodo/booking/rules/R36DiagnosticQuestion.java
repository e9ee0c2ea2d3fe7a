package it.snodo.booking.rules;

import it.snodo.booking.Decision;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.rules.Lines.Entry;

/** Where the catalogue has an item for the diagnostic question, searching the service itself misses its agendas. */
final class R36DiagnosticQuestion extends PrescriptionRule {

    private static final Code GENERIC = code("SC-036", Decision.WARN, "Esiste una voce specifica per il quesito");

    private final BookingCatalogue catalogue;

    R36DiagnosticQuestion(BookingCatalogue catalogue) {
        super(
                36,
                "§3.6",
                Step.CONTENT,
                "Se per il quesito diagnostico c'è una voce specifica, si cerca quella: trova anche le agende generiche.",
                GENERIC);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        for (Entry entry : Lines.toBook(given)) {
            if (entry.item() == null || !entry.item().item().equals(entry.item().code())) {
                continue;
            }
            catalogue.itemsOf(entry.item().code(), given.today()).stream()
                    .filter(each -> each.isMeantFor(entry.question()))
                    .findFirst()
                    .ifPresent(specific -> rulings.add(
                            GENERIC,
                            entry.path("item"),
                            "Per il quesito «" + entry.question() + "» il catalogo ha «" + specific.title() + "» ("
                                    + specific.item() + "): cercando quella si trovano anche le agende dedicate.",
                            specific.item()));
        }
    }
}
