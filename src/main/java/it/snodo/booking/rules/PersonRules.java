package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;
import java.util.List;

/** R41 to R88: the person, the priority, moving and revoking, ticket and exemption, what is handed over. */
final class PersonRules {

    private PersonRules() {}

    static List<BookingRule> all(BookingCatalogue catalogue, BookingProperties properties) {
        R59LatestDate latest = new R59LatestDate(new PriorityTerm(catalogue, properties));
        return List.of(
                new R41Identification(),
                new R42Document(),
                new R43SamePerson(),
                new R44VanishedComune(catalogue),
                new R45Phone(),
                new R46FosteredMinors(),
                new R47EuCitizens(),
                new R48TeamHolders(),
                new R49EuropeanPrescription(),
                new R50NonEuResidents(),
                new R51Dependants(),
                new R52MedicalPermit(),
                new R53ConventionCountries(catalogue),
                new R54Tourists(),
                new R55Refugees(),
                new R56Stp(catalogue),
                new R57BookableClass(catalogue),
                new R58DefaultClass(catalogue),
                latest,
                new R60NoSlotWithinTerm(latest, catalogue),
                new R61FirstProposal(catalogue),
                new R62RevokeInTime(catalogue),
                new R63WhoMayRevoke(catalogue),
                new R64PhoneRevoke(),
                new R65SameAzienda(catalogue),
                new R66PhoneMove(),
                new R67NoShow(),
                new R68Reprint(),
                new R69AmountsOfTheCup(),
                new R70TicketCap(catalogue),
                new R71Payment(new PaymentWords(catalogue)),
                new R72TariffOfExemption(catalogue),
                new R73WhoCertifies(catalogue),
                new R74UnknownExemption(catalogue),
                new R75ExemptionFormat(catalogue),
                new R76CardNotCertified(catalogue),
                new R77FreeAccessExemption(catalogue),
                new R78AgeClasses(catalogue),
                new R79OncologicalPrevention(catalogue),
                new R79ExemptionVisits(catalogue),
                new R79FurtherPapers(catalogue),
                new R80AskNeverTell(),
                new R81OperatorPassword(),
                new R82PromemoriaContents(catalogue),
                new R83Reminder(),
                new R84Notes(catalogue),
                new R85Forms(catalogue),
                new R86Pharmacies(catalogue),
                new R87Operations(catalogue),
                new R88AlwaysSovraCup());
    }
}
