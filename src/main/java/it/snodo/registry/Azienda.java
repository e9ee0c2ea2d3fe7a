package it.snodo.registry;

/**
 * A health company (ASL, hospital company, IRCCS).
 *
 * @param code six digits: region and company (FLS.11)
 * @param shortCode the last three; null outside the region
 * @param name readable name
 * @param kind ASL, AO or IRCCS
 * @param region three digits of the region
 * @param comune ISTAT code of its seat; null when unknown
 * @param telecom a URI to reach it; null when unknown
 */
public record Azienda(
        String code, String shortCode, String name, String kind, String region, String comune, String telecom) {}
