package it.snodo.publication;

import java.time.Instant;

/**
 * One effect that a destination owes us, as a lane holds it under lease.
 *
 * @param documentId extension of the document's id; null for AURA
 * @param afterDocumentId the document that this one replaces; its own deliveries come first; null when none
 * @param certificateNumber the certificate whose business this is (for a withdrawal, the annulment's); null for AURA
 * @param exemptionId the exemption that AURA is told of; null for all others
 * @param attempts how many times it has been tried, this time included
 * @param failures how many of the earlier tries failed while the destination was there; outages are not counted
 * @param lease number of the lease; what is settled under an older one is not written
 * @param unknown an earlier try may have taken effect without our knowing: an answer was lost, or the hub died
 * @param payload JSON with what the action needs beyond the document; null when nothing
 * @param traceId W3C trace id, the same for every try, so that one question finds what became of any of them
 * @param workflowId the gateway's workflowInstanceId of the last try that had one
 * @param since when it was asked for, or last revived by a person
 * @param deliveredAt when the destination took it; null before
 */
public record Delivery(
        long id,
        Destination destination,
        DeliveryAction action,
        String documentId,
        String afterDocumentId,
        Long certificateNumber,
        Long exemptionId,
        int attempts,
        int failures,
        int lease,
        boolean unknown,
        String payload,
        String traceId,
        String workflowId,
        Instant since,
        Instant deliveredAt) {}
