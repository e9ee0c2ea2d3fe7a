package it.snodo.config;

/** Names what the editable folders hold, so that a message can say under which of their contents it was worked. */
@FunctionalInterface
public interface ConfigurationRevision {

    /**
     * The first 12 hexadecimal digits of a SHA-256 over the files in force, known to the second. The same files have the same
     * name on every hub, and get it again when an edit is taken back.
     */
    String current();
}
