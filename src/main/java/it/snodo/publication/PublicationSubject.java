package it.snodo.publication;

import it.snodo.certificate.CertificateDocument;
import it.snodo.certificate.CertificateRequest;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * A document as its destinations need it: the stored bytes, what the request said, and what the tables add.
 *
 * @param documentId extension of the document's id; {@code root^documentId} is the identifier at the gateway
 * @param replacedId extension of the document it replaces; null for a first version
 * @param patientId first patientRole/id extension of the CDA, which the gateway compares tokens with
 * @param patientOid its root
 * @param typeCode CDA code, with {@code typeSystem}
 * @param unsignedPdf what is validated
 * @param signedPdf what is published, byte for byte; null until signed
 * @param workflowId workflowInstanceId of the last validation; null when it was never validated
 * @param validatedAt when; null when that validation cannot be used any more
 * @param obscured what the patient decided about visibility: true hidden, false visible, null nothing
 * @param locality the institution named to the gateway in the first call; null before
 * @param ticket state of payment, as last told
 */
public record PublicationSubject(
        String documentId,
        String root,
        String setId,
        int version,
        String replacedId,
        long certificateNumber,
        String patientId,
        String patientOid,
        String typeCode,
        String typeSystem,
        String title,
        String confidentiality,
        Boolean obscured,
        byte[] cda,
        byte[] unsignedPdf,
        byte[] signedPdf,
        Instant signedAt,
        String workflowId,
        Instant validatedAt,
        String locality,
        String ticket,
        CertificateRequest request,
        CertificateDocument.Resolved resolved) {

    /** {@code root^extension}: identificativoDoc, uniqueId. */
    public String identifier() {
        return root + "^" + documentId;
    }

    /** The same of the document that this one replaces. */
    public String replacedIdentifier() {
        return root + "^" + replacedId;
    }

    public OffsetDateTime visitStart() {
        CertificateRequest.Encounter encounter = request.encounter();
        return encounter != null && encounter.start() != null ? encounter.start() : request.visitTime();
    }

    public OffsetDateTime visitEnd() {
        CertificateRequest.Encounter encounter = request.encounter();
        return encounter != null && encounter.end() != null ? encounter.end() : visitStart();
    }

    /** Very restricted: leggi speciali. */
    public boolean isVeryRestricted() {
        return "V".equals(confidentiality);
    }

    /**
     * Whether others must not see it: leggi speciali unless the person asked for it to be seen, what the person obscured,
     * and a minor's document hidden from the parent, whatever else was decided.
     */
    public boolean isHidden() {
        return request.hiddenFromParent() || (obscured == null ? isVeryRestricted() : obscured);
    }

    /** Neither health data nor identifiers of the person. */
    @Override
    public String toString() {
        return "PublicationSubject[" + documentId + "]";
    }
}
