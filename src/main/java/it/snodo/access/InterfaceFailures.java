package it.snodo.access;

import it.snodo.config.RouteSwaps;
import it.snodo.fault.SnodoCode;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Duration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Failures of a call that no code of ours answers: a route that is just being replaced, an exception on the way out of one.
 * Left to themselves they would be sent to an error page that nobody may see, and the caller would read that his role does
 * not allow the call. Calls that come while routes are being replaced wait for the new ones.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
class InterfaceFailures extends OncePerRequestFilter {

    /** How many swaps had begun when the call came. */
    private static final String SWAPS = InterfaceFailures.class.getName();

    private static final Duration LONGEST_SWAP = Duration.ofSeconds(20);

    private final RouteSwaps swaps;
    private final AccessRefusals refusals;

    InterfaceFailures(RouteSwaps swaps, AccessRefusals refusals) {
        this.swaps = swaps;
        this.refusals = refusals;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !Calls.isInterface(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        request.setAttribute(SWAPS, swaps.await(LONGEST_SWAP));
        try {
            chain.doFilter(request, failing(request, response));
        } finally {
            whenEnded(request);
        }
    }

    private void whenEnded(HttpServletRequest request) {
        try {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new Left());
                return;
            }
        } catch (IllegalStateException ended) {
            // between the two lines
        }
        swaps.left();
    }

    /** A call answered from another thread has ended when it is complete. */
    private final class Left implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            swaps.left();
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }

    private HttpServletResponse failing(HttpServletRequest request, HttpServletResponse response) {
        return new HttpServletResponseWrapper(response) {
            @Override
            public void sendError(int status) throws IOException {
                fail(request, response, status);
            }

            @Override
            public void sendError(int status, String words) throws IOException {
                fail(request, response, status);
            }
        };
    }

    /** Whether routes have been replaced while that call was on its way, so that its address may have been missing. */
    boolean disturbed(HttpServletRequest request) {
        return request.getAttribute(SWAPS) instanceof Long since && swaps.disturbed(since);
    }

    private void fail(HttpServletRequest request, HttpServletResponse response, int status) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        if (status == HttpStatus.SERVICE_UNAVAILABLE.value() || disturbed(request)) {
            response.setHeader("Retry-After", "1");
            refusals.refuse(request, response, SnodoCode.STARTING, SnodoCode.STARTING.cause(), "transient");
        } else if (status >= 500) {
            refusals.refuse(request, response, SnodoCode.INTERNAL, SnodoCode.INTERNAL.cause(), "exception");
        } else if (status == HttpStatus.NOT_FOUND.value()) {
            refusals.refuse(request, response, SnodoCode.NOT_FOUND, SnodoCode.NOT_FOUND.cause(), "not-found");
        } else {
            refusals.refuse(request, response, SnodoCode.REQUEST_INVALID, SnodoCode.REQUEST_INVALID.cause(), "invalid");
        }
    }
}
