package it.snodo.intake.fhir;

import java.util.ArrayList;
import java.util.List;

/** A part of a Bundle and its FHIRPath. */
record Placed<T>(T value, String path) {

    /** The parts of a list that stands at {@code path}. */
    static <T> List<Placed<T>> each(List<T> parts, String path) {
        List<Placed<T>> placed = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            placed.add(new Placed<>(parts.get(i), path + "[" + i + "]"));
        }
        return placed;
    }
}
