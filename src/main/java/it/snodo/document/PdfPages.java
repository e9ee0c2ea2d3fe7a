package it.snodo.document;

import com.openhtmltopdf.outputdevice.helper.ExternalResourceControlPriority;
import com.openhtmltopdf.pdfboxout.PdfBoxRenderer;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder.PdfAConformance;
import it.snodo.config.ConfigFolder;
import it.snodo.config.Watched;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.s9api.DOMDestination;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.Xslt30Transformer;
import net.sf.saxon.s9api.XsltCompiler;
import net.sf.saxon.s9api.XsltExecutable;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.w3c.dom.DOMImplementation;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Tagged PDF/A-3a pages from an XML document: an XSLT of {@code cda-templates/} makes XHTML of it, a CSS beside it says how
 * that looks. Both can be edited while the hub runs. The same input always gives the same bytes: the dates in the PDF are
 * the document's own.
 */
@Component
public final class PdfPages {

    private static final Logger LOG = LoggerFactory.getLogger(PdfPages.class);
    /** What several sheets have in common; they import it by this very line, and no other. */
    private static final String SHARED = "cda-templates/paper/paper.css";

    private static final String IMPORT = "@import \"../paper/paper.css\";";
    private static final Pattern OTHER_IMPORT = Pattern.compile("(?m)^\\s*@import");
    private static final Consumer<PdfBoxRenderer> OWN_METADATA = ownMetadata();

    private final DOMImplementation documents = documents();
    private final PdfFonts fonts = new PdfFonts();
    private final ConfigFolder folder;
    private final Map<String, Watched<Page>> pages = new ConcurrentHashMap<>();

    /** @param xsl the template's file, to be named where it fails */
    private record Page(String xsl, XsltExecutable xslt, PageStyle style) {}

    public PdfPages(ConfigFolder folder) {
        OpenHtmlLog.install();
        this.folder = folder;
    }

    /**
     * Renders a document of the hub's own.
     *
     * @param template folder and name without ending, such as {@code promemoria/promemoria} for
     *     {@code cda-templates/promemoria/promemoria.xsl} and {@code .css}
     * @param xml what the template reads, without DOCTYPE
     * @throws SnodoException {@link SnodoCode#PDF_FAILED} when the page cannot be made
     */
    public byte[] render(String template, byte[] xml) {
        try {
            return render(template, Xml.tree(xml), xml, (pdf, created) -> {});
        } catch (SaxonApiException e) {
            throw new SnodoException(SnodoCode.PDF_FAILED, "L'XML non si può impaginare: " + e.getMessage(), e);
        }
    }

    /** What is put into a file beside its pages. */
    @FunctionalInterface
    interface Attachment {
        void attach(PDDocument pdf, OffsetDateTime created) throws IOException;
    }

    /** @param source the bytes that the file's identity is made of */
    byte[] render(String template, XdmNode tree, byte[] source, Attachment attachment) {
        try (PDDocument pdf = PdfMarks.document()) {
            Page current = page(template);
            Document xhtml = xhtml(current, tree);
            substituteUndrawable(xhtml);
            draw(xhtml, current.style, pdf);
            PdfMarks.compact(pdf);
            PdfMetadata metadata = PdfMetadata.of(xhtml);
            metadata.writeTo(pdf);
            attachment.attach(pdf, metadata.created());
            pdf.setDocumentId(identity(source));
            ByteArrayOutputStream out = new ByteArrayOutputStream(96 * 1024);
            // Without object streams the signature finds what it needs without inflating and reading all the rest:
            // a millisecond less for 10 kB more.
            pdf.save(out, CompressParameters.NO_COMPRESSION);
            return out.toByteArray();
        } catch (SnodoException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new SnodoException(SnodoCode.PDF_FAILED, "Il PDF/A non è stato prodotto: " + e.getMessage(), e);
        }
    }

    /** Compiled when it is first asked for. */
    private Page page(String template) {
        return pages.computeIfAbsent(template, name -> {
                    String xsl = "cda-templates/" + name + ".xsl";
                    String css = "cda-templates/" + name + ".css";
                    return new Watched<>(folder, List.of(xsl, css, SHARED), from -> compile(from, xsl, css));
                })
                .get();
    }

