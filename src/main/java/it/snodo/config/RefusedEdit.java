package it.snodo.config;

import java.time.Instant;
import java.util.List;

/**
 * An edit of the editable folders that cannot be used: what was in force before it still is.
 *
 * @param files the edited files among which the wrong one is, as {@code mappings/units.csv}; mostly one
 * @param since when it was come upon
 * @param reason what is wrong, with line and column where they are known
 */
public record RefusedEdit(List<String> files, Instant since, String reason) {}
