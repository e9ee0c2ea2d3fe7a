package it.snodo.publication.fse;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.certificate.CertificateDocument.Organization;
import it.snodo.certificate.CertificateRequest;
import it.snodo.publication.PublicationSubject;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;

/**
 * The metadata that the gateway does not find in the CDA (integrazione-gateway, bodies of create, replace and metadata).
 *
 * <p>Visibility. The gateway's code takes P97 (hidden from the parent), but the Affinity Domain says that P97 and P98
 * must not be used between regions: other regions would not know what to do with it and might show the document. A
 * minor's document hidden from the parent therefore goes out as P99, obscured, which everybody honours; P97 is told only
 * to ROL. V needs P99, or P00 when the person asked for it to be seen; there is one code at most.
 *
 * <p>Times are in UTC, as the gateway makes creationTime beside them.
 */
public final class FseMetadata {

    static final String HOSPITAL_OID = "2.16.840.1.113883.2.9.4.1.2";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static final Set<String> REGIMES = Set.of("SSN", "INPATIENT", "NOSSN", "SSR", "DONOR", "AUTO");
    private static final String PRESERVATION = "CONS^^^&2.16.840.1.113883.2.9.3.3.6.1.7&ISO";

    private final FseProperties properties;
    private final PracticeSettings settings;

    FseMetadata(FseProperties properties, PracticeSettings settings) {
        this.properties = properties;
        this.settings = settings;
    }

    /**
     * Body of create and replace.
     *
     * @param workflowId of the validation; null for the validate-and-… operations, which must not have one
     */
    ObjectNode publication(PublicationSubject subject, String submissionId, String workflowId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        put(body, "workflowInstanceId", workflowId);
        put(body, "healthDataFormat", "CDA");
        put(body, "mode", "ATTACHMENT");
        put(body, "identificativoDoc", subject.identifier());
        put(body, "identificativoRep", properties.repositoryId());
        describe(body, subject, submissionId);
        return body;
    }

    /** Body of a metadata update: the whole set, because it replaces the old one. */
    ObjectNode update(PublicationSubject subject, String submissionId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        describe(body, subject, submissionId);
        return body;
    }

    private void describe(ObjectNode body, PublicationSubject subject, String submissionId) {
        CertificateRequest request = subject.request();
        put(body, "tipologiaStruttura", facilityType(subject));
        String visibility = visibility(subject);
        if (visibility != null) {
            body.set("attiCliniciRegoleAccesso", array(visibility));
        }
        put(body, "tipoDocumentoLivAlto", "REF");
        put(body, "assettoOrganizzativo", practiceSetting(subject));
        put(body, "dataInizioPrestazione", time(subject.visitStart()));
        put(body, "dataFinePrestazione", time(subject.visitEnd()));
        if (properties.conservation()) {
            put(body, "conservazioneANorma", PRESERVATION);
        }
        put(body, "tipoAttivitaClinica", activity(subject));
        put(body, "identificativoSottomissione", submissionId);
        if (request.regime() != null && REGIMES.contains(request.regime())) {
            body.set("administrativeRequest", array(request.regime()));
        }
    }

    /** P99 hidden, P00 shown although very restricted, null for what anybody entitled may see. */
    public static String visibility(PublicationSubject subject) {
        if (subject.isHidden()) {
            return "P99";
        }
        return subject.isVeryRestricted() ? "P00" : null;
    }

    /** Ospedale for a structure with a hospital code (HSP.11), Territorio for the others. */
    public static String facilityType(PublicationSubject subject) {
        Organization structure = subject.resolved().structure();
        return structure != null && HOSPITAL_OID.equals(structure.oid()) ? "Ospedale" : "Territorio";
    }

    /** Booked outpatient care when there is a prescription, a consultation otherwise. */
    public static String activity(PublicationSubject subject) {
        String nre = subject.request().nre();
        return nre == null || nre.isBlank() ? "CON" : "ERP";
    }

    public String practiceSetting(PublicationSubject subject) {
        return settings.of(subject.resolved().unitCode(), subject.resolved().unitName());
    }

    /** The institution as XON: the structure where the person was seen, or else its azienda. */
    static String locality(PublicationSubject subject) {
        Organization place = subject.resolved().structure();
        if (place == null || blank(place.code()) || blank(place.oid())) {
            place = subject.resolved().azienda();
        }
        String name = blank(place.name()) ? place.code() : place.name();
        return clean(name) + "^^^^^&" + clean(place.oid()) + "&ISO^^^^" + clean(place.code());
    }

    /** Delimiters of HL7 have no place inside a component. */
    private static String clean(String text) {
        return text.replaceAll("[\\^&~|\\\\]", " ").trim();
    }

    private static String time(OffsetDateTime at) {
        return at == null ? null : at.withOffsetSameInstant(ZoneOffset.UTC).format(TIME);
    }

    private static void put(ObjectNode body, String name, String value) {
        if (!blank(value)) {
            body.put(name, value);
        }
    }

    private static ArrayNode array(String value) {
        return JsonNodeFactory.instance.arrayNode().add(value);
    }

    private static boolean blank(String text) {
        return text == null || text.isBlank();
    }
}
