package it.snodo.aura;

/**
 * Said when AURA has given the profile of a codice fiscale, to whoever wants to know which identity is in force for it.
 *
 * @param fiscalCode as it was asked for; the profile may carry another
 */
public record ProfileRead(String fiscalCode, PatientProfile profile) {}
