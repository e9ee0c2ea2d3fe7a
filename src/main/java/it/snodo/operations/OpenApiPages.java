package it.snodo.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.swagger.v3.core.util.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * {@code openapi/*.yaml}: pieces of an OpenAPI 3.1 document, laid over what springdoc finds in the controllers. As in a JSON
 * merge patch (RFC 7396) what a page says wins, and {@code null} takes away; parameters are matched by their name.
 * {@code x-role} is the role that may call, {@code x-tag} and {@code x-id} stand for the tag and the name that a call would
 * have by its path, {@code x-sample} is a JSON file of the class path whose content is the example.
 */
final class OpenApiPages {

    private OpenApiPages() {}

    static List<JsonNode> read() {
        try {
            List<JsonNode> pages = new ArrayList<>();
            for (Resource page : new PathMatchingResourcePatternResolver().getResources("classpath*:openapi/*.yaml")) {
                try (var in = page.getInputStream()) {
                    pages.add(sampled(Yaml.mapper().readTree(in)));
                }
            }
            return pages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode sampled(JsonNode page) throws IOException {
        if (page instanceof ObjectNode object && object.has("x-sample")) {
            String file = object.remove("x-sample").asText();
            try (var in = OpenApiPages.class.getResourceAsStream(file)) {
                object.set("value", Yaml.mapper().readTree(in));
            }
        }
        for (JsonNode child : page) {
            sampled(child);
        }
        return page;
    }

    static void merge(ObjectNode onto, JsonNode page) {
        page.fields().forEachRemaining(field -> {
            JsonNode here = onto.get(field.getKey());
            JsonNode said = field.getValue();
            if (said.isNull()) {
                onto.remove(field.getKey());
            } else if (here instanceof ObjectNode object && said.isObject() && !said.has("$ref")) {
                merge(object, said);
            } else if (here instanceof ArrayNode list && field.getKey().equals("parameters")) {
                parameters(list, said);
            } else {
                onto.set(field.getKey(), said);
            }
        });
    }

    private static void parameters(ArrayNode onto, JsonNode said) {
        for (JsonNode parameter : said) {
            ObjectNode here = null;
            for (JsonNode known : onto) {
                if (known.path("name").equals(parameter.get("name"))) {
                    here = (ObjectNode) known;
                }
            }
            if (here == null) {
                onto.add(parameter);
            } else {
                merge(here, parameter);
            }
        }
    }
}