    /** PDFBox makes the file identifier from this, instead of from the clock. */
    private static long identity(byte[] source) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(source))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Document xhtml(Page current, XdmNode tree) {
        Document result = documents.createDocument(null, null, null);
        try {
            Xslt30Transformer transformer = current.xslt.load30();
            transformer.setErrorReporter(error -> {
                // What stops the transformation is thrown as well, and told below.
            });
            transformer.setGlobalContextItem(tree);
            transformer.applyTemplates(tree, new DOMDestination(result));
            return result;
        } catch (SaxonApiException e) {
            String line = e.getLineNumber() > 0 ? ", riga " + e.getLineNumber() : "";
            throw new SnodoException(SnodoCode.PDF_FAILED, current.xsl + line + ": " + e.getMessage(), e);
        }
    }

    private static DOMImplementation documents() {
        try {
            return DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A character that no font has would break PDF/A: it is shown as a sign, and the page says so. */
    private void substituteUndrawable(Document xhtml) {
        boolean substituted = substitute(xhtml.getDocumentElement());
        if (!substituted) {
            Element note = find(xhtml.getDocumentElement(), "substituted-characters");
            if (note != null) {
                note.getParentNode().removeChild(note);
            }
        }
    }

    private boolean substitute(Node node) {
        boolean any = false;
        for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeType() == Node.TEXT_NODE) {
                String text = child.getNodeValue();
                String drawable = drawable(text);
                if (drawable != text) {
                    child.setNodeValue(drawable);
                    any |= drawable.contains(PdfFonts.SUBSTITUTE);
                }
            } else if (child.hasChildNodes()
                    && !"substituted-characters".equals(((Element) child).getAttribute("id"))) {
                any |= substitute(child);
            }
        }
        return any;
    }

    /** The same string when all of it can be drawn. */
    private String drawable(String text) {
        boolean plain = true;
        for (int i = 0; i < text.length() && plain; i++) {
            char c = text.charAt(i);
            plain = c < 0x300 && (fonts.canDraw(c) || c == '\n' || c == '\t' || c == '\r');
        }
        if (plain) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFC).codePoints().forEach(c -> {
            if (fonts.canDraw(c)) {
                result.appendCodePoint(c);
            } else if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                result.append(' ');
            } else if (!isInvisible(c)) {
                result.append(PdfFonts.SUBSTITUTE);
            }
        });
        return result.toString();
    }

    private static boolean isInvisible(int c) {
        int type = Character.getType(c);
        return type == Character.FORMAT
                || type == Character.CONTROL
                || type == Character.NON_SPACING_MARK && c >= 0xFE00 && c <= 0xFE0F;
    }

    private static Element find(Element element, String id) {
        if (id.equals(element.getAttribute("id"))) {
            return element;
        }
        for (Node child = element.getLastChild(); child != null; child = child.getPreviousSibling()) {
            if (child instanceof Element inner) {
                Element found = find(inner, id);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private void draw(Document xhtml, PageStyle style, PDDocument pdf) throws IOException {
        PdfRendererBuilder builder = new PdfRendererBuilder();
        builder.usePDDocument(pdf);
        builder.usePdfAConformance(PdfAConformance.PDFA_3_A);
        builder.useNamespaceHandler(style);
        builder.useExternalResourceAccessControl(
                (uri, type) -> false, ExternalResourceControlPriority.RUN_BEFORE_RESOLVING_URI);
        fonts.register(builder, pdf);
        builder.withW3cDocument(xhtml, "");
        try (PdfBoxRenderer renderer = builder.buildPdfRenderer()) {
            OWN_METADATA.accept(renderer);
            renderer.createPDFWithoutClosing();
        }
    }

    /**
     * Keeps openhtmltopdf, which has by now set itself to write tags, from making metadata through xmpbox: it costs more
     * than the pages do, and {@link PdfMetadata} replaces it. There is no setting for it; with a release that has other
     * fields this does nothing and costs some milliseconds.
     */
    private static Consumer<PdfBoxRenderer> ownMetadata() {
        try {
            Field conformance = PdfBoxRenderer.class.getDeclaredField("_pdfAConformance");
            conformance.setAccessible(true);
            return renderer -> {
                try {
                    conformance.set(renderer, PdfAConformance.NONE);
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            };
        } catch (NoSuchFieldException | RuntimeException e) {
            LOG.info("openhtmltopdf has changed, its own metadata is made and thrown away: {}", e.toString());
            return renderer -> {};
        }
    }

    private static Page compile(ConfigFolder folder, String xsl, String css) {
        List<String> errors = new ArrayList<>();
        try {
            XsltCompiler compiler = Xml.PROCESSOR.newXsltCompiler();
            compiler.setErrorReporter(error -> {
                if (!error.isWarning()) {
                    errors.add("riga " + error.getLocation().getLineNumber() + ": " + error.getMessage());
                }
            });
            XsltExecutable xslt = compiler.compile(
                    new StreamSource(new ByteArrayInputStream(folder.read(xsl)), folder.systemId(xsl)));
            return new Page(xsl, xslt, new PageStyle(style(folder, css)));
        } catch (SaxonApiException e) {
            throw new SnodoException(SnodoCode.PDF_FAILED, xsl + ": " + String.join("; ", errors), e);
        }
    }

    /** The sheet, with the shared one in place of the line that imports it. */
    private static String style(ConfigFolder folder, String css) {
        String sheet = new String(folder.read(css), StandardCharsets.UTF_8);
        if (sheet.contains(IMPORT)) {
            sheet = sheet.replace(IMPORT, new String(folder.read(SHARED), StandardCharsets.UTF_8));
        }
        if (OTHER_IMPORT.matcher(sheet).find()) {
            throw new SnodoException(SnodoCode.PDF_FAILED, css + ": si può importare solo con la riga " + IMPORT);
        }
        return sheet;
    }
}
