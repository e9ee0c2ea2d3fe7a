package it.snodo.booking.desk;

import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.Decision;
import it.snodo.booking.Ruling;
import it.snodo.booking.desk.Choice.Candidate;
import it.snodo.booking.rules.RuleBook.Judgement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Places for a request that the rules agree to, best first. Each is judged when it is wanted: mostly the first one is had, and
 * nobody asks about those behind it.
 */
final class Offers {

    /** Places that the rules are asked about for one request: all that eighteen aziende show of one service. */
    private static final int MOST_JUDGED = 400;

    static final Offers NONE = new Offers(List.of(), false, 0, null);

    /** A place for each line that the rules agree to, and their notices. */
    record Agreed(Candidate candidate, List<Ruling> notices) {}

    private final List<Candidate> candidates;
    private final boolean open;
    private final int most;
    private final Function<Candidate, Judgement> rules;
    private final List<Agreed> agreed = new ArrayList<>();
    private int judged;
    private Outcome question;
    private Outcome rejection;

    /**
     * @param open the hub has found them: a refusal names them
     * @param most so many are given at most
     */
    Offers(List<Candidate> candidates, boolean open, int most, Function<Candidate, Judgement> rules) {
        this.candidates = candidates.subList(0, Math.min(MOST_JUDGED, candidates.size()));
        this.open = open;
        this.most = most;
        this.rules = rules;
    }

    /** The so-manieth place that the rules agree to, from 0; null when there are no more. */
    Agreed get(int number) {
        while (agreed.size() <= number && agreed.size() < most && judged < candidates.size()) {
            judge(candidates.get(judged++));
        }
        return number < agreed.size() ? agreed.get(number) : null;
    }

    /** Why there is none; null when there is one. What only asks for a yes goes before what refuses. */
    Outcome refusal() {
        return get(0) != null ? null : question != null ? question : rejection;
    }

    private void judge(Candidate each) {
        Judgement with = rules.apply(each);
        if (!with.stops()) {
            agreed.add(new Agreed(each, with.notices()));
            return;
        }
        Outcome stopped = new Outcome(Result.REFUSED, with.rulings(), List.of(), open ? each.proposals() : List.of());
        if (onlyAsks(stopped) && question == null) {
            question = stopped;
        } else if (rejection == null) {
            rejection = stopped;
        }
    }

    static boolean onlyAsks(Outcome refusal) {
        return refusal != null
                && refusal.rulings().stream()
                        .filter(one -> one.decision().stops())
                        .allMatch(one -> one.decision() == Decision.CONFIRM);
    }
}
