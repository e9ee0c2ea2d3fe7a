package it.snodo.certificate;

/**
 * Said inside the transaction that asks for the annulment of a signed certificate: its certificato annullativo is to be made
 * and signed.
 *
 * @param messageId the message that asks; null when the doctor does
 */
public record AnnulmentAsked(long certificateNumber, Long messageId) {}
