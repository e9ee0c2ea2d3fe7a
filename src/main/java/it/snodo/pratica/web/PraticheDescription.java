package it.snodo.pratica.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.BinarySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.List;
import java.util.TreeMap;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the OpenAPI page says of pratiche beyond what the controllers say of themselves: answers, with an example each. */
@Configuration(proxyBeanMethods = false)
class PraticheDescription {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL = "/api/v1/pratiche";
    private static final String ONE = ALL + "/{number}";
    private static final String CERTIFICATE = "/api/v1/certificates/{number}";

    private static final String LINE = """
            {"at":"2026-07-02T13:59:43+02:00","user":"FRNLCU70D15L219G","role":"OPERATORE_ASL_DISTRETTO",
             "state":"VALIDATA","stateLabel":"Validata","move":"AURA_OK","beneficiaryNote":"Le inviamo l'attestato",
             "internalNote":"Sentito il medico","revision":4}""";

    private static String pratica(String state, String label, String publication) {
        return """
                {"number":"202601030100000007","asl":"010301","aslName":"ASL Città di Torino","state":"%s",
                 "stateLabel":"%s","banner":"%s","stateSince":"%s il 02/07/2026",
                 "title":"Pratica di esenzione per Malattie croniche",
                 "patient":{"fiscalCode":"RSSMRA80A41L219Z","family":"ROSSI","given":"MARIA","birthDate":"1980-01-01",
                   "sex":"F","auraId":"1000001"},
                 "compiler":{"kind":"MEDICO","fiscalCode":"VRDLGU60A01L219E","name":"VERDI LUIGI"},
                 "exemption":{"code":"048","title":"Soggetti affetti da patologie neoplastiche maligne","group":"MC"},
                 "diagnosis":{"code":"000","title":"-"},"certificate":977,"end":"2031-06-20","unlimited":false,
                 "available":"Disponibile fino al 20/06/2031","internalNote":"Sentito il medico",
                 "takenBy":"FRNLCU70D15L219G",%s"attachments":[],"actions":["ANNULLA","ANNOTA"],"revision":4,
                 "createdAt":"2026-07-02T13:40:02+02:00","updatedAt":"2026-07-02T13:59:43+02:00"}""".formatted(state, label, label.toUpperCase(java.util.Locale.ROOT), label, publication);
    }

    private static final String SENT = pratica("INVIATA", "Inviata", "");
    private static final String WORKED = pratica("IN_LAVORAZIONE", "In lavorazione", "");
    private static final String REJECTED = pratica("RESPINTA", "Respinta", "")
            .replace("\"banner\":\"RESPINTA\"", "\"banner\":\"RESPINTA - REQUISITI NON SUFFICIENTI\"");
    private static final String ANNULLED = pratica("ANNULLATA", "Annullata", "");
    private static final String VALID = pratica("VALIDATA", "Validata", """
                    "publication":{"action":"VALIDA","state":"COMPLETATA","words":"L'esenzione è visibile su AURA."},
                    "exemptionId":12,""");
    private static final String WAITING = pratica("IN_LAVORAZIONE", "In lavorazione", """
                    "publication":{"action":"VALIDA","state":"IN_ATTESA",
                      "words":"AURA non ha ancora risposto: la validazione si completa senza altri interventi."},
                    "exemptionId":12,""");

    private static String problem(String code, int status, String title, String detail) {
        return """
                {"type":"https://snodo.it/errors/%s","title":"%s","status":%d,"detail":"%s","code":"%s",
                 "pratica":{"number":"202601030100000007","state":"VALIDATA","revision":4,"lastEvent":%s}}""".formatted(code, title, status, detail, code, LINE);
    }

    private static final String INCOHERENT = problem(
            "SNODO-7101",
            409,
            "Stato pratica non coerente",
            "Stato pratica non coerente: la pratica è già validata e l'esenzione è su AURA; per toglierla si annulla la"
                    + " pratica.");
    private static final String CHANGED = problem(
            "SNODO-7002",
            412,
            "Modificato nel frattempo",
            "La pratica n. 202601030100000007 è cambiata dopo la lettura: AURA ha accettato il 02/07/2026 alle 13:59:43,"
                    + " FRNLCU70D15L219G (OPERATORE_ASL_DISTRETTO). Ora è in stato Validata.");
    private static final String REFUSED = """
            {"type":"https://snodo.it/errors/SNODO-7115","title":"Esenzione già attiva","status":422,
             "detail":"Su AURA l'assistito ha già l'esenzione 048 dal 01/02/2024.","code":"SNODO-7115",
             "errors":[{"code":"SNODO-7115","field":"exemption",
               "reason":"Su AURA l'assistito ha già l'esenzione 048 dal 01/02/2024."}],
             "pratica":{"number":"202601030100000007","state":"IN_LAVORAZIONE","revision":3}}""";
    private static final String USED = """
            {"type":"https://snodo.it/errors/SNODO-7105","title":"Certificato già utilizzato","status":409,
             "detail":"Il certificato n. 977 è già stato utilizzato per la pratica n. 202601030100000007.",
             "code":"SNODO-7105"}""";
    private static final String CERTIFICATE_CHANGED = """
            {"type":"https://snodo.it/errors/SNODO-7002","title":"Modificato nel frattempo","status":412,
             "detail":"Il certificato n. 977 è cambiato dopo la lettura: ora è nello stato ANNULLATO.",
             "code":"SNODO-7002"}""";
    private static final String ATTACHMENT = """
            {"id":3,"name":"referto.pdf","kind":"PDF","size":48211,"addedAt":"2026-07-02T13:45:00+02:00",
             "addedBy":"FRNLCU70D15L219G"}""";

