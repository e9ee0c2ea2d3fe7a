package it.snodo.publication;

import it.snodo.fault.SnodoCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Where a try's outcome puts a delivery.
 *
 * @param next when it is tried or asked about again; {@link #NEVER} when not by itself
 * @param code why; null when it went well
 * @param counts whether it was a failure of the delivery's own, not of an outage
 */
record Verdict(DeliveryState state, Instant next, SnodoCode code, String words, boolean unknown, boolean counts) {

    static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");
    private static final Duration FIRST_POLL = Duration.ofMillis(500);

    /** Finds the verdict by a destination's policy. */
    static Verdict of(Delivery delivery, Outcome outcome, DestinationPolicy policy, Gate gate, Clock clock) {
        if (outcome instanceof Outcome.Done done) {
            boolean asks = !done.confirmed() && workflow(delivery, done) != null;
            return new Verdict(
                    done.confirmed() ? DeliveryState.CONFIRMED : DeliveryState.DELIVERED,
                    asks ? clock.instant().plus(FIRST_POLL) : NEVER,
                    null,
                    done.note(),
                    false,
                    false);
        }
        if (outcome instanceof Outcome.Repair repair) {
            return new Verdict(DeliveryState.FAILED, NEVER, repair.code(), repair.words(), delivery.unknown(), true);
        }
        if (outcome instanceof Outcome.Stop stop) {
            return new Verdict(DeliveryState.STOPPED, NEVER, stop.code(), stop.words(), delivery.unknown(), true);
        }
        Outcome.Retry retry = outcome instanceof Outcome.Revalidate again
                ? new Outcome.Retry(again.answer(), again.code(), again.words(), null, false, false)
                : (Outcome.Retry) outcome;
        boolean unknown = delivery.unknown() || retry.unknown();
        if (isHopeless(delivery, retry, policy, gate, clock)) {
            return new Verdict(
                    DeliveryState.FAILED,
                    NEVER,
                    retry.code(),
                    retry.words() + " Dopo " + delivery.attempts() + " tentativi l'hub non riprova più da solo.",
                    unknown,
                    true);
        }
        return new Verdict(
                DeliveryState.WAITING,
                clock.instant().plus(policy.backOff(delivery.attempts(), retry.after())),
                retry.code(),
                retry.words(),
                unknown,
                !retry.outage());
    }

    private static String workflow(Delivery delivery, Outcome.Done done) {
        return done.answer().workflowId() != null ? done.answer().workflowId() : delivery.workflowId();
    }

    /**
     * An outage ends only with age. A delivery that fails while its destination serves others is at fault itself, and so is
     * one that our own code cannot do: their tries are counted.
     */
    private static boolean isHopeless(
            Delivery delivery, Outcome.Retry retry, DestinationPolicy policy, Gate gate, Clock clock) {
        if (clock.instant().isAfter(delivery.since().plus(policy.giveUpAfter()))) {
            return true;
        }
        return !retry.outage()
                && delivery.failures() + 1 >= policy.maxAttempts()
                && (retry.code() == SnodoCode.INTERNAL
                        || gate.lastSuccess()
                                .isAfter(clock.instant()
                                        .minus(policy.longestBackOff().multipliedBy(2))));
    }
}
