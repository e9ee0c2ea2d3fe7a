package it.snodo.aura.soap;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where AURA is. Each of its services has an address and a user of its own; what a service does not say is taken from here.
 *
 * @param baseUrl the services' names are added to it; null when each service has its own address
 * @param user of the UsernameToken, with {@code password}; null when each service has its own
 * @param sslBundle name of a Spring SSL bundle for TLS; the platform's trust when empty
 * @param connectTimeout for the connection to stand
 * @param timeout for the whole answer, and for each pause within it
 * @param connections to AURA at the same time, deliveries and searches together
 * @param newProfile whether profiles are read with GetProfiloSanitarioNew or with the older GetProfiloSanitario
 */
@ConfigurationProperties("snodo.aura")
public record AuraProperties(
        String baseUrl,
        String user,
        String password,
        String sslBundle,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("16") int connections,
        @DefaultValue("true") boolean newProfile,
        Service find,
        Service profile,
        Service exemption) {

    /**
     * One service of AURA; null takes what holds for all.
     *
     * @param url whole address
     */
    public record Service(String url, String user, String password) {

        @Override
        public String toString() {
            return "Service[" + url + "]";
        }
    }

    /** What is in force for the service of that name, such as AnagrafeFind; its parts are null where nothing is said. */
    Service of(Service own, String name) {
        Service given = own == null ? new Service(null, null, null) : own;
        String url = given.url();
        if (isBlank(url) && !isBlank(baseUrl)) {
            url = baseUrl.replaceAll("/+$", "") + "/" + name;
        }
        return new Service(
                isBlank(url) ? null : url,
                isBlank(given.user()) ? user : given.user(),
                isBlank(given.password()) ? password : given.password());
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }

    @Override
    public String toString() {
        return "AuraProperties[" + baseUrl + "]";
    }
}
