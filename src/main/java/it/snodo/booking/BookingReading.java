package it.snodo.booking;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * From the tree of fields to the typed request: every intake makes the same tree, of the names of {@link BookingRequest},
 * {@link AvailabilityQuery} or {@link BookingNotice}, with dates as ISO texts; what cannot be read is told in one way.
 *
 * @param ask what could be read
 * @param unreadable fields with something that is no value of their type, and fields that nobody knows
 */
public record BookingReading<T extends BookingAsk>(T ask, List<Unreadable> unreadable) {

    private static final String COLLECTED = "unreadable";

    private static final ObjectMapper MAPPER = mapper();

    /** The mapper of all booking records: ISO dates, no time stamps. */
    public static ObjectMapper json() {
        return MAPPER;
    }

    /** Reads a tree; never throws for what stands in it. */
    public static <T extends BookingAsk> BookingReading<T> of(ObjectNode tree, Class<T> type) {
        List<Unreadable> unreadable = new ArrayList<>();
        try {
            T ask = MAPPER.readerFor(type).withAttribute(COLLECTED, unreadable).readValue(MAPPER.treeAsTokens(tree));
            return new BookingReading<>(ask, List.copyOf(unreadable));
        } catch (IOException e) {
            throw new UncheckedIOException("every tree can be read, its faults are collected", e);
        }
    }

    private static ObjectMapper mapper() {
        ObjectMapper mapper = JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(com.fasterxml.jackson.databind.SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .addHandler(new Collecting())
                .build();
        // 5 is no text, 1 no day since 1970, [] no object
        mapper.coercionConfigFor(LogicalType.Textual)
                .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
        return mapper;
    }

    /** Puts null where a value cannot be read, and writes down which. */
    private static final class Collecting extends DeserializationProblemHandler {

        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context, JsonParser parser, JsonDeserializer<?> to, Object bean, String name)
                throws IOException {
            add(context, path(parser.getParsingContext()), name, "un campo conosciuto");
            parser.skipChildren();
            return true;
        }

        @Override
        public Object handleWeirdStringValue(
                DeserializationContext context, Class<?> target, String given, String failure) {
            add(context, path(context.getParser().getParsingContext()), given, expected(target));
            return null;
        }

        @Override
        public Object handleUnexpectedToken(
                DeserializationContext context,
                JavaType target,
                com.fasterxml.jackson.core.JsonToken token,
                JsonParser parser,
                String failure)
                throws IOException {
            String path = path(parser.getParsingContext());
            JsonNode given = parser.readValueAsTree();
            add(context, path, given == null ? "" : given.toString(), expected(target.getRawClass()));
            return null;
        }

        private static void add(DeserializationContext context, String path, String given, String expected) {
            @SuppressWarnings("unchecked")
            List<Unreadable> list = (List<Unreadable>) context.getAttribute(COLLECTED);
            if (list != null) {
                list.add(new Unreadable(path, given.length() > 80 ? given.substring(0, 80) : given, expected));
            }
        }

        private static String path(JsonStreamContext at) {
            if (at == null || at.inRoot()) {
                return "";
            }
            String before = path(at.getParent());
            if (at.inArray()) {
                return before + "[" + at.getCurrentIndex() + "]";
            }
            String name = at.getCurrentName();
            return name == null ? before : before.isEmpty() ? name : before + "." + name;
        }

        private static String expected(Class<?> target) {
            if (target == LocalDate.class) {
                return "una data aaaa-mm-gg";
            }
            if (target == LocalDateTime.class) {
                return "data e ora aaaa-mm-ggThh:mm";
            }
            if (target == OffsetDateTime.class) {
                return "data e ora con fuso, aaaa-mm-ggThh:mm:ss+01:00";
            }
            if (target == Boolean.class) {
                return "true o false";
            }
            if (Number.class.isAssignableFrom(target)) {
                return "un numero intero";
            }
            if (target.isEnum()) {
                return "uno di " + List.of(target.getEnumConstants());
            }
            return target == String.class ? "un testo" : "un oggetto";
        }
    }
}
