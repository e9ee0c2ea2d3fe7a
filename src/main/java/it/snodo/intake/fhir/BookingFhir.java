package it.snodo.intake.fhir;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingAsk;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.Unreadable;
import it.snodo.booking.Update;
import it.snodo.booking.desk.BookingDesk;
import it.snodo.booking.desk.BookingDesk.Answered;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.BookingArrival;
import it.snodo.intake.IntakeProperties;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Bookings and searches as FHIR R4, JSON or XML: an Appointment with what it refers to inside, Parameters of {@code $book} and
 * {@code $find}, or a Bundle. A refusal is an OperationOutcome with an issue for each rule and fault.
 */
@Component("bookingFhir")
public class BookingFhir {

    /** One of {@link #CREATE}, {@link #UPDATE}, {@link #BOOK}, {@link #FIND}, or of {@link FhirIntake}. */
    static final String INTERACTION = "SnodoFhirInteraction";

    static final String CREATE = "create";
    static final String UPDATE = "update";
    static final String BOOK = "$book";
    static final String FIND = "$find";

    /** Id in the address of an update. */
    static final String ID = "SnodoFhirId";
    /** {@code _count} in the address of a search. */
    static final String COUNT = "SnodoFhirCount";
    /** Address of the FHIR server, for Location. */
    static final String BASE = "SnodoFhirBase";

    private final FhirContext context;
    private final FhirReader reader;
    private final IntakeProperties properties;
    private final ObjectProvider<BookingDesk> desk;

    BookingFhir(FhirContext context, IntakeProperties properties, ObjectProvider<BookingDesk> desk) {
        this.context = context;
        this.reader = new FhirReader(context);
        this.properties = properties;
        this.desk = desk;
    }

    /** What the headers of the call say. */
    private record Call(
            String interaction,
            String id,
            String user,
            String key,
            String format,
            Long ifMatch,
            String count,
            byte[] body) {

        String type() {
            return switch (interaction) {
                case CREATE -> "POST Appointment";
                case UPDATE -> "PUT Appointment";
                case FIND, BOOK -> "Appointment/" + interaction;
                default -> interaction;
            };
        }
    }

    /** Step of the route: the bytes in, {@link BookingArrival} out. */
    public BookingArrival read(Exchange exchange) {
        var message = exchange.getMessage();
        byte[] body = message.getBody(byte[].class);
        String key = message.getHeader("Idempotency-Key", String.class);
        String ifNoneExist = message.getHeader("If-None-Exist", String.class);
        String interaction = message.getHeader(INTERACTION, String.class);
        // kept where no step of the way takes the headers away
        exchange.setProperty(INTERACTION, interaction);
        exchange.setProperty(BASE, message.getHeader(BASE, "", String.class));
        exchange.setProperty("Prefer", message.getHeader("Prefer", "", String.class));
        return parse(new Call(
                interaction,
                message.getHeader(ID, String.class),
                message.getHeader(FhirIntake.USER, "anonimo", String.class),
                key != null && !key.isBlank() ? key.strip() : ifNoneExist,
                message.getHeader(FhirIntake.FORMAT, String.class),
                revision(message.getHeader("If-Match", String.class)),
                message.getHeader(COUNT, String.class),
                body == null ? new byte[0] : body));
    }

