package it.snodo.booking.cup;

import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.cup.CupPort.Reply.Outcome;
import java.util.List;
import java.util.Map;

/** Replies that carry nothing but what happened. */
final class Replies {

    private Replies() {}

    static Reply unknown(String words, byte[] raw) {
        return bare(Outcome.UNKNOWN, words, raw);
    }

    static Reply unsent(String words) {
        return bare(Outcome.UNSENT, words, null);
    }

    private static Reply bare(Outcome outcome, String words, byte[] raw) {
        return new Reply(outcome, null, Map.of(), null, List.of(), null, words, raw);
    }
}
