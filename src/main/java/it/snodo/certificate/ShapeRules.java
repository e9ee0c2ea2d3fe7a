package it.snodo.certificate;

import static it.snodo.fault.SnodoCode.FIELD_MALFORMED;
import static it.snodo.fault.SnodoCode.FIELD_TOO_LONG;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Set;

/** Characters that no document can carry, and the constraints on the records themselves: presence and length. */
final class ShapeRules {

    /** What an annulment must say; everything else was said by the document that it annuls. */
    private static final Set<String> NEEDED_TO_ANNUL =
            Set.of("action", "sender", "sender.application", "documentNumber", "replacedDocumentNumber");

    /** Texts of several lines, where line ends and tabulators are welcome. */
    private static final Set<String> TEXTS = Set.of("question", "pathology", "conclusions");

    private final Validator validator;

    ShapeRules(Validator validator) {
        this.validator = validator;
    }

    void check(CertificateRequest request, Findings found) {
        if (!FirstLook.isSound(request)) {
            characters("", request, found);
            constraints(request, found);
        }
    }

    /** No text of the request holds what XML cannot carry or a reader cannot see. */
    private static void characters(String path, Object value, Findings found) {
        if (value == null) {
            return;
        }
        if (value instanceof String text) {
            character(path, text, found);
        } else if (value instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                characters(path + "[" + i + "]", items.get(i), found);
            }
        } else if (value.getClass().isRecord()) {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                String inner = path.isEmpty() ? component.getName() : path + "." + component.getName();
                try {
                    characters(inner, component.getAccessor().invoke(value), found);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("a record's own accessor can always be called", e);
                }
            }
        }
    }

    private static void character(String path, String text, Findings found) {
        int list = path.indexOf('[');
        boolean lines = TEXTS.contains(list < 0 ? path : path.substring(0, list));
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            boolean lineEnd = c == '\n' || c == '\r' || c == '\t';
            boolean bad = Character.isISOControl(c) && !(lines && lineEnd)
                    || c >= 0xD800 && c <= 0xDFFF
                    || c == 0xFFFE
                    || c == 0xFFFF
                    || c == 0xFFFD;
            if (bad) {
                String why = c == 0xFFFD
                        ? "un carattere che non è stato possibile decodificare: verificare il set di caratteri dichiarato"
                        : String.format("il carattere non ammesso U+%04X", c);
                found.add(
                        FIELD_MALFORMED,
                        path,
                        "Il valore per " + FieldNames.of(path) + " contiene, in posizione "
                                + (text.codePointCount(0, i) + 1) + ", " + why + ".");
                return;
            }
            i += Character.charCount(c);
        }
    }

    private void constraints(CertificateRequest request, Findings found) {
        for (ConstraintViolation<CertificateRequest> violation : validator.validate(request)) {
            String path = violation.getPropertyPath().toString().replace(".<list element>", "");
            Object constraint = violation.getConstraintDescriptor().getAnnotation();
            if (constraint instanceof NotNull) {
                if (NEEDED_TO_ANNUL.contains(path)) {
                    found.missing(path);
                } else {
                    found.needed(path);
                }
            } else if (constraint instanceof Size size) {
                int length = String.valueOf(violation.getInvalidValue()).length();
                found.add(
                        FIELD_TOO_LONG,
                        path,
                        "Il valore per " + FieldNames.of(path) + " è di " + length + " caratteri: il massimo è "
                                + size.max() + ".");
            } else {
                found.add(FIELD_MALFORMED, path, "Il valore per " + FieldNames.of(path) + " non è ammesso.");
            }
        }
    }
}
