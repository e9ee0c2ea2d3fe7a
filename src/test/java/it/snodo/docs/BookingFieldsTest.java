package it.snodo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.BookingFact;
import it.snodo.booking.BookingRequest;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The table of the fields of a booking in {@code src/docs/bookings.md} names every field of the request and every fact;
 * {@code -Dsnodo.docs.write=true} writes it anew.
 */
class BookingFieldsTest {

    private static final Path PAGE = Path.of("src/docs/bookings.md");
    private static final String BEGIN = "<!-- fields: made by BookingFieldsTest -->\n";
    private static final String END = "<!-- end of fields -->";

    /** Path, then HL7 v2 and FHIR, of what has a field of its own there; {@code -} where it comes otherwise. */
    private static final Map<String, String[]> PLACES = places("""
            operation | MSH-9 (S01 BOOK, S02 MOVE, S03 CHANGE, S04 REVOKE, S06 DELETE) | create, update, Appointment.status
            requester.application | MSH-3 | MessageHeader.source.name, altrimenti l'utente
            requester.facility | MSH-4 | MessageHeader.sender
            requester.operator | ARQ-19 | -
            requester.desk | ARQ-21 | -
            bookingCode | ARQ-1 (SCH-1) | Appointment.id, Appointment.identifier (urn:oid:2.16.840.1.113883.2.9.2.10.4.13.1)
            patient.fiscalCode | PID-3 | Patient.identifier (http://hl7.it/sid/codiceFiscale)
            patient.stp | PID-3 | Patient.identifier (http://hl7.it/sid/stp)
            patient.eni | PID-3 | Patient.identifier (http://hl7.it/sid/eni)
            patient.regionalId | PID-3 | Patient.identifier (http://hl7.it/sid/piemonte/aura)
            patient.family | PID-5.1 | Patient.name.family
            patient.given | PID-5.2 | Patient.name.given
            patient.birthDate | PID-7 | Patient.birthDate
            patient.sex | PID-8 | Patient.gender
            patient.birthPlace | PID-23 | Patient.extension patient-birthPlace
            patient.comune | PID-11 | Patient.address.city (codice ISTAT se c'è, altrimenti il nome)
            patient.address | PID-11.1 | Patient.address.line
            patient.phones[] | PID-13 | Patient.telecom
            prescription.numbers[] | ARQ-4, ARQ-24 | ServiceRequest.requisition, ServiceRequest.identifier
            prescription.compiled | - | ServiceRequest.authoredOn
            prescription.exemption | - | Coverage.costToBeneficiary.exception.type
            prescription.priority | ARQ-12, TQ1-9 | ServiceRequest.category (urn:oid:2.16.840.1.113883.2.9.5.2.3); priority stat è U, asap è B
            prescription.prescriber | ARQ-15, PV1-8 | ServiceRequest.requester
            prescription.question | DG1-4 | Appointment.reasonCode
            lines[].service | AIS-3.1 | ServiceRequest.code (urn:oid:2.16.840.1.113883.2.9.2.10.6.11); senza ServiceRequest Appointment.serviceType
            lines[].item | AIS-3.4 | ServiceRequest.code (https://snodo.dev/fhir/sid/booking-item)
            lines[].description | AIS-3.2 | ServiceRequest.code.coding.display
            lines[].quantity | AIS-11 quantity^n^99QTY | ServiceRequest.quantityQuantity
            lines[].side | AIS-11 R^^99LATO | ServiceRequest.bodySite (https://snodo.dev/fhir/sid/side: R, L, B; o SNOMED CT)
            lines[].district | AIS-11 | ServiceRequest.bodySite.text
            lines[].question | AIS-11 testo^^99QUES | ServiceRequest.reasonCode
            lines[].azienda | AIL-3, MSH-6 | ServiceRequest.performer (http://hl7.it/sid/fls)
            lines[].exempt | AIS-11 Y^^99ESE | -
            lines[].slot.azienda | AIL-3, MSH-6 | Location.identifier (http://hl7.it/sid/fls) dello Slot, o di un participant
            lines[].slot.agenda | AIG-3, ARQ-5 | Schedule.identifier, o participant (https://snodo.dev/fhir/sid/agenda)
            lines[].slot.start | AIS-4 | Slot.start, o Appointment.start
            lines[].slot.minutes | AIS-7 | Slot.end, Appointment.end o minutesDuration
            lines[].slot.structure | AIL-3 PL.4 | Location.identifier (http://hl7.it/sid/sts)
            lines[].slot.place | AIL-3 PL.9 | Location.name
            lines[].slot.unit | AIL-3 PL.1 | Location.identifier (urn:oid:2.16.840.1.113883.2.9.4.1.6)
            lines[].slot.privateStructure | AIL-3 PL.6 | -
            lines[].slot.proposed | - | -
            wish.from | ARQ-11 | Appointment.requestedPeriod.start
            wish.to | ARQ-11 | Appointment.requestedPeriod.end
            wish.azienda | MSH-6 | Appointment.participant (http://hl7.it/sid/fls)
            wish.structure | AIL-3 | Appointment.participant (http://hl7.it/sid/sts)
            wish.practitioner | AIP-3 | Appointment.participant Practitioner
            reason | ARQ-6 | Appointment.cancelationReason
            """);

