package it.snodo.intake.fhir;

import ca.uhn.fhir.context.FhirContext;
import it.snodo.intake.IntakeProperties;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.StringType;
import org.springframework.stereotype.Component;

/** Hands a call of the FHIR server over to a route, with the bytes as they came, and writes what the route answers. */
@Component
class BookingExchange {

    private static final String ROUTE = "direct:booking-fhir";
    private static final String[] IN = {"Idempotency-Key", "If-Match", "If-None-Exist", "Prefer"};
    private static final String[] OUT = {"Location", "ETag", "Retry-After", "Idempotency-Replayed", "Snodo-Message-Id"};

    private final ProducerTemplate camel;
    private final FhirContext context;
    private final IntakeProperties properties;

    BookingExchange(ProducerTemplate camel, FhirContext context, IntakeProperties properties) {
        this.camel = camel;
        this.context = context;
        this.properties = properties;
    }

    /** @param id of the booking in the address; null when none */
    void handOver(String interaction, String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        // One byte more than allowed is enough to know that it is too much.
        int limit = (int) Math.min(Integer.MAX_VALUE - 8, properties.maxBody().toBytes());
        send(interaction, id, request.getInputStream().readNBytes(limit + 1), request, response);
    }

    /** {@code GET Appointment/$find?start=…}: its parameters as the Parameters that they stand for. */
    void find(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Parameters parameters = new Parameters();
        request.getParameterMap().forEach((name, values) -> {
            for (String value : values) {
                if (!value.isBlank() && !name.equals("_format")) {
                    parameters.addParameter().setName(name).setValue(new StringType(value));
                }
            }
        });
        send(BookingFhir.FIND, null, AnswerWriter.encode(context, false, parameters), request, response);
    }

    void send(String interaction, String id, byte[] body, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Exchange exchange = new DefaultExchange(camel.getCamelContext());
        exchange.setPattern(ExchangePattern.InOut);
        var in = exchange.getMessage();
        in.setBody(body);
        in.setHeader(BookingFhir.INTERACTION, interaction);
        in.setHeader(BookingFhir.BASE, base(request));
        in.setHeader(
                FhirIntake.USER,
                request.getUserPrincipal() == null
                        ? request.getRemoteAddr()
                        : request.getUserPrincipal().getName());
        String format = CertificateOperations.format(request);
        if (format != null) {
            in.setHeader(FhirIntake.FORMAT, format);
        }
        if (id != null) {
            in.setHeader(BookingFhir.ID, id);
        }
        if (interaction.equals(BookingFhir.FIND) && request.getParameter("_count") != null) {
            in.setHeader(BookingFhir.COUNT, request.getParameter("_count"));
        }
        for (String header : IN) {
            if (request.getHeader(header) != null) {
                in.setHeader(header, request.getHeader(header));
            }
        }
        Exchange answered = camel.send(ROUTE, exchange);
        if (answered.getException() != null) {
            // The route answers its own failures; this is one before or after it.
            throw new IOException("the route " + ROUTE + " failed", answered.getException());
        }
        var message = answered.getMessage();
        response.setStatus(message.getHeader(Exchange.HTTP_RESPONSE_CODE, 500, Integer.class));
        response.setContentType(message.getHeader(Exchange.CONTENT_TYPE, String.class));
        response.setHeader("Cache-Control", "no-store");
        for (String header : OUT) {
            String value = message.getHeader(header, String.class);
            if (value != null) {
                response.setHeader(header, value);
            }
        }
        byte[] bytes = message.getBody(byte[].class);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** Address of the FHIR server as the caller wrote it. */
    static String base(HttpServletRequest request) {
        String url = request.getRequestURL().toString();
        int at = url.indexOf(request.getServletPath() + "/");
        return at < 0
                ? request.getServletPath()
                : url.substring(0, at + request.getServletPath().length());
    }
}
