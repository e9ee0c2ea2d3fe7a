package it.snodo.intake.hl7v2;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.net.SocketFactory;

/** A peer: a plain socket, so that nothing of the hub's own framing is on both sides. */
final class MllpClient implements AutoCloseable {

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;

    MllpClient(int port) {
        this(SocketFactory.getDefault(), port);
    }

    MllpClient(SocketFactory factory, int port) {
        try {
            socket = factory.createSocket("127.0.0.1", port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            out = socket.getOutputStream();
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] frame(byte[] content) {
        ByteArrayOutputStream framed = new ByteArrayOutputStream(content.length + 3);
        framed.write(0x0B);
        framed.writeBytes(content);
        framed.write(0x1C);
        framed.write(0x0D);
        return framed.toByteArray();
    }

    static byte[] frame(String content) {
        return frame(content.getBytes(StandardCharsets.UTF_8));
    }

    MllpClient send(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The content of the next frame; null when the hub has closed the connection. */
    byte[] receiveBytes() {
        try {
            int first = in.read();
            if (first < 0) {
                return null;
            }
            if (first != 0x0B) {
                throw new IllegalStateException("an answer begins with " + first);
            }
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            int next;
            while ((next = in.read()) != 0x1C) {
                if (next < 0) {
                    throw new IllegalStateException("an answer without end");
                }
                content.write(next);
            }
            if (in.read() != 0x0D) {
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

    String receive() {
        byte[] content = receiveBytes();
        return content == null ? null : new String(content, StandardCharsets.UTF_8);
    }

    String exchange(String message) {
        return send(frame(message)).receive();
    }

    void endSending() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void timeout(int millis) {
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

    /** A field of the answer, counted as HL7 counts; the whole field as text. */
    static String field(String answer, String segment, int field) {
        for (String line : answer.split("\r")) {
            if (line.startsWith(segment + "|")) {
                String[] fields = line.split("\\|", -1);
                int index = segment.equals("MSH") ? field - 1 : field;
                return index < fields.length ? fields[index] : "";
            }
        }
        return null;
    }
}
