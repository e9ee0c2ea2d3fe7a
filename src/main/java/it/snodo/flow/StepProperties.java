package it.snodo.flow;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often the hub tries a step of its own (making the document, signing it) that fails for a reason that may pass.
 *
 * @param maxAttempts after so many failures the certificate is a dead letter, when others succeed meanwhile; by an error of our
 *     own four times as many are enough
 * @param maxInterruptions so often may a step be begun and never end, because the process ended with it; in a process that had
 *     brought none to its end ten such ends count as one
 * @param firstBackOff wait after the first failure; doubles with each
 * @param longestBackOff where the doubling ends
 * @param giveUpAfter age of a certificate at which what fails for all, such as a time stamp that nobody gives, is a dead letter too
 */
@ConfigurationProperties("snodo.certificate.steps")
record StepProperties(
        @DefaultValue("5") int maxAttempts,
        @DefaultValue("20") int maxInterruptions,
        @DefaultValue("5s") Duration firstBackOff,
        @DefaultValue("5m") Duration longestBackOff,
        @DefaultValue("7d") Duration giveUpAfter) {}
