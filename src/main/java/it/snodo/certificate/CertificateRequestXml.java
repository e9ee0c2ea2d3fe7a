package it.snodo.certificate;

import it.snodo.certificate.CertificateRequest.Address;
import it.snodo.certificate.CertificateRequest.Code;
import it.snodo.certificate.CertificateRequest.Encounter;
import it.snodo.certificate.CertificateRequest.OnlineCollection;
import it.snodo.certificate.CertificateRequest.Patient;
import it.snodo.certificate.CertificateRequest.Place;
import it.snodo.certificate.CertificateRequest.Professional;
import it.snodo.certificate.CertificateRequest.Sender;
import it.snodo.certificate.CertificateRequest.TeamCard;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Writes the canonical request as XML, character by character what Jackson writes of the records, in a small part of the
 * time: every accepted message is written once while its sender waits. A new field is added here as it is to
 * {@link CertificateRequest}; a test holds the two together.
 */
final class CertificateRequestXml {

    private final StringBuilder out = new StringBuilder(4096);
    private boolean usual = true;

    private CertificateRequestXml() {}

    /** @return null when a text has characters that XML escapes or leaves out but now and then: those are for Jackson */
    static String of(CertificateRequest request) {
        CertificateRequestXml xml = new CertificateRequestXml();
        xml.request(request);
        return xml.usual ? xml.out.toString() : null;
    }

    private void request(CertificateRequest request) {
        int start = open("certificateRequest");
        value("action", request.action());
        sender(request.sender());
        text("documentNumber", request.documentNumber());
        text("replacedDocumentNumber", request.replacedDocumentNumber());
        patient(request.patient());
        professional("author", request.author());
        professional("legalAuthenticator", request.legalAuthenticator());
        encounter(request.encounter());
        time("visitTime", request.visitTime());
        text("question", request.question());
        code("exemption", request.exemption());
        code("diagnosis", request.diagnosis());
        paragraphs("pathology", request.pathology());
        code("service", request.service());
        paragraphs("conclusions", request.conclusions());
        text("regime", request.regime());
        text("confidentiality", request.confidentiality());
        value("specialLaws", request.specialLaws());
        value("obscuredToParent", request.obscuredToParent());
        text("nre", request.nre());
        onlineCollection(request.onlineCollection());
        text("ticket", request.ticket());
        close("certificateRequest", start);
    }

    private void sender(Sender sender) {
        if (sender != null) {
            int start = open("sender");
            text("application", sender.application());
            text("facility", sender.facility());
            text("facilityCode", sender.facilityCode());
            close("sender", start);
        }
    }

    private void patient(Patient patient) {
        if (patient != null) {
            int start = open("patient");
            text("fiscalCode", patient.fiscalCode());
            text("stp", patient.stp());
            text("eni", patient.eni());
            team(patient.team());
            text("regionalId", patient.regionalId());
            text("family", patient.family());
            text("given", patient.given());
            value("birthDate", patient.birthDate());
            text("gender", patient.gender());
            address(patient.address());
            text("phone", patient.phone());
            birthplace(patient.birthplace());
            close("patient", start);
        }
    }

    private void team(TeamCard team) {
        if (team != null) {
            int start = open("team");
            text("cardNumber", team.cardNumber());
            text("personalNumber", team.personalNumber());
            text("state", team.state());
            close("team", start);
        }
    }

    private void address(Address address) {
        if (address != null) {
            int start = open("address");
            text("use", address.use());
            text("street", address.street());
            text("city", address.city());
            text("postalCode", address.postalCode());
            text("province", address.province());
            text("country", address.country());
            text("istatCode", address.istatCode());
            close("address", start);
        }
    }

    private void birthplace(Place place) {
        if (place != null) {
            int start = open("birthplace");
            text("name", place.name());
            text("istatCode", place.istatCode());
            close("birthplace", start);
        }
    }

    private void professional(String name, Professional doctor) {
        if (doctor != null) {
            int start = open(name);
            text("fiscalCode", doctor.fiscalCode());
            text("family", doctor.family());
            text("given", doctor.given());
            text("telecom", doctor.telecom());
            close(name, start);
        }
    }

    private void encounter(Encounter encounter) {
        if (encounter != null) {
            int start = open("encounter");
            text("kind", encounter.kind());
            text("id", encounter.id());
            time("start", encounter.start());
            time("end", encounter.end());
            text("azienda", encounter.azienda());
            text("structureCode", encounter.structureCode());
            text("structureName", encounter.structureName());
            text("unitCode", encounter.unitCode());
            text("unitName", encounter.unitName());
            text("unitTelecom", encounter.unitTelecom());
            close("encounter", start);
        }
    }

    private void code(String name, Code code) {
        if (code != null) {
            int start = open(name);
            text("code", code.code());
            text("description", code.description());
            close(name, start);
        }
    }

    private void onlineCollection(OnlineCollection online) {
        if (online != null) {
            int start = open("onlineCollection");
            value("requested", online.requested());
            text("pin", online.pin());
            close("onlineCollection", start);
        }
    }

    private void paragraphs(String name, List<String> texts) {
        for (String text : texts) {
            out.append('<').append(name).append('>');
            escaped(text);
            out.append("</").append(name).append('>');
        }
    }

    private void text(String name, String text) {
        if (text != null && !text.isEmpty()) {
            out.append('<').append(name).append('>');
            escaped(text);
            out.append("</").append(name).append('>');
        }
    }

    private void time(String name, OffsetDateTime time) {
        if (time != null) {
            text(name, DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
        }
    }

    /** A date, a word of a list, a truth value. */
    private void value(String name, Object value) {
        if (value != null) {
            text(name, value.toString());
        }
    }

    /** @return where the element's content begins */
    private int open(String name) {
        out.append('<').append(name).append('>');
        return out.length();
    }

    private void close(String name, int start) {
        if (out.length() == start) {
            out.setLength(start - 1);
            out.append("/>");
        } else {
            out.append("</").append(name).append('>');
        }
    }

    private void escaped(String text) {
        int length = text.length();
        int written = 0;
        for (int i = 0; i < length; i++) {
            char each = text.charAt(i);
            if (each == '<' || each == '&') {
                out.append(text, written, i).append(each == '<' ? "&lt;" : "&amp;");
                written = i + 1;
            } else {
                usual &= each >= ' ' && each < 0x7F && each != '>'
                        || each > 0x9F && each < Character.MIN_SURROGATE
                        || each == '\n';
            }
        }
        // in one piece, where there is nothing between: most texts
        out.append(written == 0 ? text : text.substring(written));
    }
}