    private static Long revision(String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
            return null;
        }
        String plain = ifMatch.strip().replaceFirst("^W/", "").replace("\"", "");
        // one that is none of ours never fits
        return plain.matches("\\d{1,18}") ? Long.valueOf(plain) : Long.valueOf(-1);
    }

    private BookingArrival parse(Call call) {
        boolean xml = call.format == null ? FhirReader.isXml(call.body) : call.format.equals("xml");
        if (call.body.length > properties.maxBody().toBytes()) {
            return refused(
                    call,
                    xml,
                    Fault.at(
                            SnodoCode.FRAME_TOO_LARGE,
                            "",
                            "Il corpo è di " + call.body.length + " byte: il massimo è "
                                    + properties.maxBody().toBytes() + "."));
        }
        FhirReader.Parsed parsed = reader.parse(call.body);
        if (parsed.resource() == null) {
            return refused(call, xml, parsed.faults().get(0));
        }
        return switch (call.interaction) {
            case CREATE, UPDATE ->
                parsed.resource() instanceof Appointment appointment
                        ? booking(call, xml, appointment, parsed)
                        : refused(call, xml, unexpected(parsed.resource(), "un Appointment"));
            case BOOK ->
                parsed.resource() instanceof Parameters || parsed.resource() instanceof Appointment
                        ? booking(call, xml, (Resource) parsed.resource(), parsed)
                        : refused(call, xml, unexpected(parsed.resource(), "Parameters con appointment-resource"));
            case FIND ->
                parsed.resource() instanceof Parameters parameters
                        ? search(call, xml, parameters, parsed)
                        : refused(call, xml, unexpected(parsed.resource(), "Parameters"));
            default -> bundle(call, xml, parsed);
        };
    }

    private static Fault unexpected(IBaseResource resource, String expected) {
        return new Fault(
                SnodoCode.MESSAGE_TYPE_UNKNOWN,
                "",
                resource.fhirType(),
                "È arrivata una risorsa " + resource.fhirType() + ": serve " + expected + ".");
    }

    /** A transaction, or the Bundle of {@code $process-message}, bare or in Parameters. */
    private BookingArrival bundle(Call call, boolean xml, FhirReader.Parsed parsed) {
        Bundle bundle = parsed.resource() instanceof Bundle bare ? bare : null;
        if (parsed.resource() instanceof Parameters parameters) {
            for (var parameter : parameters.getParameter()) {
                if ("content".equals(parameter.getName()) && parameter.getResource() instanceof Bundle inside) {
                    bundle = inside;
                }
            }
        }
        if (bundle == null) {
            return refused(call, xml, unexpected(parsed.resource(), "un Bundle"));
        }
        boolean transaction = call.interaction.equals(FhirIntake.TRANSACTION);
        Bundle.BundleType expected = transaction ? Bundle.BundleType.TRANSACTION : Bundle.BundleType.MESSAGE;
        if (bundle.getType() != expected) {
            return refused(
                    call,
                    xml,
                    new Fault(
                            SnodoCode.MESSAGE_TYPE_UNKNOWN,
                            "",
                            "Bundle.type",
                            "Il Bundle è di tipo «"
                                    + (bundle.getType() == null
                                            ? ""
                                            : bundle.getType().toCode()) + "»: qui serve " + expected.toCode() + "."));
        }
        return booking(call, xml, bundle, parsed);
    }

    private BookingArrival booking(Call call, boolean xml, Resource root, FhirReader.Parsed parsed) {
        BookingMapping mapping = new BookingMapping(root);
        BookingFields fields =
                mapping.booking(call.interaction.equals(CREATE), call.interaction.equals(UPDATE) ? call.id : null);
        if (root instanceof Parameters parameters && call.interaction.equals(BOOK)) {
            parameters.getParameter().stream()
                    .filter(each -> each.getName() != null && each.getName().endsWith("-reference"))
                    .findFirst()
                    .ifPresent(
                            each -> fields.fault(
                                    SnodoCode.MESSAGE_TYPE_UNKNOWN,
                                    "",
                                    "Parameters.parameter",
                                    "L'hub non conserva i posti proposti: mandare l'Appointment intero in appointment-resource."));
        }
        parsed.wrong().forEach(fields::wrong);
        ObjectNode tree = fields.tree();
        if (!fields.has("operation")
                && fields.unreadable().stream().noneMatch(each -> each.path().equals("operation"))) {
            BookingRequest asked = BookingReading.of(tree, BookingRequest.class).ask();
            Booking standing = asked.bookingCode() == null
                    ? null
                    : desk.getObject().find(asked.bookingCode()).orElse(null);
            tree.put("operation", Update.of(asked, standing).name());
        }
        if (tree.get("identification") instanceof ObjectNode said && !said.has("bookingCode")) {
            if (fields.has("bookingCode")) {
                said.put("bookingCode", fields.get("bookingCode"));
            }
        }
        Bundle bundle = root instanceof Bundle whole
                ? whole
                : mapping.resources().all(Bundle.class).stream().findFirst().orElse(null);
        BookingAnswerWriter writer = new BookingAnswerWriter(
                context, xml, bundle, mapping.resources().header());
        return arrival(call, named(call, bundle, mapping.resources().header()), fields, BookingRequest.class, writer);
    }

    private BookingArrival search(Call call, boolean xml, Parameters parameters, FhirReader.Parsed parsed) {
        boolean said = parameters.hasParameter("_count") || parameters.hasParameter("limit");
        if (call.count != null && !call.count.isBlank() && !said) {
            parameters.addParameter("_count", new StringType(call.count));
        }
        BookingFields fields = new AvailabilityMapping(parameters).map();
        parsed.wrong().forEach(fields::wrong);
        return arrival(
                call,
                named(call, null, null),
                fields,
                AvailabilityQuery.class,
                new BookingAnswerWriter(context, xml, null, null));
    }

    private BookingArrival arrival(
            Call call,
            String controlId,
            BookingFields fields,
            Class<? extends BookingAsk> type,
            BookingAnswerWriter writer) {
        String sender = call.user;
        if (fields.has("requester.application")) {
            String facility = fields.get("requester.facility");
            sender = fields.get("requester.application") + "|" + (facility == null ? "" : facility);
        } else {
            fields.text("requester.application", call.user, "");
        }
        BookingReading<? extends BookingAsk> reading = BookingReading.of(fields.tree(), type);
        List<Unreadable> unreadable = new ArrayList<>(fields.unreadable());
        unreadable.addAll(reading.unreadable());
        return new BookingArrival(
                "FHIR",
                call.user,
                sender,
                controlId,
                call.type(),
                call.body,
                reading.ask(),
                unreadable,
                fields.faults(),
                fields.locations(),
                call.ifMatch,
                writer::write);
    }

    private BookingArrival refused(Call call, boolean xml, Fault fault) {
        return new BookingArrival(
                "FHIR",
                call.user,
                call.user,
                named(call, null, null),
                call.type(),
                fault.code() == SnodoCode.FRAME_TOO_LARGE ? new byte[0] : call.body,
                null,
                List.of(),
                List.of(fault),
                Map.of(),
                call.ifMatch,
                new BookingAnswerWriter(context, xml, null, null)::write);
    }

    /**
     * The Bundle's own name, the MessageHeader's, the caller's key or the identifier of If-None-Exist; else a name of its own,
     * because a booking may lawfully be asked for twice.
     */
    private static String named(Call call, Bundle bundle, MessageHeader header) {
        if (bundle != null) {
            String value = bundle.getIdentifier().getValue();
            if (value != null) {
                String system = bundle.getIdentifier().getSystem();
                return system == null ? value.strip() : system.strip() + "|" + value.strip();
            }
            if (bundle.getIdElement().hasIdPart()) {
                return bundle.getIdElement().getIdPart();
            }
        }
        if (header != null && header.getIdElement().hasIdPart()) {
            return header.getIdElement().getIdPart();
        }
        return call.key == null || call.key.isBlank() ? "urn:uuid:" + UUID.randomUUID() : call.key.strip();
    }

    /** Who asks again is shown how the booking stands now: it may have been moved or revoked since. */
    private Appointment standing(Appointment told) {
        OperationOutcome notices = told.getContained().stream()
                .filter(OperationOutcome.class::isInstance)
                .map(OperationOutcome.class::cast)
                .findFirst()
                .orElse(null);
        return desk.getObject()
                .find(told.getIdElement().getIdPart())
                .map(booking -> AppointmentWriter.of(booking, notices))
                .orElse(told);
    }

    /** Step of the route: {@link Answered} in, FHIR answer out. */
    public void answer(Exchange exchange) throws InvalidPayloadException {
        Answered answered = exchange.getMessage().getMandatoryBody(Answered.class);
        byte[] body = answered.answer();
        boolean xml = FhirReader.isXml(body);
        String text = new String(body, StandardCharsets.UTF_8);
        IBaseResource resource = xml
                ? context.newXmlParser().parseResource(text)
                : context.newJsonParser().parseResource(text);
        String interaction = exchange.getProperty(INTERACTION, String.class);
        String base = exchange.getProperty(BASE, "", String.class);
        var message = exchange.getMessage();
        message.removeHeaders("*");
        int status = 200;
        if (resource instanceof OperationOutcome outcome) {
            status = BookingOutcome.status(outcome);
        } else if (resource instanceof Appointment told) {
            boolean pending = told.getStatus() == AppointmentStatus.PENDING;
            Appointment appointment = answered.repeated() && !pending ? standing(told) : told;
            if (appointment != told) {
                body = AnswerWriter.encode(context, xml, appointment);
            }
            status = pending ? 202 : interaction.equals(CREATE) && !answered.repeated() ? 201 : 200;
            String id = appointment.getIdElement().getIdPart();
            message.setHeader("Location", base + "/Appointment/" + id);
            message.setHeader("ETag", "W/\"" + appointment.getMeta().getVersionId() + "\"");
            String prefer = exchange.getProperty("Prefer", "", String.class);
            if (prefer.contains("return=minimal")) {
                body = new byte[0];
            } else if (prefer.contains("return=OperationOutcome")) {
                body = AnswerWriter.encode(context, xml, BookingAnswerWriter.outcome(appointment));
            }
        }
        message.setBody(body);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(
                Exchange.CONTENT_TYPE,
                xml ? "application/fhir+xml;charset=UTF-8" : "application/fhir+json;charset=UTF-8");
        if (status == 503) {
            message.setHeader("Retry-After", "10");
        }
        if (answered.messageId() > 0) {
            message.setHeader("Snodo-Message-Id", String.valueOf(answered.messageId()));
        }
        if (answered.repeated()) {
            message.setHeader("Idempotency-Replayed", "true");
        }
    }
}
