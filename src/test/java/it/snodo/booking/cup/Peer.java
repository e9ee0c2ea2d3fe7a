package it.snodo.booking.cup;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/**
 * A CUP on a real socket, that does with each message what the test has laid out for it, and answers AA when nothing is left.
 * Framing and answers are written here, with nothing of the hub.
 */
final class Peer implements AutoCloseable {

    /** What is done with one message. */
    @FunctionalInterface
    interface Turn {
        void take(String message, Conversation with) throws Exception;
    }

    private final ServerSocket server;
    private final Deque<Turn> turns = new ConcurrentLinkedDeque<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    final List<String> received = new CopyOnWriteArrayList<>();
    final List<byte[]> bytes = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();

    Peer() throws IOException {
        this(ServerSocketFactory.getDefault());
    }

    Peer(ServerSocketFactory factory) throws IOException {
        server = factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "peer");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    Peer then(Turn turn) {
        turns.add(turn);
        return this;
    }

    /** Whatever was laid out is forgotten. */
    Peer clear() {
        turns.clear();
        return this;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread thread = new Thread(() -> serve(socket), "peer-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            Conversation conversation = new Conversation(socket);
            for (byte[] message = frame(in); message != null; message = frame(in)) {
                String text = new String(message, StandardCharsets.UTF_8);
                bytes.add(message);
                received.add(text);
                Turn turn = turns.pollFirst();
                if (turn == null) {
                    conversation.send(ack(text, "AA"));
                } else {
                    turn.take(text, conversation);
                }
            }
        } catch (Exception e) {
            // a connection ended, as the test wanted
        } finally {
            open.remove(socket);
        }
    }

    private static byte[] frame(InputStream in) throws IOException {
        int next = in.read();
        while (next >= 0 && next != 0x0B) {
            next = in.read();
        }
        if (next < 0) {
            return null;
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (next = in.read(); next != 0x1C; next = in.read()) {
            if (next < 0) {
                return null;
            }
            content.write(next);
        }
        in.read();
        return content.toByteArray();
    }

    /** Ends every connection, as a restart of the CUP does. */
    void hangUp() throws IOException {
        for (Socket each : open) {
            each.close();
        }
    }

    int open() {
        return open.size();
    }

    @Override
    public void close() throws IOException {
        server.close();
        hangUp();
    }

    /** What can be said on a connection. */
    static final class Conversation {

        private final Socket socket;

        Conversation(Socket socket) {
            this.socket = socket;
        }

        void send(String content) throws IOException {
            send(content.getBytes(StandardCharsets.UTF_8));
        }

        void send(byte[] content) throws IOException {
            raw(framed(content));
        }

        void raw(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /** With a reset, not an orderly end. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        void close() throws IOException {
            socket.close();
        }
    }

    static byte[] framed(byte[] content) {
        byte[] framed = new byte[content.length + 3];
        framed[0] = 0x0B;
        System.arraycopy(content, 0, framed, 1, content.length);
        framed[content.length + 1] = 0x1C;
        framed[content.length + 2] = 0x0D;
        return framed;
    }

    static String controlId(String message) {
        return message.split("\r")[0].split("\\|", -1)[9];
    }

    static String ack(String message, String code, String... segments) {
        return answer(controlId(message), code, segments);
    }

    static String answer(String controlId, String code, String... segments) {
        StringBuilder text = new StringBuilder("MSH|^~\\&|CUP|010301|SOVRACUP|010|20261122101500+0100||ACK^S12^ACK|R")
                .append(System.nanoTime())
                .append("|P|2.5|||||ITA|UNICODE UTF-8\rMSA|")
                .append(code)
                .append('|')
                .append(controlId)
                .append('\r');
        for (String each : segments) {
            text.append(each).append('\r');
        }
        return text.toString();
    }
}
