package it.snodo.booking.catalogue;

/**
 * A priority class (§3.6), from {@code mappings/priority-classes.csv}.
 *
 * @param letter U, B, D or P
 * @param name Italian
 * @param visitDays days within which a visit is to be done
 * @param diagnosticDays the same for diagnostic examinations
 * @param bookable booked by a CUP; false for direct access (R57)
 * @param standard taken when the prescriber has given none (R58); one class only
 */
public record PriorityClass(
        String letter, String name, int visitDays, int diagnosticDays, boolean bookable, boolean standard) {

    /** Days within which an entry of the catalogue is to be done: a visit, or anything else. */
    public int days(CatalogueItem item) {
        return item.kind().equals("VISIT") || item.kind().equals("CONTROL") ? visitDays : diagnosticDays;
    }
}
