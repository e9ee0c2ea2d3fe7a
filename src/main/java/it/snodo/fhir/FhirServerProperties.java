package it.snodo.fhir;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The FHIR server.
 *
 * @param baseUrl address that links carry, such as {@code https://snodo.example.it/fhir}; absent: that of the request
 */
@ConfigurationProperties("snodo.fhir")
record FhirServerProperties(String baseUrl) {}
