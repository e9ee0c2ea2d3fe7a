package it.snodo.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Who calls before the routes stand is told so in the form it speaks, and let through once they do. */
class StartingFilterTest {

    private static MockHttpServletResponse call(DefaultCamelContext camel, String path, MockFilterChain chain)
            throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        new StartingFilter(camel, new AccessRefusals())
                .doFilter(new MockHttpServletRequest("POST", path), response, chain);
        return response;
    }

    @Test
    void before_the_routes_stand_REST_and_FHIR_are_answered_503_each_in_its_form() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            MockFilterChain chain = new MockFilterChain();
            MockHttpServletResponse rest = call(camel, "/api/v1/certificates", chain);
            assertThat(rest.getStatus()).isEqualTo(503);
            assertThat(rest.getHeader("Retry-After")).isNotBlank();
            JsonNode problem = new ObjectMapper().readTree(rest.getContentAsByteArray());
            assertThat(problem.path("code").asText()).isEqualTo("SNODO-9011");
            MockHttpServletResponse fhir = call(camel, "/fhir/$process-message", chain);
            assertThat(fhir.getStatus()).isEqualTo(503);
            assertThat(fhir.getContentAsString()).contains("OperationOutcome").contains("SNODO-9011");
            assertThat(chain.getRequest()).isNull();
        }
    }

    @Test
    void once_they_stand_calls_pass() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.start();
            MockFilterChain chain = new MockFilterChain();
            assertThat(call(camel, "/api/v1/certificates", chain).getStatus()).isEqualTo(200);
            assertThat(chain.getRequest()).isNotNull();
        }
    }
}
