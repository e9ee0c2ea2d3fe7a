package it.snodo.intake;

import it.snodo.fault.Fault;

/**
 * A call that came in and is no message of a sender: refused by a limit before it was read as one, or a notification. Told as an
 * event to whoever keeps the journal.
 *
 * @param protocol REST, FHIR or FSE
 * @param peer user and address, or the address alone
 * @param sender whom the journal names as sender
 * @param type method and path
 * @param read the bytes that were read, before the limit stopped it
 * @param packed whether they are compressed: a PIN in them could not be blackened, so that only their hash is kept
 * @param size of the whole body, as far as it is known
 * @param anybody true when who called has not said who he is: what anybody can cause is kept in small numbers only
 * @param fault why it was refused; null when it was not
 * @param documentId of the document that it concerns; null when it concerns none that the hub knows
 * @param words what was done with it; null when nothing
 */
public record CallIn(
        String protocol,
        String peer,
        String sender,
        String type,
        byte[] read,
        boolean packed,
        long size,
        boolean anybody,
        Fault fault,
        String documentId,
        String words) {}
