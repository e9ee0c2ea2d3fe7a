package it.snodo.intake.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.IParserErrorHandler;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ScalarType;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ValueType;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Characters;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;

/** Bytes to Bundle, strictly: what FHIR does not know is a fault, and all such faults are found in one reading. */
final class FhirReader {

    private static final Pattern ENCODING =
            Pattern.compile("^\\s*<\\?xml[^>]*encoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"']");

    /** How the parser says that a code is none of the element's own. */
    private static final Pattern UNKNOWN_CODE = Pattern.compile("^Unknown \\w+ code|Unknown code");
    /** The codes of the elements that senders get wrong. */
    private static final Map<String, String> GOOD_CODES = Map.of(
            "gender", "male, female, other o unknown",
            "confidentiality", "N, R o V");

    private final FhirContext context;

    FhirReader(FhirContext context) {
        this.context = context;
    }

    /**
     * @param bundle null when there is none
     * @param prefix FHIRPath of the Bundle in what was sent
     */
    record Result(Bundle bundle, String prefix, List<Fault> faults) {}

    static boolean isXml(byte[] body) {
        for (byte b : body) {
            if (b == '<') {
                return true;
            }
            if (b == '{' || b == '[') {
                return false;
            }
        }
        return false;
    }

    /**
     * Any resource.
     *
     * @param resource null when there is none
     * @param wrong what the parser could not take, each with its place
     * @param faults why there is no resource
     */
    record Parsed(IBaseResource resource, List<Wrong> wrong, List<Fault> faults) {}

    /** @param value what stood there; null when the element itself is wrong */
    record Wrong(String where, String value, Fault fault) {}

    Result read(byte[] body) {
        Parsed parsed = parse(body);
        List<Fault> faults = new ArrayList<>(parsed.faults);
        if (parsed.resource == null) {
            return new Result(null, "Bundle", faults);
        }
        parsed.wrong.forEach(each -> faults.add(each.fault));
        if (parsed.resource instanceof Bundle bundle) {
            return new Result(bundle, "Bundle", faults);
        }
        if (parsed.resource instanceof Parameters parameters) {
            for (int i = 0; i < parameters.getParameter().size(); i++) {
                var parameter = parameters.getParameter().get(i);
                if ("content".equals(parameter.getName()) && parameter.getResource() instanceof Bundle bundle) {
                    return new Result(bundle, "Parameters.parameter[" + i + "].resource", faults);
                }
            }
        }
        String type = parsed.resource.fhirType();
        faults.add(new Fault(
                SnodoCode.MESSAGE_TYPE_UNKNOWN,
                "",
                type,
                "È arrivata una risorsa " + type
                        + ": serve un Bundle di tipo message o transaction con un certificato."));
        return new Result(null, "Bundle", faults);
    }

    /** Reads a resource of whatever type. */
    Parsed parse(byte[] body) {
        boolean xml = isXml(body);
        IParser parser = xml ? context.newXmlParser() : context.newJsonParser();
        Collecting complaints = new Collecting();
        parser.setParserErrorHandler(complaints);
        IBaseResource resource;
        try {
            resource = parser.parseResource(new InputStreamReader(new ByteArrayInputStream(body), decoder(body, xml)));
        } catch (DataFormatException | IllegalArgumentException e) {
            if (String.valueOf(e.getMessage()).contains("valid XML/XHTML")) {
                List<Fault> narratives = badNarratives(body, xml);
                if (!narratives.isEmpty()) {
                    return new Parsed(null, List.of(), narratives);
                }
            }
            return new Parsed(
                    null,
                    List.of(),
                    List.of(unreadable("Il corpo non è una risorsa FHIR R4 in " + (xml ? "XML" : "JSON")
                            + " leggibile: " + why(e) + ".")));
        } catch (RuntimeException | StackOverflowError e) {
            // A parser that trips over its input, or over its depth, has not read it: still the sender's to mend.
            return new Parsed(null, List.of(), List.of(unreadable("Il corpo non è una risorsa FHIR R4 leggibile.")));
        }
        List<Wrong> wrong = new ArrayList<>();
        if (!complaints.found.isEmpty()) {
            FhirPlaces places = FhirPlaces.of(context, body, xml);
            complaints.found.forEach(complaint -> {
                Fault fault = complaint.fault(places);
                wrong.add(new Wrong(fault.location(), complaint.value, fault));
            });
        }
        return new Parsed(resource, wrong, List.of());
    }

    private static java.nio.charset.CharsetDecoder decoder(byte[] body, boolean xml) {
        Charset charset = StandardCharsets.UTF_8;
        if (xml) {
            String head = new String(body, 0, Math.min(body.length, 200), StandardCharsets.ISO_8859_1);
            Matcher matcher = ENCODING.matcher(head.startsWith("ï»¿") ? head.substring(3) : head);
            if (matcher.find()) {
                charset = Charset.forName(matcher.group(1));
            }
        }
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    private static Fault unreadable(String reason) {
        return new Fault(SnodoCode.MESSAGE_UNREADABLE, "", "Bundle", reason);
    }

    /** The parser's own words (English) where they help, without the library's numbers and never a long excerpt. */
    private static String why(Exception e) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof java.nio.charset.CharacterCodingException) {
                return "i byte non sono nel set di caratteri dichiarato (UTF-8 se non è dichiarato)";
            }
        }
        if (message.contains("DOCTYPE") || message.contains("DTD")) {
            return "una DOCTYPE non è ammessa";
        }
        message = message.replaceAll("HAPI-\\d+: ?", "").replaceAll("\\s+", " ");
        return message.length() > 160 ? message.substring(0, 160) + "…" : message;
    }

    /** A narrative that is not well-formed stops the parser; the sender is told which one it is. */
    private List<Fault> badNarratives(byte[] body, boolean xml) {
        List<Fault> faults = new ArrayList<>();
        FhirPlaces.of(context, body, xml).all("div").stream()
                .filter(place -> place.value() != null)
                .forEach(place -> {
                    String forbidden = Characters.firstForbidden(place.value());
                    if (forbidden != null || !wellFormed(place.value())) {
                        faults.add(new Fault(
                                SnodoCode.FIELD_MALFORMED,
                                "",
                                place.path(),
                                forbidden == null
                                        ? "Il testo della sezione non è XHTML ben formato: ogni elemento aperto va chiuso, e i"
                                                + " segni < e & vanno scritti &lt; e &amp;."
                                        : "Il valore contiene il carattere di controllo " + forbidden
                                                + ", che un documento non può contenere."));
                    }
                });
        return faults;
    }

    private static boolean wellFormed(String div) {
        try {
            new XhtmlNode().setValueAsString(div);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /**
     * What the parser complains of. It names the element, never its place.
     *
     * @param element null when only its value is known
     * @param value null when the element itself is wrong
     * @param unknown whether FHIR has no such element
     */
    private record Complaint(SnodoCode code, String element, String value, boolean unknown, String reason) {

        Fault fault(FhirPlaces places) {
            String where = places.next(element, value, unknown);
            return new Fault(code, "", where, reason + " («" + where + "»).");
        }
    }

    /** Keeps each complaint of the parser. */
    private static final class Collecting implements IParserErrorHandler {

        private final List<Complaint> found = new ArrayList<>();

        private void add(SnodoCode code, String element, String reason) {
            found.add(new Complaint(code, element, null, false, reason));
        }

        @Override
        public void containedResourceWithNoId(IParseLocation at) {
            add(SnodoCode.FIELD_MISSING, "contained", "Una risorsa contenuta non ha id");
        }

        @Override
        public void incorrectJsonType(
                IParseLocation at,
                String element,
                ValueType expected,
                ScalarType expectedScalar,
                ValueType found,
                ScalarType foundScalar) {
            add(
                    SnodoCode.FIELD_MALFORMED,
                    element,
                    "L'elemento ha un tipo JSON errato: atteso " + italian(expected, expectedScalar) + ", trovato "
                            + italian(found, foundScalar));
        }

        private static String italian(ValueType type, ScalarType scalar) {
            return switch (type) {
                case ARRAY -> "una lista";
                case OBJECT -> "un oggetto";
                case SCALAR ->
                    scalar == ScalarType.NUMBER
                            ? "un numero"
                            : scalar == ScalarType.BOOLEAN ? "un valore logico" : "un testo";
                case NULL -> "un valore nullo";
            };
        }

        @Override
        public void invalidValue(IParseLocation at, String value, String error) {
            String shown = value == null ? "" : value.length() > 60 ? value.substring(0, 60) + "…" : value;
            String element = at == null ? null : at.getParentElementName();
            boolean code = error != null && UNKNOWN_CODE.matcher(error).find();
            String good = code ? GOOD_CODES.get(element) : null;
            found.add(new Complaint(
                    code ? SnodoCode.CODE_UNKNOWN : SnodoCode.FIELD_MALFORMED,
                    element,
                    value,
                    false,
                    code
                            ? "Il valore «" + shown + "» non è tra i codici FHIR di questo elemento"
                                    + (good == null ? "" : ": usare " + good)
                            : "Il valore «" + shown + "» non è ammesso per il suo tipo FHIR"));
        }

        @Override
        public void missingRequiredElement(IParseLocation at, String element) {
            add(SnodoCode.FIELD_MISSING, element, "Manca un elemento obbligatorio");
        }

        @Override
        public void unexpectedRepeatingElement(IParseLocation at, String element) {
            add(SnodoCode.FIELD_MALFORMED, element, "L'elemento non può essere ripetuto");
        }

        @Override
        public void unknownAttribute(IParseLocation at, String attribute) {
            found.add(new Complaint(
                    SnodoCode.FIELD_MALFORMED, attribute, null, true, "L'attributo non esiste in FHIR R4"));
        }

        @Override
        public void unknownElement(IParseLocation at, String element) {
            found.add(
                    new Complaint(SnodoCode.FIELD_MALFORMED, element, null, true, "L'elemento non esiste in FHIR R4"));
        }

        @Override
        public void unknownReference(IParseLocation at, String reference) {
            // Judged by the mapping, that knows which references it needs.
        }

        @Override
        public void invalidInternalReference(IParseLocation at, String reference) {
            // Judged by the mapping, that knows which references it needs.
        }

        @Override
        public void extensionContainsValueAndNestedExtensions(IParseLocation at) {
            add(SnodoCode.FIELD_MALFORMED, "extension", "Un'estensione ha insieme un valore e altre estensioni");
        }
    }
}