    @Bean
    OpenApiCustomizer pratichePage() {
        return PraticheDescription::describe;
    }

    static void describe(OpenAPI api) {
        PathItem all = api.getPaths().get(ALL);
        PathItem one = api.getPaths().get(ONE);
        if (all == null || one == null) {
            return;
        }
        problemSchema(api);
        ok(all.getGet(), "200", "Le pratiche trovate; nessuna: items vuoto e message con l'avviso", """
                {"items":[%s],"total":28,"message":"Risultati trovati: 28","next":"MjAyNi0wNy0wMlQxMTo0MDowMlo"}""".formatted(
                        SENT));
        body(all.getPost(), """
                {"patientFiscalCode":"RSSMRA80A41L219Z","exemption":"048",
                 "compiler":{"kind":"DELEGATO","fiscalCode":"BNCLRA80A41L219V","name":"Bianchi Lara"},
                 "beneficiaryNote":"Richiesta ricevuta"}""");
        created(all.getPost(), SENT);
        bad(all.getPost(), "409", "C'è già una pratica aperta per la stessa persona ed esenzione", """
                {"title":"Pratica già aperta","status":409,"code":"SNODO-7107",
                 "detail":"Per la stessa persona e l'esenzione 048 c'è già la pratica n. 202601030100000007, ancora da lavorare."}""");
        bad(all.getPost(), "422", "La persona o l'esenzione non lo consentono", REFUSED);
        bad(all.getPost(), "503", "AURA non risponde: nulla è stato scritto", unavailable());
        ok(one.getGet(), "200", "La pratica; ETag: la revisione", VALID);
        ok(get(api, ONE + "/history").getGet(), "200", "Gli eventi, dal più recente", "{\"items\":[" + LINE + "]}");
        move(api, "/take-charge", null, WORKED, null);
        move(api, "/validate", "{\"end\":\"2031-06-20\"}", VALID, WAITING);
        move(api, "/reject", """
                {"reason":"REQUISITI_NON_SUFFICIENTI","note":"manca la diagnosi","beneficiaryNote":"Si rivolga al medico"}""", REJECTED, null);
        move(api, "/annul", "{\"note\":\"rilasciata per errore\"}", ANNULLED, WAITING.replace("VALIDA\"", "ANNULLA\""));
        Operation notes = get(api, ONE + "/notes").getPut();
        body(notes, "{\"beneficiaryNote\":\"Si rivolga al medico\",\"internalNote\":\"\"}");
        ok(notes, "200", "La pratica con le note", WORKED);
        bad(notes, "412", "Cambiata dopo la lettura", CHANGED);
        attachments(api);
        issues(api);
        api.getPaths().values().forEach(item -> item.readOperations().forEach(PraticheDescription::successFirst));
    }

    /** Generated clients ask for the first JSON that they find among the answers: a problem, were it to come first. */
    private static void successFirst(Operation operation) {
        ApiResponses sorted = new ApiResponses();
        new TreeMap<>(operation.getResponses()).forEach(sorted::addApiResponse);
        operation.setResponses(sorted);
    }

    private static void move(OpenAPI api, String call, String asked, String done, String waits) {
        Operation operation = get(api, ONE + call).getPost();
        if (asked != null) {
            body(operation, asked);
        }
        ok(operation, "200", "Fatto; ETag: la nuova revisione", done);
        if (waits != null) {
            ok(operation, "202", "AURA non ha ancora risposto: si completa da sola", waits);
        }
        bad(operation, "409", "Stato pratica non coerente: lo stato e l'ultimo evento; nulla è cambiato", INCOHERENT);
        bad(operation, "412", "Cambiata dopo la lettura: che cosa, chi e quando", CHANGED);
        if (!call.equals("/take-charge")) {
            bad(operation, "422", "Non si può fare, con i motivi", REFUSED);
        }
    }

