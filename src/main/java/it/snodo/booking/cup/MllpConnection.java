package it.snodo.booking.cup;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;

/**
 * One connection to a CUP, with one message in flight at most. What comes in while none is, nobody asked for: the connection
 * is closed, since its next answer could be taken for another message's.
 */
final class MllpConnection extends ChannelInboundHandlerAdapter {

    private static final Object CLOSED = new Object();

    private final Runnable unasked;
    private Channel channel;
    private Exchange current;
    /** From the start: it was made for a message. */
    private boolean busy = true;

    private boolean closed;
    /** Said by the CUP when TLS was the reason of the end; it may come before a message is on its way. */
    private String tlsRefusal;

    private long unusedSince;

    /** @param unasked told when an answer comes that nobody waits for */
    MllpConnection(Runnable unasked) {
        this.unasked = unasked;
    }

    /** A message on its way, and what comes back. */
    static final class Exchange {

        private enum Step {
            WAITING,
            /** From here on the CUP may have it. */
            WRITING,
            NEVER
        }

        private final AtomicReference<Step> step = new AtomicReference<>(Step.WAITING);
        private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
        private volatile String tlsRefusal;

        /** The next answer; null when the time is over or the connection is. */
        byte[] next(Deadline deadline) throws InterruptedException {
            Object found = arrived.poll(deadline.leftNanos(), TimeUnit.NANOSECONDS);
            return found instanceof byte[] frame ? frame : null;
        }

        /** Why the connection ended, when TLS was the reason; null else. */
        String tlsRefusal() {
            return tlsRefusal;
        }

        /** @return whether nothing was written, and from now on nothing will be */
        boolean withdraw() {
            return step.compareAndSet(Step.WAITING, Step.NEVER) || step.get() == Step.NEVER;
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    /** Whether it can take a message now. */
    synchronized boolean isUsable(long idleNanos) {
        return !closed && channel.isActive() && System.nanoTime() - unusedSince < idleNanos;
    }

    /** Begins to send; returns at once. A connection that has ended by then writes nothing. */
    Exchange send(byte[] message) {
        Exchange exchange = new Exchange();
        synchronized (this) {
            current = exchange;
            exchange.tlsRefusal = tlsRefusal;
            busy = true;
        }
        byte[] framed = new byte[message.length + 3];
        framed[0] = MllpFrames.VT;
        System.arraycopy(message, 0, framed, 1, message.length);
        framed[message.length + 1] = MllpFrames.FS;
        framed[message.length + 2] = MllpFrames.CR;
        try {
            channel.eventLoop().execute(() -> write(exchange, framed));
        } catch (java.util.concurrent.RejectedExecutionException e) {
            // the hub is stopping
            exchange.withdraw();
            exchange.arrived.add(CLOSED);
        }
        return exchange;
    }

    /** On the connection's own thread, which has seen by now whatever end of it there was to see. */
    private void write(Exchange exchange, byte[] framed) {
        if (!channel.isActive()) {
            exchange.withdraw();
            exchange.arrived.add(CLOSED);
        } else if (exchange.step.compareAndSet(Exchange.Step.WAITING, Exchange.Step.WRITING)) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(framed)).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }
    }

    /** The exchange is over. @return whether the connection may carry another */
    synchronized boolean done() {
        boolean clean = !closed && current != null && current.arrived.isEmpty();
        current = null;
        busy = false;
        unusedSince = System.nanoTime();
        return clean;
    }

    synchronized void opened() {
        unusedSince = System.nanoTime();
    }

    void close() {
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        synchronized (this) {
            if (current != null) {
                current.arrived.add(message);
                return;
            }
            closed = true;
        }
        unasked.run();
        context.close();
    }

    /** Kept for nobody: a firewall forgets it sooner or later, and the CUP may have few places. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            synchronized (this) {
                if (busy) {
                    return;
                }
                closed = true;
            }
            context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        synchronized (this) {
            closed = true;
            if (current != null) {
                current.arrived.add(CLOSED);
            }
        }
    }

    /** A reset, noise without end, TLS that breaks: whoever waits learns it from the connection's end. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        synchronized (this) {
            if (reason instanceof SSLException) {
                tlsRefusal = reason.getMessage();
                if (current != null) {
                    current.tlsRefusal = tlsRefusal;
                }
            }
        }
        context.close();
    }
}
