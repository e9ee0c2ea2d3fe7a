package it.snodo.registry;

/**
 * An organisational unit (unità produttiva).
 *
 * @param azienda six digits; null when unknown
 * @param structure ministry code of the structure it works in; null when unknown
 * @param practiceSetting assetto organizzativo, {@code AD_PSCnnn}; null when unknown
 * @param telecom a URI to reach it; null when unknown
 */
public record Unit(
        String code, String name, String azienda, String structure, String practiceSetting, String telecom) {}
