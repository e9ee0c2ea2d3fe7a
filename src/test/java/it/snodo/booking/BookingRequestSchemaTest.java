package it.snodo.booking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.config.ConfigFolder;
import it.snodo.config.FolderSchema;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The schema and the record say the same, each way; and what is read from a tree never fails. */
class BookingRequestSchemaTest {

    private static final String XS = "http://www.w3.org/2001/XMLSchema";
    private static final FolderSchema SCHEMA =
            new FolderSchema(new ConfigFolder(Path.of(".")), "xsd/booking-request.xsd");
    private static final List<Class<?>> RECORDS = List.of(
            BookingRequest.class,
            BookingRequest.Requester.class,
            BookingRequest.Patient.class,
            BookingRequest.Entitlement.class,
            BookingRequest.Prescription.class,
            BookingRequest.Line.class,
            Slot.class,
            Slot.Wish.class,
            BookingRequest.Identification.class);

    @Property(tries = 200)
    void every_request_fits_the_schema_and_is_read_back_as_it_was(@ForAll long seed) throws Exception {
        BookingRequest request = BookingRequests.random(new Random(seed));
        String xml = BookingRequestCodec.toXml(request);
        assertThat(SCHEMA.validate(xml.getBytes(StandardCharsets.UTF_8)))
                .as(xml)
                .isEmpty();
        assertThat(BookingRequestCodec.fromXml(xml)).isEqualTo(request);
    }

    @Property(tries = 200)
    void every_request_is_read_back_from_its_JSON(@ForAll long seed) {
        BookingRequest request = BookingRequests.random(new Random(seed));
        BookingReading<BookingRequest> read =
                BookingReading.of(BookingReading.json().valueToTree(request), BookingRequest.class);
        assertThat(read.unreadable()).isEmpty();
        assertThat(read.ask()).isEqualTo(request);
    }

    @Test
    void every_field_of_the_records_is_an_element_of_its_type_and_there_is_no_other() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        Element root = factory.newDocumentBuilder()
                .parse(Path.of("xsd/booking-request.xsd").toFile())
                .getDocumentElement();
        NodeList types = root.getElementsByTagNameNS(XS, "complexType");
        List<String> found = new ArrayList<>();
        for (int i = 0; i < types.getLength(); i++) {
            Element type = (Element) types.item(i);
            NodeList elements = type.getElementsByTagNameNS(XS, "element");
            for (int e = 0; e < elements.getLength(); e++) {
                Element element = (Element) elements.item(e);
                assertThat(element.getAttribute("minOccurs")).isEqualTo("0");
                assertThat(element.getElementsByTagNameNS(XS, "documentation").getLength())
                        .as("%s is described", element.getAttribute("name"))
                        .isEqualTo(1);
                found.add(type.getAttribute("name") + "." + element.getAttribute("name") + " "
                        + element.getAttribute("type")
                        + (element.getAttribute("maxOccurs").equals("unbounded") ? "*" : ""));
            }
        }
        List<String> expected = new ArrayList<>();
        for (Class<?> record : RECORDS) {
            for (RecordComponent component : record.getRecordComponents()) {
                boolean list = component.getType() == List.class;
                Class<?> type = list
                        ? (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0]
                        : component.getType();
                expected.add(record.getSimpleName() + "." + component.getName() + " " + schemaType(type)
                        + (list ? "*" : ""));
            }
        }
        assertThat(found).containsExactlyElementsOf(expected);
    }

    private static String schemaType(Class<?> type) {
        if (type == String.class) {
            return "text";
        }
        if (type == LocalDate.class) {
            return "xs:date";
        }
        if (type == Boolean.class) {
            return "xs:boolean";
        }
        if (type == Integer.class) {
            return "xs:int";
        }
        return type.isRecord() || type.isEnum() ? type.getSimpleName() : "xs:dateTime";
    }

    @Test
    void what_is_wrong_is_named_and_no_outside_file_is_read() {
        assertThat(SCHEMA.validate("<bookingRequest><colour/></bookingRequest>".getBytes(StandardCharsets.UTF_8)))
                .singleElement()
                .asString()
                .contains("colour");
        assertThat(SCHEMA.validate("<bookingRequest><operation>DANCE</operation></bookingRequest>"
                        .getBytes(StandardCharsets.UTF_8)))
                .isNotEmpty();
        assertThat(SCHEMA.validate(
                        "<!DOCTYPE bookingRequest [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><bookingRequest/>"
                                .getBytes(StandardCharsets.UTF_8)))
                .singleElement()
                .asString()
                .contains("DOCTYPE");
    }

    /** Anything in the place of anything: a value of another type is named, and the rest is still read. */
    @Property(tries = 500)
    void whatever_stands_in_a_tree_it_is_read_and_what_cannot_be_is_named(@ForAll long seed) {
        Random random = new Random(seed);
        ObjectNode tree = BookingReading.json().valueToTree(BookingRequests.random(random));
        spoil(tree, random);
        BookingReading<BookingRequest> read = BookingReading.of(tree, BookingRequest.class);
        assertThat(read.ask()).isNotNull();
        AvailabilityQuery query =
                BookingReading.of(tree, AvailabilityQuery.class).ask();
        assertThat(query).isNotNull();
    }

    private static void spoil(JsonNode node, Random random) {
        ObjectMapper mapper = BookingReading.json();
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                if (random.nextInt(8) == 0) {
                    object.set(name, junk(mapper, random));
                } else {
                    spoil(object.get(name), random);
                }
            }
            if (random.nextInt(10) == 0) {
                object.set("ignoto", junk(mapper, random));
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                if (random.nextInt(6) == 0) {
                    ((com.fasterxml.jackson.databind.node.ArrayNode) node).set(i, junk(mapper, random));
                } else {
                    spoil(node.get(i), random);
                }
            }
        }
    }

    private static JsonNode junk(ObjectMapper mapper, Random random) {
        List<Object> all = Arrays.asList(
                "",
                " ",
                "x",
                "2026-02-31",
                "1/2/2008",
                5,
                -1,
                1.5,
                99_999_999_999L,
                true,
                List.of(),
                List.of("a"),
                List.of(1, 2),
                Arrays.asList((Object) null),
                java.util.Map.of(),
                java.util.Map.of("a", 1),
                java.util.Map.of("service", List.of("x")),
                "2026-12-01T09:30:00+01:00",
                "NaN",
                1e300,
                null);
        return mapper.valueToTree(all.get(random.nextInt(all.size())));
    }
}
