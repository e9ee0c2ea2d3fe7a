package it.snodo.booking.catalogue;

import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/**
 * Two services that spoil each other (R32), from {@code mappings/booking-incompatibilities.csv}.
 *
 * @param first code or item
 * @param second code or item
 * @param minDays days there must be from the one to the other: 0 the same day is good, 1 the next one
 * @param ordered the first must also come before the second
 */
public record Incompatibility(String first, String second, int minDays, boolean ordered) {

    /** Whether the first service may be on that day and hour when the second is on the other (Europe/Rome). */
    public boolean allows(ZonedDateTime first, ZonedDateTime second) {
        long days = Math.abs(ChronoUnit.DAYS.between(first.toLocalDate(), second.toLocalDate()));
        return days >= minDays && (!ordered || first.isBefore(second));
    }
}
