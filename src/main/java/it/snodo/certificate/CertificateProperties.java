package it.snodo.certificate;

import java.time.Duration;
import java.time.ZoneId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How strictly a certificate request is judged.
 *
 * @param diagnosisPairs whether a diagnosis that the table of pairs does not list for the exemption is refused; off by
 *     default, because the table is not complete
 * @param clockTolerance how far in the future the time of a visit may lie: the clocks of two systems are never equal
 * @param zone where the days of visits and validities are counted
 */
@ConfigurationProperties("snodo.certificate")
record CertificateProperties(
        @DefaultValue("off") DiagnosisPairs diagnosisPairs,
        @DefaultValue("15m") Duration clockTolerance,
        @DefaultValue("Europe/Rome") ZoneId zone) {

    /** What to do with a pair that is not listed. */
    public enum DiagnosisPairs {
        OFF,
        REFUSE
    }
}
