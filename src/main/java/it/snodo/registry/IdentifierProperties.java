package it.snodo.registry;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param fiscalCode how a codice fiscale is checked: strict, check (as the FSE gateway does) or lenient
 */
@ConfigurationProperties("snodo.identifiers")
public record IdentifierProperties(@DefaultValue("check") CodiceFiscale.Strictness fiscalCode) {}