    private static Map<String, String[]> places(String text) {
        Map<String, String[]> places = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            String[] parts = line.split(" \\| ");
            places.put(parts[0].strip(), new String[] {parts[1].strip(), parts[2].strip()});
        });
        return places;
    }

    private static void fields(String prefix, Class<?> type, List<String> found) {
        for (RecordComponent component : type.getRecordComponents()) {
            String path = prefix + component.getName();
            Class<?> item = component.getType();
            if (item == List.class) {
                path += "[]";
                item = (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
            }
            if (item.isRecord()) {
                fields(path + ".", item, found);
            } else {
                found.add(path);
            }
        }
    }

    private static String table() {
        List<String> paths = new ArrayList<>();
        fields("", BookingRequest.class, paths);
        Map<String, BookingFact> facts = new LinkedHashMap<>();
        for (BookingFact fact : BookingFact.values()) {
            facts.put(fact.path() + (fact.kind() == BookingFact.Kind.CODES ? "[]" : ""), fact);
        }
        assertThat(paths).as("every fact is a field").containsAll(facts.keySet());
        assertThat(paths).as("every place is a field's").containsAll(PLACES.keySet());
        StringBuilder table = new StringBuilder("| JSON e XML | HL7 v2 (SRM) | FHIR |\n|---|---|---|\n");
        for (String path : paths) {
            BookingFact fact = facts.get(path);
            String[] place = PLACES.get(path);
            assertThat(fact != null || place != null)
                    .as("%s is told in three forms", path)
                    .isTrue();
            List<String> hl7 = new ArrayList<>();
            List<String> fhir = new ArrayList<>();
            if (place != null && !place[0].equals("-")) {
                hl7.add(place[0]);
            }
            if (place != null && !place[1].equals("-")) {
                fhir.add(place[1]);
            }
            if (fact != null) {
                hl7.add("OBX `" + fact.name() + "`");
                fhir.add("estensione `" + fact.name() + "`");
            } else if (fhir.isEmpty()) {
                fhir.add("estensione `" + path.replace("lines[].", "") + "`");
            }
            table.append("| `%s` | %s | %s |%n"
                    .formatted(path, hl7.isEmpty() ? "–" : String.join("; ", hl7), String.join("; ", fhir)));
        }
        return table.toString().replace("\r\n", "\n");
    }

    @Test
    void the_page_names_every_field_in_the_three_forms() throws IOException {
        String page = Files.readString(PAGE, StandardCharsets.UTF_8);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END);
        if (Boolean.getBoolean("snodo.docs.write")) {
            Files.writeString(PAGE, page.substring(0, from) + "\n" + table() + "\n" + page.substring(to));
            return;
        }
        assertThat(page.substring(from, to).strip())
                .as("src/docs/bookings.md: mvn test -Dtest=BookingFieldsTest -Dsnodo.docs.write=true")
                .isEqualTo(table().strip());
    }
}
