package it.snodo.booking;

import it.snodo.booking.BookingRequest.Operation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Booking requests of every shape: each field there or not, whatever the rules would say of it. */
public final class BookingRequests {

    /** What each part has at least: a part that says nothing is no part. */
    private static final Map<Class<?>, String> NEEDED = Map.of(
            BookingRequest.Requester.class, "application",
            BookingRequest.Patient.class, "family",
            BookingRequest.Entitlement.class, "category",
            BookingRequest.Prescription.class, "form",
            BookingRequest.Line.class, "service",
            BookingRequest.Identification.class, "family",
            Slot.class, "azienda",
            Slot.Wish.class, "from");

    private static final Map<String, List<String>> VALUES = Map.of(
            "sex", List.of("M", "F", "U"),
            "side", List.of("R", "L", "B"),
            "priority", List.of("U", "B", "D", "P", "X"),
            "fiscalCode", List.of("RSSMRA80A41L219Z", "DLSMLC75S43L219B"));

    private static final List<String> WORDS = List.of(
            "A1",
            "89.7A.3",
            "010301",
            "D'Ammò",
            "già <visto> & \"firmato\"",
            "Über 12",
            "95.02-CATARATTA",
            "non fornito");

    private final Random random;

    private BookingRequests(Random random) {
        this.random = random;
    }

    public static BookingRequest random(Random random) {
        return (BookingRequest) new BookingRequests(random).record(BookingRequest.class);
    }

    private Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            boolean needed = components[i].getName().equals(NEEDED.get(type));
            values[i] = needed || random.nextInt(10) < 6
                    ? value(components[i].getName(), components[i].getGenericType())
                    : null;
        }
        try {
            var constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object value(String name, Type type) {
        if (type instanceof ParameterizedType list) {
            Set<Object> items = new java.util.LinkedHashSet<>();
            int size = random.nextInt(4);
            for (int i = 0; i < size; i++) {
                items.add(value(name, list.getActualTypeArguments()[0]));
            }
            return new ArrayList<>(items);
        }
        if (type == String.class) {
            List<String> words = VALUES.getOrDefault(name, WORDS);
            return words.get(random.nextInt(words.size()));
        }
        LocalDate day = LocalDate.of(1920 + random.nextInt(150), 1 + random.nextInt(12), 1 + random.nextInt(28));
        LocalDateTime time = day.atTime(random.nextInt(24), random.nextInt(60));
        if (type == LocalDate.class) {
            return day;
        }
        if (type == LocalDateTime.class) {
            return time;
        }
        if (type == OffsetDateTime.class) {
            return time.atOffset(ZoneOffset.ofHours(random.nextInt(3)));
        }
        if (type == Boolean.class) {
            return random.nextBoolean();
        }
        if (type == Integer.class) {
            return 1 + random.nextInt(99);
        }
        if (type == Operation.class) {
            return Operation.values()[random.nextInt(Operation.values().length)];
        }
        return record((Class<?>) type);
    }
}
