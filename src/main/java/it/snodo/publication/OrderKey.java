package it.snodo.publication;

/** Whose deliveries to one destination keep their order, one in flight at a time; those of others run beside them. */
public enum OrderKey {
    /** The document's, and those of the document that it replaces. */
    DOCUMENT,
    /** The person's as well. */
    PATIENT
}
