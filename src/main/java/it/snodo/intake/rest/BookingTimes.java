package it.snodo.intake.rest;

import it.snodo.booking.desk.HubTime;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Takes the time of booking calls from the first filter to the written answer, for {@link HubTime}. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class BookingTimes extends OncePerRequestFilter {

    private static final String BEGAN = BookingTimes.class.getName() + ".began";
    private static final String ELSEWHERE = BookingTimes.class.getName() + ".elsewhere";

    private final ObjectProvider<HubTime> times;

    BookingTimes(ObjectProvider<HubTime> times) {
        this.times = times;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI();
        return request.getMethod().equals("GET")
                || !path.startsWith("/api/v1/bookings") && !path.startsWith("/api/v1/availability");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        request.setAttribute(BEGAN, System.nanoTime());
        chain.doFilter(request, response);
        if (!request.isAsyncStarted()) {
            record(request);
            return;
        }
        try {
            request.getAsyncContext().addListener(new Written(request));
        } catch (IllegalStateException over) {
            record(request);
        }
    }

    /**
     * The desk has answered.
     *
     * @param waited nanoseconds in which CUPs were waited for
     * @return the times so far as a {@code Server-Timing} header tells them (W3C), milliseconds
     */
    static String answered(HttpServletRequest request, long waited) {
        if (!(request.getAttribute(BEGAN) instanceof Long began)) {
            return null;
        }
        request.setAttribute(ELSEWHERE, waited);
        return String.format(
                Locale.ROOT, "hub;dur=%.3f, cup;dur=%.3f", (System.nanoTime() - began - waited) / 1e6, waited / 1e6);
    }

    private void record(HttpServletRequest request) {
        if (request.getAttribute(BEGAN) instanceof Long began
                && request.getAttribute(ELSEWHERE) instanceof Long waited) {
            long took = System.nanoTime() - began - waited;
            times.ifAvailable(each -> each.took(took));
        }
    }

    private final class Written implements AsyncListener {

        private final HttpServletRequest request;

        Written(HttpServletRequest request) {
            this.request = request;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            record(request);
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // it completes
        }

        @Override
        public void onError(AsyncEvent event) {
            // it completes
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
