package it.snodo.booking;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * From the tree of fields to the typed request: every intake makes the same tree, of the names of {@link BookingRequest},
 * {@link AvailabilityQuery} or {@link BookingNotice}, with dates as ISO texts; what cannot be read is told in one way.
 *
 * @param ask what could be read
 * @param unreadable fields with something that is no value of their type, and fields that nobody knows
 */
public record BookingReading<T extends BookingAsk>(T ask, List<Unreadable> unreadable) {

    private static final String COLLECTED = "unreadable";

    /** Control characters but for tab and line ends, and halves of letters: the store takes no NUL, and no page the others. */
    private static final Pattern NO_TEXT = Pattern.compile("[\\p{Cc}\\p{Cs}&&[^\\t\\n\\r]]");

    /** What would be a number, or a yes or no, were it not a text. */
    private static final Pattern BARE = Pattern.compile("-?\\d{1,9}|true|false");

    private static final Set<String> SIDES = Set.of("R", "L", "B");

    private static final ObjectMapper MAPPER = mapper();

    /** The mapper of all booking records: ISO dates, no time stamps. */
    public static ObjectMapper json() {
        return MAPPER;
    }

    /** Reads a tree; never throws for what stands in it. */
    public static <T extends BookingAsk> BookingReading<T> of(ObjectNode tree, Class<T> type) {
        List<Unreadable> removed = new ArrayList<>();
        ObjectNode readable = withoutHoles(tree, removed);
        while (true) {
            List<Unreadable> unreadable = new ArrayList<>(removed);
            try {
                T ask = MAPPER.readerFor(type)
                        .withAttribute(COLLECTED, unreadable)
                        .readValue(MAPPER.treeAsTokens(readable));
                sides(ask, unreadable);
                return new BookingReading<>(ask, List.copyOf(unreadable));
            } catch (JsonMappingException e) {
                // refusals of coercion do not ask the handler: the value is taken out, and the rest is read again
                if (readable == tree) {
                    readable = tree.deepCopy();
                }
                removed.add(takeOut(readable, e));
            } catch (IOException e) {
                throw new UncheckedIOException("a tree in memory can always be read", e);
            }
        }
    }

    /** A side that is none would be booked as no side at all. */
    private static void sides(BookingAsk ask, List<Unreadable> unreadable) {
        List<BookingRequest.Line> lines = ask instanceof BookingRequest request
                ? request.lines()
                : ask instanceof AvailabilityQuery query ? query.lines() : List.of();
        for (int i = 0; i < lines.size(); i++) {
            String side = lines.get(i).side();
            if (side != null && !SIDES.contains(side)) {
                unreadable.add(unreadable("lines[" + i + "].side", side, "R (destra), L (sinistra) o B (entrambi)"));
            }
        }
    }

