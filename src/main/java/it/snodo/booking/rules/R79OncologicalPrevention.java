package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;
import java.time.LocalDate;

/** R79, the three examinations of the law. */
final class R79OncologicalPrevention extends NumberedRule {

    private static final Code OUTSIDE = warn("SC-079", "Esenzione per prevenzione non applicata");

    private final BookingCatalogue catalogue;

    R79OncologicalPrevention(BookingCatalogue catalogue) {
        super(
                79,
                "§4.5",
                Step.TARIFF,
                "Prevenzione dei tumori: mammografia ogni 2 anni, donne da 45 a 69; Pap test ogni 3 anni, donne da 25 a"
                        + " 65; colonscopia ogni 5 anni, oltre i 45, a rischio.",
                OUTSIDE);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        ExemptionClaim claim = ExemptionClaim.of(given, catalogue);
        String problem = claim == null ? null : problem(claim);
        if (problem != null) {
            rulings.add(
                    OUTSIDE,
                    "prescription.exemption",
                    "L'esenzione " + claim.code() + " non si applica: " + problem + ". Si prenota a pagamento.",
                    claim.code());
        }
    }

    /** Why the exemption is not applied, in Italian; null when it is, or when it is of another kind. */
    static String problem(ExemptionClaim claim) {
        if (claim.is("MAMMOGRAPHY")) {
            return womenOnly(claim, "la mammografia", "mammography");
        }
        if (claim.is("PAP")) {
            return womenOnly(claim, "il Pap test", "pap");
        }
        if (!claim.is("COLONOSCOPY")) {
            return null;
        }
        int over = claim.limit("colonoscopy-over");
        return claim.age() >= 0 && claim.age() <= over
                ? "la colonscopia è oltre i " + over + " anni, e la persona ne ha " + claim.age()
                : tooSoon(claim, "la colonscopia", "colonoscopy");
    }

    private static String womenOnly(ExemptionClaim claim, String name, String limits) {
        if (claim.patient() != null && "M".equals(claim.patient().sex())) {
            return name + " è per le donne";
        }
        int from = claim.limit(limits + "-from");
        int to = claim.limit(limits + "-to");
        if (claim.age() >= 0 && (claim.age() < from || claim.age() > to)) {
            return name + " è da " + from + " a " + to + " anni, e la persona ne ha " + claim.age();
        }
        return tooSoon(claim, name, limits);
    }

    private static String tooSoon(ExemptionClaim claim, String name, String limits) {
        LocalDate last = claim.prescription().lastScreening();
        if (last == null) {
            return null;
        }
        LocalDate next = last.plusMonths(claim.limit(limits + "-months"));
        return claim.today().isBefore(next)
                ? name + " è stata fatta il " + Say.day(last) + ", e la prossima è dal " + Say.day(next)
                : null;
    }
}
