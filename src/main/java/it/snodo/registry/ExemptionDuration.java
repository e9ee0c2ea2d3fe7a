package it.snodo.registry;

import java.time.LocalDate;

/**
 * How long an exemption lasts by default.
 *
 * @param unit G days, M months, A years, C to that birthday, I unlimited
 * @param amount how many; 0 when unlimited
 */
public record ExemptionDuration(String unit, int amount) {

    /**
     * Last day of an exemption that starts on that day; null when unlimited.
     *
     * @param birth of the person; when it is not known, a birthday is counted from the start
     */
    public LocalDate endFrom(LocalDate start, LocalDate birth) {
        return switch (unit) {
            case "G" -> start.plusDays(amount);
            case "M" -> start.plusMonths(amount);
            case "A" -> start.plusYears(amount);
            case "C" -> (birth == null ? start : birth).plusYears(amount);
            default -> null;
        };
    }
}
