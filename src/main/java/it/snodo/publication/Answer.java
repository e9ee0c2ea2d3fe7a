package it.snodo.publication;

import java.time.Duration;

/**
 * What a destination said, reduced to what is kept.
 *
 * @param status HTTP status; 0 when there was no answer
 * @param type problem type, or the destination's own code; null when none
 * @param detail the other side's words; may contain codes of the document, so it is stored and never logged
 * @param instance the problem's instance; written with and without {@code /msg}, so only its end counts
 * @param traceId trace of the call at the other side
 * @param transactionId GovWay's id of the call, which its help desk asks for
 * @param workflowId workflowInstanceId
 * @param warning the other side's warnings; null when none
 * @param retryAfter how long the other side asks us to wait; null when it does not
 */
public record Answer(
        int status,
        String type,
        String detail,
        String instance,
        String traceId,
        String transactionId,
        String workflowId,
        String warning,
        Duration retryAfter) {

    /** No answer came. */
    public static Answer none() {
        return new Answer(0, null, null, null, null, null, null, null, null);
    }

    public boolean success() {
        return status >= 200 && status < 300;
    }

    /** One line for people: status, type and the other side's words. */
    public String summary() {
        StringBuilder line = new StringBuilder(status == 0 ? "nessuna risposta" : "HTTP " + status);
        if (type != null) {
            line.append(' ').append(type);
        }
        if (detail != null && !detail.isBlank()) {
            line.append(": ").append(detail);
        }
        if (warning != null) {
            line.append(" [avviso: ").append(warning).append(']');
        }
        return line.length() > 4000 ? line.substring(0, 4000) : line.toString();
    }
}
