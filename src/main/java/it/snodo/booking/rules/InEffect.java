package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.PriorityClass;
import it.snodo.booking.catalogue.VanishedComune;
import org.springframework.stereotype.Component;

/**
 * The request as it is booked, where a rule sets something by itself: the class that was missing (R58), the exemption code
 * that does not exist (R74), the tariff that follows (R72, R73, R76, R77, R79), the Comune of today (R44), the way of writing
 * "no telephone" (R45). The request as it came stays what it was, and is what is kept.
 */
@Component
public class InEffect {

    private final BookingCatalogue catalogue;
    private final PriorityTerm term;

    InEffect(BookingCatalogue catalogue, PriorityTerm term) {
        this.catalogue = catalogue;
        this.term = term;
    }

    /**
     * For a new booking or a change of data that the rules have let through; others are given back unchanged. Of a change it
     * is person and prescription as they will be, where it touches them.
     */
    public BookingRequest of(BookingCase given) {
        BookingRequest asked = given.request();
        ExemptionClaim claim = ExemptionClaim.of(given, catalogue);
        Patient patient = Persons.given(given);
        return new BookingRequest(
                asked.operation(),
                asked.requester(),
                asked.bookingCode(),
                patient == null ? asked.patient() : patient(patient, given),
                claim == null ? Persons.prescription(given) : prescription(claim),
                asked.lines(),
                asked.wish(),
                asked.identification(),
                asked.confirmations(),
                asked.replaceExisting(),
                asked.movesFrom(),
                asked.reason());
    }

    private Prescription prescription(ExemptionClaim claim) {
        Prescription asked = claim.prescription();
        // what the person claims by hand stays, as long as the code bears it: the CUP decides about money (R69)
        boolean kept = claim.applies() && asked.tariff() != null;
        return new Prescription(
                asked.numbers(),
                asked.form(),
                asked.issuer(),
                asked.compiled(),
                asked.type(),
                asked.recipeType(),
                kept ? asked.tariff() : claim.tariff(),
                asked.contract(),
                claim.isUsable() ? claim.code() : null,
                asked.notExempt(),
                asked.selfDeclared(),
                term.inEffect(asked, claim.today()).map(PriorityClass::letter).orElse(asked.priority()),
                asked.corrected(),
                asked.countersigned(),
                asked.stamped(),
                asked.legible(),
                asked.prescriber(),
                asked.prescriberKind(),
                asked.question(),
                asked.cardNotCertified(),
                asked.inailReport(),
                asked.lastScreening(),
                asked.publicStructure());
    }

    private Patient patient(Patient asked, BookingCase given) {
        String comune = asked.comune() == null
                ? null
                : catalogue
                        .vanished(asked.comune(), given.today())
                        .map(VanishedComune::successor)
                        .orElse(asked.comune());
        return new Patient(
                asked.fiscalCode(),
                asked.stp(),
                asked.eni(),
                asked.regionalId(),
                asked.family(),
                asked.given(),
                asked.birthDate(),
                asked.sex(),
                asked.birthPlace(),
                comune,
                asked.address(),
                asked.phones().stream()
                        .map(phone -> R45Phone.isNotGiven(phone) ? R45Phone.NOT_GIVEN : phone)
                        .toList(),
                asked.asl(),
                asked.entitlement());
    }
}
