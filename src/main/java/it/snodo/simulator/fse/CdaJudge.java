package it.snodo.simulator.fse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.sax.SAXSource;
import net.sf.saxon.lib.Feature;
import net.sf.saxon.s9api.DocumentBuilder;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.WhitespaceStrippingPolicy;
import net.sf.saxon.s9api.XdmNode;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;

/** What the gateway's validator says of a CDA. */
interface CdaJudge {

    enum Kind {
        OK,
        SYNTAX,
        SEMANTIC,
        VOCABULARY,
        /** The validator itself breaks. */
        CRASH
    }

    /**
     * @param message the refusal's detail; empty when accepted
     * @param warnings what is said although it is accepted
     */
    record Verdict(Kind kind, String message, List<String> warnings) {
        static Verdict refused(Kind kind, String message) {
            return new Verdict(kind, message, List.of());
        }
    }

    Verdict judge(CdaText cda);

    /**
     * The judge for a folder of official files, or with own rules where there is none. It is loaded once for the process,
     * aside, from the first time that this is asked: it takes a second or two of a processor that the start needs itself.
     */
    static CompletableFuture<CdaJudge> of(Path officialFiles) {
        boolean official = OfficialJudge.canUse(officialFiles);
        String key = official ? officialFiles.toAbsolutePath().normalize().toString() : "";
        return Loaded.JUDGES.computeIfAbsent(
                key,
                k -> CompletableFuture.supplyAsync(
                        () -> official ? OfficialJudge.load(officialFiles) : new OwnJudge(), task -> {
                            Thread thread = new Thread(task, "simulator-fse-rules");
                            thread.setDaemon(true);
                            thread.start();
                        }));
    }

    /** What was loaded already. */
    final class Loaded {
        private static final Map<String, CompletableFuture<CdaJudge>> JUDGES = new ConcurrentHashMap<>();

        private Loaded() {}
    }

    /** A parser that takes no DOCTYPE and reads nothing from outside the document. */
    static XMLReader reader() {
        try {
            SAXParserFactory factory = SAXParserFactory.newDefaultNSInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
            XMLReader reader = factory.newSAXParser().getXMLReader();
            reader.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
            return reader;
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException(e);
        }
    }

    static SAXSource source(byte[] xml) {
        return new SAXSource(reader(), new InputSource(new ByteArrayInputStream(xml)));
    }

    /** A Saxon that opens no file and no address. */
    static Processor processor() {
        Processor processor = new Processor(false);
        processor.setConfigurationProperty(Feature.ALLOWED_PROTOCOLS, "");
        // a document that is not well-formed is an answer, not news for the console
        processor.getUnderlyingConfiguration().setErrorReporterFactory(config -> error -> {});
        return processor;
    }

    static XdmNode parse(Processor processor, byte[] xml) throws IOException {
        DocumentBuilder builder = processor.newDocumentBuilder();
        builder.setWhitespaceStrippingPolicy(WhitespaceStrippingPolicy.NONE);
        try {
            return builder.build(source(xml));
        } catch (SaxonApiException e) {
            throw new IOException(e);
        }
    }
}
