package it.snodo.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Ports for the simulated CUPs of a demo that does not stand on the usual ones, so that several can run beside each other. */
public final class CupPorts {

    private static final List<Integer> AZIENDE = Stream.of(
                    IntStream.rangeClosed(203, 213), IntStream.of(301), IntStream.rangeClosed(904, 909))
            .flatMap(IntStream::boxed)
            .toList();

    /** So many sets fit into a thousand without touching each other. */
    private static final int IN_A_THOUSAND = 8;

    private static final int STEP = 12;
    /** Below the ports that the system gives to clients. */
    private static final int THOUSANDS = 21;

    /** Held while this program runs: others that look for ports see that the set is taken. */
    private static final List<ServerSocket> HELD = new ArrayList<>();

    private CupPorts() {}

    /**
     * A number to which the short codes of the aziende are added. Nobody else gets it from here while this program runs.
     *
     * @throws IllegalStateException when no set of ports is free
     */
    public static synchronized int reserve() {
        int sets = THOUSANDS * IN_A_THOUSAND;
        int from = ThreadLocalRandom.current().nextInt(sets);
        for (int i = 0; i < sets; i++) {
            int set = (from + i) % sets;
            int thousand = 10_000 + 1000 * (set / IN_A_THOUSAND);
            int base = thousand + STEP * (set % IN_A_THOUSAND);
            ServerSocket held = bound(thousand + set % IN_A_THOUSAND);
            if (held == null) {
                continue;
            }
            if (AZIENDE.stream().allMatch(azienda -> isFree(base + azienda))) {
                HELD.add(held);
                return base;
            }
            close(held);
        }
        throw new IllegalStateException("no ports are free for the simulated CUPs");
    }

    private static boolean isFree(int port) {
        ServerSocket socket = bound(port);
        close(socket);
        return socket != null;
    }

    private static ServerSocket bound(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            try {
                socket.bind(new InetSocketAddress(port), 1);
                return socket;
            } catch (IOException e) {
                close(socket);
                return null;
            }
        } catch (IOException e) {
            return null;
        }
    }

    private static void close(ServerSocket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // it is given up either way
        }
    }
}
