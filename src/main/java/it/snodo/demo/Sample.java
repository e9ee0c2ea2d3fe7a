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
        String pdf,
        boolean before) {

    /** @param before the hub had already had this very message: the demo was played before on the same data */
    Sample(String name, String protocol, String controlId, boolean mustBeRefused, boolean before) {
        this(
                name,
                protocol,
                controlId,
                mustBeRefused,
                "?",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                before);
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
                pdf,
                before);
    }

    boolean endedAsItShould() {
        return state.equals(mustBeRefused ? "REFUSED" : "PUBLISHED");
    }

    List<String> row() {
        return java.util.stream.Stream.of(
                        name.replaceFirst("\\.[a-z0-9]+$", ""),
                        abbreviated(controlId),
                        state,
                        certificateNumber,
                        documentId,
                        cda,
                        pdfLevel,
                        signature,
                        fse,
                        rol)
                .map(cell -> cell == null ? "—" : cell)
                .toList();
    }

    /** A line of the table fits a terminal; the whole id was printed when the sample was sent. */
    private static String abbreviated(String id) {
        return id.length() <= 16 ? id : id.substring(0, 15) + "…";
    }
}
