package it.snodo.document;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.transform.sax.SAXSource;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.s9api.Axis;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XdmDestination;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.XsltExecutable;
import org.xml.sax.InputSource;

/** The official Schematron run by SchXslt as it is, full SVRL: nothing of the hub's own code takes part. */
final class OfficialSchematron {

    private static final Pattern ID = Pattern.compile("(?:ERRORE-|Errore |)(W?b?[0-9]+[a-z]?)\\s*\\|");
    private final Processor processor = new Processor(false);
    private final XsltExecutable checks;

    OfficialSchematron(Path schematron) throws Exception {
        XdmNode source = processor.newDocumentBuilder().build(schematron.toFile());
        XdmDestination xslt = new XdmDestination();
        var compiler = processor.newXsltCompiler();
        var pipeline = OfficialSchematron.class.getResource("/xslt/2.0/pipeline-for-svrl.xsl");
        try (InputStream in = pipeline.openStream()) {
            compiler.compile(new StreamSource(in, pipeline.toString()))
                    .load30()
                    .applyTemplates(source.asSource(), xslt);
        }
        checks = compiler.compile(xslt.getXdmNode().asSource());
    }

    static OfficialSchematron in(Path fse) throws Exception {
        try (var files = Files.list(fse.resolve("schematron"))) {
            return new OfficialSchematron(files.findFirst().orElseThrow());
        }
    }

    /** Ids of failed assertions and fired reports, sorted, one for each time. */
    List<String> ids(byte[] cda) throws SaxonApiException {
        XdmNode document =
                processor.newDocumentBuilder().build(new SAXSource(new InputSource(new ByteArrayInputStream(cda))));
        XdmDestination svrl = new XdmDestination();
        var run = checks.load30();
        run.setErrorReporter(error -> {});
        run.applyTemplates(document.asSource(), svrl);
        List<String> ids = new ArrayList<>();
        svrl.getXdmNode().axisIterator(Axis.DESCENDANT).forEachRemaining(item -> {
            XdmNode node = item;
            if (node.getNodeName() != null
                    && List.of("failed-assert", "successful-report")
                            .contains(node.getNodeName().getLocalName())) {
                Matcher matcher = ID.matcher(node.getStringValue());
                if (!matcher.find()) {
                    throw new AssertionError("no id in " + node.getStringValue());
                }
                ids.add(matcher.group(1));
            }
        });
        ids.sort(null);
        return ids;
    }
}
