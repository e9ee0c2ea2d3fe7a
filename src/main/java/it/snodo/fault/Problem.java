package it.snodo.fault;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/**
 * A refusal as {@code application/problem+json} (RFC 9457).
 *
 * @param type names the kind of problem; a stable identifier, not necessarily a page
 * @param title the kind in a few Italian words
 * @param status the HTTP status, so that a stored answer still knows it
 * @param detail a whole Italian sentence about this case
 * @param code stable, {@code SNODO-nnnn}
 * @param advice what to do about it
 * @param errors one item for each fault; empty when the problem is the request as a whole
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"type", "title", "status", "detail", "code", "advice", "errors"})
public record Problem(
        String type, String title, int status, String detail, String code, String advice, List<Item> errors) {

    public static final String MEDIA_TYPE = "application/problem+json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * One fault.
     *
     * @param pointer where, as the protocol names it (a JSON pointer in REST)
     * @param field where, as the canonical request names it
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonPropertyOrder({"code", "pointer", "field", "reason"})
    public record Item(String code, String pointer, String field, String reason) {}

    public static Problem of(SnodoCode code, String detail) {
        return new Problem(
                "https://snodo.it/errors/" + code.code(),
                code.title(),
                code.httpStatus(),
                detail,
                code.code(),
                code.advice(),
                List.of());
    }

    /** The problem that a list of faults makes; the first one gives code and status. */
    public static Problem of(List<Fault> faults) {
        Fault first = faults.get(0);
        String detail = faults.size() == 1
                ? first.reason()
                : first.reason() + " (In tutto gli errori sono " + faults.size() + ": vedere errors.)";
        Problem problem = of(first.code(), detail);
        List<Item> items = faults.stream()
                .map(fault -> new Item(fault.code().code(), fault.location(), fault.path(), fault.reason()))
                .toList();
        return new Problem(problem.type, problem.title, problem.status, detail, problem.code, problem.advice, items);
    }

    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem can always be written", e);
        }
    }
}
