package it.snodo.booking.cup;

import it.snodo.booking.Booking;

/** What every style says of the prescription. */
final class Prescriptions {

    private Prescriptions() {}

    /** Number of the form, or NRE; null when there is none. */
    static String number(Booking booking) {
        return booking.prescription() == null
                        || booking.prescription().numbers().isEmpty()
                ? null
                : booking.prescription().numbers().get(0);
    }
}