    private static void attachments(OpenAPI api) {
        Operation add = get(api, ONE + "/attachments").getPost();
        Schema<?> form =
                new ObjectSchema().addProperty("file", new BinarySchema()).addRequiredItem("file");
        add.setRequestBody(new RequestBody()
                .required(true)
                .content(new Content().addMediaType("multipart/form-data", new MediaType().schema(form))));
        ok(add, "200", "C'era già lo stesso file", ATTACHMENT);
        ok(add, "201", "Aggiunto", ATTACHMENT);
        bad(add, "409", "La pratica è chiusa", INCOHERENT);
        bad(add, "412", "Cambiata dopo la lettura", CHANGED);
        bad(add, "413", "Più di 1 MB", null);
        bad(add, "422", "Il contenuto non è di un tipo ammesso", null);
        get(api, ONE + "/attachments/{id}")
                .getGet()
                .getResponses()
                .addApiResponse(
                        "200",
                        new ApiResponse()
                                .description("Il file, con il tipo del suo contenuto")
                                .content(
                                        new Content().addMediaType("*/*", new MediaType().schema(new BinarySchema()))));
    }

    private static void issues(OpenAPI api) {
        Operation issue = get(api, CERTIFICATE + "/exemption").getPost();
        if (issue == null) {
            return;
        }
        body(issue, "{\"end\":\"2031-06-20\"}");
        created(issue, VALID);
        ok(issue, "202", "AURA non ha ancora risposto: si completa da sola", WAITING);
        Operation request = get(api, CERTIFICATE + "/exemption-request").getPost();
        body(request, "{\"beneficiaryNote\":\"Richiesta inviata\",\"internalNote\":\"Urgente\"}");
        created(request, SENT);
        bad(request, "503", "AURA non risponde: nulla è stato scritto", unavailable());
        for (Operation operation : List.of(issue, request)) {
            bad(operation, "409", "Il certificato non è valido o è già stato utilizzato", USED);
            bad(operation, "412", "Il certificato è cambiato dopo la lettura", CERTIFICATE_CHANGED);
            bad(operation, "422", "Non si può rilasciare o richiedere, con i motivi", REFUSED);
        }
    }

    private static String unavailable() {
        return """
                {"title":"AURA non risponde","status":503,"code":"SNODO-7151","detail":"AURA non risponde: riprovare."}""";
    }

    private static void problemSchema(OpenAPI api) {
        Schema<?> standing = new ObjectSchema()
                .description("Come sta la pratica")
                .addProperty("number", new StringSchema())
                .addProperty("state", new StringSchema())
                .addProperty("revision", new io.swagger.v3.oas.models.media.IntegerSchema())
                .addProperty("lastEvent", new Schema<>().$ref("#/components/schemas/PraticaHistoryLine"));
        api.getComponents()
                .addSchemas("PraticaStanding", standing)
                .addSchemas(
                        "PraticaProblem",
                        new Schema<>()
                                .allOf(List.of(
                                        new Schema<>().$ref("#/components/schemas/Problem"),
                                        new ObjectSchema()
                                                .addProperty(
                                                        "pratica",
                                                        new Schema<>().$ref("#/components/schemas/PraticaStanding")))));
    }

    private static PathItem get(OpenAPI api, String path) {
        return api.getPaths().getOrDefault(path, new PathItem());
    }

    private static void body(Operation operation, String example) {
        operation
                .getRequestBody()
                .getContent()
                .values()
                .forEach(type -> type.addExamples("esempio", new Example().value(tree(example))));
    }

    private static void created(Operation operation, String example) {
        operation.getResponses().remove("200");
        ok(operation, "201", "Creata; Location: la pratica", example);
    }

    /** The schema is the one that the controller's own answer has. */
    private static void ok(Operation operation, String status, String description, String example) {
        String schema = example.startsWith("{\"items\"")
                ? example.contains("\"total\"") ? "PraticaPage" : "PraticaHistory"
                : example.startsWith("{\"id\"") ? "PraticaAttachment" : "Pratica";
        ApiResponse response = new ApiResponse()
                .description(description)
                .content(new Content()
                        .addMediaType(
                                "application/json",
                                new MediaType()
                                        .schema(new Schema<>().$ref("#/components/schemas/" + schema))
                                        .addExamples("esempio", new Example().value(tree(example)))));
        if (!schema.equals("PraticaPage") && !schema.equals("PraticaHistory")) {
            response.addHeaderObject(
                    "ETag", new Header().schema(new StringSchema()).description("La revisione della pratica"));
        }
        operation.getResponses().addApiResponse(status, response);
    }

    private static void bad(Operation operation, String status, String description, String example) {
        MediaType type = new MediaType().schema(new Schema<>().$ref("#/components/schemas/PraticaProblem"));
        if (example != null) {
            type.addExamples("esempio", new Example().value(tree(example)));
        }
        operation
                .getResponses()
                .addApiResponse(
                        status,
                        new ApiResponse()
                                .description(description)
                                .content(new Content().addMediaType("application/problem+json", type)));
    }

    private static Object tree(String example) {
        try {
            return JSON.readTree(example);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON: " + example, e);
        }
    }
}
