package it.snodo.operations;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import it.snodo.booking.AvailabilityAnswer;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.Proposal;
import it.snodo.booking.Ruling;
import it.snodo.certificate.CertificateRequest;
import it.snodo.fault.Problem;
import java.util.List;
import java.util.Map;

/** The schemas of bodies that no controller names, because their calls enter Camel routes or read their bodies by hand. */
final class OpenApiSchemas {

    private static final String REFERENCE = "#/components/schemas/";

    private OpenApiSchemas() {}

    static void addTo(OpenAPI api) {
        for (Class<?> type : List.of(Problem.class, CertificateRequest.class)) {
            of(type).forEach(api.getComponents()::addSchemas);
        }
        for (Class<?> type : List.of(
                BookingRequest.class,
                AvailabilityQuery.class,
                Booking.class,
                Proposal.class,
                Ruling.class,
                AvailabilityAnswer.Silent.class)) {
            of(type).forEach((name, schema) -> {
                rename(schema);
                api.getComponents().addSchemas(renamed(name), schema);
            });
        }
    }

    @SuppressWarnings("rawtypes")
    private static Map<String, Schema> of(Class<?> type) {
        return ModelConverters.getInstance(true)
                .resolveAsResolvedSchema(new AnnotatedType(type).resolveAsRef(true))
                .referencedSchemas;
    }

    /** A patient of a booking is not one of a certificate: schemas have one name space. */
    private static String renamed(String name) {
        return name.startsWith("Booking") || name.equals("AvailabilityQuery") ? name : "Booking" + name;
    }

    private static void rename(Schema<?> schema) {
        if (schema == null) {
            return;
        }
        if (schema.get$ref() != null) {
            String name = schema.get$ref().substring(REFERENCE.length());
            schema.set$ref(REFERENCE + renamed(name));
        }
        rename(schema.getItems());
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(OpenApiSchemas::rename);
        }
    }
}
