package it.snodo.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** One sample request and what became of it; absent values are null. */
record Sample(
        String name,
        String protocol,
        String controlId,
        boolean mustBeRefused,
        String state,
        String certificateNumber,
        String documentId,
        String cda,
        String pdfLevel,
        String signature,
        String fse,
        String rol,
        String workflowInstanceId,
        String pdf) {

    Sample(String name, String protocol, String controlId, boolean mustBeRefused) {
        this(name, protocol, controlId, mustBeRefused, "?", null, null, null, null, null, null, null, null, null);
    }

    Sample at(JsonNode message) {
        return new Sample(
                name,
                protocol,
                controlId,
                mustBeRefused,
                message.path("state").asText(),
                message.hasNonNull("certificateNumber")
                        ? message.path("certificateNumber").asText()
                        : null,
                message.hasNonNull("documentId") ? message.path("documentId").asText() : null,
                cda,
                pdfLevel,
                signature,
                fse,
                rol,
                workflowInstanceId,
                pdf);
    }

    boolean endedAsItShould() {
        return state.equals(mustBeRefused ? "REFUSED" : "PUBLISHED");
    }

    List<String> row() {
        return java.util.stream.Stream.of(
                        name, controlId, state, certificateNumber, documentId, cda, pdfLevel, signature, fse, rol)
                .map(cell -> cell == null ? "—" : cell)
                .toList();
    }
}
