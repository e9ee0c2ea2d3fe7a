package it.snodo.document;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.ValidatorHandler;
import org.w3c.dom.ls.DOMImplementationLS;
import org.w3c.dom.ls.LSInput;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * The CDA schemas by typeId extension, compiled when first asked for. Ours are the plain CDA R2 schema of the class path
 * with the national differences; a folder of official ones can take their place.
 */
final class CdaSchemas {

    private static final String IN_JAR = "/schema/cdar2/";
    private static final String OURS = "/it/snodo/document/cda-schema/";
    private static final List<String> PLAIN = List.of(
            "infrastructure/cda/CDA.xsd",
            "infrastructure/cda/POCD_MT000040.xsd",
            "processable/coreschemas/NarrativeBlock.xsd",
            "processable/coreschemas/datatypes-base.xsd",
            "processable/coreschemas/datatypes.xsd",
            "processable/coreschemas/voc.xsd");

    /** The typeId extensions that the gateway knows. */
    static final List<String> KNOWN = List.of("POCD_MT000040UV02", "POCD_HD000040");

    static final DOMImplementationLS LS = ls();

    private final Path official;
    private final Map<String, Schema> compiled = new ConcurrentHashMap<>();
    private final ThreadLocal<Map<String, ValidatorHandler>> validators = ThreadLocal.withInitial(HashMap::new);

    /** @param official folder with one folder per typeId extension, or with one schema; null for ours */
    CdaSchemas(Path official) {
        this.official = official;
    }

    boolean knows(String typeId) {
        return KNOWN.contains(typeId) || (official != null && Files.isDirectory(official.resolve(typeId)));
    }

    /**
     * A validator of the calling thread, to be used at once: it is reused, since making one costs more than using it.
     *
     * @param typeId one that is {@link #knows known}
     */
    ValidatorHandler validator(String typeId) {
        return validators.get().computeIfAbsent(typeId, id -> {
            ValidatorHandler validator =
                    compiled.computeIfAbsent(id, this::compile).newValidatorHandler();
            Xml.speakItalian(validator::setProperty);
            return validator;
        });
    }

    private Schema compile(String typeId) {
        Map<String, byte[]> files = official == null ? ours(typeId) : official(typeId);
        String root = files.containsKey("CDA.xsd")
                ? "CDA.xsd"
                : files.keySet().iterator().next();
        try {
            SchemaFactory factory = SchemaFactory.newDefaultInstance();
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            // Nothing is fetched: the resolver answers every reference by its base name, or fails.
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "all");
            factory.setResourceResolver((type, namespace, publicId, systemId, base) -> {
                String name = systemId == null ? "" : systemId.substring(systemId.lastIndexOf('/') + 1);
                byte[] file = files.get(name);
                if (file == null) {
                    throw new IllegalStateException("schema file missing: " + systemId);
                }
                LSInput input = LS.createLSInput();
                input.setByteStream(new ByteArrayInputStream(file));
                input.setSystemId(name);
                return input;
            });
            return factory.newSchema(new Source[] {new StreamSource(new ByteArrayInputStream(files.get(root)), root)});
        } catch (SAXException e) {
            throw new IllegalStateException("the CDA schema " + typeId + " cannot be used: " + place(e), e);
        }
    }

    private static String place(SAXException e) {
        return e instanceof SAXParseException at
                ? at.getSystemId() + ":" + at.getLineNumber() + " " + at.getMessage()
                : e.getMessage();
    }

    private static Map<String, byte[]> ours(String typeId) {
        Map<String, byte[]> plain = new LinkedHashMap<>();
        for (String name : PLAIN) {
            plain.put(name.substring(name.lastIndexOf('/') + 1), resource(IN_JAR + name));
        }
        Map<String, byte[]> files =
                CdaSchemaVariant.make(plain, CdaSchemaVariant.lines(resource(OURS + "differences.txt")), typeId);
        files.put("sdtc.xsd", resource(OURS + "sdtc.xsd"));
        files.put("lab.xsd", resource(OURS + "lab.xsd"));
        return files;
    }

    private Map<String, byte[]> official(String typeId) {
        Path folder = Files.isRegularFile(official) ? official.getParent() : official.resolve(typeId);
        if (!Files.isDirectory(folder)) {
            folder = official;
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> schemas = new ArrayList<>(
                    all.filter(f -> f.toString().endsWith(".xsd")).sorted().toList());
            if (Files.isRegularFile(official)) {
                files.put("CDA.xsd", Files.readAllBytes(official));
            }
            for (Path schema : schemas) {
                files.putIfAbsent(schema.getFileName().toString(), Files.readAllBytes(schema));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the schemas in " + folder, e);
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no CDA schema (*.xsd) in " + folder);
        }
        return files;
    }

    private static DOMImplementationLS ls() {
        try {
            return (DOMImplementationLS) DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(CdaSchemas.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
