package it.snodo.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.OpenAPI;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The OpenAPI page. Paths, parameters and bodies come from the controllers; what is said of them, in Italian, and the calls
 * that enter a Camel route stand in {@code openapi/*.yaml} ({@link OpenApiPages}). What is alike for all is added here:
 * a name and a tag for each call, and the answers that any call can have.
 */
@Configuration(proxyBeanMethods = false)
class OpenApiDescription {

    private static final Map<String, String> ALWAYS =
            Map.of("400", "BadRequest", "401", "Unauthenticated", "403", "Forbidden");

    @Bean
    OpenApiCustomizer describedInPages() {
        return OpenApiDescription::describe;
    }

    static void describe(OpenAPI api) {
        OpenApiSchemas.addTo(api);
        ObjectNode tree = Json31.mapper().valueToTree(api);
        OpenApiPages.read().forEach(page -> OpenApiPages.merge(tree, page));
        JsonNode words = tree.remove("x-words");
        tree.get("paths").properties().forEach(path -> path.getValue()
                .properties()
                .forEach(call -> complete(call.getKey(), path.getKey(), (ObjectNode) call.getValue(), words)));
        OpenAPI described = Json31.mapper().convertValue(tree, OpenAPI.class);
        api.info(described.getInfo())
                .security(described.getSecurity())
                .tags(described.getTags())
                .paths(described.getPaths())
                .components(described.getComponents());
    }

    private static void complete(String method, String path, ObjectNode call, JsonNode words) {
        if (!path.startsWith("/api/")) {
            return;
        }
        JsonNode role = call.remove("x-role");
        if (role != null) {
            String more = call.path("description").asText();
            call.put("description", ("Ruolo: " + role.asText() + ". " + more).strip());
        }
        JsonNode id = call.remove("x-id");
        call.put("operationId", id == null ? operationId(method + path.replace("/api/v1", "")) : id.asText());
        JsonNode tag = call.remove("x-tag");
        call.putArray("tags").add(tag == null ? path.split("/")[3] : tag.asText());
        for (JsonNode parameter : call.path("parameters")) {
            JsonNode usual = words.path(parameter.path("name").asText());
            if (!parameter.has("description") && usual.isTextual()) {
                ((ObjectNode) parameter).set("description", usual);
            }
        }
        ObjectNode responses = call.withObject("/responses");
        ALWAYS.forEach((status, name) -> usual(responses, status, name));
        if (path.contains("{")) {
            usual(responses, "404", "NotFound");
        }
        // generated clients ask for the first JSON among the answers: a problem, were it to come first
        Map<String, JsonNode> sorted = new TreeMap<>();
        responses.properties().forEach(one -> sorted.put(one.getKey(), one.getValue()));
        responses.removeAll();
        responses.setAll(sorted);
    }

    private static void usual(ObjectNode responses, String status, String name) {
        if (!responses.has(status)) {
            responses.putObject(status).put("$ref", "#/components/responses/" + name);
        }
    }

    /** {@code GET /api/v1/certificates/{number}/cda} is getCertificatesNumberCda, whatever else there is beside it. */
    private static String operationId(String call) {
        StringBuilder id = new StringBuilder();
        for (String word : call.split("[^A-Za-z]+")) {
            id.append(
                    id.isEmpty()
                            ? word.toLowerCase(Locale.ROOT)
                            : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return id.toString();
    }
}
