package it.snodo.publication;

import it.snodo.exemption.Exemptions;
import it.snodo.fault.SnodoCode;
import org.springframework.beans.factory.ObjectProvider;

/** Tells the register what became of an exemption at AURA, inside the transaction that settles the delivery. */
final class ExemptionEnds {

    private final ObjectProvider<Exemptions> exemptions;

    ExemptionEnds(ObjectProvider<Exemptions> exemptions) {
        this.exemptions = exemptions;
    }

    /** Nothing while it waits, and nothing of a dead letter: a person may still have it tried again. */
    void tell(Delivery delivery, Verdict verdict, Outcome outcome) {
        if (verdict.state().isThere()) {
            if (delivery.action() == DeliveryAction.ESENZIONE) {
                register().published(delivery.exemptionId(), ((Outcome.Done) outcome).personThere());
            } else {
                register().annulled(delivery.exemptionId());
            }
        } else if (verdict.state() == DeliveryState.STOPPED && verdict.code() != SnodoCode.EXEMPTION_NOT_OWED) {
            register().refused(delivery.exemptionId(), verdict.code(), verdict.words());
        }
    }

    /** A person has decided that AURA will not be told. */
    void closed(Delivery delivery, String reason) {
        register().refused(delivery.exemptionId(), SnodoCode.DESTINATION_STOP, reason);
    }

    private Exemptions register() {
        return exemptions.getObject();
    }
}
