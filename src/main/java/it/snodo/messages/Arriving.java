package it.snodo.messages;

import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequest.Action;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.intake.Incoming;

/**
 * A message about to be stored, with what its own thread can make of it before the transaction.
 *
 * @param hash SHA-256 of the bytes as they came
 * @param kept the bytes to keep
 * @param xml the request of a new certificate that passed the checks; null for anything else
 * @param since when it came, {@link System#nanoTime()}
 */
record Arriving(Incoming message, byte[] hash, byte[] kept, String xml, long since) {

    /** Larger ones would make the others of their group wait. */
    private static final int LARGEST_SHARED = 64 * 1024;

    static Arriving of(Incoming message) {
        return of(message, System.nanoTime());
    }

    static Arriving of(Incoming message, long since) {
        boolean certificate = message.faults().isEmpty()
                && message.request() != null
                && message.request().action() == Action.NEW
                && !message.ifNoneExist();
        return new Arriving(
                message,
                Journal.sha256(message.raw()),
                withoutPin(message),
                certificate ? CertificateRequestCodec.toXml(message.request()) : null,
                since);
    }

    /** A new certificate, that depends on no earlier one. */
    boolean isCertificate() {
        return xml != null;
    }

    /** Whether it may be committed with others: what may have to wait for a row that somebody else works on, may not. */
    boolean mayShare() {
        return (isCertificate() || !message.faults().isEmpty()) && !isLarge(message);
    }

    /** Larger ones take a while to look at. */
    static boolean isLarge(Incoming message) {
        return message.raw().length > LARGEST_SHARED;
    }

    /** Whether all that is to be stored can be made before the message has its id. */
    boolean isComplete() {
        return !message.answer().namesMessage();
    }

    /** Two with the same name or the same document number have to meet one after the other. */
    boolean clashesWith(Arriving other) {
        return isSameMessage(other) || isSameDocument(other);
    }

    private boolean isSameMessage(Arriving other) {
        String id = message.controlId();
        return id != null
                && id.equals(other.message.controlId())
                && MessageStore.sender(message).equals(MessageStore.sender(other.message));
    }

    private boolean isSameDocument(Arriving other) {
        return isCertificate()
                && other.isCertificate()
                && message.request()
                        .documentNumber()
                        .equals(other.message.request().documentNumber())
                && message.request()
                        .sender()
                        .key()
                        .equals(other.message.request().sender().key());
    }

    /**
     * A citizen's PIN is kept with the certificate, that needs it once, and nowhere else; where the request was read whole
     * and carries none, there is nothing to look for.
     */
    private static byte[] withoutPin(Incoming message) {
        CertificateRequest request = message.request();
        boolean none = request != null
                && message.faults().isEmpty()
                && (request.onlineCollection() == null
                        || request.onlineCollection().pin() == null);
        return none ? message.raw() : PinMask.masked(message.raw());
    }
}
