package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.rules.Lines.Entry;
import java.util.Optional;

/** Some forms are good only where they were issued. */
final class R10IssuerOnly extends PrescriptionRule {

    private static final Code ELSEWHERE = reject("SC-010", BUSINESS, "Modulo valido solo presso chi lo ha emesso");
    private static final Code NO_ISSUER = reject("SC-010", MISSING, "Manca l'azienda che ha emesso il modulo");

    private final BookingCatalogue catalogue;

    R10IssuerOnly(BookingCatalogue catalogue) {
        super(
                10,
                "§3.4",
                Step.FORM,
                "I moduli M04, M05 e da M08 a M12 valgono solo presso l'azienda che li ha emessi; lo sportello può essere"
                        + " ovunque.",
                ELSEWHERE,
                NO_ISSUER);
        this.catalogue = catalogue;
    }

    @Override
    public boolean alsoWithSlot() {
        return true;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!Bound.isIssuerOnly(given, catalogue)) {
            return;
        }
        String form = Bound.form(given);
        String issuer = given.request().prescription().issuer();
        Optional<CupAzienda> found = catalogue.azienda(issuer, given.today());
        if (issuer == null || found.isEmpty()) {
            rulings.add(
                    NO_ISSUER,
                    "prescription.issuer",
                    "Il modulo " + form + " vale solo presso chi lo ha emesso: "
                            + (issuer == null
                                    ? "indicare l'azienda."
                                    : "«" + issuer + "» non è un'azienda collegata al SovraCup."));
            return;
        }
        for (Entry entry : Lines.toBook(given)) {
            Optional<CupAzienda> target = entry.azienda(catalogue, given);
            if (target.filter(each -> !each.code().equals(found.get().code())).isPresent()) {
                rulings.add(
                        ELSEWHERE,
                        entry.path("azienda"),
                        "Il modulo " + form + " emesso da " + found.get().name() + " non vale presso "
                                + target.get().name()
                                + ": prenotare presso chi lo ha emesso, o far trascrivere la richiesta dal medico sul"
                                + " ricettario regionale.",
                        found.get().code());
            }
        }
    }
}
