package it.snodo.intake.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.IParserErrorHandler;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ScalarType;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ValueType;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Parameters;

/** Bytes to Bundle, strictly: what FHIR does not know is a fault, and all such faults are found in one reading. */
final class FhirReader {

    private static final Pattern ENCODING =
            Pattern.compile("^\\s*<\\?xml[^>]*encoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"']");

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

    Result read(byte[] body) {
        List<Fault> faults = new ArrayList<>();
        boolean xml = isXml(body);
        IParser parser = xml ? context.newXmlParser() : context.newJsonParser();
        parser.setParserErrorHandler(new Collecting(faults));
        IBaseResource resource;
        try {
            resource = parser.parseResource(new InputStreamReader(new ByteArrayInputStream(body), decoder(body, xml)));
        } catch (DataFormatException | IllegalArgumentException e) {
            faults.add(unreadable(
                    "Il corpo non è una risorsa FHIR R4 in " + (xml ? "XML" : "JSON") + " leggibile: " + why(e) + "."));
            return new Result(null, "Bundle", faults);
        } catch (RuntimeException | StackOverflowError e) {
            // A parser that trips over its input, or over its depth, has not read it: still the sender's to mend.
            faults.add(unreadable("Il corpo non è una risorsa FHIR R4 leggibile."));
            return new Result(null, "Bundle", faults);
        }
        if (resource instanceof Bundle bundle) {
            return new Result(bundle, "Bundle", faults);
        }
        if (resource instanceof Parameters parameters) {
            for (int i = 0; i < parameters.getParameter().size(); i++) {
                var parameter = parameters.getParameter().get(i);
                if ("content".equals(parameter.getName()) && parameter.getResource() instanceof Bundle bundle) {
                    return new Result(bundle, "Parameters.parameter[" + i + "].resource", faults);
                }
            }
        }
        faults.add(new Fault(
                SnodoCode.MESSAGE_TYPE_UNKNOWN,
                "",
                resource.fhirType(),
                "È arrivata una risorsa " + resource.fhirType()
                        + ": serve un Bundle di tipo message o transaction con un certificato."));
        return new Result(null, "Bundle", faults);
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

    /** Turns each complaint of the parser into a fault. */
    private static final class Collecting implements IParserErrorHandler {

        private final List<Fault> faults;

        Collecting(List<Fault> faults) {
            this.faults = faults;
        }

        private void add(SnodoCode code, IParseLocation at, String element, String reason) {
            String parent = at == null || at.getParentElementName() == null ? "" : at.getParentElementName();
            String where = parent.isEmpty() ? element : element == null ? parent : parent + "." + element;
            faults.add(new Fault(code, "", where, reason + (where == null ? "" : " («" + where + "»)") + "."));
        }

        @Override
        public void containedResourceWithNoId(IParseLocation at) {
            add(SnodoCode.FIELD_MISSING, at, "contained.id", "Una risorsa contenuta non ha id");
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
                    at,
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
            add(SnodoCode.FIELD_MALFORMED, at, null, "Il valore «" + shown + "» non è ammesso per il suo tipo FHIR");
        }

        @Override
        public void missingRequiredElement(IParseLocation at, String element) {
            add(SnodoCode.FIELD_MISSING, at, element, "Manca un elemento obbligatorio");
        }

        @Override
        public void unexpectedRepeatingElement(IParseLocation at, String element) {
            add(SnodoCode.FIELD_MALFORMED, at, element, "L'elemento non può essere ripetuto");
        }

        @Override
        public void unknownAttribute(IParseLocation at, String attribute) {
            add(SnodoCode.FIELD_MALFORMED, at, attribute, "L'attributo non esiste in FHIR R4");
        }

        @Override
        public void unknownElement(IParseLocation at, String element) {
            add(SnodoCode.FIELD_MALFORMED, at, element, "L'elemento non esiste in FHIR R4");
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
            add(SnodoCode.FIELD_MALFORMED, at, null, "Un'estensione ha insieme un valore e altre estensioni");
        }
    }
}
