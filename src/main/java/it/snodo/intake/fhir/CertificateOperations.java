package it.snodo.intake.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.Transaction;
import ca.uhn.fhir.rest.annotation.TransactionParam;
import ca.uhn.fhir.rest.api.RequestTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import it.snodo.fault.SnodoCode;
import it.snodo.fhir.FhirOperations;
import it.snodo.intake.IntakeProperties;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.hl7.fhir.r4.model.Bundle;
import org.springframework.stereotype.Component;

/**
 * The two ways in over FHIR for Bundles. The body of a certificate goes to the route {@code direct:certificate-fhir} as the
 * bytes that came, because the journal keeps those and a repeated message is known by them; that of a booking to
 * {@code direct:booking-fhir}.
 */
@Component
@Interceptor
class CertificateOperations implements FhirOperations {

    private static final String ROUTE = "direct:certificate-fhir";

    private final ProducerTemplate camel;
    private final IntakeProperties properties;
    private final BookingExchange bookings;
    private final FhirContext context;

    CertificateOperations(
            ProducerTemplate camel, IntakeProperties properties, BookingExchange bookings, FhirContext context) {
        this.camel = camel;
        this.properties = properties;
        this.bookings = bookings;
        this.context = context;
    }

    @Operation(name = "$process-message", manualRequest = true, manualResponse = true)
    public void processMessage(HttpServletRequest request, HttpServletResponse response) throws IOException {
        handOver(FhirIntake.PROCESS_MESSAGE, request, response);
    }

    /** Takes a transaction before HAPI parses it: it is parsed once, by the intake, that names every fault. */
    @Hook(Pointcut.SERVER_INCOMING_REQUEST_POST_PROCESSED)
    public boolean transaction(RequestDetails details, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        boolean transaction = details.getRequestType() == RequestTypeEnum.POST
                && details.getResourceName() == null
                && details.getOperation() == null;
        if (transaction) {
            handOver(FhirIntake.TRANSACTION, request, response);
        }
        return !transaction;
    }

    /** Declares the interaction in the CapabilityStatement; {@link #transaction} takes it before it gets here. */
    @Transaction
    public Bundle declared(@TransactionParam Bundle bundle) {
        throw new IllegalStateException("transactions are taken before they are dispatched");
    }

    private void handOver(String operation, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        // One byte more than allowed is enough to know that it is too much.
        int limit = (int) Math.min(Integer.MAX_VALUE - 8, properties.maxBody().toBytes());
        byte[] body = request.getInputStream().readNBytes(limit + 1);
        boolean booking = BookingBundles.isBooking(body);
        if (!mayBring(booking, request)) {
            refuse(request, response);
            return;
        }
        if (booking) {
            bookings.send(operation, null, body, request, response);
            return;
        }
        Exchange exchange = new DefaultExchange(camel.getCamelContext());
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeader(FhirIntake.OPERATION, operation);
        exchange.getMessage()
                .setHeader(
                        FhirIntake.USER,
                        request.getUserPrincipal() == null
                                ? request.getRemoteAddr()
                                : request.getUserPrincipal().getName());
        String format = format(request);
        if (format != null) {
            exchange.getMessage().setHeader(FhirIntake.FORMAT, format);
        }
        if (request.getHeader("Idempotency-Key") != null) {
            exchange.getMessage().setHeader("Idempotency-Key", request.getHeader("Idempotency-Key"));
        }
        exchange.setPattern(org.apache.camel.ExchangePattern.InOut);
        Exchange answered = camel.send(ROUTE, exchange);
        if (answered.getException() != null) {
            // The route answers its own failures; this is one before or after it.
            throw new IOException("the route " + ROUTE + " failed", answered.getException());
        }
        var message = answered.getMessage();
        response.setStatus(message.getHeader(Exchange.HTTP_RESPONSE_CODE, 500, Integer.class));
        response.setContentType(message.getHeader(Exchange.CONTENT_TYPE, String.class));
        for (String header : new String[] {"Retry-After", "Idempotency-Replayed", "Snodo-Message-Id"}) {
            String value = message.getHeader(header, String.class);
            if (value != null) {
                response.setHeader(header, value);
            }
        }
        byte[] bytes = message.getBody(byte[].class);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** The address is the same for both kinds: who may bring which is told here. */
    private static boolean mayBring(boolean booking, HttpServletRequest request) {
        return booking
                ? request.isUserInRole("cup") || request.isUserInRole("ops")
                : request.isUserInRole("specialista");
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean xml = "xml".equals(format(request));
        byte[] answer = AnswerWriter.encode(
                context, xml, OutcomeWriter.of(SnodoCode.NOT_ALLOWED, SnodoCode.NOT_ALLOWED.cause()));
        response.setStatus(SnodoCode.NOT_ALLOWED.httpStatus());
        response.setContentType(xml ? "application/fhir+xml;charset=UTF-8" : "application/fhir+json;charset=UTF-8");
        response.setContentLength(answer.length);
        response.getOutputStream().write(answer);
    }

    /** json or xml when _format or Accept asks for one of them, null when neither does. */
    static String format(HttpServletRequest request) {
        String query = request.getQueryString();
        String asked = query != null && query.contains("_format=") ? query : request.getHeader("Accept");
        if (asked == null) {
            return null;
        }
        int json = asked.indexOf("json");
        int xml = asked.indexOf("xml");
        if (json < 0 && xml < 0) {
            return null;
        }
        return xml < 0 || json >= 0 && json < xml ? "json" : "xml";
    }
}
