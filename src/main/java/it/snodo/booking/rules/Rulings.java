package it.snodo.booking.rules;

import it.snodo.booking.Ruling;
import java.util.ArrayList;
import java.util.List;

/** Collects what the rules say. */
final class Rulings {

    private final List<Ruling> all = new ArrayList<>();

    /** @param path field of the request; empty for the whole */
    void add(BookingRule.Code code, String path, String message) {
        add(code, path, message, null);
    }

    /** @param detail one value for programs; null when none */
    void add(BookingRule.Code code, String path, String message, String detail) {
        all.add(new Ruling(code.code(), code.decision(), code.condition(), path, code.title(), message, detail));
    }

    List<Ruling> all() {
        return List.copyOf(all);
    }
}
