package it.snodo.messages;

import java.time.Instant;

/**
 * A call that went out, as the journal keeps it. Documents are named and not repeated; tokens travel in headers, that are
 * not kept, and passwords in a body are blackened.
 *
 * @param destination FSE, ROL or AURA
 * @param operation what was asked for, as the destination's client names it
 * @param certificateNumber whose business it is: the call is kept with the message that asked for this certificate; null for
 *     AURA, whose calls are kept by themselves
 * @param exemptionId exemption that is told to AURA; null for all other calls
 * @param deliveryId delivery that made the call; null when it is found by the document, or when none did
 * @param documentPart UNSIGNED_PDF or SIGNED_PDF when those bytes of the document went along; else null
 * @param requestType media type of {@code request}; null when there is none
 * @param requestSize bytes of the whole body as it went over the wire
 * @param requestSha256 of the whole body as it went over the wire; null when none did
 * @param request the body but for the document; null when there is none
 * @param status HTTP status; null when no whole answer came
 * @param answer its body; null when none came
 * @param failure why no whole answer came; null when one did
 * @param traceId trace of the call, the destination's own where it names one
 * @param transactionId GovWay's id of the call
 * @param workflowId workflowInstanceId
 */
public record CallOut(
        String destination,
        String operation,
        String method,
        String url,
        Long certificateNumber,
        Long exemptionId,
        Long deliveryId,
        String documentId,
        String documentPart,
        String requestType,
        long requestSize,
        byte[] requestSha256,
        byte[] request,
        Integer status,
        byte[] answer,
        Instant at,
        long durationMs,
        String failure,
        String traceId,
        String transactionId,
        String workflowId) {

    /** Bodies may carry health data. */
    @Override
    public String toString() {
        return "CallOut[" + destination + " " + operation + " " + documentId + "]";
    }
}
