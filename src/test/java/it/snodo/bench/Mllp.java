package it.snodo.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection of a sender that waits for each acknowledgement before it goes on. */
final class Mllp implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Mllp(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** @return true when the message was taken (AA) */
    boolean send(byte[] message) throws IOException {
        byte[] frame = new byte[message.length + 3];
        frame[0] = 0x0B;
        System.arraycopy(message, 0, frame, 1, message.length);
        frame[message.length + 1] = 0x1C;
        frame[message.length + 2] = '\r';
        out.write(frame);
        out.flush();
        ByteArrayOutputStream answer = new ByteArrayOutputStream(512);
        for (int b = in.read(); b != 0x1C; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended instead of an answer");
            }
            answer.write(b);
        }
        in.read();
        return answer.toString(StandardCharsets.UTF_8).contains("MSA|AA");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
