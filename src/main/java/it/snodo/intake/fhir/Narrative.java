package it.snodo.intake.fhir;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.utilities.xhtml.NodeType;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;

/**
 * The text of a section, as paragraphs: one for each block of its XHTML. Where a sign of the layout carries meaning it is
 * kept in words or characters: 10<sup>3</sup> is not 103, and what was struck out was not said.
 */
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
    /** Never shown, so no text. */
    private static final Set<String> HIDDEN = Set.of("script", "style", "head", "title");

    private static final Set<String> STRUCK = Set.of("s", "strike", "del");
    private static final String PLAIN = "0123456789+-=()n";
    private static final String RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ";
    private static final String LOWERED = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙ";

    private final List<String> paragraphs = new ArrayList<>();
    private final StringBuilder current = new StringBuilder();
    /** The number of the list item that begins. */
    private String mark = "";

    private Narrative() {}

    /** Whether there is something to see that no text can stand for. */
    static boolean hasImage(XhtmlNode node) {
        String name = node.getName() == null ? "" : node.getName();
        return Set.of("img", "object", "svg", "map").contains(name)
                || node.getNodeType() != NodeType.Text
                        && node.getChildNodes().stream().anyMatch(Narrative::hasImage);
    }

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
        if (HIDDEN.contains(name)) {
            return;
        }
        boolean block = BLOCKS.contains(name);
        if (block) {
            flush();
        } else if (CELLS.contains(name)) {
            current.append(' ');
        }
        if (STRUCK.contains(name)) {
            current.append("[barrato: ");
        }
        int from = current.length();
        children(node, name);
        if (name.equals("sup") || name.equals("sub")) {
            String inner = current.substring(from);
            current.setLength(from);
            current.append(shifted(inner, name.equals("sup")));
        } else if (STRUCK.contains(name)) {
            current.append(']');
        }
        if (block) {
            flush();
        }
    }

    private void children(XhtmlNode node, String name) {
        int number = 0;
        for (XhtmlNode child : node.getChildNodes()) {
            if (name.equals("ol") && "li".equals(child.getName())) {
                flush();
                number++;
                mark = number + ". ";
            }
            walk(child);
        }
    }

    /** With the signs that Unicode has for it; otherwise said by a sign or as it is. */
    private static String shifted(String inner, boolean raised) {
        StringBuilder signs = new StringBuilder();
        for (char c : inner.strip().replace('−', '-').toCharArray()) {
            int at = PLAIN.indexOf(c);
            if (at < 0) {
                return raised && inner.chars().anyMatch(Character::isDigit) ? "^(" + inner.strip() + ")" : inner;
            }
            signs.append((raised ? RAISED : LOWERED).charAt(at));
        }
        return signs.toString();
    }

    private void flush() {
        String text = current.toString().replaceAll("[ \\t\\r\\n]+", " ").strip();
        current.setLength(0);
        if (!text.isEmpty()) {
            paragraphs.add(mark + text);
            mark = "";
        }
    }
}
