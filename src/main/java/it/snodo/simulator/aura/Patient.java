package it.snodo.simulator.aura;

import java.util.Map;

/** A person as the registry knows them: the columns of {@code simulator/aura/patients.csv}, empty where nothing is known. */
record Patient(Map<String, String> facts) {

    String get(String fact) {
        return facts.getOrDefault(fact, "");
    }

    /** The same, null where nothing is known. */
    String or(String fact) {
        String value = get(fact);
        return value.isEmpty() ? null : value;
    }

    String id() {
        return get("id");
    }

    String fiscalCode() {
        return get("fiscalCode");
    }

    boolean died() {
        return !get("died").isEmpty();
    }

    boolean merged() {
        return !get("mergedInto").isEmpty();
    }

    boolean active() {
        return !get("active").equals("0");
    }

    /** Midnight of a day, as xs:dateTime. */
    String moment(String fact) {
        return get(fact).isEmpty() ? null : get(fact) + "T00:00:00";
    }

    @Override
    public String toString() {
        return "Patient[" + id() + "]";
    }
}
