package it.snodo.registry;

/**
 * An Italian municipality.
 *
 * @param code six digits (ISTAT)
 * @param province two letters; null when the province is not in the table
 */
public record Comune(String code, String name, String province) {}
