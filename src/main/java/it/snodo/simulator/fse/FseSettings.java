package it.snodo.simulator.fse;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the simulated FSE gateway behaves.
 *
 * @param basePath path under which the gateway's operations lie
 * @param edge whether tokens are checked as the gateway's edge (GovWay) does: signature, certificate, times, repeats;
 *     without it only the claims of FSE-JWT-Signature count, as in the Ministry's code run alone
 * @param audience the {@code aud} the edge wants; null takes any that is not empty
 * @param accreditation whether the behaviour of the accreditation environment is on: ids that begin with CRASH_TIMEOUT or
 *     SKIP_VALIDATION, and replacement only of what was published here
 * @param index whether what was accepted is sent on to the national index (INI) and an event says how it went
 * @param indexDelay how long after the answer the index takes the document
 * @param maxUpload largest file taken; above it 413
 */
public record FseSettings(
        @DefaultValue("/fse/v1") String basePath,
        @DefaultValue("true") boolean edge,
        String audience,
        @DefaultValue("true") boolean accreditation,
        @DefaultValue("true") boolean index,
        @DefaultValue("500ms") Duration indexDelay,
        @DefaultValue("5MB") DataSize maxUpload) {

    public static FseSettings defaults() {
        return new FseSettings("/fse/v1", true, null, true, true, Duration.ofMillis(500), DataSize.ofMegabytes(5));
    }

    public FseSettings withEdge(boolean on) {
        return new FseSettings(basePath, on, audience, accreditation, index, indexDelay, maxUpload);
    }

    public FseSettings withAccreditation(boolean on) {
        return new FseSettings(basePath, edge, audience, on, index, indexDelay, maxUpload);
    }

    public FseSettings withIndex(boolean on, Duration delay) {
        return new FseSettings(basePath, edge, audience, accreditation, on, delay, maxUpload);
    }

    public FseSettings withMaxUpload(DataSize most) {
        return new FseSettings(basePath, edge, audience, accreditation, index, indexDelay, most);
    }
}
