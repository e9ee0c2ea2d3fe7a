package it.snodo.intake.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingFact;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequests;
import it.snodo.booking.desk.BookingDesk;
import it.snodo.intake.BookingArrival;
import it.snodo.intake.IntakeProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.util.unit.DataSize;

/** The same request in JSON and in FHIR is the same request; and whatever comes over FHIR is read. */
class BookingFormsTest {

    private static final FhirContext CONTEXT = FhirContext.forR4Cached();
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

    private final BookingFhir intake = new BookingFhir(
            CONTEXT,
            new IntakeProperties(DataSize.ofMegabytes(5), Duration.ofSeconds(20)),
            new StaticListableBeanFactory().getBeanProvider(BookingDesk.class));

    private BookingArrival read(String interaction, String id, byte[] body) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeader(BookingFhir.INTERACTION, interaction);
        exchange.getMessage().setHeader(BookingFhir.ID, id);
        exchange.getMessage().setHeader(FhirIntake.USER, "cup");
        return intake.read(exchange);
    }

    @Property(tries = 150)
    void the_same_request_in_JSON_and_in_FHIR_is_the_same_request(@ForAll long seed) {
        BookingRequest made = BookingRequests.random(new Random(seed));
        ObjectNode tree = BookingReading.json().valueToTree(made);
        tree.put("operation", "BOOK").remove("bookingCode");
        ObjectNode requester = tree.withObject("/requester");
        if (!requester.hasNonNull("application")) {
            requester.put("application", "cup");
        }
        if (tree.path("lines").isEmpty()) {
            tree.putArray("lines").addObject().put("service", "89.52");
        }
        BookingRequest expected = BookingReading.of(tree, BookingRequest.class).ask();

        BookingArrival arrival =
                read(BookingFhir.CREATE, null, appointment(BookingReading.json().valueToTree(expected)));

        assertThat(arrival.faults()).isEmpty();
        assertThat(arrival.unreadable()).isEmpty();
        assertThat(arrival.ask()).isEqualTo(expected);
    }

    /** An Appointment of which parts are torn out or exchanged is read, or told to be none; never an error of the hub. */
    @Property(tries = 200)
    void a_spoiled_appointment_is_answered(@ForAll long seed) {
        Random random = new Random(seed);
        BookingRequest request = BookingRequests.random(random);
        ObjectNode tree = BookingReading.json().valueToTree(request);
        if (tree.path("lines").isEmpty()) {
            tree.putArray("lines").addObject().put("service", "89.52");
        }
        String text = new String(appointment(tree), StandardCharsets.UTF_8);
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(12));
            String put = List.of("", "\"", "null", "5", "{}", "[]", "\"x\"", "true", "#", "2026-02-31")
                    .get(random.nextInt(10));
            text = text.substring(0, at) + put + text.substring(end);
        }
        String interaction = List.of(BookingFhir.CREATE, BookingFhir.BOOK, BookingFhir.FIND, "transaction")
                .get(random.nextInt(4));
        BookingArrival arrival = read(interaction, null, text.getBytes(StandardCharsets.UTF_8));
        byte[] answer = arrival.writer().write(arrival, BookingAnswer.refused(List.of(), arrival.faults()));
        assertThat(answer).isNotEmpty();
        assertThat(arrival.ask() != null || !arrival.faults().isEmpty()).isTrue();
    }

    // --- a small writer of the form that src/docs/bookings.md describes --------------------------------------------

    private static byte[] appointment(ObjectNode tree) {
        ObjectNode appointment = BookingReading.json().createObjectNode();
        appointment.put("resourceType", "Appointment").put("status", "proposed");
        ArrayNode contained = appointment.putArray("contained");
        ArrayNode participants = appointment.putArray("participant");
        ObjectNode prescription = tree.path("prescription") instanceof ObjectNode known ? known.deepCopy() : null;
        ObjectNode patient = tree.path("patient") instanceof ObjectNode known ? known.deepCopy() : null;
        for (BookingFact fact : BookingFact.values()) {
            if (fact != BookingFact.DTCOMP && fact != BookingFact.ESENZ) {
                fact(appointment, fact, tree.at("/" + fact.path().replace('.', '/')));
            }
        }
        if (patient != null) {
            contained.add(patient(patient));
            participants
                    .addObject()
                    .put("status", "accepted")
                    .putObject("actor")
                    .put("reference", "#patient");
        }
        ArrayNode lines = (ArrayNode) tree.get("lines");
        boolean slots = true;
        for (JsonNode line : lines) {
            slots &= line.hasNonNull("slot");
        }
        for (int i = 0; i < lines.size(); i++) {
            line(appointment, contained, (ObjectNode) lines.get(i), i, prescription, slots);
        }
        if (prescription != null) {
            if (prescription.hasNonNull("exemption")) {
                contained.add(coverage(prescription.get("exemption").asText()));
            }
            if (prescription.hasNonNull("question")) {
                appointment.putArray("reasonCode").addObject().set("text", prescription.get("question"));
            }
        }
        JsonNode wish = tree.path("wish");
        if (wish.hasNonNull("from") || wish.hasNonNull("to")) {
            ObjectNode period = appointment.putArray("requestedPeriod").addObject();
            copy(wish, "from", period, "start");
            copy(wish, "to", period, "end");
        }
        for (String name : List.of(
                "wish.azienda",
                "wish.structure",
                "wish.practitioner",
                "reason",
                "requester.application",
                "requester.facility",
                "requester.operator",
                "requester.desk")) {
            extension(appointment, name, tree.at("/" + name.replace('.', '/')));
        }
        return appointment.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode patient(ObjectNode given) {
        ObjectNode patient = given.objectNode().put("resourceType", "Patient").put("id", "patient");
        Map<String, String> systems = Map.of(
                "fiscalCode", "http://hl7.it/sid/codiceFiscale",
                "stp", "http://hl7.it/sid/stp",
                "eni", "http://hl7.it/sid/eni",
                "regionalId", "http://hl7.it/sid/piemonte/aura");
        systems.forEach((name, system) -> {
            if (given.hasNonNull(name)) {
                patient.withArray("identifier")
                        .addObject()
                        .put("system", system)
                        .set("value", given.get(name));
            }
        });
        ObjectNode name = patient.putArray("name").addObject();
        copy(given, "family", name, "family");
        if (given.hasNonNull("given")) {
            name.putArray("given").add(given.get("given"));
        }
        copy(given, "birthDate", patient, "birthDate");
        if (given.hasNonNull("sex")) {
            patient.put(
                    "gender",
                    Map.of("M", "male", "F", "female", "U", "unknown")
                            .get(given.get("sex").asText()));
        }
        given.path("phones").forEach(phone -> patient.withArray("telecom")
                .addObject()
                .put("system", "phone")
                .set("value", phone));
        if (given.hasNonNull("comune") || given.hasNonNull("address")) {
            ObjectNode address = patient.putArray("address").addObject();
            copy(given, "comune", address, "city");
            if (given.hasNonNull("address")) {
                address.putArray("line").add(given.get("address"));
            }
        }
        extension(patient, "patient.birthPlace", given.path("birthPlace"));
        return patient;
    }

    private static ObjectNode coverage(String exemption) {
        ObjectNode coverage = BookingReading.json().createObjectNode();
        coverage.put("resourceType", "Coverage").put("id", "coverage").put("status", "active");
        coverage.putObject("beneficiary").put("reference", "#patient");
        coverage.putArray("payor").addObject().put("display", "SSN");
        coverage.putArray("costToBeneficiary")
                .addObject()
                .putArray("exception")
                .addObject()
                .putObject("type")
                .putArray("coding")
                .addObject()
                .put("system", "http://terminology.hl7.it/CodeSystem/minsan-esenzioni")
                .put("code", exemption);
        return coverage;
    }

    private static void line(
            ObjectNode appointment,
            ArrayNode contained,
            ObjectNode line,
            int i,
            ObjectNode prescription,
            boolean slots) {
        ObjectNode request = line.objectNode();
        request.put("resourceType", "ServiceRequest").put("id", "r" + i);
        request.put("status", "active").put("intent", "order");
        request.putObject("subject").put("display", "la persona");
        if (prescription != null) {
            ArrayNode numbers = (ArrayNode) prescription.get("numbers");
            for (int n = 0; n < numbers.size(); n++) {
                ObjectNode number = n == 0
                        ? request.putObject("requisition")
                        : request.withArray("identifier").addObject();
                number.put("system", "urn:oid:2.16.840.1.113883.2.9.4.3.9").set("value", numbers.get(n));
            }
            copy(prescription, "compiled", request, "authoredOn");
            if (prescription.hasNonNull("priority")) {
                request.putArray("category")
                        .addObject()
                        .putArray("coding")
                        .addObject()
                        .put("system", "urn:oid:2.16.840.1.113883.2.9.5.2.3")
                        .set("code", prescription.get("priority"));
            }
            if (prescription.hasNonNull("prescriber")) {
                request.putObject("requester").putObject("identifier").set("value", prescription.get("prescriber"));
            }
        }
        ArrayNode codings = request.putObject("code").putArray("coding");
        ObjectNode service = codings.addObject();
        service.put("system", "urn:oid:2.16.840.1.113883.2.9.2.10.6.11").set("code", line.get("service"));
        copy(line, "description", service, "display");
        if (line.hasNonNull("item")) {
            codings.addObject()
                    .put("system", "https://snodo.dev/fhir/sid/booking-item")
                    .set("code", line.get("item"));
        }
        if (line.hasNonNull("quantity")) {
            request.putObject("quantityQuantity").set("value", line.get("quantity"));
        }
        if (line.hasNonNull("side")) {
            request.withArray("bodySite")
                    .addObject()
                    .putArray("coding")
                    .addObject()
                    .put("system", "https://snodo.dev/fhir/sid/side")
                    .set("code", line.get("side"));
        }
        if (line.hasNonNull("district")) {
            request.withArray("bodySite").addObject().set("text", line.get("district"));
        }
        if (line.hasNonNull("question")) {
            request.putArray("reasonCode").addObject().set("text", line.get("question"));
        }
        if (line.hasNonNull("azienda")) {
            request.putArray("performer")
                    .addObject()
                    .putObject("identifier")
                    .put("system", "http://hl7.it/sid/fls")
                    .set("value", line.get("azienda"));
        }
        extension(request, "exempt", line.path("exempt"));
        JsonNode slot = line.path("slot");
        if (slots) {
            slot(appointment, contained, slot, i);
        } else if (slot.isObject()) {
            for (Iterator<Map.Entry<String, JsonNode>> each = slot.fields(); each.hasNext(); ) {
                Map.Entry<String, JsonNode> field = each.next();
                extension(request, "slot." + field.getKey(), field.getValue());
            }
        }
        contained.add(request);
        appointment.withArray("basedOn").addObject().put("reference", "#r" + i);
    }

    private static void slot(ObjectNode appointment, ArrayNode contained, JsonNode given, int i) {
        ObjectNode location = contained.objectNode();
        location.put("resourceType", "Location").put("id", "l" + i);
        Map<String, String> systems = Map.of(
                "azienda", "http://hl7.it/sid/fls",
                "structure", "http://hl7.it/sid/sts",
                "unit", "urn:oid:2.16.840.1.113883.2.9.4.1.6");
        systems.forEach((name, system) -> {
            if (given.hasNonNull(name)) {
                location.withArray("identifier")
                        .addObject()
                        .put("system", system)
                        .set("value", given.get(name));
            }
        });
        copy(given, "place", location, "name");
        contained.add(location);
        ObjectNode schedule = contained.objectNode();
        schedule.put("resourceType", "Schedule").put("id", "s" + i);
        if (given.hasNonNull("agenda")) {
            schedule.putArray("identifier").addObject().set("value", given.get("agenda"));
        }
        schedule.putArray("actor").addObject().put("reference", "#l" + i);
        contained.add(schedule);
        ObjectNode slot = contained.objectNode();
        slot.put("resourceType", "Slot").put("id", "t" + i).put("status", "free");
        slot.putObject("schedule").put("reference", "#s" + i);
        if (given.hasNonNull("start")) {
            OffsetDateTime start = OffsetDateTime.parse(given.get("start").asText());
            slot.put("start", written(start));
            if (given.hasNonNull("minutes")) {
                slot.put("end", written(start.plusMinutes(given.get("minutes").asInt())));
            }
        } else {
            extension(slot, "minutes", given.path("minutes"));
        }
        extension(slot, "privateStructure", given.path("privateStructure"));
        extension(slot, "proposed", given.path("proposed"));
        contained.add(slot);
        appointment.withArray("slot").addObject().put("reference", "#t" + i);
    }

    private static String written(OffsetDateTime moment) {
        return moment.format(java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx"));
    }

    private static void copy(JsonNode from, String name, ObjectNode to, String as) {
        if (from.hasNonNull(name)) {
            to.set(as, from.get(name));
        }
    }

    private static void fact(ObjectNode holder, BookingFact fact, JsonNode value) {
        if (value.isArray()) {
            value.forEach(each -> fact(holder, fact, each));
        } else if (!value.isMissingNode() && !value.isNull()) {
            ObjectNode extension = holder.withArray("extension").addObject();
            extension.put("url", BookingFact.EXTENSION + fact.name());
            switch (fact.kind()) {
                case FLAG -> extension.set("valueBoolean", value);
                case DATE -> extension.set("valueDate", value);
                case TIME -> extension.set("valueString", value);
                default -> extension.set("valueString", value);
            }
        }
    }

    private static void extension(ObjectNode holder, String name, JsonNode value) {
        if (!value.isMissingNode() && !value.isNull()) {
            ObjectNode extension = holder.withArray("extension").addObject();
            extension.put("url", BookingFact.EXTENSION + name);
            if (value.isBoolean()) {
                extension.set("valueBoolean", value);
            } else if (value.isInt()) {
                extension.set("valueInteger", value);
            } else {
                extension.set("valueString", value);
            }
        }
    }
}
