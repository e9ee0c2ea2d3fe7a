package it.snodo.booking.rules;

/** The order of evaluation: all that stops a request within a step is told together, later steps are not reached. */
public enum Step {
    OPERATION(Phase.BEFORE_SLOT),
    EXCEPTIONS(Phase.BEFORE_SLOT),
    PERSON(Phase.BEFORE_SLOT),
    FORM(Phase.BEFORE_SLOT),
    CLASSES(Phase.BEFORE_SLOT),
    CONTENT(Phase.BEFORE_SLOT),
    PRIORITY(Phase.BEFORE_SLOT),
    DUPLICATES(Phase.BEFORE_SLOT),
    TARIFF(Phase.BEFORE_SLOT),
    SLOT(Phase.WITH_SLOT),
    OUTPUT(Phase.WITH_SLOT),
    /** Amounts and words that only the CUP's answer brings: they can warn, and stop nothing any more. */
    ANSWER(Phase.AFTER_ANSWER);

    private final Phase phase;

    Step(Phase phase) {
        this.phase = phase;
    }

    Phase phase() {
        return phase;
    }

    /** What must be known before a step can be evaluated. */
    public enum Phase {
        BEFORE_SLOT,
        /** Every line has its slot: asked for, or chosen by the hub. */
        WITH_SLOT,
        /** The CUP has said yes. */
        AFTER_ANSWER
    }
}
