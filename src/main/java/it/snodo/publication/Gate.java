package it.snodo.publication;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says how many deliveries to one destination may be tried now: none while a person has paused it, while it is expected to
 * be down, while it asked us to wait, or while its circuit is open; one where the circuit probes; and no more than its rate.
 * It says in the log only what changes.
 */
final class Gate {

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final Exception FAILURE = new Exception("connection failure");

    private final Destination destination;
    private final DestinationPolicy policy;
    private final Clock clock;
    /** Never set back: by it waits are measured. */
    private final Clock steady;

    private final CircuitBreaker circuit;
    private final RateLimiter rate;
    private Pause pause;
    private Instant askedToWaitUntil = Instant.EPOCH;
    private boolean probing;
    private int failures;
    private Instant failingSince;
    private Instant lastSuccess;
    private Instant lastFailure;
    private String lastFailureWords;

    Gate(Destination destination, DestinationPolicy policy, Clock clock) {
        this(destination, policy, clock, clock);
    }

    /**
     * @param clock what the time is
     * @param steady how much of it has gone by, whatever happens to {@code clock}
     */
    Gate(Destination destination, DestinationPolicy policy, Clock clock, Clock steady) {
        this.destination = destination;
        this.policy = policy;
        this.clock = clock;
        this.steady = steady;
        this.circuit = CircuitBreaker.of(
                destination.name(),
                CircuitBreakerConfig.custom()
                        // so many failures in a row, and none of them a success
                        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(policy.breakerFailures())
                        .minimumNumberOfCalls(policy.breakerFailures())
                        .failureRateThreshold(100)
                        .waitIntervalFunctionInOpenState(
                                policy.breakerOpen().compareTo(policy.breakerLongest()) < 0
                                        ? IntervalFunction.ofExponentialBackoff(
                                                policy.breakerOpen(), 2, policy.breakerLongest())
                                        : IntervalFunction.of(policy.breakerOpen()))
                        .permittedNumberOfCallsInHalfOpenState(1)
                        // a probe that never comes back must not keep the circuit half open for ever
                        .maxWaitDurationInHalfOpenState(Duration.ofMinutes(10))
                        .writableStackTraceEnabled(false)
                        .clock(steady)
                        .build());
        this.rate = policy.perMinute() > 0 ? RateLimiter.of(destination.name(), rate(policy.perMinute())) : null;
    }

    /** Spread over the minute: the shortest period that is a tenth of a second or lets one through. */
    private static RateLimiterConfig rate(int perMinute) {
        int perPeriod = Math.max(1, perMinute / 600);
        return RateLimiterConfig.custom()
                .limitForPeriod(perPeriod)
                .limitRefreshPeriod(Duration.ofNanos(60_000_000_000L * perPeriod / perMinute))
                .timeoutDuration(Duration.ZERO)
                .build();
    }

    /** How many of {@code wanted} may be tried now; {@link #started} must follow. */
    synchronized int allow(int wanted) {
        probing = false;
        Instant now = clock.instant();
        if (wanted <= 0 || isPaused() || isExpectedDown(now) || isAskedToWait()) {
            return 0;
        }
        int allowed = rate == null ? wanted : Math.min(wanted, rate.getMetrics().getAvailablePermissions());
        if (allowed <= 0 || circuit.getState() == CircuitBreaker.State.CLOSED) {
            return Math.max(allowed, 0);
        }
        probing = circuit.tryAcquirePermission();
        return probing ? 1 : 0;
    }

    /** How many of those allowed are on their way. */
    synchronized void started(int number) {
        if (number == 0 && probing) {
            circuit.releasePermission();
        }
        if (number > 0 && rate != null) {
            rate.acquirePermission(number);
        }
        probing = false;
    }

    /** Whether nothing is asked of the destination at all now. */
    synchronized boolean isShut() {
        return isPaused() || isExpectedDown(clock.instant()) || isOpen();
    }

    /** @return true when the destination had been failing and now works again */
    synchronized boolean succeeded() {
        boolean recovered = circuit.getState() != CircuitBreaker.State.CLOSED;
        if (failures > 0) {
            LOG.info(
                    "{} risponde di nuovo dopo {} errori in {} s",
                    destination,
                    failures,
                    Duration.between(failingSince, clock.instant()).toSeconds());
        }
        failures = 0;
        circuit.onSuccess(0, TimeUnit.NANOSECONDS);
        if (circuit.getState() != CircuitBreaker.State.CLOSED) {
            circuit.transitionToClosedState();
        }
        askedToWaitUntil = Instant.EPOCH;
        lastSuccess = clock.instant();
        return recovered;
    }

    synchronized void failed(String words) {
        Instant now = clock.instant();
        remember(now, words);
        if (isExpectedDown(now)) {
            abandoned();
            return;
        }
        failures++;
        if (failures == 1) {
            failingSince = now;
            LOG.warn("{} non riceve: {} (i prossimi errori sono solo contati)", destination, words);
        }
        circuit.onError(0, TimeUnit.NANOSECONDS, FAILURE);
    }

    /** The destination asked us to wait. */
    synchronized void waitAsAsked(Duration wait, String words) {
        Instant until = steady.instant().plus(wait);
        remember(clock.instant(), words);
        abandoned();
        if (until.isAfter(askedToWaitUntil)) {
            askedToWaitUntil = until;
        }
    }

    /** Neither success nor failure of the destination: the try says nothing of it. */
    synchronized void abandoned() {
        if (circuit.getState() == CircuitBreaker.State.HALF_OPEN) {
            circuit.releasePermission();
        }
    }

    private void remember(Instant at, String words) {
        lastFailure = at;
        lastFailureWords = words;
    }

    synchronized void pause(Pause asked) {
        pause = asked;
    }

    synchronized Instant lastSuccess() {
        return lastSuccess == null ? Instant.EPOCH : lastSuccess;
    }

    /** Whether its circuit does not let everything through, or it asked for a pause. */
    synchronized boolean isOpen() {
        return circuit.getState() != CircuitBreaker.State.CLOSED || isAskedToWait();
    }

    private boolean isAskedToWait() {
        return steady.instant().isBefore(askedToWaitUntil);
    }

    private boolean isPaused() {
        return pause != null && (pause.until() == null || clock.instant().isBefore(pause.until()));
    }

    private boolean isExpectedDown(Instant now) {
        return policy.expectedDown().downUntil(now).isPresent();
    }

    synchronized Gates.Standing standing() {
        Instant now = clock.instant();
        Optional<Instant> down = policy.expectedDown().downUntil(now);
        return new Gates.Standing(
                destination,
                isPaused() ? pause : null,
                policy.expectedDown().text(),
                down.orElse(null),
                circuit.getState().name(),
                failures,
                isAskedToWait() ? now.plus(Duration.between(steady.instant(), askedToWaitUntil)) : null,
                lastSuccess,
                lastFailure,
                lastFailureWords);
    }
}
