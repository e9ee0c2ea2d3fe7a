package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;
import java.util.List;

/** R1 to R40: scope, the form and what stands on it. */
final class PrescriptionRules {

    private PrescriptionRules() {}

    static List<BookingRule> all(BookingCatalogue catalogue, BookingProperties properties) {
        return List.of(
                new R01ConnectedAzienda(catalogue),
                new R02NeverBookable(),
                new R03ControlVisits(catalogue),
                new R04FirstAccessOnly(),
                new R05LocalExceptions(),
                new R06AccreditedPrivate(catalogue),
                new R07FreeAccess(),
                new R08AcceptedForm(catalogue),
                new R09DirectAccess(catalogue),
                new R10IssuerOnly(catalogue),
                new R11AtRiskPregnancyForm(catalogue),
                new R12SixtyDays(catalogue),
                new R13NoPostDating(),
                new R14CompilationDate(),
                new R15CompleteForm(),
                new R16BackOfForm(),
                new R17Corrections(),
                new R18NoStamps(),
                new R19OnePrescription(catalogue),
                new R20Prescriber(),
                new R21FiscalCodeField(properties.fiscalCodeCheck()),
                new R22OneBranch(properties.chainedBranches()),
                new R23OtherServices(),
                new R24MultiBranch(properties.chainedBranches()),
                new R25EightServices(catalogue),
                new R26Rehabilitation(catalogue, properties.rehabilitationBookable()),
                new R27SameCodeTwice(),
                new R28BothSides(catalogue),
                new R29MixedExemption(catalogue),
                new R30OneAzienda(catalogue),
                new R31Packing(catalogue),
                new R32Incompatible(catalogue),
                new R33PreparationDays(),
                new R34SameService(),
                new R35ProfileComponents(),
                new R36DiagnosticQuestion(catalogue),
                new R37MixedDirectAccess(catalogue),
                new R38MixedLocalOnly(catalogue),
                new R39SamePrescription(),
                new R40OtherPrescription());
    }
}
