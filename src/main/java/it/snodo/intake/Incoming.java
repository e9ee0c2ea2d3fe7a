package it.snodo.intake;

import it.snodo.certificate.CertificateRequest;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A message as an intake has read it: the bytes as they came, what names the message, the request they carry, and what
 * is wrong with it so far.
 *
 * @param protocol MLLP, FHIR, REST or JMS
 * @param peer address or user it came from
 * @param sender the sender's key ({@link CertificateRequest.Sender#key()})
 * @param controlId the sender's id of the message (MSH-10, Bundle.identifier, Idempotency-Key)
 * @param type as the protocol names it: {@code MDM^T02}, {@code POST /certificates}, {@code $process-message}
 * @param raw the bytes between the frame marks, or the body
 * @param request what is asked for; null when the message cannot be read that far
 * @param faults everything found wrong, in order
 * @param locations canonical path to the protocol's own location of that field
 * @param ifNoneExist true when the sender asks for nothing new where the same document is there already
 * @param answer makes the acknowledgement from the outcome; called inside the accepting transaction, so that the very
 *     same bytes can be given again for a repeated message
 */
public record Incoming(
        String protocol,
        String peer,
        String sender,
        String controlId,
        String type,
        byte[] raw,
        CertificateRequest request,
        List<Fault> faults,
        Map<String, String> locations,
        boolean ifNoneExist,
        Answer answer)
        implements Arrival {

    /** A message without conditions. */
    public Incoming(
            String protocol,
            String peer,
            String sender,
            String controlId,
            String type,
            byte[] raw,
            CertificateRequest request,
            List<Fault> faults,
            Map<String, String> locations,
            Answer answer) {
        this(protocol, peer, sender, controlId, type, raw, request, faults, locations, false, answer);
    }

    /** Builds the protocol's answer. */
    @FunctionalInterface
    public interface Answer {
        byte[] build(Incoming message, Outcome outcome);

        /** Whether an answer may say {@link Outcome#messageId()}: then it can be built only when the message has its id. */
        default boolean namesMessage() {
            return true;
        }
    }

    /**
     * What became of the message.
     *
     * @param messageId journal id; 0 when it could not be stored
     * @param accepted true once stored durably; false when refused
     * @param certificateNumber of the certificate made or touched; null when refused
     * @param documentId id of the document to come, safe in a URL; null when refused
     * @param existing true when it was accepted without effect, because the very same was there already
     * @param faults why it was refused
     */
    public record Outcome(
            long messageId,
            boolean accepted,
            Long certificateNumber,
            String documentId,
            boolean existing,
            List<Fault> faults) {

        public Outcome(
                long messageId, boolean accepted, Long certificateNumber, String documentId, List<Fault> faults) {
            this(messageId, accepted, certificateNumber, documentId, false, faults);
        }
    }

    public Incoming {
        faults = List.copyOf(faults);
        locations = Map.copyOf(locations);
    }

    /**
     * Adds faults found by the checks, giving each the protocol's location of its field. A field that the intake could
     * not read is absent for the checks: that is one fault, not two.
     */
    public Incoming withFaults(List<Fault> more) {
        List<Fault> all = new ArrayList<>(faults);
        for (Fault fault : more) {
            if (fault.code() == SnodoCode.FIELD_MISSING && isFaulted(fault.path())) {
                continue;
            }
            all.add(fault.location() == null ? fault.withLocation(locate(fault.path())) : fault);
        }
        return new Incoming(protocol, peer, sender, controlId, type, raw, request, all, locations, ifNoneExist, answer);
    }

    private boolean isFaulted(String path) {
        return faults.stream()
                .map(Fault::path)
                .anyMatch(known -> !known.isEmpty()
                        && (known.equals(path) || known.startsWith(path + ".") || known.startsWith(path + "[")));
    }

    /** The location of the field, or of the nearest enclosing one that the intake knows. */
    private String locate(String path) {
        String at = path;
        while (!at.isEmpty()) {
            String found = locations.get(at);
            if (found != null) {
                return found;
            }
            int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
            at = cut < 0 ? "" : at.substring(0, cut);
        }
        return locations.getOrDefault("", null);
    }
}
