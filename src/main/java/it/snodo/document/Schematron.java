package it.snodo.document;

import it.snodo.document.ValidationReport.Finding;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.transform.Source;
import javax.xml.transform.sax.SAXSource;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.QName;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XdmDestination;
import net.sf.saxon.s9api.XdmItem;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.Xslt30Transformer;
import net.sf.saxon.s9api.XsltCompiler;
import net.sf.saxon.s9api.XsltExecutable;
import net.sf.saxon.trans.XPathException;
import org.xml.sax.InputSource;

/**
 * A Schematron schema, compiled once: ours ({@code xsd/rsa.sch}) or the official one put in its place. Safe to share
 * between threads.
 */
final class Schematron {

    private static final String TO_XSLT = "/it/snodo/document/schematron-to-xslt.xsl";
    private static final String SCHXSLT = "/xslt/2.0/";
    private static final QName ID = new QName("id");
    private static final QName LOCATION = new QName("location");

    /** How the official messages begin: {@code ERRORE-b20| …}, {@code Errore 47| …}, {@code W003 | …}. */
    private static final Pattern OFFICIAL =
            Pattern.compile("^\\s*(?:ERRORE-|Errore\\s+)?([A-Za-z]?\\d+[a-z]?)\\s*\\|\\s*");

    private final XsltExecutable checks;

    private Schematron(XsltExecutable checks) {
        this.checks = checks;
    }

    /**
     * Compiles a schema.
     *
     * @param processor documents to check must be built by the same one
     * @param schema the Schematron file's bytes
     * @param name of the file, for messages
     * @throws IllegalArgumentException when it is not Schematron that can be compiled; the message says where
     */
    static Schematron compile(Processor processor, byte[] schema, String name) {
        List<String> errors = new ArrayList<>();
        try {
            XdmNode source = processor
                    .newDocumentBuilder()
                    .build(new SAXSource(Xml.reader(), new InputSource(new ByteArrayInputStream(schema))));
            if (new String(schema, StandardCharsets.UTF_8).matches("(?s).*\\b(abstract|is-a)\\s*=.*")) {
                // SchXslt resolves what is abstract; most schemas have nothing of the kind and start sooner without
                source = transform(processor, SCHXSLT + "expand.xsl", source, errors);
            }
            XdmNode xslt = transform(processor, TO_XSLT, source, errors);
            return new Schematron(compiler(processor, errors).compile(xslt.asSource()));
        } catch (SaxonApiException e) {
            throw new IllegalArgumentException(
                    name + " non è uno Schematron utilizzabile: "
                            + (errors.isEmpty() ? e.getMessage() : String.join("; ", errors)),
                    e);
        }
    }

    /**
     * Checks a document.
     *
     * @param failed receives failed assertions, in document order
     * @param warnings receives fired reports
     * @throws SaxonApiException when a condition of the schema cannot be evaluated on this document
     */
    void check(XdmNode document, List<Finding> failed, List<Finding> warnings) throws SaxonApiException {
        Xslt30Transformer run = checks.load30();
        run.setErrorReporter(error -> {}); // thrown as well; nothing of a document goes to the console
        for (XdmItem item : run.applyTemplates(document)) {
            XdmNode found = (XdmNode) item;
            boolean report = found.getNodeName().getLocalName().equals("report");
            (report ? warnings : failed).add(finding(found));
        }
    }

    private static Finding finding(XdmNode found) {
        String text = found.getStringValue();
        String id = found.getAttributeValue(ID);
        Matcher official = OFFICIAL.matcher(text);
        if (official.find()) {
            id = official.group(1);
            text = text.substring(official.end());
        } else if (id == null) {
            id = "?";
        } else if (id.startsWith("rsa-")) {
            id = id.substring("rsa-".length());
        }
        return new Finding(id, text.strip().replaceAll("\\s+", " "), found.getAttributeValue(LOCATION));
    }

    private static XdmNode transform(Processor processor, String stylesheet, XdmNode source, List<String> errors)
            throws SaxonApiException {
        XdmDestination result = new XdmDestination();
        compiler(processor, errors).compile(resource(stylesheet)).load30().applyTemplates(source.asSource(), result);
        return result.getXdmNode();
    }

    private static XsltCompiler compiler(Processor processor, List<String> errors) {
        XsltCompiler compiler = processor.newXsltCompiler();
        compiler.setErrorReporter(error -> {
            if (!error.isWarning()) {
                errors.add(error.getMessage());
            }
        });
        compiler.setResourceResolver(request -> {
            String file = request.uri.substring(request.uri.lastIndexOf('/') + 1);
            InputStream in = Schematron.class.getResourceAsStream(SCHXSLT + file);
            if (in == null) {
                throw new XPathException("not part of the hub: " + request.uri);
            }
            return new StreamSource(in, request.uri);
        });
        return compiler;
    }

    private static Source resource(String name) {
        return new StreamSource(
                Objects.requireNonNull(Schematron.class.getResourceAsStream(name), name), "classpath:" + name);
    }
}
