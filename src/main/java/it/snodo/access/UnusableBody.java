package it.snodo.access;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import it.snodo.fault.Fault;
import it.snodo.fault.Problem;
import it.snodo.fault.SnodoCode;
import java.time.temporal.Temporal;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.converter.HttpMessageConversionException;

/** What is wrong with a body that is not what a call asks for: that it is none, no JSON, or which field and why. */
final class UnusableBody {

    private static final int SHOWN = 60;

    private UnusableBody() {}

    static Problem problem(HttpMessageConversionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof UnrecognizedPropertyException unknown) {
            return at(
                    unknown,
                    "Il campo «%s» non esiste. I campi ammessi sono: %s."
                            .formatted(
                                    field(unknown),
                                    unknown.getKnownPropertyIds().stream()
                                            .map(String::valueOf)
                                            .sorted()
                                            .collect(Collectors.joining(", "))));
        }
        if (cause instanceof MismatchedInputException mismatch) {
            String given = mismatch instanceof InvalidFormatException format
                    ? " vale «" + shortened(String.valueOf(format.getValue())) + "»:"
                    : ":";
            String wanted = wanted(mismatch.getTargetType());
            if (mismatch.getOriginalMessage().startsWith("Trailing token")) {
                return Problem.of(
                        SnodoCode.MESSAGE_UNREADABLE,
                        "Il corpo della richiesta continua dopo la fine dell'oggetto JSON.");
            }
            return mismatch.getPath().isEmpty()
                    ? Problem.of(SnodoCode.REQUEST_INVALID, "Il corpo della richiesta deve essere " + wanted + ".")
                    : at(mismatch, "Il campo «%s»%s serve %s.".formatted(field(mismatch), given, wanted));
        }
        if (cause instanceof JsonProcessingException syntax) {
            JsonLocation where = syntax.getLocation();
            return Problem.of(
                    SnodoCode.MESSAGE_UNREADABLE,
                    "Il corpo della richiesta non è un JSON leggibile"
                            + (where == null
                                    ? ""
                                    : " alla riga " + where.getLineNr() + ", colonna " + where.getColumnNr())
                            + ".");
        }
        return Problem.of(
                SnodoCode.REQUEST_INVALID, "Manca il corpo della richiesta, o non è leggibile: serve un oggetto JSON.");
    }

    /** In words, what a value of that type looks like. */
    static String wanted(Class<?> type) {
        if (type == null) {
            return "un altro valore";
        }
        if (Temporal.class.isAssignableFrom(type)) {
            return "una data e ora con il fuso, come 2026-11-22T18:30:00+01:00";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true o false";
        }
        if (type == int.class || type == long.class || Number.class.isAssignableFrom(type)) {
            return "un numero intero";
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "un testo";
        }
        return Collection.class.isAssignableFrom(type) ? "un elenco" : "un oggetto JSON";
    }

    private static Problem at(JsonMappingException e, String reason) {
        String pointer = e.getPath().stream()
                .map(step -> "/" + (step.getFieldName() == null ? step.getIndex() : step.getFieldName()))
                .collect(Collectors.joining());
        return Problem.of(List.of(new Fault(SnodoCode.REQUEST_INVALID, field(e), pointer, reason)));
    }

    private static String field(JsonMappingException e) {
        StringBuilder field = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                field.append('[').append(step.getIndex()).append(']');
            } else {
                field.append(field.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return shortened(field.toString());
    }

    private static String shortened(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
