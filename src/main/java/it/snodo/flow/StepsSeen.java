package it.snodo.flow;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process has seen of the steps, to tell a certificate's own fault from the ground's. A step that a process took with
 * it says something about the certificate only where steps did come to their end: a hub that is killed soon after each of its
 * starts does none, whosoever. And one that fails again and again is at fault itself only when others succeed meanwhile.
 */
final class StepsSeen {

    /** What an interruption counts in a process that has brought such a step to its end before; in one that has not: 1. */
    static final int WHERE_STEPS_END = 10;

    private static final int MOST = 100_000;

    private record Step(String stage, long number) {}

    private final Set<Step> begun = ConcurrentHashMap.newKeySet();
    private final Map<Step, Long> failed = new ConcurrentHashMap<>();
    private final Map<String, Long> lastEnd = new ConcurrentHashMap<>();

    /** @return what it will count if this process ends before the step does; 0 when the process has begun it before */
    int begins(String stage, long number) {
        if (begun.size() > MOST) {
            begun.clear();
        }
        if (!begun.add(new Step(stage, number))) {
            return 0;
        }
        return lastEnd.containsKey(stage) ? WHERE_STEPS_END : 1;
    }

    /** It could not be begun after all. */
    void notBegun(String stage, long number) {
        begun.remove(new Step(stage, number));
    }

    /** It has been done. */
    void ended(String stage, long number) {
        left(stage, number);
        lastEnd.put(stage, System.nanoTime());
    }

    /** @return whether the same step of others has been done since this one failed the last time */
    boolean failsWhileOthersEnd(String stage, long number) {
        if (failed.size() > MOST) {
            failed.clear();
        }
        notBegun(stage, number);
        Long before = failed.put(new Step(stage, number), System.nanoTime());
        Long end = lastEnd.get(stage);
        return before != null && end != null && end - before > 0;
    }

    /** It is nobody's concern any more. */
    void left(String stage, long number) {
        notBegun(stage, number);
        failed.remove(new Step(stage, number));
    }
}
