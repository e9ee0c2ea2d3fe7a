package it.snodo.intake.fhir;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.OperationParam;
import ca.uhn.fhir.rest.annotation.OptionalParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.annotation.Update;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.param.DateRangeParam;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.server.IResourceProvider;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.IdType;
import org.springframework.stereotype.Component;

/**
 * Appointment at the FHIR server. Every call is taken before HAPI parses it: what changes something goes to the route as the
 * bytes that came, and reading asks who the person is first (R80). The methods stand here for the CapabilityStatement.
 */
@Component
@Interceptor
class AppointmentProvider implements IResourceProvider {

    private final BookingExchange exchange;
    private final AppointmentSearch search;

    AppointmentProvider(BookingExchange exchange, AppointmentSearch search) {
        this.exchange = exchange;
        this.search = search;
    }

    @Override
    public Class<Appointment> getResourceType() {
        return Appointment.class;
    }

    /** Takes what concerns an Appointment; anything else goes its way. */
    @Hook(Pointcut.SERVER_INCOMING_REQUEST_PRE_PROCESSED)
    public boolean take(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo() == null ? "" : request.getPathInfo().replaceAll("/+$", "");
        if (!path.equals("/Appointment") && !path.startsWith("/Appointment/")) {
            return true;
        }
        String rest = path.length() <= "/Appointment/".length() ? "" : path.substring("/Appointment/".length());
        String method = request.getMethod();
        boolean id = rest.matches("[A-Za-z0-9.-]{1,64}");
        if (method.equals("POST") && rest.isEmpty()) {
            exchange.handOver(BookingFhir.CREATE, null, request, response);
        } else if (method.equals("PUT") && id) {
            exchange.handOver(BookingFhir.UPDATE, rest, request, response);
        } else if (method.equals("POST") && (rest.equals(BookingFhir.FIND) || rest.equals(BookingFhir.BOOK))) {
            exchange.handOver(rest, null, request, response);
        } else if (method.equals("GET") && rest.equals(BookingFhir.FIND)) {
            exchange.find(request, response);
        } else if (method.equals("GET") && id) {
            search.read(rest, request, response);
        } else if (method.equals("GET") && rest.isEmpty() || method.equals("POST") && rest.equals("_search")) {
            search.search(request, response);
        } else {
            return true;
        }
        return false;
    }

    @Create
    public MethodOutcome create(@ResourceParam Appointment appointment) {
        throw taken();
    }

    @Update
    public MethodOutcome update(@IdParam IdType id, @ResourceParam Appointment appointment) {
        throw taken();
    }

    @Read
    public Appointment read(@IdParam IdType id) {
        throw taken();
    }

    @Search
    public List<Appointment> search(
            @OptionalParam(name = Appointment.SP_IDENTIFIER) TokenOrListParam identifier,
            @OptionalParam(name = "patient.identifier") TokenParam patient,
            @OptionalParam(name = Appointment.SP_DATE) DateRangeParam date,
            @OptionalParam(name = Appointment.SP_STATUS) TokenOrListParam status,
            @OptionalParam(name = "_id") TokenOrListParam id) {
        throw taken();
    }

    @Operation(name = "$find", idempotent = true)
    public Bundle find(
            @OperationParam(name = "start") DateTimeType start, @OperationParam(name = "end") DateTimeType end) {
        throw taken();
    }

    @Operation(name = "$book")
    public Appointment book(@OperationParam(name = "appointment-resource") Appointment appointment) {
        throw taken();
    }

    private static IllegalStateException taken() {
        return new IllegalStateException("calls of an Appointment are taken before they are dispatched");
    }
}
