package it.snodo.booking;

/** Makes the promemoria that the patient is handed (R82 to R85). */
public interface PromemoriaMaker {

    /** @return the page as PDF/A, in Italian */
    byte[] pdf(Booking booking);
}
