package it.snodo.certificate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.dataformat.xml.annotation.JacksonXmlElementWrapper;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * The one form that every certificate request takes, whatever protocol brought it: what comes in as HL7 v2, FHIR, JSON
 * or XML becomes this, and everything after the intake knows only this. As XML it is described by
 * {@code xsd/certificate-request.xsd}; as JSON it is the body of {@code POST /api/v1/certificates}.
 *
 * <p>Codes are kept as they came (trimmed): what they must be is the business of {@link CertificateChecks}. A field that
 * was absent or blank is null; a list that was absent is empty. Identifiers are in capitals and without spaces, and
 * those that stand for "unknown" ({@code -1}, {@code ND}, sixteen X) are null.
 *
 * @param action what is asked for
 * @param sender who sends it
 * @param documentNumber the sender's own unique number of the document (TXA-12)
 * @param replacedDocumentNumber the sender's number of the document that is replaced or annulled (TXA-13)
 * @param patient the person the certificate is about
 * @param author the specialist who wrote it
 * @param legalAuthenticator the specialist who signs it; null means the author
 * @param encounter where and when the person was seen
 * @param visitTime date and time of the visit (TXA-4)
 * @param question why the person came (LOINC 29299-5), free text
 * @param exemption the exemption the condition gives right to
 * @param diagnosis ICD-9-CM, dotted or not, or a filler {@code Fnnn}
 * @param pathology "è affetto dalla seguente patologia" (LOINC 47045-0), one item a paragraph
 * @param service the service performed (LOINC 62387-6), national catalogue
 * @param conclusions LOINC 55110-1, one item a paragraph
 * @param regime SSN, INPATIENT, NOSSN, SSR or DONOR
 * @param confidentiality N, R or V; null means N
 * @param specialLaws "leggi speciali", art. 5 DM 178/2015: the document becomes V
 * @param obscuredToParent "oscurato al genitore", minors only
 * @param nre number of the electronic prescription, 15 characters
 * @param onlineCollection the citizen's withdrawal of the report from the web
 * @param ticket state of the payment: S, N, P, E, U, R or F
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({
    "action",
    "sender",
    "documentNumber",
    "replacedDocumentNumber",
    "patient",
    "author",
    "legalAuthenticator",
    "encounter",
    "visitTime",
    "question",
    "exemption",
    "diagnosis",
    "pathology",
    "service",
    "conclusions",
    "regime",
    "confidentiality",
    "specialLaws",
    "obscuredToParent",
    "nre",
    "onlineCollection",
    "ticket"
})
public record CertificateRequest(
        @NotNull Action action,
        @NotNull @Valid Sender sender,
        @NotNull @Size(max = 64) String documentNumber,
        @Size(max = 64) String replacedDocumentNumber,
        @NotNull @Valid Patient patient,
        @Valid Professional author,
        @Valid Professional legalAuthenticator,
        @Valid Encounter encounter,
        OffsetDateTime visitTime,
        @Size(max = 4000) String question,
        @Valid Code exemption,
        @Valid Code diagnosis,

        @JacksonXmlElementWrapper(useWrapping = false) List<@Size(max = 20000) String> pathology,

        @Valid Code service,

        @JacksonXmlElementWrapper(useWrapping = false) List<@Size(max = 20000) String> conclusions,

        String regime,
        String confidentiality,
        Boolean specialLaws,
        Boolean obscuredToParent,
        String nre,
        @Valid OnlineCollection onlineCollection,
        String ticket) {

    public CertificateRequest {
        documentNumber = Canonical.text(documentNumber);
        replacedDocumentNumber = Canonical.text(replacedDocumentNumber);
        question = Canonical.text(question);
        pathology = Canonical.paragraphs(pathology);
        conclusions = Canonical.paragraphs(conclusions);
        regime = Canonical.code(regime);
        confidentiality = Canonical.code(confidentiality);
        nre = Canonical.identifier(nre);
        ticket = Canonical.code(ticket);
    }

    /** The same with its PIN blackened, to be shown. */
    public CertificateRequest withoutPin() {
        return onlineCollection == null || onlineCollection.pin() == null
                ? this
                : with(new OnlineCollection(onlineCollection.requested(), "****"));
    }

    /** The same with another withdrawal from the web. */
    CertificateRequest with(OnlineCollection other) {
        return new CertificateRequest(
                action,
                sender,
                documentNumber,
                replacedDocumentNumber,
                patient,
                author,
                legalAuthenticator,
                encounter,
                visitTime,
                question,
                exemption,
                diagnosis,
                pathology,
                service,
                conclusions,
                regime,
                confidentiality,
                specialLaws,
                obscuredToParent,
                nre,
                other,
                ticket);
    }

    /** What a request asks for. */
    public enum Action {
        /** A new certificate (MDM^T02). */
        NEW,
        /** A new version in place of an earlier one (MDM^T10). */
        REPLACEMENT,
        /** The end of a certificate (MDM^T11). */
        ANNULMENT
    }

    /**
     * Who sends the request.
     *
     * @param application sending application (MSH-3)
     * @param facility sending structure's name (MSH-4.1)
     * @param facilityCode its code: azienda in six digits, three-digit company code, or OID (MSH-4.2)
     */
    public record Sender(
            @NotNull @Size(max = 227) String application,
            @Size(max = 227) String facility,
            @Size(max = 199) String facilityCode) {

        public Sender {
            application = Canonical.text(application);
            facility = Canonical.text(facility);
            facilityCode = Canonical.text(facilityCode);
        }

        /** The sender's part of what identifies a message; the control id is the other part. */
        public String key() {
            return application + "|" + (facility == null ? "" : facility);
        }
    }

    /** A code with the words the sender gave for it; the words count only where our tables have none. */
    public record Code(
            @NotNull @Size(max = 40) String code,
            @Size(max = 1000) String description) {

        public Code {
            code = Canonical.text(code);
            description = Canonical.text(description);
        }
    }

    /**
     * The person. At least one of codice fiscale, STP, ENI or TEAM is needed.
     *
     * @param fiscalCode codice fiscale, 16 characters (or the provisional one of 11 digits)
     * @param stp code of a foreigner temporarily present
     * @param eni code of an EU citizen not enrolled
     * @param team European health insurance card
     * @param regionalId idAura, the region's own identifier
     * @param gender M, F or U
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Patient(
            String fiscalCode,
            String stp,
            String eni,
            @Valid TeamCard team,
            @Size(max = 64) String regionalId,
            @NotNull @Size(max = 100) String family,
            @NotNull @Size(max = 100) String given,
            LocalDate birthDate,
            String gender,
            @Valid Address address,
            @Size(max = 100) String phone,
            @Valid Place birthplace) {

        public Patient {
            fiscalCode = Canonical.identifier(fiscalCode);
            stp = Canonical.identifier(stp);
            eni = Canonical.identifier(eni);
            regionalId = Canonical.identifier(regionalId);
            family = Canonical.text(family);
            given = Canonical.text(given);
            gender = Canonical.code(gender);
            phone = Canonical.text(phone);
        }
    }

    /**
     * European health insurance card: both numbers belong together in the CDA.
     *
     * @param cardNumber identification number of the card
     * @param personalNumber personal identification number
     * @param state issuing state, ISO 3166 alpha-3 when known
     */
    public record TeamCard(
            @Size(max = 40) String cardNumber,
            @Size(max = 40) String personalNumber,
            @Size(max = 100) String state) {

        public TeamCard {
            state = Canonical.code(state);
            cardNumber = Canonical.identifier(cardNumber);
            personalNumber = Canonical.identifier(personalNumber);
            // Some senders write the issuing state before the number: DEU.80276000000000000001
            if (state == null && Canonical.statePrefix(cardNumber) != null) {
                state = Canonical.statePrefix(cardNumber);
            }
            cardNumber = Canonical.withoutPrefix(cardNumber, state);
            personalNumber = Canonical.withoutPrefix(personalNumber, state);
        }
    }

    /**
     * An address.
     *
     * @param use N birth, L legal residence, H home (HL7 table 0190); null unknown
     * @param province two letters
     * @param country ISTAT (100 = Italy) or ISO 3166 code
     * @param istatCode six digits of the comune
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Address(
            String use,
            @Size(max = 200) String street,
            @Size(max = 100) String city,
            @Size(max = 10) String postalCode,
            @Size(max = 50) String province,
            @Size(max = 50) String country,
            @Size(max = 10) String istatCode) {

        public Address {
            use = Canonical.code(use);
            street = Canonical.text(street);
            city = Canonical.text(city);
            postalCode = Canonical.text(postalCode);
            province = Canonical.text(province);
            country = Canonical.text(country);
            istatCode = Canonical.text(istatCode);
        }
    }

    /** Where somebody was born: a name, and the ISTAT code of the comune or of the foreign state when known. */
    public record Place(
            @Size(max = 100) String name, @Size(max = 10) String istatCode) {

        public Place {
            name = Canonical.text(name);
            istatCode = Canonical.text(istatCode);
        }
    }

    /** A doctor: codice fiscale, one family name, one given name, and where to reach him. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Professional(
            @NotNull String fiscalCode,
            @NotNull @Size(max = 100) String family,
            @NotNull @Size(max = 100) String given,
            @Size(max = 200) String telecom) {

        public Professional {
            fiscalCode = Canonical.identifier(fiscalCode);
            family = Canonical.text(family);
            given = Canonical.text(given);
            telecom = Canonical.text(telecom);
        }
    }

    /**
     * Where and when.
     *
     * @param kind O outpatient, I inpatient, E emergency (PV1-2)
     * @param azienda six digits (region + company) when the sender says it
     * @param structureCode STS.11 or HSP.11 code (PV1-3.4)
     * @param unitCode unità produttiva (PV1-3.1)
     * @param unitName its name (PV1-3.9)
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Encounter(
            String kind,
            @Size(max = 199) String id,
            OffsetDateTime start,
            OffsetDateTime end,
            String azienda,
            @Size(max = 199) String structureCode,
            @Size(max = 199) String structureName,
            @Size(max = 199) String unitCode,
            @Size(max = 199) String unitName,
            @Size(max = 200) String unitTelecom) {

        public Encounter {
            kind = Canonical.code(kind);
            id = Canonical.text(id);
            azienda = Canonical.text(azienda);
            structureCode = Canonical.code(structureCode);
            structureName = Canonical.text(structureName);
            unitCode = Canonical.text(unitCode);
            unitName = Canonical.text(unitName);
            unitTelecom = Canonical.text(unitTelecom);
        }
    }

    /**
     * "Scarico on line": whether the citizen may withdraw the report from the web.
     *
     * @param pin told to the citizen; needed when requested; never logged
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record OnlineCollection(
            @NotNull Boolean requested, @Size(max = 20) String pin) {

        public OnlineCollection {
            pin = Canonical.text(pin);
        }

        @Override
        public String toString() {
            return "OnlineCollection[requested=" + requested + ", pin=" + (pin == null ? "absent" : "***") + "]";
        }
    }

    /** The person who signs: the legal authenticator, or the author when none is named. */
    public Professional signer() {
        return legalAuthenticator == null ? author : legalAuthenticator;
    }

    public boolean underSpecialLaws() {
        return Boolean.TRUE.equals(specialLaws);
    }

    public boolean hiddenFromParent() {
        return Boolean.TRUE.equals(obscuredToParent);
    }

    /** Health data and identifiers stay out of logs: only what names the request. */
    @Override
    public String toString() {
        return "CertificateRequest[" + action + " " + documentNumber + " from " + (sender == null ? "?" : sender.key())
                + "]";
    }
}
