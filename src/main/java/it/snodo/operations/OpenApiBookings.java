package it.snodo.operations;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.DateSchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import it.snodo.booking.AvailabilityAnswer;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.Proposal;
import it.snodo.booking.Ruling;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the OpenAPI page says of bookings: their calls enter Camel routes, so springdoc does not see them. */
final class OpenApiBookings {

    private static final String BOOKINGS = "/api/v1/bookings";
    private static final String REFERENCE = "#/components/schemas/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private OpenApiBookings() {}

    static void describe(OpenAPI api) {
        schemas(api);
        PathItem all = api.getPaths().computeIfAbsent(BOOKINGS, path -> new PathItem());
        all.setPost(operation("Prenota una o più prestazioni di un'impegnativa")
                .addParametersItem(key())
                .requestBody(body("BookingRequest", "booking-request"))
                .responses(changed("201", "Prenotata: il CUP dell'azienda ha confermato")));
        PathItem one = api.getPaths().computeIfAbsent(BOOKINGS + "/{code}", path -> new PathItem());
        one.setPut(operation("Sposta una prenotazione, se cambiano giorno o luogo; altrimenti ne modifica i dati")
                .addParametersItem(code())
                .addParametersItem(ifMatch())
                .addParametersItem(key())
                .requestBody(body("BookingRequest", "booking-move"))
                .responses(changed("200", "Spostata o modificata")));
        Operation revoke = operation("Revoca una prenotazione, o la cancella se fatta per errore")
                .addParametersItem(code())
                .addParametersItem(ifMatch())
                .addParametersItem(key());
        identification()
                .forEach((name, words) -> revoke.addParametersItem(new QueryParameter()
                        .name(name)
                        .description(words)
                        .schema(name.equals("birthDate") ? new DateSchema() : new StringSchema())));
        revoke.addParametersItem(new QueryParameter()
                .name("mistake")
                .description("true: prenotata per errore (cancellazione, S17) e non revocata")
                .schema(new BooleanSchema()));
        one.setDelete(revoke.requestBody(body("BookingRequest", "booking-move").required(false))
                .responses(changed("200", "Revocata o cancellata")));
        api.getPaths()
                .computeIfAbsent("/api/v1/availability", path -> new PathItem())
                .setPost(operation("Cerca posti liberi in tutte le aziende; quelle che non rispondono sono nominate")
                        .requestBody(body("AvailabilityQuery", "availability-query"))
                        .responses(new ApiResponses()
                                .addApiResponse("200", response("Le proposte", "AvailabilityFound"))
                                .addApiResponse("422", refused())
                                .addApiResponse("503", problem("Non accettata: riprovare (Retry-After)"))));
        if (one.getGet() != null) {
            one.getGet()
                    .getResponses()
                    .addApiResponse("200", response("La prenotazione; ETag: la revisione", "Booking"));
            one.getGet().getResponses().addApiResponse("422", refused());
        }
    }

    /** Parameter of a revoke to what it says. */
    private static Map<String, String> identification() {
        Map<String, String> words = new TreeMap<>();
        words.put("fiscalCode", "Codice fiscale, STP o ENI della persona");
        words.put("family", "Cognome");
        words.put("given", "Nome");
        words.put("birthDate", "Data di nascita (AAAA-MM-GG)");
        words.put("service", "La prestazione, detta da chi chiede");
        words.put("start", "Giorno e ora dell'appuntamento, detti da chi chiede (AAAA-MM-GGThh:mm)");
        words.put("phone", "Il telefono lasciato, detto da chi chiede");
        words.put("reason", "Il motivo");
        words.put("confirm", "Codici SC-nnn che si confermano, separati da virgole");
        words.put("channel", "DESK, PHONE, PHARMACY, FAX o WEB");
        words.put("operator", "L'operatore");
        words.put("desk", "Lo sportello");
        words.put("azienda", "L'azienda dello sportello");
        return words;
    }

    private static Operation operation(String summary) {
        return new Operation().summary(summary).addTagsItem("bookings");
    }

    private static PathParameter code() {
        return (PathParameter) new PathParameter()
                .name("code")
                .description("Codice della richiesta SovraCup")
                .example("SC2026000123")
                .schema(new StringSchema());
    }

    private static HeaderParameter key() {
        return (HeaderParameter) new HeaderParameter()
                .name("Idempotency-Key")
                .description(
                        "Identifica la richiesta: la stessa chiave con gli stessi byte riceve la stessa risposta e non"
                                + " ha un secondo effetto. Senza, ogni chiamata è una richiesta a sé.")
                .schema(new StringSchema());
    }

    private static HeaderParameter ifMatch() {
        return (HeaderParameter) new HeaderParameter()
                .name("If-Match")
                .description("L'ETag della prenotazione letta: se nel frattempo è cambiata la risposta è 412")
                .schema(new StringSchema());
    }

