package it.snodo.exemption;

/**
 * Said inside the transaction that makes an exemption hold or end: the person's attestato is to be made again.
 *
 * @param cause the exemption
 */
public record ExemptionsChanged(String patientFiscalCode, long cause) {}
