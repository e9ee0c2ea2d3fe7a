package it.snodo.intake;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names a message by its content when its sender gave it no id: the same bytes again are the same message. */
public final class ContentId {

    private ContentId() {}

    /** @return {@code sha256:} and 64 hexadecimal digits */
    public static String of(byte[] body) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
