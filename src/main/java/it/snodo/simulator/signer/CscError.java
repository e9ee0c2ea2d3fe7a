package it.snodo.simulator.signer;

import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Json;

/** A refusal in the form of the Cloud Signature Consortium: {@code error} and {@code error_description}. */
final class CscError extends RuntimeException {
    private final int status;
    private final String error;

    CscError(int status, String error, String description) {
        super(description, null, false, false);
        this.status = status;
        this.error = error;
    }

    static CscError invalid(String description) {
        return new CscError(400, "invalid_request", description);
    }

    static CscError parameter(String name) {
        return invalid("Invalid parameter " + name);
    }

    static CscError missing(String type, String name) {
        return invalid("Missing (or invalid type) " + type + " parameter " + name);
    }

    static Answer answer(int status, String error, String description) {
        return Answer.json(status, Json.object().put("error", error).put("error_description", description));
    }

    Answer answer() {
        return answer(status, error, getMessage());
    }
}
