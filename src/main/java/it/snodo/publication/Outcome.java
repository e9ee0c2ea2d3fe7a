package it.snodo.publication;

import it.snodo.fault.SnodoCode;
import java.time.Duration;

/** What a try came to, and so what happens next. */
public sealed interface Outcome {

    Answer answer();

    /**
     * It took effect, or is taken in charge.
     *
     * @param confirmed nothing more is to be heard: the effect is final
     * @param note words worth showing, such as that the document was there already; null when none
     * @param personThere id of the person at the other side, where it names one; null elsewhere
     */
    record Done(Answer answer, boolean confirmed, String note, String personThere) implements Outcome {

        public Done(Answer answer, boolean confirmed, String note) {
            this(answer, confirmed, note, null);
        }
    }

    /**
     * The same again later.
     *
     * @param after how long the destination asks to wait; null leaves it to the back-off
     * @param unknown the try may have taken effect
     * @param outage it is the destination that fails, not this delivery: such tries never end in a dead letter by count
     */
    record Retry(Answer answer, SnodoCode code, String words, Duration after, boolean unknown, boolean outage)
            implements Outcome {}

    /** The document has to be validated again, then published with the same signed bytes. */
    record Revalidate(Answer answer, SnodoCode code, String words) implements Outcome {}

    /** A person has to change something first. */
    record Repair(Answer answer, SnodoCode code, String words) implements Outcome {}

    /** Never again by itself. */
    record Stop(Answer answer, SnodoCode code, String words) implements Outcome {}
}
