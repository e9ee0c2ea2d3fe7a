package it.snodo.certificate;

/**
 * Said inside the transaction that annuls a certificate which had never been signed: whoever works on it ends that.
 *
 * @param messageId the message that asks; null when the doctor does
 */
public record CertificateAnnulled(long certificateNumber, String documentId, Long messageId) {}
