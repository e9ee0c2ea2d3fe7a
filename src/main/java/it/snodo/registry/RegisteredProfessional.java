package it.snodo.registry;

/** A professional of the region's registry; telecom is a URI. Everything but the codice fiscale may be null. */
public record RegisteredProfessional(
        String fiscalCode, String family, String given, String telecom, String azienda, String unit) {}
