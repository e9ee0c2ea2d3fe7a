package it.snodo.registry;

/**
 * An ICD-9-CM diagnosis.
 *
 * @param code with the dot
 * @param title words, readable
 * @param inFse whether the FSE gateway knows the code; where it does not, a more specific one is needed
 */
public record Diagnosis(String code, String title, boolean inFse) {}
