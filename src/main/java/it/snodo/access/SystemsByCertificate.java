package it.snodo.access;

import java.security.cert.X509Certificate;
import org.springframework.security.core.userdetails.AuthenticationUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/** The system whose certificate TLS has accepted, with its roles; an unknown one is nobody and may still log in otherwise. */
final class SystemsByCertificate implements AuthenticationUserDetailsService<PreAuthenticatedAuthenticationToken> {

    private final AccessProperties properties;

    SystemsByCertificate(AccessProperties properties) {
        this.properties = properties;
    }

    @Override
    public UserDetails loadUserDetails(PreAuthenticatedAuthenticationToken token) {
        X509Certificate certificate = (X509Certificate) token.getCredentials();
        return properties.certificates().stream()
                .filter(one -> one.is(certificate.getSubjectX500Principal()))
                .findFirst()
                .map(one -> User.withUsername(one.name())
                        .password("")
                        .roles(one.roles().toArray(String[]::new))
                        .build())
                .orElseThrow(() -> new UsernameNotFoundException("no system has this certificate"));
    }
}
