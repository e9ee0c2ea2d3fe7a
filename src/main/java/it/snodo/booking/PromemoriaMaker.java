package it.snodo.booking;

/** Makes the paper that the patient takes along. */
@FunctionalInterface
public interface PromemoriaMaker {

    /**
     * @param booking one that stands: what is refused, revoked or not known yet has no promemoria
     * @return PDF/A-3a, Italian, one or more pages of A4; the same bytes for the same booking and day
     * @throws it.snodo.fault.SnodoException {@code NOT_NOW} when the booking does not stand, {@code PDF_FAILED} when the page
     *     cannot be made
     */
    byte[] pdf(Booking booking);
}
