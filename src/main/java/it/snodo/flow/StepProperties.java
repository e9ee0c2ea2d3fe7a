package it.snodo.flow;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often the hub tries a step of its own (making the document, signing it) that fails for a reason that may pass.
 *
 * @param maxAttempts after so many failures the certificate is a dead letter
 * @param maxInterruptions so often may a step be begun and never end, because the process ended with it
 * @param firstBackOff wait after the first failure; doubles with each
 * @param longestBackOff where the doubling ends
 */
@ConfigurationProperties("snodo.certificate.steps")
record StepProperties(
        @DefaultValue("5") int maxAttempts,
        @DefaultValue("20") int maxInterruptions,
        @DefaultValue("5s") Duration firstBackOff,
        @DefaultValue("5m") Duration longestBackOff) {}
