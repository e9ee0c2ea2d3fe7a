package it.snodo.access;

import it.snodo.fault.SnodoCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.camel.CamelContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** The port is open before the routes are, and after: until they all stand, REST and FHIR say 503, with a body. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class StartingFilter extends OncePerRequestFilter {

    private final CamelContext camel;
    private final AccessRefusals refusals;

    StartingFilter(CamelContext camel, AccessRefusals refusals) {
        this.camel = camel;
        this.refusals = refusals;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return camel.isStarted() || !Calls.isInterface(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("Retry-After", "5");
        refusals.refuse(request, response, SnodoCode.STARTING, SnodoCode.STARTING.cause(), "transient");
    }
}
