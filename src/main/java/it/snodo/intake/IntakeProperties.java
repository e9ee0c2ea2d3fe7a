package it.snodo.intake;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of what enters by REST, FHIR and JMS.
 *
 * @param maxBody the largest body read; a larger one is refused with 413
 */
@ConfigurationProperties("snodo.intake")
public record IntakeProperties(@DefaultValue("5MB") DataSize maxBody) {}
