package it.snodo.intake;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of what enters by REST, FHIR and JMS.
 *
 * @param maxBody the largest body read, unpacked too; a larger one is refused with 413
 * @param bodyTimeout a body must have come within this time, plus one second for each 64 kB; else it is refused with 408
 */
@ConfigurationProperties("snodo.intake")
public record IntakeProperties(
        @DefaultValue("5MB") DataSize maxBody,
        @DefaultValue("20s") Duration bodyTimeout) {}
