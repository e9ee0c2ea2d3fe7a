package it.snodo.intake.hl7v2;

import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The part of one unfinished frame that lies on disk. The file is never read after a restart: what it belongs to was not
 * answered, so its sender sends it again.
 */
final class Spool implements AutoCloseable {

    private final FileChannel file;
    private long size;

    Spool(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path path = Files.createTempFile(folder, "frame", ".part");
        file = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    long size() {
        return size;
    }

    /** Moves that many readable bytes to the end of the file. */
    void append(ByteBuf in, int length) throws IOException {
        int left = length;
        while (left > 0) {
            int written = in.readBytes(file, size, left);
            size += written;
            left -= written;
        }
    }

    /** The file's first bytes, and room for {@code more} after them. */
    byte[] read(int length, int more) throws IOException {
        byte[] content = new byte[length + more];
        ByteBuffer to = ByteBuffer.wrap(content, 0, length);
        long at = 0;
        while (to.hasRemaining()) {
            int read = file.read(to, at);
            if (read < 0) {
                throw new EOFException("a spooled frame was cut");
            }
            at += read;
        }
        return content;
    }

    /** The file goes with it. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
