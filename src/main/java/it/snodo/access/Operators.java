package it.snodo.access;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.stereotype.Component;

/** Tells who the current request's operator is: from the claims of the token, else from configuration. */
@Component
public class Operators {

    private static final String PREFIX = "ROLE_";

    private final Properties properties;

    Operators(Properties properties) {
        this.properties = properties;
    }

    /**
     * Who the users are that have no claims for it (HTTP Basic, client certificates), and how the claims of the others are
     * called.
     *
     * @param operators by user name
     * @param fiscalCodeClaim claim of the bearer token that carries the codice fiscale
     * @param aslClaim claim that carries the ASL's six digits
     */
    @ConfigurationProperties("snodo.people")
    record Properties(
            @DefaultValue Map<String, Person> operators,
            @DefaultValue("fiscal_code") String fiscalCodeClaim,
            @DefaultValue("asl") String aslClaim) {

        /** @param fiscalCode or {@code *}: all @param asl six digits, or {@code *}: all */
        record Person(String fiscalCode, String asl) {}
    }

    /** @throws SnodoException NOT_AUTHENTICATED when nobody is logged in */
    public Operator current() {
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        if (who == null || !who.isAuthenticated() || who instanceof AnonymousAuthenticationToken) {
            throw new SnodoException(SnodoCode.NOT_AUTHENTICATED, SnodoCode.NOT_AUTHENTICATED.cause());
        }
        Set<String> roles = who.getAuthorities().stream()
                .map(authority -> authority.getAuthority())
                .filter(authority -> authority.startsWith(PREFIX))
                .map(authority -> authority.substring(PREFIX.length()))
                .collect(Collectors.toUnmodifiableSet());
        if (who instanceof JwtAuthenticationToken token) {
            return new Operator(
                    who.getName(),
                    roles,
                    claim(token, properties.fiscalCodeClaim()),
                    claim(token, properties.aslClaim()));
        }
        Properties.Person person = properties.operators().get(who.getName());
        return new Operator(
                who.getName(),
                roles,
                person == null ? null : person.fiscalCode(),
                person == null ? null : person.asl());
    }

    /** Only configuration, never a token, makes somebody act for all. */
    private static String claim(JwtAuthenticationToken token, String name) {
        String value = token.getToken().getClaimAsString(name);
        return Operator.ALL.equals(value) ? null : value;
    }
}
