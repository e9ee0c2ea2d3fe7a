package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Prescription;
import java.util.Set;

/**
 * MMG, PLS or specialist. Another prescriber than the patient's own is good for this request only: he is kept with the
 * booking, and the hub has no operation that writes him to a registry.
 */
final class R20Prescriber extends PrescriptionRule {

    private static final Set<String> KINDS = Set.of("MMG", "PLS", "SPECIALIST");

    private static final Code KIND = reject("SC-020", NOT_IN_TABLE, "Prescrittore non ammesso");

    R20Prescriber() {
        super(
                20,
                "§3.4",
                Step.FORM,
                "Prescrive il medico o il pediatra di famiglia, o uno specialista pubblico; uno diverso dal curante vale per"
                        + " questa sola richiesta e non cambia l'anagrafe.",
                KIND);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Prescription prescription = given.request().prescription();
        if (given.isNew()
                && prescription != null
                && prescription.prescriberKind() != null
                && !KINDS.contains(prescription.prescriberKind())) {
            rulings.add(
                    KIND,
                    "prescription.prescriberKind",
                    "Il prescrittore «" + prescription.prescriberKind()
                            + "» non è ammesso: MMG, PLS o SPECIALIST (specialista pubblico).");
        }
    }
}
