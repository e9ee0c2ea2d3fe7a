package it.snodo.publication;

/** Where documents and exemptions are published. Each destination has a lane of its own: what happens to one never holds another. */
public enum Destination {
    /** The national health record's gateway (FSE 2.0). */
    FSE,
    /** The region's on-line collection of reports. */
    ROL,
    /** The region's registry of patients and their exemptions. */
    AURA
}
