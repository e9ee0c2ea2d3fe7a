package it.snodo.booking.cup;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import it.snodo.booking.cup.NoAnswer.Kind;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A few connections to one CUP, kept and used again. After a time-out, or an answer that belongs to another message, a
 * connection is closed: what comes late on it must never be taken for the answer to something else.
 */
final class MllpLine implements AutoCloseable {

    /** What an answer is to the message that waits. */
    enum Fit {
        /** The answer. */
        OURS,
        /** A commit acknowledgement (enhanced mode): the answer is still to come. */
        COMMIT,
        /** Of another message, or of none. */
        FOREIGN
    }

    private final String host;
    private final int port;
    private final CupProperties properties;
    private final EventLoopGroup threads;
    private final Supplier<SslHandler> tls;
    private final Events events;
    private final Semaphore free;
    private final Deque<MllpConnection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean shut;

    /** Told of what is no answer: a number for each kind. */
    interface Events {
        void happened(String event);
    }

    /** @param tls for each new connection; null for plain */
    MllpLine(
            String host,
            int port,
            CupProperties properties,
            EventLoopGroup threads,
            Supplier<SslHandler> tls,
            Events events) {
        this.host = host;
        this.port = port;
        this.properties = properties;
        this.threads = threads;
        this.tls = tls;
        this.events = events;
        this.free = new Semaphore(properties.connections(), true);
    }

    /**
     * Sends a message and waits for its answer.
     *
     * @param fit tells whose answer a frame is
     */
    byte[] exchange(byte[] message, Function<byte[], Fit> fit, Deadline deadline) throws NoAnswer {
        try {
            if (!free.tryAcquire(deadline.leftNanos(), TimeUnit.NANOSECONDS)) {
                throw new NoAnswer(
                        Kind.NOT_TRIED, "tutte le connessioni sono state occupate per %s".formatted(deadline));
            }
            try {
                return onSomeConnection(message, fit, deadline);
            } finally {
                free.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswer(Kind.NOT_TRIED, "l'hub si sta fermando");
        }
    }

    private byte[] onSomeConnection(byte[] message, Function<byte[], Fit> fit, Deadline deadline)
            throws NoAnswer, InterruptedException {
        while (true) {
            MllpConnection kept = idle.pollFirst();
            if (kept != null && !kept.isUsable(properties.idle().toNanos())) {
                kept.close();
                continue;
            }
            MllpConnection connection = kept == null ? connect(deadline) : kept;
            boolean reusable = false;
            try {
                MllpConnection.Exchange exchange = connection.send(message);
                Outcome outcome = await(exchange, fit, deadline);
                if (outcome.answer != null) {
                    reusable = connection.done() && !outcome.disturbed && !shut;
                    return outcome.answer;
                }
                if (outcome.written) {
                    throw new NoAnswer(Kind.UNKNOWN, outcome.words);
                }
                if (kept == null || deadline.leftMillis() == 0) {
                    throw new NoAnswer(Kind.UNSENT, "la connessione è caduta prima dell'invio" + refusal(exchange));
                }
                // It had ended while nobody used it, and nothing was written: the next one.
            } finally {
                if (reusable) {
                    idle.addFirst(connection);
                } else {
                    connection.close();
                }
            }
        }
    }

    private record Outcome(byte[] answer, boolean disturbed, boolean written, String words) {}

    private Outcome await(MllpConnection.Exchange exchange, Function<byte[], Fit> fit, Deadline deadline)
            throws NoAnswer {
        boolean foreign = false;
        boolean committed = false;
        try {
            while (true) {
                byte[] frame = exchange.next(deadline);
                if (frame == null) {
                    boolean never = exchange.withdraw();
                    return new Outcome(null, true, !never, words(exchange, foreign, committed, deadline));
                }
                switch (fit.apply(frame)) {
                    case OURS -> {
                        return new Outcome(frame, foreign, true, null);
                    }
                    case COMMIT -> committed = true;
                    case FOREIGN -> {
                        foreign = true;
                        events.happened("foreign");
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswer(
                    exchange.withdraw() ? Kind.NOT_TRIED : Kind.UNKNOWN, "l'hub si ferma e non attende la risposta");
        }
    }

    private static String words(
            MllpConnection.Exchange exchange, boolean foreign, boolean committed, Deadline deadline) {
        String what = deadline.leftNanos() > 0
                ? "la connessione è caduta prima di una risposta intera"
                : "nessuna risposta intera entro " + deadline;
        return what
                + refusal(exchange)
                + (committed ? ", dopo la sola conferma di ricezione (CA)" : "")
                + (foreign ? "; sono arrivate risposte ad altri messaggi" : "");
    }

    private static String refusal(MllpConnection.Exchange exchange) {
        return exchange.tlsRefusal() == null ? "" : " (TLS: " + exchange.tlsRefusal() + ")";
    }

    private MllpConnection connect(Deadline deadline) throws NoAnswer, InterruptedException {
        if (shut) {
            throw new NoAnswer(Kind.NOT_TRIED, "l'hub si sta fermando");
        }
        // Looked up on this thread: a slow name server must not hold up the connections of the others.
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new NoAnswer(Kind.UNSENT, "il nome %s non si risolve".formatted(host));
        }
        Duration limit = properties.connectTimeout();
        long wait = Math.min(limit.toMillis(), deadline.leftMillis());
        MllpConnection connection = new MllpConnection(() -> events.happened("unasked"));
        SslHandler security = newTls();
        ChannelFuture opening = new Bootstrap()
                .group(threads)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, wait))
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (security != null) {
                            channel.pipeline().addLast(security);
                        }
                        long idle = properties.idle().toMillis();
                        channel.pipeline()
                                .addLast(
                                        new MllpFrames(),
                                        new IdleStateHandler(0, 0, idle, TimeUnit.MILLISECONDS),
                                        connection);
                    }
                })
                .connect(address);
        boolean open = false;
        try {
            if (!opening.await(wait + 100) || !opening.isSuccess()) {
                throw new NoAnswer(
                        Kind.UNSENT,
                        "connessione a %s:%d non riuscita%s".formatted(host, port, reason(opening.cause())));
            }
            if (security != null
                    && (!security.handshakeFuture()
                                    .await(Math.max(1, Math.min(limit.toMillis(), deadline.leftMillis())))
                            || !security.handshakeFuture().isSuccess())) {
                throw new NoAnswer(
                        Kind.UNSENT,
                        "connessione TLS a %s:%d non riuscita%s"
                                .formatted(
                                        host,
                                        port,
                                        reason(security.handshakeFuture().cause())));
            }
            connection.opened();
            open = true;
            return connection;
        } finally {
            if (!open) {
                opening.cancel(false);
                opening.channel().close();
            }
        }
    }

    private SslHandler newTls() throws NoAnswer {
        try {
            return tls == null ? null : tls.get();
        } catch (RuntimeException e) {
            throw new NoAnswer(Kind.UNSENT, "la configurazione TLS non è utilizzabile: " + e.getMessage());
        }
    }

    private static String reason(Throwable cause) {
        return cause == null ? " in tempo" : " (" + cause.getClass().getSimpleName() + ")";
    }

    @Override
    public void close() {
        shut = true;
        for (MllpConnection each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
            each.close();
        }
    }
}
