package it.snodo.publication.rol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.certificate.CertificateDocument.Organization;
import it.snodo.certificate.CertificateDocument.Resolved;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.PinSeal;
import it.snodo.publication.DeliveryAction;
import it.snodo.publication.PublicationSubject;
import it.snodo.publication.fse.FseMetadata;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/**
 * What ROL is told about a document: request, person, episode and document, with the region's own names. A value that is
 * not known is left out.
 */
final class RolMetadata {

    private static final ZoneId ITALY = ZoneId.of("Europe/Rome");
    private static final String RSA_FORMAT = "2.16.840.1.113883.2.9.10.1.9.1";

    private final FseMetadata fse;
    private final PinSeal pins;
    private final String application;

    RolMetadata(FseMetadata fse, PinSeal pins, String application) {
        this.fse = fse;
        this.pins = pins;
        this.application = application;
    }

    /** @param requestId the same for every try of one delivery, so that a repeated one is known as such */
    ObjectNode of(PublicationSubject subject, DeliveryAction action, String requestId) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.set("richiesta", request(subject, requestId));
        metadata.set("paziente", patient(subject));
        metadata.set("episodio", episode(subject));
        metadata.set("documento", document(subject, action));
        return metadata;
    }

    private ObjectNode request(PublicationSubject subject, String requestId) {
        Resolved resolved = subject.resolved();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        put(node, "idRichiesta", requestId);
        Organization azienda = resolved.azienda();
        put(node, "codiceAzienda", azienda == null ? null : azienda.code());
        put(node, "codiceApplicativo", application);
        if (resolved.serviceCode() != null) {
            ArrayNode services = node.putArray("prestazione");
            services.addObject().put("codiceCatalogoRegionalePrestazione", resolved.serviceCode());
        }
        ObjectNode user = node.putObject("utente");
        put(user, "ruolo", "AAS");
        Organization structure = resolved.structure();
        put(user, "codiceStruttura", structure == null ? null : structure.code());
        return node;
    }

    private static ObjectNode patient(PublicationSubject subject) {
        CertificateRequest.Patient patient = subject.request().patient();
        Resolved resolved = subject.resolved();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        put(node, "idAura", patient.regionalId() == null ? "-1" : patient.regionalId());
        put(node, "codiceFiscale", patient.fiscalCode() == null ? subject.patientId() : patient.fiscalCode());
        put(node, "cognome", patient.family());
        put(node, "nome", patient.given());
        put(node, "sesso", patient.gender());
        put(
                node,
                "dataDiNascita",
                patient.birthDate() == null ? null : patient.birthDate().toString());
        String birthplace = resolved.birthplaceIstatCode();
        if (birthplace != null) {
            // Three digits are a foreign state: its "comune" is 999 and the state's code.
            boolean abroad = birthplace.length() == 3;
            put(node, "codIstatComuneDiNascita", abroad ? "999" + birthplace : birthplace);
            put(node, "codiceNazioneDiNascita", abroad ? birthplace : "100");
        }
        if (patient.address() != null) {
            put(node, "indirizzoResidenza", patient.address().street());
        }
        return node;
    }

    private static ObjectNode episode(PublicationSubject subject) {
        CertificateRequest.Encounter encounter = subject.request().encounter();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        String kind = encounter == null || encounter.kind() == null ? "O" : encounter.kind();
        String id = encounter == null || encounter.id() == null
                ? Long.toString(subject.certificateNumber())
                : encounter.id();
        put(node, "idEpisodio", id);
        put(node, "tipoEpisodio", kind);
        put(node, "dataInizio", time(subject.visitStart()));
        put(node, "dataFine", time(subject.visitEnd()));
        if (kind.equals("I")) {
            put(node, "numeroNosologico", id);
        } else if (kind.equals("E")) {
            put(node, "numeroPassaggioPS", id);
        }
        return node;
    }

    private ObjectNode document(PublicationSubject subject, DeliveryAction action) {
        CertificateRequest request = subject.request();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        put(node, "tipoAzione", action.name());
        put(node, "uniqueId", subject.identifier());
        put(node, "uniqueIdSostituito", subject.replacedId() == null ? null : subject.replacedIdentifier());
        put(node, "mimeType", "application_pdf_cda");
        put(node, "tipologiaDocumentoAlto", "REF");
        put(node, "tipologiaDocumentoMedio", subject.typeCode());
        put(node, "formatCode", RSA_FORMAT);
        put(node, "tipologiaStrutturaProdDoc", FseMetadata.facilityType(subject));
        put(node, "assettoOrganizzativo", fse.practiceSetting(subject));
        put(node, "tipoAttivitaClinica", FseMetadata.activity(subject));
        CertificateRequest.OnlineCollection online = request.onlineCollection();
        boolean requested = online != null && Boolean.TRUE.equals(online.requested());
        node.put("scaricabileDalCittadino", requested);
        if (requested) {
            put(node, "codicePin", pins.open(online.pin()));
        }
        // S until the doctor has spoken with the person, N once the citizen may collect it on line.
        put(node, "oscuraScaricoCittadino", requested ? "N" : "S");
        put(node, "privacyDocumento", subject.isHidden() ? "1" : "0");
        node.put("soggettoALeggiSpeciali", subject.isVeryRestricted());
        put(node, "livelloRiservatezza", subject.confidentiality());
        ArrayNode visibility = JsonNodeFactory.instance.arrayNode();
        if (request.hiddenFromParent()) {
            visibility.add("P97");
        }
        if (subject.isVeryRestricted() && subject.isHidden() || Boolean.TRUE.equals(subject.obscured())) {
            visibility.add("P99");
        }
        if (!visibility.isEmpty()) {
            node.set("eventCodeList", visibility);
        }
        put(node, "pagatoTicket", subject.ticket() == null ? "U" : subject.ticket());
        boolean signed = subject.signedPdf() != null;
        node.put("firmatoDigitalmente", signed);
        if (signed) {
            put(node, "tipoFirma", "PB");
            if (subject.signedAt() != null) {
                put(
                        node,
                        "dataOraFirmaDocumento",
                        subject.signedAt()
                                .atZone(ITALY)
                                .toLocalDateTime()
                                .withNano(0)
                                .format(DateTimeFormatter.ISO_LOCAL_DATE_TIME));
            }
            put(node, "hash", sha1(subject.signedPdf()));
            put(node, "size", Integer.toString(subject.signedPdf().length));
        }
        if (request.author() != null) {
            node.putArray("medicoRedattore").add(request.author().fiscalCode());
        }
        if (request.signer() != null) {
            put(node, "medicoValidatore", request.signer().fiscalCode());
        }
        if (request.nre() != null && !request.nre().isBlank()) {
            node.putArray("nre").add(request.nre());
        }
        // The hub publishes to the FSE itself: ROL must not do it a second time.
        node.put("invioFSE", false);
        return node;
    }

    private static String time(java.time.OffsetDateTime at) {
        return at == null
                ? null
                : at.atZoneSameInstant(ITALY)
                        .toLocalDateTime()
                        .withNano(0)
                        .format(DateTimeFormatter.ISO_LOCAL_DATE_TIME);
    }

    /** As the XDS metadata of the same document have it. */
    private static String sha1(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void put(ObjectNode node, String name, String value) {
        if (value != null && !value.isBlank()) {
            node.put(name, value);
        }
    }
}
