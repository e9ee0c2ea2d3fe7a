package it.snodo.booking.rules;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the manual of 2007 leaves a choice.
 *
 * @param chainedBranches services may stand on one prescription when each shares a branch with the next (A, A and B, B);
 *     false: one branch must be common to all (R24)
 * @param rehabilitationBookable rehabilitation can be booked, within its limits; false: the CUP of the azienda does (R26)
 * @param priorityClockStart what the days of a priority class count from: the day the booking is asked for, or the day the
 *     prescription was written (R59)
 * @param fiscalCodeCheck what is said to a codice fiscale that is none (structure, calendar, check letter): the seed asks for
 *     the right kind (R21), its specimen cards fail the check, so that it is a notice unless it shall be a refusal
 */
@ConfigurationProperties("snodo.booking.rules")
record BookingProperties(
        @DefaultValue("false") boolean chainedBranches,
        @DefaultValue("false") boolean rehabilitationBookable,
        @DefaultValue("BOOKING") ClockStart priorityClockStart,
        @DefaultValue("WARN") FiscalCodeCheck fiscalCodeCheck) {

    enum ClockStart {
        BOOKING,
        COMPILED
    }

    enum FiscalCodeCheck {
        OFF,
        WARN,
        REJECT
    }

    /** What holds when nothing is configured. */
    static BookingProperties standard() {
        return new BookingProperties(false, false, ClockStart.BOOKING, FiscalCodeCheck.WARN);
    }
}
