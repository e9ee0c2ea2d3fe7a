package it.snodo.document;

import com.openhtmltopdf.css.extend.StylesheetFactory;
import com.openhtmltopdf.css.parser.CSSParser;
import com.openhtmltopdf.css.sheet.Stylesheet;
import com.openhtmltopdf.css.sheet.StylesheetInfo;
import com.openhtmltopdf.simple.extend.XhtmlNamespaceHandler;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Document;

/** The page's CSS, parsed once: left to itself, openhtmltopdf would read it again for every document. */
final class PageStyle extends XhtmlNamespaceHandler {

    private final StylesheetInfo info;

    /** @throws IllegalArgumentException when the CSS has an error, naming it */
    PageStyle(String css) {
        List<String> errors = new ArrayList<>();
        CSSParser parser = new CSSParser((uri, message) -> errors.add(message));
        try {
            Stylesheet sheet = parser.parseStylesheet("page.css", StylesheetInfo.AUTHOR, new StringReader(css));
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException("page.css: " + String.join("; ", errors));
            }
            info = new StylesheetInfo();
            info.setUri("page.css");
            info.setOrigin(StylesheetInfo.AUTHOR);
            info.setMedia("all");
            info.setType("text/css");
            info.setStylesheet(sheet);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public StylesheetInfo[] getStylesheets(Document document) {
        return new StylesheetInfo[] {info};
    }

    /** None: it has rules for forms and much else, and all rules are sorted anew for every document. */
    @Override
    public StylesheetInfo getDefaultStylesheet(StylesheetFactory factory) {
        return null;
    }
}
