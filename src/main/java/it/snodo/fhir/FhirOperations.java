package it.snodo.fhir;

/**
 * Marks a bean that serves whole-system operations of the FHIR server ({@code $process-message}, transactions); beans
 * that serve one resource type implement HAPI's {@code IResourceProvider} instead. All are found by themselves.
 */
public interface FhirOperations {}