    private static RequestBody body(String schema, String example) {
        return new RequestBody()
                .required(true)
                .description("La richiesta canonica (xsd/booking-request.xsd) in JSON; i campi: src/docs/bookings.md")
                .content(new Content()
                        .addMediaType(
                                "application/json",
                                new MediaType()
                                        .schema(reference(schema))
                                        .addExamples(example, new Example().value(example(example)))));
    }

    private static ApiResponses changed(String status, String words) {
        return new ApiResponses()
                .addApiResponse(status, response(words, "BookingReceipt"))
                .addApiResponse(
                        "202",
                        response("Il CUP non ha ancora risposto: non è prenotata, né rifiutata", "BookingReceipt"))
                .addApiResponse(
                        "409",
                        problem("Serve una conferma (confirmations), il posto è stato preso, o la chiave è già usata"))
                .addApiResponse("412", problem("La prenotazione è cambiata dopo la lettura"))
                .addApiResponse("422", refused())
                .addApiResponse("503", problem("Non accettata: inviare di nuovo più tardi (Retry-After)"));
    }

    private static ApiResponse response(String words, String schema) {
        ApiResponse response = new ApiResponse()
                .description(words)
                .content(new Content().addMediaType("application/json", new MediaType().schema(reference(schema))));
        if (schema.equals("BookingReceipt")) {
            response.addHeaderObject(
                    "Location", new Header().schema(new StringSchema()).description("La prenotazione"));
            response.addHeaderObject(
                    "ETag", new Header().schema(new StringSchema()).description("La revisione"));
        }
        return response;
    }

    private static ApiResponse refused() {
        ApiResponse refused = problem("Rifiutata da una o più regole di SovraCup, tutte nominate in rulings");
        refused.getContent()
                .get("application/problem+json")
                .addExamples("booking-problem", new Example().value(example("booking-problem")));
        return refused;
    }

    private static ApiResponse problem(String words) {
        return new ApiResponse()
                .description(words)
                .content(new Content()
                        .addMediaType("application/problem+json", new MediaType().schema(reference("BookingProblem"))));
    }

    private static Schema<?> reference(String schema) {
        return new Schema<>().$ref(REFERENCE + schema);
    }

    private static Object example(String name) {
        try (InputStream in = OpenApiBookings.class.getResourceAsStream(name + ".json")) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // --- schemas ---------------------------------------------------------------------------------------------

    private static void schemas(OpenAPI api) {
        for (Class<?> type : List.of(
                BookingRequest.class,
                AvailabilityQuery.class,
                Booking.class,
                Proposal.class,
                Ruling.class,
                AvailabilityAnswer.Silent.class)) {
            ModelConverters.getInstance(true)
                    .resolveAsResolvedSchema(new AnnotatedType(type).resolveAsRef(true))
                    .referencedSchemas
                    .forEach((name, schema) -> {
                        rename(schema);
                        api.getComponents().addSchemas(renamed(name), schema);
                    });
        }
        Schema<?> rulings = new ArraySchema().items(reference("BookingRuling"));
        Schema<?> proposals = new ArraySchema().items(reference("BookingProposal"));
        api.getComponents()
                .addSchemas(
                        "BookingReceipt",
                        new ObjectSchema()
                                .addProperty("status", new IntegerSchema().example(201))
                                .addProperty("result", new StringSchema().example("BOOKED"))
                                .addProperty("messageId", new IntegerSchema().format("int64"))
                                .addProperty("location", new StringSchema().example(BOOKINGS + "/SC2026000123"))
                                .addProperty("booking", reference("Booking"))
                                .addProperty("rulings", rulings)
                                .addProperty("proposals", proposals))
                .addSchemas(
                        "AvailabilityFound",
                        new ObjectSchema()
                                .addProperty("status", new IntegerSchema().example(200))
                                .addProperty("messageId", new IntegerSchema().format("int64"))
                                .addProperty("first", proposals)
                                .addProperty("absolute", proposals)
                                .addProperty("silent", new ArraySchema().items(reference("BookingSilent")))
                                .addProperty("rulings", rulings))
                .addSchemas(
                        "BookingProblem",
                        new ObjectSchema()
                                .addProperty("type", new StringSchema())
                                .addProperty("title", new StringSchema())
                                .addProperty("status", new IntegerSchema())
                                .addProperty("detail", new StringSchema())
                                .addProperty("code", new StringSchema().description("SC-nnn, o SNODO-nnnn"))
                                .addProperty(
                                        "decision",
                                        new StringSchema().description("CONFIRM, REJECT, ROUTE_LOCAL o REFER"))
                                .addProperty("advice", new StringSchema())
                                .addProperty(
                                        "confirmations",
                                        new ArraySchema()
                                                .items(new StringSchema())
                                                .description("I codici da ripetere in confirmations della richiesta"))
                                .addProperty("rulings", rulings)
                                .addProperty("errors", new ArraySchema().items(new ObjectSchema()))
                                .addProperty("proposals", proposals)
                                .addProperty("booking", reference("Booking"))
                                .addProperty("messageId", new IntegerSchema().format("int64")));
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
            schema.getProperties().values().forEach(OpenApiBookings::rename);
        }
    }
}
