package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.simulator.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.s9api.Axis;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.QName;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XdmDestination;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.XdmNodeKind;
import net.sf.saxon.s9api.XsltExecutable;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges with the official files where somebody has put them: {@code xsd/<typeId extension>/CDA.xsd},
 * {@code schematron/*.sch}, {@code terminology/<OID>.csv}.
 */
final class OfficialJudge implements CdaJudge {
    private static final Logger LOG = LoggerFactory.getLogger(OfficialJudge.class);
    private static final String SVRL = "http://purl.oclc.org/dsdl/svrl";
    private static final String RSA = "2.16.840.1.113883.2.9.10.1.9.1";

    private record CodeSystem(String version, boolean whitelisted, Set<String> codes) {}

    private final Processor processor = CdaJudge.processor();
    private final Map<String, Xsd> schemas = new HashMap<>();
    private final Map<String, XsltExecutable> schematrons = new HashMap<>();
    private final Map<String, CodeSystem> systems = new HashMap<>();

    private OfficialJudge() {}

    static boolean canUse(Path folder) {
        return folder != null
                && Files.isDirectory(folder.resolve("xsd"))
                && Files.isDirectory(folder.resolve("schematron"))
                && Files.isDirectory(folder.resolve("terminology"));
    }

    static OfficialJudge load(Path folder) {
        OfficialJudge judge = new OfficialJudge();
        try {
            try (Stream<Path> kinds = Files.list(folder.resolve("xsd"))) {
                for (Path kind : kinds.filter(Files::isDirectory).toList()) {
                    judge.schemas.put(kind.getFileName().toString(), schema(kind));
                }
            }
            try (Stream<Path> files = Files.list(folder.resolve("schematron"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".sch"))
                        .sorted()
                        .toList()) {
                    judge.schematrons.put(RSA, judge.compile(file));
                }
            }
            judge.readTerminology(folder.resolve("terminology"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LOG.info(
                "FSE simulator judges CDAs with the official files of {}: {} code systems",
                folder,
                judge.systems.size());
        return judge;
    }

    /** The files lie flat while their includes name a sub-folder: what is included is found by its base name. */
    private static Xsd schema(Path folder) {
        return Xsd.load(folder.resolve("CDA.xsd").toUri().toString(), (type, namespace, publicId, systemId, base) -> {
            if (systemId == null) {
                return null;
            }
            Path file = folder.resolve(systemId.substring(systemId.lastIndexOf('/') + 1));
            return Files.exists(file) ? Xsd.input(publicId, file) : null;
        });
    }

    private XsltExecutable compile(Path file) {
        try {
            // compiling needs SchXslt's own stylesheets, so this one processor may open addresses
            Processor compiler = new Processor(false);
            var pipeline = OfficialJudge.class.getResource("/xslt/2.0/pipeline-for-svrl.xsl");
            var transformer = compiler.newXsltCompiler()
                    .compile(new StreamSource(pipeline.toString()))
                    .load30();
            XdmDestination stylesheet = new XdmDestination();
            XdmNode schematron = CdaJudge.parse(compiler, Files.readAllBytes(file));
            transformer.applyTemplates(schematron, stylesheet);
            var text = compiler.newSerializer();
            var bytes = new java.io.ByteArrayOutputStream();
            text.setOutputStream(bytes);
            text.serializeNode(stylesheet.getXdmNode());
            return processor.newXsltCompiler().compile(CdaJudge.source(bytes.toByteArray()));
        } catch (SaxonApiException | IOException e) {
            throw new IllegalStateException("cannot compile " + file, e);
        }
    }

    private void readTerminology(Path folder) throws IOException {
        Map<String, JsonNode> index = new HashMap<>();
        Path indexFile = folder.resolve("_dictionary-index.json");
        if (Files.exists(indexFile)) {
            for (JsonNode entry : Json.read(Files.readAllBytes(indexFile))) {
                index.put(entry.path("system").asText(), entry);
            }
        }
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".csv")).toList()) {
                String name = file.getFileName().toString();
                String oid = name.substring(0, name.length() - 4);
                Set<String> codes = new HashSet<>();
                try (CSVParser rows = CSVParser.parse(withoutMark(Files.readString(file)), format)) {
                    for (CSVRecord row : rows) {
                        codes.add(row.get("code"));
                    }
                }
                JsonNode entry = index.get(oid);
                systems.put(
                        oid,
                        new CodeSystem(
                                entry == null ? "" : entry.path("version").asText(""),
                                entry != null && entry.path("whitelist").asBoolean(),
                                codes));
            }
        }
    }

    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    @Override
    public Verdict judge(CdaText cda) {
        byte[] xml = cda.utf8();
        XdmNode document;
        try {
            document = CdaJudge.parse(processor, xml);
        } catch (IOException e) {
            return Verdict.refused(Kind.SYNTAX, Xsd.BROKEN);
        }
        XdmNode root = document.axisIterator(Axis.CHILD).hasNext() ? firstElement(document) : null;
        String type = attribute(child(root, "typeId"), "extension");
        Xsd schema = schemas.get(type);
        if (schema == null) {
            return Verdict.refused(Kind.SYNTAX, "Schema with version " + type + " not found on database.");
        }
        List<String> errors = schema.errors(CdaJudge.source(xml));
        if (!errors.isEmpty()) {
            return Verdict.refused(Kind.SYNTAX, String.join(" ", errors));
        }
        XdmNode template = child(root, "templateId");
        if (template == null) {
            return Verdict.refused(Kind.CRASH, "Error while extracting info for schematron ");
        }
        String templateRoot = attribute(template, "root");
        XsltExecutable schematron = schematrons.get(templateRoot);
        if (schematron == null) {
            return Verdict.refused(
                    Kind.SEMANTIC, "Schematron with template id root " + templateRoot + " not found on database.");
        }
        List<String> failed = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        run(schematron, document, failed, warnings);
        if (!failed.isEmpty()) {
            return Verdict.refused(Kind.SEMANTIC, failed.toString());
        }
        String vocabulary = vocabulary(document);
        if (!vocabulary.isEmpty()) {
            return Verdict.refused(Kind.VOCABULARY, vocabulary);
        }
        return new Verdict(Kind.OK, "", warnings);
    }

    private static void run(XsltExecutable schematron, XdmNode document, List<String> failed, List<String> warnings) {
        try {
            XdmDestination report = new XdmDestination();
            schematron.load30().applyTemplates(document, report);
            for (var it = report.getXdmNode().axisIterator(Axis.DESCENDANT, new QName(SVRL, "text")); it.hasNext(); ) {
                XdmNode text = (XdmNode) it.next();
                switch (text.getParent().getNodeName().getLocalName()) {
                    case "failed-assert" -> failed.add(text.getStringValue());
                    case "successful-report" -> warnings.add(text.getStringValue());
                    default -> {}
                }
            }
        } catch (SaxonApiException e) {
            throw new IllegalStateException(e);
        }
    }

    private String vocabulary(XdmNode document) {
        Set<String> blocked = new TreeSet<>();
        Map<String, Set<String>> unknown = new LinkedHashMap<>();
        for (var it = document.axisIterator(Axis.DESCENDANT); it.hasNext(); ) {
            XdmNode node = (XdmNode) it.next();
            if (node.getNodeKind() != XdmNodeKind.ELEMENT) {
                continue;
            }
            String oid = attribute(node, "codeSystem");
            String code = attribute(node, "code");
            if (oid.isEmpty()) {
                continue;
            }
            if (List.of(oid.split("\\.")).contains("999")
                    || List.of(oid.split("\\.")).contains("9999")) {
                blocked.add(oid);
            }
            CodeSystem system = systems.get(oid);
            if (system != null
                    && !system.whitelisted()
                    && !code.isEmpty()
                    && !system.codes().contains(code)) {
                String name = "CodeSystem: " + oid
                        + (system.version().isEmpty() || system.version().equals("null")
                                ? ""
                                : " v" + system.version());
                unknown.computeIfAbsent(name, k -> new TreeSet<>()).add(code);
            }
        }
        if (!blocked.isEmpty()) {
            return "È stato trovato almeno un dizionario presente in Blocklist: " + blocked;
        }
        if (unknown.isEmpty()) {
            return "";
        }
        List<String> parts = new ArrayList<>();
        new TreeMap<>(unknown).forEach((system, codes) -> parts.add(system + ", Codes: " + String.join(", ", codes)));
        return "Almeno uno dei seguenti vocaboli non è censito: " + parts;
    }

    static XdmNode firstElement(XdmNode document) {
        for (var it = document.axisIterator(Axis.CHILD); it.hasNext(); ) {
            XdmNode node = (XdmNode) it.next();
            if (node.getNodeKind() == XdmNodeKind.ELEMENT) {
                return node;
            }
        }
        return null;
    }

    static XdmNode child(XdmNode parent, String name) {
        if (parent == null) {
            return null;
        }
        var it = parent.axisIterator(Axis.CHILD, new QName("urn:hl7-org:v3", name));
        return it.hasNext() ? (XdmNode) it.next() : null;
    }

    static String attribute(XdmNode node, String name) {
        String value = node == null ? null : node.getAttributeValue(new QName(name));
        return value == null ? "" : value;
    }
}
