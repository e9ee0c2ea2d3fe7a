package it.snodo.registry;

/**
 * A hospital or another structure.
 *
 * @param code ministry code
 * @param system {@code hsp.11} or {@code sts.11}: a key of {@link CodeTables#oid(String)}
 * @param azienda six digits
 * @param comune ISTAT code; null when unknown
 */
public record Structure(String code, String system, String name, String azienda, String comune) {}
