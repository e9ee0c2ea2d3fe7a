package it.snodo.simulator.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An append-only list of JSON lines, on disk when it has a file. What an outside system took stays taken when the
 * process that plays it is killed: a line is handed to the operating system before the answer leaves. (It is not forced
 * to the disk: the stand-in need not survive a power cut.)
 */
public final class Journal implements AutoCloseable {
    /** A plain stream: unlike a channel it survives the interruption of a worker. */
    private final FileOutputStream out;

    private final List<ObjectNode> past = new ArrayList<>();

    private Journal(FileOutputStream out) {
        this.out = out;
    }

    /** Opens a journal; {@code file} null keeps nothing. A half-written last line is cut off. */
    public static Journal open(Path file) {
        if (file == null) {
            return new Journal(null);
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            List<ObjectNode> lines = new ArrayList<>();
            if (Files.exists(file)) {
                cutTornLine(file);
                for (String line : Files.readAllLines(file)) {
                    if (!line.isBlank() && Json.read(line.getBytes("UTF-8")) instanceof ObjectNode object) {
                        lines.add(object);
                    }
                }
            }
            Journal journal = new Journal(new FileOutputStream(file.toFile(), true));
            journal.past.addAll(lines);
            return journal;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void cutTornLine(Path file) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            long end = raw.length();
            while (end > 0) {
                raw.seek(end - 1);
                if (raw.read() == '\n') {
                    break;
                }
                end--;
            }
            raw.setLength(end);
        }
    }

    /** What was there when the journal was opened; handed out once. */
    public List<ObjectNode> past() {
        List<ObjectNode> lines = List.copyOf(past);
        past.clear();
        return lines;
    }

    public synchronized void append(ObjectNode line) {
        if (out == null) {
            return;
        }
        byte[] json = Json.bytes(line);
        byte[] whole = Arrays.copyOf(json, json.length + 1);
        whole[json.length] = '\n';
        try {
            out.write(whole);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
