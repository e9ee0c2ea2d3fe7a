package it.snodo.document;

import it.snodo.config.ConfigFolder;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XdmNode;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Makes the document that a person gets: the CDA as tagged PDF/A-3a pages, in Italian, with the CDA itself attached as
 * {@code cda.xml}, byte for byte.
 *
 * <p>The pages are shaped by {@code cda-templates/page/page.xsl} and {@code page.css}, which can be edited while the hub
 * runs.
 */
@Component
public final class PdfRenderer {

    private static final String TEMPLATE = "page/page";

    private final PdfPages pages;

    @Autowired
    PdfRenderer(PdfPages pages) {
        this.pages = pages;
    }

    public PdfRenderer(ConfigFolder folder) {
        this(new PdfPages(folder));
    }

    /**
     * Renders an RSA.
     *
     * @param cda a well-formed CDA R2 without DOCTYPE, in UTF-8 or as its declaration says
     * @return unsigned PDF/A-3a without form fields, ready to be validated and signed
     * @throws SnodoException {@link SnodoCode#PDF_FAILED} when the CDA cannot be read or the page cannot be made
     */
    public byte[] render(byte[] cda) {
        try {
            return render(cda, Xml.tree(cda));
        } catch (SaxonApiException e) {
            throw new SnodoException(SnodoCode.PDF_FAILED, "Il CDA non si può impaginare: " + e.getMessage(), e);
        }
    }

    /** As {@link #render(byte[])}, without reading again what the checks have read. */
    public byte[] render(CheckedCda cda) {
        return cda.tree() == null ? render(cda.bytes()) : render(cda.bytes(), cda.tree());
    }

    private byte[] render(byte[] cda, XdmNode tree) {
        return pages.render(TEMPLATE, tree, cda, (pdf, created) -> PdfCda.attach(pdf, cda, created));
    }
}
