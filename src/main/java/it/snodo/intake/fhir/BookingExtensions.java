package it.snodo.intake.fhir;

import it.snodo.booking.BookingFact;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.Slot;
import it.snodo.fault.SnodoCode;
import java.lang.reflect.RecordComponent;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Type;

/**
 * Fields of a request that FHIR has no element for: extensions by the name of their {@link BookingFact}, or by the path of the
 * field itself; on a ServiceRequest also by the name of a field of the line, on a Slot of the place.
 */
final class BookingExtensions {

    private static final String SLOT = "slot.";
    private static final ZoneId ROME = ZoneId.of("Europe/Rome");

    /** Path of every single field of the request outside of its lines, and its type. */
    private static final Map<String, Class<?>> FIELDS = fields();

    private final BookingFields fields;

    BookingExtensions(BookingFields fields) {
        this.fields = fields;
    }

    private static Map<String, Class<?>> fields() {
        Map<String, Class<?>> found = new TreeMap<>();
        visit("", BookingRequest.class, found);
        return Map.copyOf(found);
    }

    private static void visit(String prefix, Class<?> type, Map<String, Class<?>> found) {
        for (RecordComponent component : type.getRecordComponents()) {
            String path = prefix + component.getName();
            if (component.getType().isRecord()) {
                visit(path + ".", component.getType(), found);
            } else if (!path.equals("lines")) {
                found.put(path, component.getType());
            }
        }
    }

    /**
     * Reads our extensions of a resource. One that nobody knows is named; those of others say nothing to a booking.
     *
     * @param own prefix of the fields that this resource may name shortly, such as {@code lines[0].}; null when none
     * @param ownType record of those fields
     */
    void read(DomainResource resource, String at, String own, Class<?> ownType) {
        if (resource.hasModifierExtension()) {
            fields.fault(
                    SnodoCode.NOT_ALLOWED_TOGETHER,
                    "",
                    at + ".modifierExtension",
                    "Una modifierExtension cambia il senso di ciò che è scritto, e l'hub non ne conosce alcuna.");
        }
        List<Extension> extensions = resource.getExtension();
        for (int i = 0; i < extensions.size(); i++) {
            Extension extension = extensions.get(i);
            String url = extension.getUrl();
            if (url == null || !url.startsWith(BookingNames.EXTENSION)) {
                continue;
            }
            String name = url.substring(BookingNames.EXTENSION.length());
            String where = at + ".extension[" + i + "].value";
            if (BookingNames.OURS.contains(name) || name.startsWith(SLOT) && slotField(name.substring(5)) != null) {
                continue;
            }
            BookingFact fact = BookingFact.named(name).orElse(null);
            Class<?> ownField = own == null ? null : type(ownType, name);
            if (fact != null) {
                put(fact.path(), FIELDS.get(fact.path()), extension.getValue(), where);
            } else if (ownField != null) {
                put(own + name, ownField, extension.getValue(), where);
            } else if (FIELDS.containsKey(name)) {
                put(name, FIELDS.get(name), extension.getValue(), where);
            } else {
                fields.locate(name, at + ".extension[" + i + "].url");
                fields.unreadable(name, url, "un'estensione conosciuta");
            }
        }
    }

    /** Fields of a place that stand at the Appointment itself, such as {@code slot.proposed}. */
    void slot(DomainResource appointment, String at, String own) {
        for (int i = 0; i < appointment.getExtension().size(); i++) {
            Extension extension = appointment.getExtension().get(i);
            String url = extension.getUrl() == null ? "" : extension.getUrl();
            if (url.startsWith(BookingNames.EXTENSION + SLOT)) {
                String name = url.substring((BookingNames.EXTENSION + SLOT).length());
                Class<?> type = slotField(name);
                if (type != null) {
                    put(own + name, type, extension.getValue(), at + ".extension[" + i + "].value");
                }
            }
        }
    }

    private static Class<?> slotField(String name) {
        return type(Slot.class, name);
    }

    private static Class<?> type(Class<?> record, String name) {
        for (RecordComponent component : record.getRecordComponents()) {
            if (component.getName().equals(name) && !component.getType().isRecord()) {
                return component.getType();
            }
        }
        return null;
    }

    private void put(String path, Class<?> type, Type value, String where) {
        fields.locate(path, where);
        if (value instanceof BooleanType bool && type == Boolean.class) {
            fields.flag(path, bool.getValue(), where);
            return;
        }
        String text = text(value);
        if (text == null) {
            return;
        }
        if (type == List.class) {
            fields.add(path, text, where);
        } else if (type == Integer.class) {
            fields.number(path, text, where);
        } else if (type == Boolean.class) {
            switch (text) {
                case "true", "Y", "S", "SI" -> fields.flag(path, true, where);
                case "false", "N", "NO" -> fields.flag(path, false, where);
                default -> fields.text(path, text, where);
            }
        } else if (type == LocalDate.class) {
            fields.text(path, day(text), where);
        } else if (type == LocalDateTime.class) {
            fields.text(path, local(text), where);
        } else {
            fields.text(path, text, where);
        }
    }

    private static String text(Type value) {
        if (value instanceof PrimitiveType<?> primitive) {
            return primitive.getValueAsString();
        }
        if (value instanceof Coding coding) {
            return coding.getCode();
        }
        if (value instanceof CodeableConcept concept) {
            return concept.hasCoding() ? concept.getCodingFirstRep().getCode() : concept.getText();
        }
        if (value instanceof Identifier identifier) {
            return identifier.getValue();
        }
        return value instanceof Quantity quantity && quantity.hasValue()
                ? quantity.getValue().toPlainString()
                : null;
    }

    /** The Italian day of a moment; anything else as it came. */
    static String day(String text) {
        try {
            return text.length() > 10
                    ? OffsetDateTime.parse(text)
                            .atZoneSameInstant(ROME)
                            .toLocalDate()
                            .toString()
                    : text;
        } catch (DateTimeException e) {
            return text;
        }
    }

    /** Italian day and hour of a moment; anything else as it came. */
    private static String local(String text) {
        try {
            return OffsetDateTime.parse(text)
                    .atZoneSameInstant(ROME)
                    .toLocalDateTime()
                    .toString();
        } catch (DateTimeException e) {
            return text;
        }
    }
}
