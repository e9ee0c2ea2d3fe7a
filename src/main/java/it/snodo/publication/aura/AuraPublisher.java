package it.snodo.publication.aura;

import it.snodo.exemption.ExemptionPublisher;
import it.snodo.exemption.Exemptions;
import it.snodo.exemption.IssuedExemption;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.publication.DeliveryAction;
import it.snodo.publication.Destination;
import it.snodo.publication.Gates;
import it.snodo.publication.Outbox;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.springframework.beans.factory.ObjectProvider;

/** Puts what AURA is to be told into the outbox; the lane of AURA tells it. */
final class AuraPublisher implements ExemptionPublisher {

    private static final Duration LOOK = Duration.ofMillis(50);

    private final Outbox outbox;
    private final Gates gates;
    private final ObjectProvider<Exemptions> exemptions;

    AuraPublisher(Outbox outbox, Gates gates, ObjectProvider<Exemptions> exemptions) {
        this.outbox = outbox;
        this.gates = gates;
        this.exemptions = exemptions;
    }

    @Override
    public void publish(long exemptionId) {
        enqueue(exemptionId, DeliveryAction.ESENZIONE);
    }

    @Override
    public void annul(long exemptionId) {
        enqueue(exemptionId, DeliveryAction.ANNULLA_ESENZIONE);
    }

    private void enqueue(long exemptionId, DeliveryAction action) {
        IssuedExemption exemption = exemptions
                .getObject()
                .find(exemptionId)
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.NOT_FOUND, "L'esenzione " + exemptionId + " non esiste nel registro dell'hub."));
        outbox.enqueueExemption(exemptionId, exemption.patientFiscalCode(), exemption.pratica(), action);
    }

    /** Waits for one try at most: after a failed one, or while the way to AURA is shut, the rest comes by itself. */
    @Override
    public boolean settle(long exemptionId, Duration atMost) {
        outbox.dueNow(exemptionId);
        long until = System.nanoTime() + atMost.toNanos();
        Outbox.Owed before = outbox.owed(exemptionId);
        while (true) {
            Outbox.Owed now = outbox.owed(exemptionId);
            if (now.open() == 0) {
                return true;
            }
            boolean tried = now.attempts() > before.attempts();
            if (!now.underWay() && (tried || gates.isHeld(Destination.AURA))
                    || System.nanoTime() > until
                    || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }
}
