package it.snodo.document;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.stereotype.Component;

/** Tells who the current request's caller is. */
@Component
public class Callers {

    private static final String PREFIX = "ROLE_";

    private final DocumentsProperties properties;

    Callers(DocumentsProperties properties) {
        this.properties = properties;
    }

    /** @throws SnodoException NOT_AUTHENTICATED when nobody is logged in */
    public Caller current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication == null
                || !authentication.isAuthenticated()
                || authentication instanceof AnonymousAuthenticationToken) {
            throw new SnodoException(SnodoCode.NOT_AUTHENTICATED, SnodoCode.NOT_AUTHENTICATED.cause());
        }
        Set<String> roles = authentication.getAuthorities().stream()
                .map(authority -> authority.getAuthority())
                .filter(authority -> authority.startsWith(PREFIX))
                .map(authority -> authority.substring(PREFIX.length()))
                .collect(Collectors.toUnmodifiableSet());
        return new Caller(authentication.getName(), roles, fiscalCode(authentication));
    }

    private String fiscalCode(Authentication authentication) {
        if (authentication instanceof JwtAuthenticationToken token) {
            String claim = token.getToken().getClaimAsString(properties.fiscalCodeClaim());
            // Only configuration, never a token, makes somebody act for all.
            return "*".equals(claim) ? null : claim;
        }
        return properties.readers().get(authentication.getName());
    }
}
