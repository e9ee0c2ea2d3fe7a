package it.snodo.booking.cup;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Spares the callers of a CUP that does not answer the wait: after some failures in a row they are told at once, and one call
 * now and then tries whether it is back.
 */
final class CupGate {

    private static final Exception FAILURE = new Exception("no answer", null);

    private final CircuitBreaker circuit;
    private int failures;
    private Instant lastAnswer;
    private Instant lastFailure;
    private String lastWords;

    CupGate(String name, CupProperties properties) {
        this.circuit = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(properties.breakerFailures())
                        .minimumNumberOfCalls(properties.breakerFailures())
                        .failureRateThreshold(100)
                        .waitIntervalFunctionInOpenState(
                                properties.breakerOpen().compareTo(properties.breakerLongest()) < 0
                                        ? IntervalFunction.ofExponentialBackoff(
                                                properties.breakerOpen(), 2, properties.breakerLongest())
                                        : IntervalFunction.of(properties.breakerOpen()))
                        .permittedNumberOfCallsInHalfOpenState(1)
                        // a probe that never comes back must not keep it half open for ever
                        .maxWaitDurationInHalfOpenState(Duration.ofMinutes(2))
                        .writableStackTraceEnabled(false)
                        .build());
    }

    /** One of {@link #answered}, {@link #failed} and {@link #untried} must follow a yes. */
    boolean allows() {
        return circuit.tryAcquirePermission();
    }

    /** Whatever it said, it said something. @return how many calls had failed before this one */
    synchronized int answered() {
        int before = failures;
        failures = 0;
        lastAnswer = Instant.now();
        circuit.onSuccess(0, TimeUnit.NANOSECONDS);
        return before;
    }

    /** @return how many in a row by now */
    synchronized int failed(String words) {
        lastFailure = Instant.now();
        lastWords = words;
        circuit.onError(0, TimeUnit.NANOSECONDS, FAILURE);
        return ++failures;
    }

    /** The call says nothing of the CUP. */
    void untried() {
        circuit.releasePermission();
    }

    synchronized Standing standing() {
        return new Standing(circuit.getState().name(), failures, lastAnswer, lastFailure, lastWords);
    }

    /**
     * @param circuit CLOSED (all goes through), OPEN (nothing), HALF_OPEN (a probe)
     * @param failures calls without an answer in a row
     * @param lastFailureWords Italian; null when none has failed
     */
    record Standing(String circuit, int failures, Instant lastAnswer, Instant lastFailure, String lastFailureWords) {}
}
