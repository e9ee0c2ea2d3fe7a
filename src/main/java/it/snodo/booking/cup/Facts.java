package it.snodo.booking.cup;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingFact;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The facts of the patient and of the prescription that a booking has, in the order of {@link BookingFact}. */
final class Facts {

    /** @param value of the fact's kind: a text, a Boolean or a LocalDate */
    record Fact(BookingFact name, Object value) {

        /** As it is written in HL7 v2. */
        String text() {
            if (value instanceof Boolean flag) {
                return flag ? "Y" : "N";
            }
            return value instanceof LocalDate day ? Dialect.day(day) : value.toString();
        }
    }

    /** How to get at each; those of the caller or of the request itself are no business of a CUP. */
    private static final Map<BookingFact, List<Method>> PATHS = paths();

    private Facts() {}

    static List<Fact> of(Booking booking) {
        List<Fact> found = new ArrayList<>();
        PATHS.forEach((fact, path) -> {
            Object value = booking;
            for (Method step : path) {
                value = value == null ? null : call(step, value);
            }
            if (value != null) {
                found.add(new Fact(fact, value));
            }
        });
        return found;
    }

    private static Map<BookingFact, List<Method>> paths() {
        Map<BookingFact, List<Method>> found = new EnumMap<>(BookingFact.class);
        for (BookingFact fact : BookingFact.values()) {
            if (fact.path().startsWith("prescription.") || fact.path().startsWith("patient.")) {
                found.put(fact, path(fact.path()));
            }
        }
        return found;
    }

    private static List<Method> path(String names) {
        List<Method> path = new ArrayList<>();
        Class<?> type = Booking.class;
        for (String name : names.split("\\.")) {
            try {
                Method step = type.getMethod(name);
                path.add(step);
                type = step.getReturnType();
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("A booking has no " + names, e);
            }
        }
        return path;
    }

    private static Object call(Method accessor, Object record) {
        try {
            return accessor.invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
