package it.snodo.document;

import java.time.OffsetDateTime;

/**
 * A document as those who may read it see it; its bytes are fetched apart.
 *
 * @param id extension of the document's identifier, safe in a URL
 * @param root OID of the region's documents
 * @param setId extension of its first version
 * @param typeCode LOINC
 * @param state CURRENT, SUPERSEDED or ANNULLED
 * @param confidentiality N, R or V
 * @param withheld obscured, or under special laws: not for FSE consumers
 * @param published whether the FSE has taken it
 * @param patientOid OID of the kind of identifier that {@code patientId} is
 * @param patientId null when the caller may not know it
 * @param author codice fiscale of the author
 * @param custodian code of the azienda that keeps it
 * @param replaces id of the document it replaced, or null
 * @param pdf the signed PDF; null until it is signed
 * @param cda the CDA
 */
public record PublishedDocument(
        String id,
        String root,
        String setId,
        int version,
        String typeCode,
        String title,
        State state,
        String confidentiality,
        boolean withheld,
        boolean published,
        String patientOid,
        String patientId,
        String author,
        String custodian,
        OffsetDateTime visitAt,
        OffsetDateTime madeAt,
        OffsetDateTime signedAt,
        String replaces,
        long certificateNumber,
        Content pdf,
        Content cda) {

    public enum State {
        CURRENT,
        SUPERSEDED,
        ANNULLED
    }

    /**
     * @param size in bytes
     * @param sha256 in hexadecimal
     */
    public record Content(long size, String sha256) {}

    /** The identifier as the FSE writes it. */
    public String fseIdentifier() {
        return root + "^" + id;
    }
}
