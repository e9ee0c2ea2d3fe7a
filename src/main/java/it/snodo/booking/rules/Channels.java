package it.snodo.booking.rules;

import java.util.Set;

/** Where a request comes from. */
final class Channels {

    static final String DESK = "DESK";
    static final String PHONE = "PHONE";
    static final String PHARMACY = "PHARMACY";
    static final String FAX = "FAX";
    static final Set<String> ALL = Set.of(DESK, PHONE, PHARMACY, FAX, "WEB");

    private Channels() {}

    /** A desk when not said. */
    static String of(BookingCase given) {
        return given.request().requester() == null
                        || given.request().requester().channel() == null
                ? DESK
                : given.request().requester().channel();
    }
}
