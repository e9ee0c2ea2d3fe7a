package it.snodo.document;

import net.sf.saxon.s9api.XdmNode;

/**
 * A CDA after its checks, with the tree that they read, so that its pages can be drawn without reading it again.
 *
 * <p>Made by {@link CdaValidator#check}, which alone knows that the tree is that of the bytes.
 */
public final class CheckedCda {

    private final byte[] bytes;
    private final XdmNode tree;
    private final ValidationReport report;

    CheckedCda(byte[] bytes, XdmNode tree, ValidationReport report) {
        this.bytes = bytes;
        this.tree = tree;
        this.report = report;
    }

    /** The document's bytes, as they were given. */
    public byte[] bytes() {
        return bytes;
    }

    /** What the checks found. */
    public ValidationReport report() {
        return report;
    }

    /** Built by {@link Xml#PROCESSOR}; null when the bytes are not well-formed. */
    XdmNode tree() {
        return tree;
    }
}