    /** A list of objects has no null in it: an empty object stands in its place, so that the others keep theirs. */
    private static ObjectNode withoutHoles(ObjectNode tree, List<Unreadable> removed) {
        if (!(tree.get("lines") instanceof ArrayNode lines)) {
            return tree;
        }
        ObjectNode whole = tree;
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isNull()) {
                continue;
            }
            if (whole == tree) {
                whole = tree.deepCopy();
            }
            ((ArrayNode) whole.get("lines")).set(i, MAPPER.createObjectNode());
            removed.add(new Unreadable("lines[" + i + "]", "null", "un oggetto"));
        }
        return whole;
    }

    /** Takes the value out that an exception speaks of; all of them when it does not say which. */
    private static Unreadable takeOut(ObjectNode tree, JsonMappingException e) {
        Class<?> target = e instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
        String expected = target == null ? "un valore del suo tipo" : Collecting.expected(target);
        List<JsonMappingException.Reference> path = e.getPath();
        for (int depth = path.size(); depth > 0; depth--) {
            StringBuilder name = new StringBuilder();
            JsonNode parent = tree;
            for (int i = 0; i < depth; i++) {
                JsonMappingException.Reference step = path.get(i);
                if (i > 0) {
                    JsonMappingException.Reference before = path.get(i - 1);
                    parent = before.getFieldName() == null
                            ? parent.path(before.getIndex())
                            : parent.path(before.getFieldName());
                }
                name.append(
                        step.getFieldName() == null
                                ? "[" + step.getIndex() + "]"
                                : (name.isEmpty() ? "" : ".") + step.getFieldName());
            }
            JsonMappingException.Reference last = path.get(depth - 1);
            JsonNode given = null;
            if (last.getFieldName() != null && parent instanceof ObjectNode object) {
                given = object.remove(last.getFieldName());
            } else if (parent instanceof ArrayNode array
                    && last.getIndex() >= 0
                    && last.getIndex() < array.size()
                    && !array.get(last.getIndex()).isNull()) {
                given = array.get(last.getIndex());
                if (given.isObject()) {
                    array.set(last.getIndex(), MAPPER.createObjectNode());
                    given = given.isEmpty() ? null : given;
                } else {
                    array.setNull(last.getIndex());
                }
            }
            if (given != null) {
                return unreadable(
                        name.toString(),
                        given.isTextual() ? given.textValue() : given.toString(),
                        given.isTextual() && BARE.matcher(given.textValue()).matches()
                                ? expected + ", senza virgolette"
                                : expected);
            }
        }
        String all = tree.toString();
        tree.removeAll();
        return unreadable("", all, "una richiesta");
    }

    private static Unreadable unreadable(String path, String given, String expected) {
        return new Unreadable(shown(path), shown(given.length() > 80 ? given.substring(0, 80) : given), expected);
    }

    /** What is told of it is stored too. */
    private static String shown(String given) {
        return NO_TEXT.matcher(given).replaceAll("\uFFFD");
    }

    private static ObjectMapper mapper() {
        ObjectMapper mapper = JsonMapper.builder()
                .addModule(new JavaTimeModule()
                        .disable(JavaTimeFeature.ALWAYS_ALLOW_STRINGIFIED_DATE_TIMESTAMPS)
                        .addDeserializer(OffsetDateTime.class, new Moments()))
                .addModule(new SimpleModule("texts").addDeserializer(String.class, new Words()))
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

    /** Jackson's own takes digits for seconds since 1970, whatever its features say, where the format is the usual one. */
    private static final class Moments extends JsonDeserializer<OffsetDateTime> {

        @Override
        public OffsetDateTime deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (OffsetDateTime) context.handleUnexpectedToken(OffsetDateTime.class, parser);
            }
            if (parser.getText().strip().matches("[+-]?[0-9.]+")) {
                return (OffsetDateTime)
                        context.handleWeirdStringValue(OffsetDateTime.class, parser.getText(), "digits only");
            }
            return InstantDeserializer.OFFSET_DATE_TIME.deserialize(parser, context);
        }
    }

    /** A text that people can read. */
    private static final class Words extends StdScalarDeserializer<String> {

        private static final long serialVersionUID = 1L;

        Words() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = StringDeserializer.instance.deserialize(parser, context);
            return text == null || !NO_TEXT.matcher(text).find()
                    ? text
                    : (String) context.handleWeirdStringValue(String.class, text, "control characters");
        }
    }

    /** Puts null where a value cannot be read, and writes down which. */
    private static final class Collecting extends DeserializationProblemHandler {

        /** As it stands on the form (R14): with its leading zeros. */
        private static final Pattern WRITTEN = Pattern.compile("\\d{2}/\\d{2}/\\d{4}");

        private static final DateTimeFormatter DAY_MONTH_YEAR =
                DateTimeFormatter.ofPattern("dd/MM/uuuu").withResolverStyle(ResolverStyle.STRICT);

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
            if (target == LocalDate.class && WRITTEN.matcher(given).matches()) {
                try {
                    return LocalDate.parse(given, DAY_MONTH_YEAR);
                } catch (DateTimeParseException e) {
                    // no day of the calendar
                }
            }
            add(context, path(context.getParser().getParsingContext()), given, expected(target));
            return null;
        }

        @Override
        public Object handleUnexpectedToken(
                DeserializationContext context, JavaType target, JsonToken token, JsonParser parser, String failure)
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
                list.add(unreadable(path, given, expected));
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
            return target == String.class ? "un testo, senza caratteri di controllo" : "un oggetto";
        }
    }
}
