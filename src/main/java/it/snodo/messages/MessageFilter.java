package it.snodo.messages;

import java.time.Instant;

/**
 * What messages are looked for by; null asks nothing, several ask for all of them together.
 *
 * @param any any of the keys below, or the message's id, equal to this
 * @param sender application alone, or {@code application|facility} as the journal keeps it
 * @param workflow workflowInstanceId of the FSE gateway
 * @param trace trace id of a call that went out
 * @param transaction GovWay's id of a call that went out
 * @param from received at this moment or later
 * @param to received before this moment
 * @param before id of the last message of the page before
 */
record MessageFilter(
        String any,
        String controlId,
        String sender,
        String patient,
        MessageState state,
        String documentId,
        String fseIdentifier,
        Long certificateNumber,
        String nre,
        String bookingCode,
        String workflow,
        String trace,
        String transaction,
        Instant from,
        Instant to,
        Long before) {}
