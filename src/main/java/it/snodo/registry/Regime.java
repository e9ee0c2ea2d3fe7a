package it.snodo.registry;

/**
 * The regime under which a document is made.
 *
 * @param certificate whether a certificate may be made under it
 */
public record Regime(String code, String title, boolean certificate) {}
