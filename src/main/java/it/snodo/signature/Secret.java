package it.snodo.signature;

import java.util.Arrays;

/** A PIN or an OTP on its short way: never text in a log, and wiped when it has been used. */
public final class Secret implements AutoCloseable {

    private final char[] characters;

    private Secret(char[] characters) {
        this.characters = characters;
    }

    /** Takes the array over; null or empty gives null, for "none". */
    public static Secret of(char[] characters) {
        return characters == null || characters.length == 0 ? null : new Secret(characters);
    }

    /** The characters themselves, not a copy; blank after {@link #close()}. */
    public char[] characters() {
        return characters;
    }

    @Override
    public void close() {
        Arrays.fill(characters, '\0');
    }

    @Override
    public String toString() {
        return "****";
    }
}
