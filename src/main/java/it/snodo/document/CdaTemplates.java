package it.snodo.document;

import it.snodo.certificate.CertificateDocument;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.config.ConfigFolder;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.xml.stream.XMLStreamException;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.s9api.BuildingStreamWriter;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.Serializer;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.Xslt30Transformer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Makes CDA documents with the XSLT 3.0 templates of {@code cda-templates/}: one folder for each document type, and in
 * it one stylesheet for each thing to be made. A template is compiled once and again when one of its files changes; an
 * edit that does not compile leaves the last good one in force. Templates reach no file outside {@code cda-templates/}
 * and no network. The same input gives the same bytes every time.
 *
 * <p>Safe to share between threads.
 */
@Component
public class CdaTemplates {

    /** The certificate as "Referto di Specialistica Ambulatoriale". */
    public static final String RSA_CERTIFICATE = "rsa/certificate";

    private static final Logger LOG = LoggerFactory.getLogger(CdaTemplates.class);
    private static final int USUAL_SIZE = 16 * 1024;

    private final Processor processor = TemplateFile.processor();
    private final ConfigFolder folder;
    private final Map<String, TemplateFile> templates = new ConcurrentHashMap<>();

    public CdaTemplates(ConfigFolder folder) {
        this.folder = folder;
    }

    /**
     * The CDA of a certificate.
     *
     * @return an XML document in UTF-8 with its declaration
     * @throws SnodoException with {@link SnodoCode#TEMPLATE_FAILED}, naming the template's file and line
     */
    public byte[] render(CertificateDocument document) {
        try {
            BuildingStreamWriter tree = processor.newDocumentBuilder().newBuildingStreamWriter();
            CertificateRequestCodec.write(document, tree);
            return render(RSA_CERTIFICATE, tree.getDocumentNode());
        } catch (SaxonApiException | XMLStreamException e) {
            throw new IllegalStateException("a certificate document can always be written", e);
        }
    }

    /**
     * What a template makes of an XML input.
     *
     * @param template folder and name without ending, such as {@code rsa/certificate} for
     *     {@code cda-templates/rsa/certificate.xsl}
     * @param input an XML document as text, without DOCTYPE
     * @return an XML document in UTF-8 with its declaration
     * @throws SnodoException with {@link SnodoCode#TEMPLATE_FAILED}, naming the template's file and line
     */
    public byte[] render(String template, String input) {
        return render(template, read(template, input));
    }

    private byte[] render(String template, XdmNode source) {
        TemplateFile file = templates.computeIfAbsent(template, name -> new TemplateFile(processor, folder, name));
        try {
            Xslt30Transformer transformer = file.executable().load30();
            transformer.setMessageHandler(message -> LOG.debug("{}: {}", template, message.getContent()));
            transformer.setErrorReporter(error -> {
                // What stops the transformation is thrown as well, and told there.
                if (error.isWarning()) {
                    LOG.debug("{}: {}", template, error.getMessage());
                }
            });
            transformer.setGlobalContextItem(source);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_SIZE);
            Serializer serializer = transformer.newSerializer(bytes);
            // Not left to the template: the gateway reads nothing but UTF-8 with its declaration.
            serializer.setOutputProperty(Serializer.Property.ENCODING, "UTF-8");
            serializer.setOutputProperty(Serializer.Property.OMIT_XML_DECLARATION, "no");
            transformer.applyTemplates(source, serializer);
            return bytes.toByteArray();
        } catch (SaxonApiException e) {
            throw new SnodoException(SnodoCode.TEMPLATE_FAILED, file.explain(e), e);
        }
    }

    private XdmNode read(String template, String input) {
        try {
            return processor.newDocumentBuilder().build(new StreamSource(new StringReader(input)));
        } catch (SaxonApiException e) {
            throw new SnodoException(
                    SnodoCode.TEMPLATE_FAILED, "ciò che il modello " + template + " riceve non è XML leggibile", e);
        }
    }

    /** Templates whose last edit could not be taken, with the reason; empty when all is well. Shown in health. */
    public Map<String, String> errors() {
        Map<String, String> errors = new TreeMap<>();
        templates.forEach((name, file) -> {
            if (file.error() != null) {
                errors.put(name, file.error());
            }
        });
        return errors;
    }
}
