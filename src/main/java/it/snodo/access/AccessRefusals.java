package it.snodo.access;

import com.fasterxml.jackson.databind.json.JsonMapper;
import it.snodo.fault.Problem;
import it.snodo.fault.SnodoCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.stereotype.Component;

/**
 * What the security filters answer to machines: an OperationOutcome under {@code /fhir}, a problem elsewhere. To be given
 * to the filter chain as entry point and as access-denied handler.
 */
@Component
public class AccessRefusals implements AuthenticationEntryPoint, AccessDeniedHandler {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    AccessRefusals() {}

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        response.setHeader("WWW-Authenticate", "Basic realm=\"snodo\", charset=\"UTF-8\"");
        refuse(request, response, SnodoCode.NOT_AUTHENTICATED, "login");
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
            throws IOException {
        refuse(request, response, SnodoCode.NOT_ALLOWED, "forbidden");
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response, SnodoCode code, String issue)
            throws IOException {
        write(request, response, code, code.cause(), issue);
    }

    /**
     * What other filters answer, in the same two forms.
     *
     * @param reason a whole Italian sentence
     * @param issue type of the issue in FHIR
     */
    void refuse(HttpServletRequest request, HttpServletResponse response, SnodoCode code, String reason, String issue)
            throws IOException {
        write(request, response, code, reason, issue);
    }

    private static void write(
            HttpServletRequest request, HttpServletResponse response, SnodoCode code, String reason, String issue)
            throws IOException {
        boolean fhir = Calls.isFhir(request);
        byte[] body =
                fhir ? outcome(code, reason, issue) : Problem.of(code, reason).toJson();
        response.setStatus(code.httpStatus());
        response.setContentType(fhir ? "application/fhir+json;charset=UTF-8" : Problem.MEDIA_TYPE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static byte[] outcome(SnodoCode code, String reason, String issue) throws IOException {
        return JSON.writeValueAsBytes(Map.of(
                "resourceType",
                "OperationOutcome",
                "issue",
                List.of(Map.of(
                        "severity",
                        "error",
                        "code",
                        issue,
                        "details",
                        Map.of(
                                "coding",
                                List.of(Map.of(
                                        "system", "https://snodo.it/fhir/CodeSystem/errors", "code", code.code()))),
                        "diagnostics",
                        reason))));
    }
}
