package it.snodo.intake.hl7v2;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.booking.BookingFact;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.Slot;
import it.snodo.intake.hl7v2.SegmentText.Joined;
import java.util.Map;

/** A canonical request written as SRM, as a sender would by the Italian mapping. */
final class SrmText {

    private static final Er7.Separators BARS = Er7.Separators.STANDARD;
    private static final Map<BookingRequest.Operation, String> EVENTS = Map.of(
            BookingRequest.Operation.BOOK, "S01",
            BookingRequest.Operation.MOVE, "S02",
            BookingRequest.Operation.CHANGE, "S03",
            BookingRequest.Operation.REVOKE, "S04",
            BookingRequest.Operation.DELETE, "S06");

    private final StringBuilder out = new StringBuilder();

    private SrmText() {}

    private static SegmentText segment(String id) {
        return new SegmentText(id, BARS);
    }

    static String of(BookingRequest request) {
        SrmText text = new SrmText();
        text.head(request);
        text.patient(request.patient());
        text.facts(request);
        int group = 0;
        for (Line each : request.lines()) {
            text.line(++group, each);
        }
        return text.out.toString();
    }

    private void head(BookingRequest request) {
        var requester = request.requester();
        out.append(new SegmentText("MSH|^~\\&", BARS)
                .set(1, requester.application())
                .set(2, requester.facility())
                .set(4, "SOVRACUP")
                .set(5, "20260112101500")
                .raw(7, "SRM^" + EVENTS.get(request.operation()) + "^SRM_S01")
                .set(8, "M1")
                .set(9, "P")
                .set(10, "2.5")
                .set(16, "UNICODE UTF-8"));
        SegmentText arq = segment("ARQ");
        arq.set(1, request.bookingCode(), "SOVRACUP").set(6, null, request.reason());
        if (request.wish() != null) {
            arq.set(11, day(request.wish().from()), day(request.wish().to()));
        }
        arq.set(19, requester.operator()).set(21, requester.desk());
        Prescription prescription = request.prescription();
        arq.set(12, prescription.priority()).set(15, prescription.prescriber());
        for (int i = 0; i < prescription.numbers().size(); i++) {
            if (i == 0) {
                arq.set(4, prescription.numbers().get(0), "NRE");
            }
            arq.repeat(24, prescription.numbers().get(i), "NRE");
        }
        out.append(arq);
    }

    private static String day(java.time.LocalDate day) {
        return day == null ? null : BookingTimes.stamp(day);
    }

    private void patient(Patient patient) {
        SegmentText pid = segment("PID").set(1, 1);
        identifier(pid, patient.fiscalCode(), "MEF", "2.16.840.1.113883.2.9.4.3.2", "NNITA");
        identifier(pid, patient.stp(), "STP", "2.16.840.1.113883.2.9.4.3.17", "STP");
        identifier(pid, patient.eni(), "ENI", "2.16.840.1.113883.2.9.4.3.18", "ENI");
        identifier(pid, patient.regionalId(), "AURA", "2.16.840.1.113883.2.9.2.10.4.1", "PI");
        pid.set(5, patient.family(), patient.given())
                .set(7, day(patient.birthDate()))
                .set(8, patient.sex())
                .set(11, patient.address(), null, null, null, null, null, "L", null, patient.comune())
                .set(23, patient.birthPlace());
        patient.phones().forEach(phone -> pid.repeat(13, phone));
        out.append(pid);
    }

    private static void identifier(SegmentText pid, String value, String name, String oid, String type) {
        if (value != null) {
            pid.repeat(3, value, null, null, Joined.of(BARS, name, oid, "ISO"), type);
        }
    }

    /** Every fact that the request has, by its table. */
    private void facts(BookingRequest request) {
        JsonNode tree = BookingReading.json().valueToTree(request);
        int count = 0;
        for (BookingFact fact : BookingFact.values()) {
            JsonNode value = tree.at("/" + fact.path().replace('.', '/'));
            for (JsonNode each : value.isArray() ? value : java.util.List.of(value)) {
                if (!each.isMissingNode() && !each.isNull()) {
                    out.append(segment("OBX")
                            .set(1, ++count)
                            .set(2, "ST")
                            .set(3, fact.name(), null, BookingFact.SYSTEM)
                            .set(5, text(fact, each))
                            .set(11, "F"));
                }
            }
        }
        out.append(segment("DG1").set(1, 1).set(4, request.prescription().question()));
    }

    private static String text(BookingFact fact, JsonNode value) {
        return switch (fact.kind()) {
            case FLAG -> value.asBoolean() ? "Y" : "N";
            case DATE -> value.asText().replace("-", "");
            case TIME -> BookingTimes.stamp(java.time.LocalDateTime.parse(value.asText()));
            default -> value.asText();
        };
    }

    private void line(int group, Line line) {
        out.append(segment("RGS").set(1, group));
        Slot slot = line.slot();
        SegmentText ais = segment("AIS")
                .set(1, 1)
                .set(3, line.service(), line.description(), "99NTR", line.item(), null, "99CRP");
        supplement(ais, line.quantity(), "99QTY");
        supplement(ais, line.side(), "99LATO");
        supplement(ais, line.district(), "99DIST");
        supplement(ais, line.question(), "99QUES");
        supplement(ais, flag(line.exempt()), "99ESE");
        if (slot != null) {
            ais.set(4, BookingTimes.stamp(slot.start())).set(7, slot.minutes());
            supplement(ais, flag(slot.proposed()), "99PROP");
        }
        out.append(ais);
        if (slot != null && slot.agenda() != null) {
            out.append(segment("AIG").set(1, 1).set(3, slot.agenda()).set(4, "AGENDA"));
        }
        SegmentText ail = segment("AIL").set(1, 1);
        if (slot != null) {
            Object structure = slot.structure() == null
                    ? null
                    : Joined.of(BARS, slot.structure(), "2.16.840.1.113883.2.9.4.1.3", "ISO");
            String kind = slot.privateStructure() == null ? null : slot.privateStructure() ? "P" : "C";
            ail.repeat(3, slot.unit(), null, null, structure, null, kind, null, null, slot.place());
        }
        if (line.azienda() != null) {
            ail.repeat(3, null, null, null, Joined.of(BARS, line.azienda(), "2.16.840.1.113883.2.9.4.1.1", "ISO"));
        }
        out.append(ail);
    }

    private static void supplement(SegmentText ais, Object value, String system) {
        if (value != null) {
            ais.repeat(11, value, null, system);
        }
    }

    private static String flag(Boolean value) {
        return value == null ? null : value ? "Y" : "N";
    }
}
