package it.snodo.demo;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.net.SocketFactory;

/**
 * One MLLP connection of a sender on this machine: a plain socket, so that nothing of the hub's own framing is on both
 * sides. Waits a minute for an answer unless told otherwise; what fails in between is an {@link UncheckedIOException}.
 */
public final class MllpClient implements AutoCloseable {

    private static final int START = 0x0B;
    private static final int END = 0x1C;
    private static final int RETURN = 0x0D;

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;

    public MllpClient(int port) {
        this(SocketFactory.getDefault(), port);
    }

    public MllpClient(SocketFactory factory, int port) {
        try {
            socket = factory.createSocket("127.0.0.1", port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(60_000);
            out = socket.getOutputStream();
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] frame(byte[] content) {
        byte[] framed = new byte[content.length + 3];
        framed[0] = START;
        System.arraycopy(content, 0, framed, 1, content.length);
        framed[content.length + 1] = END;
        framed[content.length + 2] = RETURN;
        return framed;
    }

    public static byte[] frame(String content) {
        return frame(content.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes as they are: a frame, a piece of one, or none at all. */
    public MllpClient send(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The content of the next frame; null when the hub has closed the connection before one.
     *
     * @throws IllegalStateException when what comes is no frame
     */
    public byte[] receiveBytes() {
        try {
            int first = in.read();
            if (first < 0) {
                return null;
            }
            if (first != START) {
                throw new IllegalStateException("an answer begins with " + first);
            }
            ByteArrayOutputStream content = new ByteArrayOutputStream(512);
            for (int next = in.read(); next != END; next = in.read()) {
                if (next < 0) {
                    throw new EOFException("an answer without end");
                }
                content.write(next);
            }
            if (in.read() != RETURN) {
                throw new IllegalStateException("an answer without CR, or with an end block inside: "
                        + HexFormat.of().formatHex(content.toByteArray()));
            }
            return content.toByteArray();
        } catch (SocketException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@link #receiveBytes()} as UTF-8. */
    public String receive() {
        byte[] content = receiveBytes();
        return content == null ? null : new String(content, StandardCharsets.UTF_8);
    }

    /** Sends a message in a frame and waits for its answer; null when the hub closes the connection instead. */
    public String exchange(byte[] message) {
        return send(frame(message)).receive();
    }

    public String exchange(String message) {
        return exchange(message.getBytes(StandardCharsets.UTF_8));
    }

    /** How many bytes have come that were not received yet. */
    public int available() {
        try {
            return in.available();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes this half of the connection: nothing more will be sent. */
    public void endSending() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void timeout(int millis) {
        try {
            socket.setSoTimeout(millis);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
