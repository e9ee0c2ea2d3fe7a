package it.snodo.simulator.cup;

import java.time.LocalDateTime;
import java.util.List;

/**
 * What a CUP is asked to book, whatever protocol brought it.
 *
 * @param placer the asking system's code of the booking
 * @param filler the CUP's own code; null when the asking system did not say it
 * @param person may be null in commands on an existing booking
 * @param lines may be empty in those
 * @param exempt the patient pays nothing
 */
record Ask(String placer, String filler, Person person, List<Line> lines, boolean exempt) {

    /** Values as they came, empty when absent. */
    record Person(String id, String family, String given, String birthDate, String sex) {}

    /**
     * @param service local code
     * @param agenda null when not said: any that has the place
     * @param start Europe/Rome; null when not said
     */
    record Line(String service, String agenda, LocalDateTime start, int quantity) {}
}
