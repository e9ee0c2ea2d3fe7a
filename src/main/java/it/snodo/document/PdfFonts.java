package it.snodo.document;

import com.openhtmltopdf.extend.FSCacheEx;
import com.openhtmltopdf.extend.FSCacheValue;
import com.openhtmltopdf.extend.impl.FSDefaultCacheStore;
import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.pdfboxout.PDFontSupplier;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;

/**
 * The typefaces of the page: Titillium Web, and DejaVu Sans for what Titillium lacks (Greek, Cyrillic, signs). The files
 * are in Maven artefacts; each is parsed once and embedded in every document as a subset.
 */
final class PdfFonts {

    /** What stands in place of a character that no font has; DejaVu has it. */
    static final String SUBSTITUTE = "□";

    private static final String TITILLIUM =
            "/META-INF/resources/webjars/bootstrap-italia/2.14.0/dist/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-";
    private static final String DEJAVU = "/net/sf/jasperreports/fonts/dejavu/DejaVuSansCondensed";
    private static final int LAST_CODE_POINT = 0x2FFFF;

    private final List<Face> faces = List.of(
            Face.of("Titillium", 400, FontStyle.NORMAL, TITILLIUM + "regular.ttf"),
            Face.of("Titillium", 700, FontStyle.NORMAL, TITILLIUM + "700.ttf"),
            Face.of("Titillium", 400, FontStyle.ITALIC, TITILLIUM + "italic.ttf"),
            Face.of("Titillium", 700, FontStyle.ITALIC, TITILLIUM + "700italic.ttf"),
            Face.of("DejaVu", 400, FontStyle.NORMAL, DEJAVU + ".ttf"),
            Face.of("DejaVu", 700, FontStyle.NORMAL, DEJAVU + "-Bold.ttf"),
            Face.of("DejaVu", 400, FontStyle.ITALIC, DEJAVU + "-Oblique.ttf"),
            Face.of("DejaVu", 700, FontStyle.ITALIC, DEJAVU + "-BoldOblique.ttf"));
    private final FSCacheEx<String, FSCacheValue> metrics = new FSDefaultCacheStore();
    private final BitSet drawable = drawable();

    /** Whether every face can show the character, by itself or through DejaVu, left to right. */
    boolean canDraw(int codePoint) {
        return drawable.get(codePoint);
    }

    /** Gives the faces to a rendering that writes into the document. */
    void register(PdfRendererBuilder builder, PDDocument document) {
        builder.useCacheStore(PdfRendererBuilder.CacheStore.PDF_FONT_METRICS, metrics);
        for (Face face : faces) {
            builder.useFont(new Embedded(document, face.font), face.family, face.weight, face.style, true);
        }
    }

    /** Characters that some weight lacks are left out: they would be a .notdef, which PDF/A forbids. */
    private BitSet drawable() {
        BitSet all = null;
        for (int[] pair : new int[][] {{0, 4}, {1, 5}, {2, 6}, {3, 7}}) {
            BitSet style = faces.get(pair[0]).codePoints();
            style.or(faces.get(pair[1]).codePoints());
            if (all == null) {
                all = style;
            } else {
                all.and(style);
            }
        }
        // Right-to-left scripts need reordering and shaping that this page does not do: wrong letters would be
        // worse than a sign that says that something is missing.
        for (int c = all.nextSetBit(0); c >= 0; c = all.nextSetBit(c + 1)) {
            byte direction = Character.getDirectionality(c);
            if (direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                    || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC
                    || Character.getType(c) == Character.PRIVATE_USE) {
                all.clear(c);
            }
        }
        return all;
    }

    /** Embeds the face in one document, when and only when the document uses it. */
    private static final class Embedded extends PDFontSupplier {
        private final PDDocument document;
        private final TrueTypeFont font;

        Embedded(PDDocument document, TrueTypeFont font) {
            super(null);
            this.document = document;
            this.font = font;
        }

        @Override
        public PDFont supply() {
            try {
                return PDType0Font.load(document, font, true);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private record Face(String family, int weight, FontStyle style, TrueTypeFont font) {

        static Face of(String family, int weight, FontStyle style, String resource) {
            try (InputStream in = Objects.requireNonNull(
                    PdfFonts.class.getResourceAsStream(resource), () -> "font not on the class path: " + resource)) {
                TrueTypeFont font = new TTFParser().parse(new RandomAccessReadBuffer(in.readAllBytes()));
                // ligatures cost time and are a trouble to those who search the text
                font.setEnableGsub(false);
                // read what is read lazily, before threads share the font
                font.getName();
                font.getOS2Windows();
                font.getPostScript();
                font.getHorizontalHeader();
                font.getHorizontalMetrics();
                font.getIndexToLocation();
                font.getGlyph();
                font.getKerning();
                return new Face(family, weight, style, font);
            } catch (IOException e) {
                throw new UncheckedIOException("font unreadable: " + resource, e);
            }
        }

        BitSet codePoints() {
            try {
                CmapLookup cmap = font.getUnicodeCmapLookup();
                BitSet result = new BitSet();
                for (int c = ' '; c <= LAST_CODE_POINT; c++) {
                    if (cmap.getGlyphId(c) != 0) {
                        result.set(c);
                    }
                }
                return result;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
