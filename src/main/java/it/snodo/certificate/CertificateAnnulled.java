package it.snodo.certificate;

/** Said inside the transaction that annuls a certificate: whoever published it must now take it back. */
public record CertificateAnnulled(long certificateNumber, String documentId, long messageId) {}
