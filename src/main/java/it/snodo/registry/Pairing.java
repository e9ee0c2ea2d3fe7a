package it.snodo.registry;

/** What the table of pairs says of an exemption and a diagnosis. */
public enum Pairing {
    /** The pair, or the diagnosis' category or one of its subdivisions, is in the table. */
    LISTED,
    /** The table has pairs for the exemption and this is not one of them. */
    NOT_LISTED,
    /** The same, and the table says that its list for this exemption is binding. */
    REFUSED,
    /** The table has no pair for the exemption. */
    UNKNOWN
}
