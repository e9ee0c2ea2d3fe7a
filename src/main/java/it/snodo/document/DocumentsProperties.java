package it.snodo.document;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The pull of documents.
 *
 * @param readers codice fiscale of the users that have no claim for it (HTTP Basic): user name to codice fiscale, or to
 *     {@code *} for a system that acts for all its doctors
 * @param fiscalCodeClaim claim of the bearer token that carries the codice fiscale
 * @param maxPage the most documents in one page
 */
@ConfigurationProperties("snodo.documents")
record DocumentsProperties(
        @DefaultValue Map<String, String> readers,
        @DefaultValue("fiscal_code") String fiscalCodeClaim,
        @DefaultValue("100") int maxPage) {}
