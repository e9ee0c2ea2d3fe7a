package it.snodo.certificate;

/**
 * A certificate has been replaced by a signed one; told inside the transaction that replaces it.
 *
 * @param certificateNumber the earlier one
 * @param by number of the one that is valid from now on
 */
public record CertificateReplaced(long certificateNumber, long by) {}
