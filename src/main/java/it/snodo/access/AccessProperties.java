package it.snodo.access;

import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Systems that log in with a client certificate. Who is believed is the TLS bundle's trust store; who is meant is said here.
 *
 * @param certificates none: certificates open no door
 */
@ConfigurationProperties("snodo.access")
record AccessProperties(@DefaultValue List<System> certificates) {

    /**
     * One system.
     *
     * @param subject the certificate's whole subject, such as {@code CN=lis.example.it, O=ASL TO1, C=IT}; upper and lower case
     *     and blanks do not count, the order does
     * @param name what journal and audit call it; the subject when absent
     * @param roles as users have them: specialista, distretto, cup, assistenza, fse, ops
     */
    record System(String subject, String name, @DefaultValue Set<String> roles) {

        private static final Set<String> KNOWN = Set.of(
                SecurityConfiguration.SPECIALISTA,
                SecurityConfiguration.DISTRETTO,
                SecurityConfiguration.CUP,
                SecurityConfiguration.ASSISTENZA,
                SecurityConfiguration.FSE,
                SecurityConfiguration.OPS);

        System {
            if (subject == null || subject.isBlank()) {
                throw new IllegalArgumentException("snodo.access.certificates: subject is missing");
            }
            if (roles.isEmpty() || !KNOWN.containsAll(roles)) {
                throw new IllegalArgumentException(
                        "snodo.access.certificates: roles of " + subject + " must be some of " + KNOWN);
            }
            name = name == null || name.isBlank() ? subject : name.strip();
        }

        boolean is(X500Principal other) {
            return new X500Principal(subject).equals(other);
        }
    }
}
