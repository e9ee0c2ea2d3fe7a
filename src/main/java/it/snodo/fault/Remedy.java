package it.snodo.fault;

/** What helps after a failure: the three outcomes that everything in the hub tells apart. */
public enum Remedy {
    /** The same again, later, may work: nobody has to do anything. */
    RETRY,
    /** A person has to change something (the message, a table, a setting), then it can be tried again. */
    REPAIR,
    /** The other side has decided, or trying again would do harm: never repeated by itself. */
    STOP
}
