package it.snodo.aura.soap;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * An answer of AURA, read by local names: its lists come in another namespace than the rest, with children in none, and nobody
 * has the schema at hand.
 */
record Tree(Element element) {

    private static final DateTimeFormatter ITALIAN = DateTimeFormatter.ofPattern("dd/MM/uuuu");
    private static final DateTimeFormatter COMPACT = DateTimeFormatter.ofPattern("uuuuMMdd");

    String name() {
        return element.getLocalName() == null ? element.getNodeName() : element.getLocalName();
    }

    private List<Tree> children() {
        List<Tree> children = new ArrayList<>();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child) {
                children.add(new Tree(child));
            }
        }
        return children;
    }

    /** The first child of that name; of a missing one too, an empty element. */
    Tree at(String name) {
        return children().stream()
                .filter(child -> child.name().equals(name))
                .findFirst()
                .orElseGet(() -> new Tree(element.getOwnerDocument().createElement(name)));
    }

    /** All elements of that name, however deep, in their order. */
    List<Tree> all(String name) {
        List<Tree> found = new ArrayList<>();
        collect(name, found);
        return found;
    }

    private void collect(String name, List<Tree> found) {
        for (Tree child : children()) {
            if (child.name().equals(name)) {
                found.add(child);
            }
            child.collect(name, found);
        }
    }

    boolean has(String name) {
        return children().stream().anyMatch(child -> child.name().equals(name));
    }

    /** Elements below, however deep, that have a child of that name. */
    List<Tree> withChild(String name) {
        List<Tree> found = new ArrayList<>();
        for (Tree child : children()) {
            if (child.has(name)) {
                found.add(child);
            } else {
                found.addAll(child.withChild(name));
            }
        }
        return found;
    }

    boolean isEmpty() {
        return element.getFirstChild() == null;
    }

    /** Text of that child; null when it is absent or blank. */
    String text(String name) {
        String text = at(name).element.getTextContent().trim();
        return text.isEmpty() ? null : text;
    }

    /**
     * Day of that child, written dd/MM/yyyy, yyyy-MM-dd (with or without a time) or yyyyMMdd; null when it is absent, unreadable
     * or in the year 9999, which means no end.
     */
    LocalDate day(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            LocalDate day = text.indexOf('/') > 0
                    ? LocalDate.parse(text.substring(0, Math.min(10, text.length())), ITALIAN)
                    : text.matches("\\d{8}")
                            ? LocalDate.parse(text, COMPACT)
                            : LocalDate.parse(text.substring(0, Math.min(10, text.length())));
            return day.getYear() >= 9999 ? null : day;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
