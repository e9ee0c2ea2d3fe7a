package it.snodo.simulator.signer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The parameters of one call: a JSON object, each member of the type that the API names. */
final class Params {
    /** Its buffers are thrown away after each call: they have held PINs. */
    private static final ObjectMapper READER = new ObjectMapper(JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .build());

    private final JsonNode json;

    private Params(JsonNode json) {
        this.json = json;
    }

    static Params of(byte[] body) {
        if (body.length == 0) {
            return new Params(JsonNodeFactory.instance.objectNode());
        }
        try {
            JsonNode json = READER.readTree(body);
            if (json != null && json.isObject()) {
                return new Params(json);
            }
        } catch (IOException e) {
            // said below: the text of the exception quotes the body
        }
        throw CscError.invalid("The request body is not a JSON object");
    }

    /** A string that must be there. */
    String need(String name) {
        JsonNode value = json.path(name);
        if (!value.isTextual() || value.asText().isEmpty()) {
            throw CscError.missing("string", name);
        }
        return value.asText();
    }

    /** A string that may be there; null when it is not. */
    String may(String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw CscError.missing("string", name);
        }
        return value.asText().isEmpty() ? null : value.asText();
    }

    boolean flag(String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw CscError.missing("boolean", name);
        }
        return value.asBoolean();
    }

    int number(String name) {
        JsonNode value = json.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw CscError.missing("integer", name);
        }
        return value.asInt();
    }

    /** Digests in Base64, at least one, each as long as one of SHA-2. */
    List<byte[]> hashes(String name) {
        JsonNode value = json.path(name);
        if (!value.isArray()) {
            throw CscError.missing("array", name);
        }
        if (value.isEmpty()) {
            throw CscError.invalid("Empty hash array");
        }
        List<byte[]> hashes = new ArrayList<>();
        for (JsonNode hash : value) {
            byte[] bytes;
            try {
                if (!hash.isTextual()) {
                    throw CscError.invalid("Invalid Base64 hash string parameter");
                }
                bytes = Base64.getDecoder().decode(hash.asText());
            } catch (IllegalArgumentException e) {
                throw CscError.invalid("Invalid Base64 hash string parameter");
            }
            if (bytes.length != 32 && bytes.length != 48 && bytes.length != 64) {
                throw CscError.invalid("Invalid digest value length");
            }
            hashes.add(bytes);
        }
        return hashes;
    }

    /** Value of the authentication object of that id (v2); null when it is not given. */
    String authData(String id) {
        JsonNode all = json.path("authData");
        if (!all.isMissingNode() && !all.isArray()) {
            throw CscError.missing("array", "authData");
        }
        for (JsonNode one : all) {
            if (one.path("id").asText().equals(id) && one.path("value").isTextual()) {
                return one.path("value").asText();
            }
        }
        return null;
    }

    boolean has(String name) {
        return json.hasNonNull(name);
    }

    @Override
    public String toString() {
        return "Params";
    }
}
