package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CatalogueItem;
import it.snodo.booking.catalogue.PrescriptionForm;
import it.snodo.booking.rules.Lines.Entry;
import java.util.Set;
import java.util.stream.Collectors;

/** A form that is good for one thing only: M07 for the gynaecological visit in an at-risk pregnancy. */
final class R11AtRiskPregnancyForm extends PrescriptionRule {

    private static final Code OTHER = reject("SC-011", BUSINESS, "Prestazione non prevista dal modulo");

    private final BookingCatalogue catalogue;

    R11AtRiskPregnancyForm(BookingCatalogue catalogue) {
        super(
                11,
                "§3.4",
                Step.FORM,
                "Il modulo M07 vale solo per la visita ginecologica per gravidanza a rischio.",
                OTHER);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        Set<String> good = catalogue
                .form(Bound.form(given), given.today())
                .map(PrescriptionForm::services)
                .orElse(Set.of());
        if (good.isEmpty()) {
            return;
        }
        for (Entry entry : Lines.all(given)) {
            if (entry.line().service() != null && good.stream().noneMatch(each -> stands(each, entry, given))) {
                rulings.add(
                        OTHER,
                        entry.path("service"),
                        "Il modulo " + Bound.form(given) + " non vale per «" + entry.named() + "»: vale per "
                                + good.stream()
                                        .map(each -> title(each, given))
                                        .sorted()
                                        .collect(Collectors.joining(", "))
                                + ". Per le altre prestazioni occorre il ricettario regionale.");
            }
        }
    }

    /** The item itself, or its service asked for with the question that the item is meant for. */
    private boolean stands(String good, Entry entry, BookingCase given) {
        if (entry.item() == null || entry.item().item().equals(good)) {
            return entry.item() != null;
        }
        return catalogue
                .item(good, given.today())
                .filter(item -> item.code().equals(entry.item().code()) && item.isMeantFor(entry.question()))
                .isPresent();
    }

    private String title(String item, BookingCase given) {
        return catalogue.item(item, given.today()).map(CatalogueItem::title).orElse(item);
    }
}
