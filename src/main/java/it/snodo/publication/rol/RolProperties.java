package it.snodo.publication.rol;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The region's on-line collection of reports.
 *
 * @param sslBundle name of a Spring SSL bundle for mutual TLS; the platform's trust when empty
 * @param application codiceApplicativo, as agreed with the region
 */
@ConfigurationProperties("snodo.rol")
public record RolProperties(
        @DefaultValue("http://localhost:8090/rol") String baseUrl,
        String sslBundle,
        @DefaultValue("SNODO") String application,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("30s") Duration responseTimeout) {

    public RolProperties {
        while (baseUrl.endsWith("/")) {
            baseUrl = baseUrl.substring(0, baseUrl.length() - 1);
        }
    }
}
