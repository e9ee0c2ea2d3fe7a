package it.snodo.certificate;

/**
 * Said inside the transaction that annuls a certificate, which for a signed one is the one that keeps the signed certificato
 * annullativo: whoever works on it ends that, and whoever published it takes it back.
 *
 * @param messageId the message that asks for the annulment of one never signed; null when the doctor does, and for a signed one
 */
public record CertificateAnnulled(long certificateNumber, String documentId, Long messageId) {}
