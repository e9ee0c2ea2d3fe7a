package it.snodo.hub;

import it.snodo.demo.MllpClient;
import java.io.UncheckedIOException;

/** A sender's connection, opened again when it has failed. */
final class MllpLine implements AutoCloseable {

    private final int port;
    private MllpClient client;

    MllpLine(int port) {
        this.port = port;
    }

    /** The answer's text; null when none came. */
    String exchange(byte[] message) {
        try {
            if (client == null) {
                client = new MllpClient(port);
                client.timeout(120_000);
            }
            String answer = client.exchange(message);
            if (answer == null) {
                close();
            }
            return answer;
        } catch (UncheckedIOException e) {
            close();
            return null;
        }
    }

    /** Whether it answers that very message; with that code, unless it may be any. */
    static boolean answers(String answer, String code, String id) {
        return answer.lines()
                .filter(segment -> segment.startsWith("MSA|"))
                .map(segment -> segment.split("\\|", -1))
                .anyMatch(msa -> msa.length > 2 && msa[2].equals(id) && (code == null || msa[1].equals(code)));
    }

    /** A field of the first segment of that name; empty when there is none. */
    static String field(String answer, String segment, int number) {
        return answer.lines()
                .filter(each -> each.startsWith(segment + "|"))
                .map(each -> each.split("\\|", -1))
                .filter(fields -> fields.length > number)
                .map(fields -> fields[number])
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
