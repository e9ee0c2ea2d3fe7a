package it.snodo.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.PerformanceOptionsEnum;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.server.HardcodedServerAddressStrategy;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.provider.ServerCapabilityStatementProvider;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** FHIR R4 at {@code /fhir}: HAPI's server with every provider that the hub has. */
@Configuration(proxyBeanMethods = false)
class FhirServerConfiguration {

    /** One for the whole hub: it is costly to make and safe to share. */
    @Bean
    FhirContext fhirContext() {
        // the one that the head start has begun to read
        FhirContext context = FhirContext.forR4Cached();
        context.setPerformanceOptions(PerformanceOptionsEnum.DEFERRED_MODEL_SCANNING);
        // Bundle entries keep the ids they came with; references are resolved by the intake, by the rules of R4.
        context.getParserOptions().setStripVersionsFromReferences(false);
        return context;
    }

    @Bean
    ServletRegistrationBean<RestfulServer> fhirServlet(
            FhirContext context,
            List<IResourceProvider> resources,
            List<FhirOperations> operations,
            FhirServerProperties properties) {
        RestfulServer server = new Server(context);
        server.setServerName("Snodo");
        server.setServerVersion("0.1.0");
        server.setImplementationDescription(
                "Snodo: nodo di integrazione tra aziende sanitarie e servizi regionali. Riceve certificati "
                        + "($process-message, transaction) e prenotazioni (Appointment), e rende disponibili i documenti "
                        + "pubblicati (DocumentReference, Binary) e le esenzioni (Coverage). / Integration hub: takes "
                        + "certificates and bookings, and serves published documents and exemptions.");
        server.setDefaultResponseEncoding(EncodingEnum.JSON);
        server.setDefaultPrettyPrint(false);
        if (properties.baseUrl() != null && !properties.baseUrl().isBlank()) {
            server.setServerAddressStrategy(new HardcodedServerAddressStrategy(properties.baseUrl()));
        }
        server.setResourceProviders(resources);
        server.registerProviders(operations);
        for (FhirOperations operation : operations) {
            if (operation.getClass().isAnnotationPresent(Interceptor.class)) {
                server.registerInterceptor(operation);
            }
        }
        for (IResourceProvider resource : resources) {
            if (resource.getClass().isAnnotationPresent(Interceptor.class)) {
                server.registerInterceptor(resource);
            }
        }
        var capability = new ServerCapabilityStatementProvider(server);
        capability.setPublisher("Snodo");
        server.setServerConformanceProvider(capability);
        ServletRegistrationBean<RestfulServer> registration = new ServletRegistrationBean<>(server, "/fhir/*");
        registration.setName("fhir");
        registration.setLoadOnStartup(1);
        return registration;
    }

    /** HAPI's server without the header that tells every caller what it is made of. */
    private static final class Server extends RestfulServer {

        private static final long serialVersionUID = 1L;

        Server(FhirContext context) {
            super(context);
        }

        @Override
        public void addHeadersToResponse(HttpServletResponse response) {
            response.setHeader("Cache-Control", "no-store");
        }
    }
}
