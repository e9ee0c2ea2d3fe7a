package it.snodo.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;

/**
 * Writes the marks of a page's content in place. openhtmltopdf makes an object of the file for every mark, also round
 * the background of each box that has none: two thirds of the objects of a certificate, which cost more to write, and to
 * read again for the signature, than the text.
 */
final class PdfMarks {

    private static final byte[] END = "EMC\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BEGIN = " BDC".getBytes(StandardCharsets.US_ASCII);
    private static final COSName PAGINATION = COSName.getPDFName("Pagination");

    private PdfMarks() {}

    /** An empty document whose pages number their marks instead of looking each of them up among all others. */
    static PDDocument document() {
        return new PDDocument() {
            @Override
            public void addPage(PDPage page) {
                if (page.getResources() == null) {
                    page.setResources(new PDResources());
                }
                page.getResources().getCOSObject().setItem(COSName.PROPERTIES, new Marks());
                super.addPage(page);
            }
        };
    }

    /** The marks of a page in the order in which they are made. No two are the same, so each is new and gets a number. */
    private static final class Marks extends COSDictionary {

        private static final COSName[] NUMBERS = IntStream.range(0, 1024)
                .mapToObj(n -> COSName.getPDFName(String.valueOf(n)))
                .toArray(COSName[]::new);

        private final List<COSDictionary> made = new ArrayList<>();

        @Override
        public boolean containsValue(Object value) {
            return true;
        }

        @Override
        public COSName getKeyForValue(Object value) {
            int number = made.size();
            made.add((COSDictionary) value);
            return number < NUMBERS.length ? NUMBERS[number] : COSName.getPDFName(String.valueOf(number));
        }
    }

    /** Leaves the marked text as it is, bound to the same elements of the structure tree. */
    static void compact(PDDocument pdf) throws IOException {
        for (PDPage page : pdf.getPages()) {
            COSDictionary resources = page.getResources().getCOSObject();
            if (resources.getCOSDictionary(COSName.PROPERTIES) instanceof Marks marks
                    && page.getCOSObject().getDictionaryObject(COSName.CONTENTS) instanceof COSStream content) {
                byte[] before;
                try (InputStream in = content.createInputStream()) {
                    before = in.readAllBytes();
                }
                try (var out = content.createOutputStream(COSName.FLATE_DECODE)) {
                    rewrite(before, marks.made).writeTo(out);
                }
                resources.removeItem(COSName.PROPERTIES);
            }
        }
    }

    /** PDFBox ends every operator with a line feed and never writes one into a string. */
    private static ByteArrayOutputStream rewrite(byte[] content, List<COSDictionary> marks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length);
        int kept = 0; // from here on nothing has been written yet
        int line = 0;
        while (line < content.length) {
            int end = line;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            int next = Math.min(end + 1, content.length);
            COSDictionary mark = content[line] == '/' ? mark(content, line, end, marks) : null;
            if (mark != null) {
                out.write(content, kept, line - kept);
                if (mark.containsKey(COSName.MCID)) {
                    write(out, tag(content, line) + " <</MCID " + mark.getInt(COSName.MCID) + ">> BDC\n");
                } else if (startsWith(content, next, END)) {
                    // nothing is marked
                    next += END.length;
                } else if (PAGINATION.equals(mark.getCOSName(COSName.TYPE))) {
                    write(out, "/Artifact <</Type /Pagination>> BDC\n");
                } else {
                    write(out, tag(content, line) + " BMC\n");
                }
                kept = next;
            }
            line = next;
        }
        out.write(content, kept, content.length - kept);
        return out;
    }

    /** The mark of {@code /Tag /number BDC}; null for any other line. */
    private static COSDictionary mark(byte[] content, int from, int to, List<COSDictionary> marks) {
        int end = to - BEGIN.length;
        if (end <= from || !startsWith(content, end, BEGIN)) {
            return null;
        }
        int at = from + 1;
        while (at < end && content[at] != ' ') {
            at++;
        }
        if (at + 2 >= end || content[at + 1] != '/') {
            return null;
        }
        int number = 0;
        for (int i = at + 2; i < end; i++) {
            if (content[i] < '0' || content[i] > '9') {
                return null;
            }
            number = 10 * number + content[i] - '0';
        }
        return number < marks.size() ? marks.get(number) : null;
    }

    private static String tag(byte[] content, int line) {
        int end = line;
        while (content[end] != ' ') {
            end++;
        }
        return new String(content, line, end - line, StandardCharsets.US_ASCII);
    }

    private static boolean startsWith(byte[] content, int at, byte[] what) {
        return at + what.length <= content.length && Arrays.equals(content, at, at + what.length, what, 0, what.length);
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
