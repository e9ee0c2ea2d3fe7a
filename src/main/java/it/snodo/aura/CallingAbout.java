package it.snodo.aura;

import java.util.function.Supplier;

/**
 * What the calls to AURA made by this thread are about, so that the journal of outgoing calls can say it.
 *
 * @param exemptionId exemption that is published or ended
 * @param deliveryId delivery that makes the calls
 * @param traceId W3C trace id, 32 hexadecimal digits; AURA gets it as {@code traceparent}
 */
public record CallingAbout(long exemptionId, long deliveryId, String traceId) {

    private static final ThreadLocal<CallingAbout> NOW = new ThreadLocal<>();

    /** Makes calls under this heading. */
    public <T> T during(Supplier<T> calls) {
        NOW.set(this);
        try {
            return calls.get();
        } finally {
            NOW.remove();
        }
    }

    /** Null when the calls are about nothing that is published, such as a doctor's search. */
    public static CallingAbout now() {
        return NOW.get();
    }
}
