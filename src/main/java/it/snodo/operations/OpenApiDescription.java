package it.snodo.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import it.snodo.certificate.CertificateRequest;
import it.snodo.fault.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The OpenAPI page: what the controllers say of themselves, and the calls that enter a Camel route. */
@Configuration(proxyBeanMethods = false)
class OpenApiDescription {

    @Bean
    OpenAPI snodoApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Snodo")
                        .version("v1")
                        .description("Integrazione tra i sistemi ospedalieri e i servizi regionali."
                                + " I rifiuti sono application/problem+json con un codice stabile SNODO-nnnn.")
                        .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
                .components(new Components()
                        .addSecuritySchemes(
                                "basic",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("basic"))
                        .addSecuritySchemes(
                                "bearer",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT")))
                .addSecurityItem(new SecurityRequirement().addList("basic"))
                .addSecurityItem(new SecurityRequirement().addList("bearer"));
    }

    /** {@code POST /certificates} is a Camel route, so springdoc does not see it; its words for the rest are ours. */
    @Bean
    OpenApiCustomizer completeDescription() {
        return api -> {
            components(api);
            certificateIntake(api);
            OpenApiBookings.describe(api);
            api.getPaths().forEach((path, item) -> item.readOperationsMap()
                    .forEach((method, operation) -> complete(method.name() + " " + path, operation)));
        };
    }

    private static void components(OpenAPI api) {
        for (Class<?> type : List.of(Problem.class, CertificateRequest.class)) {
            ModelConverters.getInstance(true)
                    .resolveAsResolvedSchema(new AnnotatedType(type).resolveAsRef(true))
                    .referencedSchemas
                    .forEach(api.getComponents()::addSchemas);
        }
        api.getComponents()
                .addSchemas(
                        "CertificateReceipt",
                        new ObjectSchema()
                                .description(
                                        "La richiesta è conservata in modo duraturo; il seguito si chiede a /messages")
                                .addProperty("status", new IntegerSchema().example(201))
                                .addProperty("messageId", new IntegerSchema().format("int64"))
                                .addProperty("certificateNumber", new IntegerSchema().format("int64"))
                                .addProperty("documentId", new StringSchema())
                                .addProperty("state", new StringSchema().example("ACCEPTED"))
                                .addProperty("location", new StringSchema().example("/api/v1/certificates/1")));
    }

    private static void certificateIntake(OpenAPI api) {
        Schema<?> receipt = new Schema<>().$ref("#/components/schemas/CertificateReceipt");
        MediaType body = new MediaType().schema(new Schema<>().$ref("#/components/schemas/CertificateRequest"));
        for (String sample : List.of("09-rest", "10-rest-minima")) {
            example(sample).ifPresent(value -> body.addExamples(sample, new Example().value(value)));
        }
        Operation post = new Operation()
                .operationId("createCertificate")
                .addTagsItem("certificates")
                .summary("Richiede un certificato: nuovo, in sostituzione, o l'annullamento")
                .description("Ruoli: specialista. Un certificato nuovo o in sostituzione porta exemption, diagnosis,"
                        + " pathology, specialLaws, encounter.unitCode e regime, e per un minorenne obscuredToParent: ciò che"
                        + " manca è indicato campo per campo in una sola risposta 422 e nulla viene creato. Per la 048 la"
                        + " diagnosi è F002.")
                .addParametersItem(new HeaderParameter()
                        .name("Idempotency-Key")
                        .description("Identifica la richiesta: la stessa chiave con gli stessi byte riceve la stessa"
                                + " risposta e non ha un secondo effetto. Se manca vale l'impronta del corpo.")
                        .schema(new StringSchema()))
                .requestBody(new RequestBody()
                        .required(true)
                        .description("La richiesta canonica (xsd/certificate-request.xsd) in JSON")
                        .content(new Content().addMediaType("application/json", body)))
                .responses(new ApiResponses()
                        .addApiResponse("201", accepted("Conservata: il certificato è creato", receipt))
                        .addApiResponse("202", accepted("Conservato: l'annullamento è preso in carico", receipt))
                        .addApiResponse("409", problem("Identificativo o numero di documento già usato"))
                        .addApiResponse("413", problem("Corpo troppo grande"))
                        .addApiResponse("422", problem("Contenuto rifiutato, un errore per ogni campo"))
                        .addApiResponse("503", problem("Non accettata: inviare di nuovo più tardi (Retry-After)")));
        api.getPaths()
                .computeIfAbsent("/api/v1/certificates", p -> new PathItem())
                .setPost(post);
    }

    private static ApiResponse accepted(String description, Schema<?> receipt) {
        return new ApiResponse()
                .description(description)
                .addHeaderObject(
                        "Location", new Header().schema(new StringSchema()).description("Il certificato"))
                .addHeaderObject(
                        "Snodo-Message-Id",
                        new Header().schema(new StringSchema()).description("Il messaggio nel giornale"))
                .content(json("application/json", receipt));
    }

    private static Optional<JsonNode> example(String sample) {
        try (InputStream in = OpenApiDescription.class.getResourceAsStream("/demo/" + sample + ".json")) {
            return in == null ? Optional.empty() : Optional.of(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void complete(String call, Operation operation) {
        CALLS.stream().filter(known -> known.call.equals(call)).findFirst().ifPresent(known -> {
            if (operation.getSummary() == null) {
                operation.setSummary(known.summary);
            }
            if (operation.getDescription() == null) {
                operation.setDescription("Ruoli: " + known.roles + ".");
            }
            operation.setTags(List.of(known.tag()));
        });
        if (operation.getParameters() != null) {
            for (Parameter parameter : operation.getParameters()) {
                if (parameter.getDescription() == null) {
                    parameter.setDescription(PARAMETERS.get(parameter.getName()));
                }
            }
        }
        if (!call.contains(" /api/")) {
            return;
        }
        if (!call.equals("POST /api/v1/certificates")) {
            operation.setOperationId(operationId(call));
        }
        ApiResponses responses = operation.getResponses();
        responses.putIfAbsent("400", problem("Un parametro o il corpo non è valido"));
        responses.putIfAbsent("401", problem("Credenziali assenti o non valide"));
        responses.putIfAbsent("403", problem("Il ruolo non lo consente"));
        if (call.contains("{")) {
            responses.putIfAbsent("404", problem("Non esiste o non è visibile a chi lo chiede"));
        }
    }

    /** {@code GET /api/v1/certificates/{number}/cda} is getCertificatesNumberCda, whatever else there is beside it. */
    private static String operationId(String call) {
        StringBuilder id = new StringBuilder();
        for (String word : call.replace("/api/v1", "").split("[^A-Za-z]+")) {
            id.append(
                    id.isEmpty()
                            ? word.toLowerCase(Locale.ROOT)
                            : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return id.toString();
    }

    /** What the controllers do not say of themselves. */
    private record Call(String call, String roles, String summary) {

        static Call of(String line) {
            String[] parts = line.split(" *[|] *", -1);
            return new Call(parts[0], parts[1], parts[2]);
        }

        String tag() {
            return call.split("/")[3];
        }
    }

    /** A line a call: method and path, roles, summary; the summary is left out where the controller gives it. */
    private static final List<Call> CALLS = """
            POST /api/v1/certificates | specialista |
            GET /api/v1/certificates | specialista, ops |
            GET /api/v1/certificates/{number} | specialista, ops |
            GET /api/v1/certificates/{number}/document | specialista |
            GET /api/v1/certificates/{number}/cda | specialista |
            POST /api/v1/bookings | cup, ops |
            GET /api/v1/bookings/{code} | cup, ops |
            PUT /api/v1/bookings/{code} | cup, ops |
            DELETE /api/v1/bookings/{code} | cup, ops |
            GET /api/v1/bookings/{code}/promemoria | cup, ops |
            POST /api/v1/availability | cup, ops |
            GET /api/v1/messages | ops, assistenza | Cerca nel giornale dei messaggi, dal più recente
            GET /api/v1/messages/{id} | ops, assistenza | Un messaggio con i passi che ha compiuto
            GET /api/v1/messages/{id}/raw | ops | I byte del messaggio come sono arrivati
            GET /api/v1/messages/{message}/calls | ops, assistenza | Le chiamate a FSE e ROL fatte per un messaggio, con il loro esito
            GET /api/v1/messages/{message}/calls/{call}/request | ops | Il corpo inviato, senza documento
            GET /api/v1/messages/{message}/calls/{call}/answer | ops | Il corpo della risposta
            GET /api/v1/documents | fse, specialista, ops | Cerca i documenti visibili al chiamante, dal più recente
            GET /api/v1/documents/{id} | fse, specialista, ops | I metadati di un documento
            GET /api/v1/documents/{id}/pdf | fse, specialista | Il PDF firmato
            GET /api/v1/documents/{id}/cda | fse, specialista | Il CDA
            PUT /api/v1/documents/{id}/metadata | specialista, ops | Cambia i metadati di un documento pubblicato (oscuramento, ticket)
            GET /api/v1/publications | ops, assistenza | Gli invii a FSE e ROL e il loro stato
            POST /api/v1/publications/{id}/retry | ops | Riprova un invio fermo
            POST /api/v1/publications/{id}/close | ops | Chiude un invio fermo senza riprovare
            GET /api/v1/dead-letters | ops, assistenza | Ciò che aspetta una persona: causa, tentativi, ultima risposta, che cosa fare
            GET /api/v1/dead-letters/{id}/raw | ops | I byte in quarantena, con il PIN annerito
            POST /api/v1/dead-letters/{id}/replay | ops | Fa entrare ciò che è in quarantena come se arrivasse ora; senza dryRun=false dice solo come andrebbe
            POST /api/v1/dead-letters/{id}/discard | ops | Chiude ciò che è in quarantena con un motivo
            GET /api/v1/messages/{id}/content | ops | La richiesta canonica da correggere, con il suo ETag; la lettura viene registrata
            POST /api/v1/messages/{id}/repair | ops | Corregge la richiesta di un certificato fermo (If-Match) e la fa ripartire; dryRun=true prova soltanto
            POST /api/v1/messages/{id}/replay | ops | Ripete ciò che non ha avuto effetto; senza dryRun=false dice solo che cosa cambierebbe
            POST /api/v1/messages/{id}/discard | ops | Chiude un messaggio fermo con un motivo
            POST /api/v1/batches | ops | Ripete o scarta molti messaggi sotto un nome, a un ritmo dato
            GET /api/v1/batches | ops, assistenza | I blocchi, dal più recente
            GET /api/v1/batches/{name} | ops, assistenza | A che punto è un blocco
            DELETE /api/v1/batches/{name} | ops | Ferma un blocco; ciò che è fatto resta fatto
            GET /api/v1/destinations | ops, assistenza | Le destinazioni: stato, coda, ultimo esito, circuito, pause e fermi previsti
            POST /api/v1/destinations/{name}/pause | ops | Mette in pausa una destinazione con un motivo, fino a un'ora o finché non la si riprende
            POST /api/v1/destinations/{name}/resume | ops | Riprende una destinazione
            GET /api/v1/configuration | ops, assistenza | Le revisioni di rotte, tabelle, modelli e schemi: quella in vigore e quelle passate, con i file cambiati; le modifiche non utilizzabili, con il motivo
            """.lines().map(Call::of).toList();

    private static final Map<String, String> PARAMETERS = Map.ofEntries(
            Map.entry("id", "Identificativo, come restituito nelle liste"),
            Map.entry("message", "Identificativo del messaggio"),
            Map.entry("call", "Identificativo della chiamata"),
            Map.entry("q", "Una chiave qualsiasi del messaggio, uguale per intero"),
            Map.entry("fseIdentifier", "Identificativo del documento presso il FSE (root^estensione)"),
            Map.entry("bookingCode", "Codice della prenotazione"),
            Map.entry("workflowInstanceId", "Identificativo del flusso presso il gateway FSE"),
            Map.entry("traceId", "Traccia di una chiamata in uscita"),
            Map.entry("govwayId", "Identificativo GovWay di una chiamata in uscita"),
            Map.entry("controlId", "Identificativo che il mittente ha dato al messaggio (MSH-10)"),
            Map.entry("sender", "Applicazione mittente, o applicazione|struttura"),
            Map.entry("patient", "Codice fiscale, STP, ENI o numero TEAM della persona"),
            Map.entry("state", "Stato"),
            Map.entry("documentId", "Identificativo del documento"),
            Map.entry("certificateNumber", "Numero del certificato"),
            Map.entry("nre", "Numero di ricetta elettronica"),
            Map.entry("from", "Da questo istante o giorno compreso (ISO 8601)"),
            Map.entry("to", "Fino a questo istante o giorno (ISO 8601)"),
            Map.entry("next", "Il valore di next della pagina precedente"),
            Map.entry("cursor", "Il valore di next della pagina precedente"),
            Map.entry("limit", "Quanti elementi per pagina"),
            Map.entry("type", "Codice LOINC del tipo di documento, per esempio 11488-4"),
            Map.entry(
                    "destination",
                    "Destinazione: FSE o ROL; tra le lettere morte anche HUB, i passi dell'hub stesso, e INTAKE, la quarantena"),
            Map.entry("name", "Nome"),
            Map.entry("code", "Codice SNODO-nnnn"),
            Map.entry("since", "Da questo istante (ISO 8601)"),
            Map.entry("dryRun", "true: dice che cosa cambierebbe e non cambia nulla"),
            Map.entry("If-Match", "L'ETag del contenuto letto: se nel frattempo è cambiato la risposta è 412"),
            Map.entry("If-None-Match", "ETag già noto: se è ancora quello la risposta è 304 senza corpo"));

    private static Content json(String type, Schema<?> schema) {
        return new Content().addMediaType(type, new MediaType().schema(schema));
    }

    private static ApiResponse problem(String description) {
        return new ApiResponse()
                .description(description)
                .content(json("application/problem+json", new Schema<>().$ref("#/components/schemas/Problem")));
    }
}
