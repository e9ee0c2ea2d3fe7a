package it.snodo.access;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.config.RouteSwaps;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

class ProblemAdviceTest {

    @Test
    void a_caller_who_hung_up_is_not_answered_and_is_no_failure_of_the_hub() {
        var gone = new AsyncRequestNotUsableException("write failed", new IOException("Broken pipe"));

        assertThat(new ProblemAdvice(new InterfaceFailures(new RouteSwaps(), new AccessRefusals()))
                        .other(gone, new MockHttpServletRequest()))
                .isNull();
        assertThat(new ProblemAdvice(new InterfaceFailures(new RouteSwaps(), new AccessRefusals()))
                        .other(new IllegalStateException(), new MockHttpServletRequest())
                        .getStatusCode()
                        .value())
                .isEqualTo(500);
    }
}
