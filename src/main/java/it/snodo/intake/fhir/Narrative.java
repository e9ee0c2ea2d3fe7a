package it.snodo.intake.fhir;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.utilities.xhtml.NodeType;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;

/** The text of a section, as paragraphs: one for each block of its XHTML. */
final class Narrative {

    private static final Set<String> BLOCKS = Set.of(
            "div",
            "p",
            "li",
            "ul",
            "ol",
            "dl",
            "dt",
            "dd",
            "tr",
            "table",
            "tbody",
            "thead",
            "tfoot",
            "caption",
            "br",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "pre",
            "hr");
    private static final Set<String> CELLS = Set.of("td", "th");

    private final List<String> paragraphs = new ArrayList<>();
    private final StringBuilder current = new StringBuilder();

    private Narrative() {}

    static List<String> paragraphs(XhtmlNode div) {
        Narrative narrative = new Narrative();
        narrative.walk(div);
        narrative.flush();
        return narrative.paragraphs;
    }

    private void walk(XhtmlNode node) {
        if (node.getNodeType() == NodeType.Text) {
            current.append(node.getContent());
            return;
        }
        if (node.getNodeType() != NodeType.Element && node.getNodeType() != NodeType.Document) {
            return;
        }
        String name = node.getName() == null ? "" : node.getName();
        boolean block = BLOCKS.contains(name);
        if (block) {
            flush();
        } else if (CELLS.contains(name)) {
            current.append(' ');
        }
        for (XhtmlNode child : node.getChildNodes()) {
            walk(child);
        }
        if (block) {
            flush();
        }
    }

    private void flush() {
        String text = current.toString().replaceAll("[ \\t\\r\\n]+", " ").strip();
        current.setLength(0);
        if (!text.isEmpty()) {
            paragraphs.add(text);
        }
    }
}
