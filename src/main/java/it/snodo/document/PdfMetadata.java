package it.snodo.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DeflaterOutputStream;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.cos.COSString;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentCatalog;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * What a PDF says of itself, the same in the information dictionary and in XMP, as PDF/A wants.
 *
 * @param title title of the document
 * @param author who wrote it; may be empty
 * @param subject number and version
 * @param created the document's own date
 */
record PdfMetadata(String title, String author, String subject, OffsetDateTime created) {

    private static final String PRODUCER = "Snodo";
    /** The profile as it stands in the file, compressed. */
    private static final byte[] SRGB =
            deflated(java.awt.color.ICC_Profile.getInstance(java.awt.color.ColorSpace.CS_sRGB)
                    .getData());

    private static final Pattern TIME =
            Pattern.compile("(\\d{4})(\\d\\d)?(\\d\\d)?(\\d\\d)?(\\d\\d)?(\\d\\d)?(?:\\.\\d+)?([+-]\\d{4})?");

    /** Reads title, author, subject and date from the head of the page. */
    static PdfMetadata of(Document xhtml) {
        String title = "";
        String author = "";
        String subject = "";
        String date = "";
        Element head = (Element) xhtml.getDocumentElement().getFirstChild();
        NodeList children = head.getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            Element element = (Element) children.item(i);
            if (element.getLocalName().equals("title")) {
                title = element.getTextContent();
            } else if (element.getLocalName().equals("meta")) {
                String content = element.getAttribute("content");
                switch (element.getAttribute("name")) {
                    case "author" -> author = content;
                    case "subject" -> subject = content;
                    case "date" -> date = content;
                    default -> {}
                }
            }
        }
        return new PdfMetadata(title, author, subject, time(date));
    }

    /** HL7 time, of whatever precision, in UTC when it names no zone; the epoch when there is none. */
    static OffsetDateTime time(String hl7) {
        Matcher match = TIME.matcher(hl7);
        try {
            if (match.matches()) {
                return OffsetDateTime.of(
                        Integer.parseInt(match.group(1)),
                        part(match.group(2), 1),
                        part(match.group(3), 1),
                        part(match.group(4), 0),
                        part(match.group(5), 0),
                        part(match.group(6), 0),
                        0,
                        match.group(7) == null ? ZoneOffset.UTC : ZoneOffset.of(match.group(7)));
            }
        } catch (java.time.DateTimeException e) {
            // an impossible date is the validator's affair, not the page's
        }
        return OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    }

    private static int part(String digits, int absent) {
        return digits == null ? absent : Integer.parseInt(digits);
    }

    Calendar calendar() {
        return calendar(created);
    }

    static Calendar calendar(OffsetDateTime time) {
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone(time.getOffset()));
        calendar.setTimeInMillis(time.toInstant().toEpochMilli());
        return calendar;
    }

    void writeTo(PDDocument pdf) throws IOException {
        PDDocumentInformation info = new PDDocumentInformation();
        info.setTitle(title);
        if (!author.isEmpty()) {
            info.setAuthor(author);
        }
        info.setSubject(subject);
        info.setCreator(PRODUCER);
        info.setProducer(PRODUCER);
        info.setCreationDate(calendar());
        info.setModificationDate(calendar());
        pdf.setDocumentInformation(info);

        COSDictionary catalog = pdf.getDocumentCatalog().getCOSObject();
        COSStream metadata = pdf.getDocument().createCOSStream();
        metadata.setItem(COSName.TYPE, COSName.METADATA);
        metadata.setItem(COSName.SUBTYPE, COSName.getPDFName("XML"));
        try (var out = metadata.createOutputStream()) {
            out.write(xmp().getBytes(StandardCharsets.UTF_8));
        }
        catalog.setItem(COSName.METADATA, metadata);
        COSDictionary marked = new COSDictionary();
        marked.setBoolean("Marked", true);
        catalog.setItem(COSName.MARK_INFO, marked);
        catalog.setString(COSName.LANG, "it-IT");
        COSDictionary viewer = new COSDictionary();
        viewer.setBoolean("DisplayDocTitle", true);
        catalog.setItem(COSName.VIEWER_PREFERENCES, viewer);
        outputIntent(pdf, pdf.getDocumentCatalog());
    }

    private static void outputIntent(PDDocument pdf, PDDocumentCatalog catalog) throws IOException {
        COSStream profile = pdf.getDocument().createCOSStream();
        profile.setInt(COSName.N, 3);
        profile.setItem(COSName.FILTER, COSName.FLATE_DECODE);
        try (var out = profile.createRawOutputStream()) {
            out.write(SRGB);
        }
        COSDictionary intent = new COSDictionary();
        intent.setItem(COSName.TYPE, COSName.OUTPUT_INTENT);
        intent.setItem(COSName.S, COSName.GTS_PDFA1);
        intent.setItem(COSName.OUTPUT_CONDITION_IDENTIFIER, new COSString("sRGB IEC61966-2.1"));
        intent.setItem(COSName.INFO, new COSString("sRGB IEC61966-2.1"));
        intent.setItem(COSName.REGISTRY_NAME, new COSString("http://www.color.org"));
        intent.setItem(COSName.DEST_OUTPUT_PROFILE, profile);
        COSArray intents = new COSArray();
        intents.add(intent);
        catalog.getCOSObject().setItem(COSName.OUTPUT_INTENTS, intents);
    }

    private static byte[] deflated(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private String xmp() {
        String time = created.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
        return """
                <?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
                <x:xmpmeta xmlns:x="adobe:ns:meta/">
                <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
                <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" \
                pdfaid:part="3" pdfaid:conformance="A"/>
                <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
                <dc:format>application/pdf</dc:format>
                <dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
                %s<dc:description><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:description>
                <dc:language><rdf:Bag><rdf:li>it-IT</rdf:li></rdf:Bag></dc:language>
                </rdf:Description>
                <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
                <xmp:CreatorTool>%s</xmp:CreatorTool>
                <xmp:CreateDate>%s</xmp:CreateDate>
                <xmp:ModifyDate>%s</xmp:ModifyDate>
                </rdf:Description>
                <rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" pdf:Producer="%s"/>
                </rdf:RDF>
                </x:xmpmeta>
                <?xpacket end="w"?>""".formatted(
                escape(title),
                author.isEmpty()
                        ? ""
                        : "<dc:creator><rdf:Seq><rdf:li>" + escape(author) + "</rdf:li></rdf:Seq></dc:creator>\n",
                escape(subject),
                PRODUCER,
                time,
                time,
                PRODUCER);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
