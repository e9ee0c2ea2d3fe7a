package it.snodo.certificate;

import jakarta.validation.Constraint;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/**
 * One pass over a request that says whether its records can have no fault at all in their constraints and characters. Most
 * have none, and need no more; of what it does not vouch for, the validator and the check of characters say what is wrong.
 */
final class FirstLook {

    private FirstLook() {}

    /**
     * A component of a record, as its annotations describe it.
     *
     * @param longest characters that a text, or each text of a list, may have
     * @param known whether it has no other constraints than those looked at here
     */
    private record Field(Method accessor, boolean required, int longest, boolean known) {}

    private static final ClassValue<Field[]> FIELDS = new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(FirstLook::field)
                    .toArray(Field[]::new);
        }
    };

    private static Field field(RecordComponent component) {
        Method accessor = component.getAccessor();
        // else each call looks up again whether we may
        accessor.setAccessible(true);
        boolean required = false;
        int longest = Integer.MAX_VALUE;
        boolean known = true;
        boolean list = accessor.getAnnotatedReturnType() instanceof AnnotatedParameterizedType;
        for (Annotation each : list ? ofItems(accessor) : accessor.getAnnotations()) {
            if (each instanceof NotNull) {
                required = true;
            } else if (each instanceof Size size && size.min() == 0) {
                longest = size.max();
            } else if (each.annotationType().isAnnotationPresent(Constraint.class)) {
                known = false;
            }
        }
        boolean onList = list
                && Arrays.stream(accessor.getAnnotations())
                        .anyMatch(each -> each.annotationType().isAnnotationPresent(Constraint.class));
        return new Field(accessor, required, longest, known && !onList);
    }

    private static Annotation[] ofItems(Method accessor) {
        return ((AnnotatedParameterizedType) accessor.getAnnotatedReturnType())
                .getAnnotatedActualTypeArguments()[0].getAnnotations();
    }

    /** @return false when there may be something wrong */
    static boolean isSound(Object record) {
        for (Field field : FIELDS.get(record.getClass())) {
            if (!field.known || !isSound(field, value(record, field))) {
                return false;
            }
        }
        return true;
    }

    private static Object value(Object record, Field field) {
        try {
            return field.accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record's own accessor can always be called", e);
        }
    }

    private static boolean isSound(Field field, Object value) {
        if (value == null) {
            return !field.required;
        }
        if (value instanceof String text) {
            return text.length() <= field.longest && isPlain(text);
        }
        if (value instanceof List<?> items) {
            for (Object item : items) {
                if (!isSound(field, item)) {
                    return false;
                }
            }
            return true;
        }
        return !value.getClass().isRecord() || isSound(value);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each < ' ' || each >= 0x7F && each <= 0x9F || each >= Character.MIN_SURROGATE) {
                return false;
            }
        }
        return true;
    }
}
