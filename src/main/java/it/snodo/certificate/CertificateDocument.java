package it.snodo.certificate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/**
 * What the CDA template is given, as XML with the root {@code certificate}: the identity of the document, the request
 * as it was accepted, and the facts that the hub's tables add to it. A template looks nothing up by itself.
 *
 * @param identity ids, version and times of this document
 * @param request the canonical request
 * @param resolved words and identifiers from the tables
 */
@JsonPropertyOrder({"identity", "request", "resolved"})
public record CertificateDocument(Identity identity, CertificateRequest request, Resolved resolved) {

    /**
     * @param certificateNumber the region's progressive number
     * @param idRoot OID of the region's documents
     * @param id extension, unique for ever
     * @param setId extension of the first version
     * @param version 1 for the first
     * @param replacedId extension of the document that this one replaces; null for a first version
     * @param effectiveTime when the document was made
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Identity(
            long certificateNumber,
            String idRoot,
            String id,
            String setId,
            int version,
            String replacedId,
            OffsetDateTime effectiveTime) {}

    /**
     * @param exemptionCode canonical spelling (aliases such as 002A resolved to 0A02)
     * @param exemptionSystem OID of the catalogue the code belongs to
     * @param exemptionFamily words for the family, such as "Malattie croniche"
     * @param diagnosisCode dotted ICD-9-CM; null when the diagnosis is a filler that must not be sent out
     * @param confidentiality N, R or V, with leggi speciali taken into account
     * @param regimeText the region's words for the regime
     * @param minor whether the person was under 18 on the day of the visit
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Resolved(
            String exemptionCode,
            String exemptionDescription,
            String exemptionSystem,
            String exemptionFamily,
            String diagnosisCode,
            String diagnosisDescription,
            String serviceCode,
            String serviceDescription,
            String serviceSystem,
            String confidentiality,
            String regimeText,
            String authorTelecom,
            String regionCode,
            String regionName,
            Organization azienda,
            Organization structure,
            String unitCode,
            String unitName,
            String residenceCityName,
            String residenceProvince,
            String residenceCountryCode,
            String residenceCountryName,
            String birthplaceName,
            String birthplaceIstatCode,
            LocalDate exemptionStart,
            Boolean minor) {}

    /**
     * @param code ministry code
     * @param oid system of the code (FLS.11, HSP.11 or STS.11)
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Organization(String code, String oid, String name, String street, String city, String telecom) {}
}
