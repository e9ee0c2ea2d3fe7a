package it.snodo.booking.catalogue;

/**
 * A Comune that was merged into another (R44), from {@code mappings/comune-successors.csv}.
 *
 * @param name as it was
 * @param successor ISTAT code of the one of today
 * @param successorName its name
 */
public record VanishedComune(String name, String successor, String successorName) {}
