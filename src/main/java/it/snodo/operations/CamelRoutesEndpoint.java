package it.snodo.operations;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.api.management.mbean.ManagedRouteMBean;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.rest.RestDefinition;
import org.apache.camel.model.rest.VerbDefinition;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.stereotype.Component;

/** {@code /actuator/camelroutes}: every route with what an operator asks of it first. */
@Component
@Endpoint(id = "camelroutes")
class CamelRoutesEndpoint {

    private final CamelContext camel;

    CamelRoutesEndpoint(CamelContext camel) {
        this.camel = camel;
    }

    /** Times in milliseconds; counts since the route started. */
    record RouteReport(
            String id,
            String description,
            String from,
            String state,
            String uptime,
            long exchangesTotal,
            long exchangesFailed,
            long exchangesInflight,
            long meanProcessingTime,
            long maxProcessingTime,
            Instant lastFailureAt,
            String lastFailureExchangeId) {}

    @ReadOperation
    List<RouteReport> routes() {
        List<RouteReport> reports = new ArrayList<>();
        for (Route route : camel.getRoutes()) {
            reports.add(report(route));
        }
        reports.sort(Comparator.comparing(RouteReport::id));
        return reports;
    }

    @ReadOperation
    RouteReport route(@Selector String id) {
        Route route = camel.getRoute(id);
        return route == null ? null : report(route);
    }

    private RouteReport report(Route route) {
        ManagedCamelContext managed = camel.getCamelContextExtension().getContextPlugin(ManagedCamelContext.class);
        ManagedRouteMBean bean = managed == null ? null : managed.getManagedRoute(route.getId());
        ServiceStatus status = camel.getRouteController().getRouteStatus(route.getId());
        // none while an edited file's routes are being replaced
        String state = (status == null ? ServiceStatus.Stopped : status).name();
        if (bean == null) {
            return new RouteReport(
                    route.getId(),
                    description(route),
                    route.getEndpoint().getEndpointBaseUri(),
                    state,
                    route.getUptime(),
                    0,
                    0,
                    0,
                    0,
                    0,
                    null,
                    null);
        }
        try {
            Date failed = bean.getLastExchangeFailureTimestamp();
            return new RouteReport(
                    route.getId(),
                    description(route),
                    route.getEndpoint().getEndpointBaseUri(),
                    state,
                    route.getUptime(),
                    bean.getExchangesTotal(),
                    bean.getExchangesFailed(),
                    bean.getExchangesInflight(),
                    bean.getMeanProcessingTime(),
                    bean.getMaxProcessingTime(),
                    failed == null ? null : failed.toInstant(),
                    bean.getLastExchangeFailureExchangeId());
        } catch (Exception e) {
            throw new IllegalStateException("no statistics of route " + route.getId(), e);
        }
    }

    /** A route that begins with a REST call is told by the call's own description: Camel keeps no other. */
    private String description(Route route) {
        if (route.getDescription() != null) {
            return route.getDescription();
        }
        // a parameter of the address stands there encoded
        String from =
                route.getEndpoint().getEndpointBaseUri().replace("%7B", "{").replace("%7D", "}");
        String found = null;
        for (RestDefinition rest : ((ModelCamelContext) camel).getRestDefinitions()) {
            for (VerbDefinition verb : rest.getVerbs()) {
                if (from.equals("rest://" + verb.asVerb() + ":" + rest.getPath() + ":" + verb.getPath())) {
                    // an edited file adds its definition again: the last one is in force
                    found = verb.getDescriptionText();
                }
            }
        }
        return found;
    }
}
