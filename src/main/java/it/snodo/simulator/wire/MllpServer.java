package it.snodo.simulator.wire;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many MLLP listeners on one thread and one pool. Messages of a connection are answered in order, and, as in {@link WireServer},
 * badly when an {@link Answer} says so; only its body, delay and manner count here. One message may have several answers, sent
 * one after the other.
 */
public final class MllpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MllpServer.class);
    private static final int MAX_FRAME = 4 * 1024 * 1024;
    private static final byte START = 0x0B;
    private static final byte END = 0x1C;
    private static final byte RETURN = 0x0D;

    private final EventLoopGroup group = new NioEventLoopGroup(1, new DefaultThreadFactory("simulator-mllp", true));
    private final ExecutorService workers;
    private final Map<Integer, Listener> listeners = new HashMap<>();

    private record Listener(Channel channel, ChannelGroup connections) {}

    public MllpServer() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                8,
                8,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("simulator-mllp-work", true));
        pool.allowCoreThreadTimeOut(true);
        workers = pool;
    }

    /**
     * Opens one more port.
     *
     * @param port 0 takes a free one
     * @param handler answers the content of one frame; called on a worker thread
     * @return the port in use
     * @throws IllegalStateException when the port is taken
     */
    public synchronized int open(int port, Function<byte[], List<Answer>> handler) {
        ChannelGroup connections = new DefaultChannelGroup(group.next(), true);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 512)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel ch) {
                        connections.add(ch);
                        ch.pipeline().addLast(new Frames()).addLast(new Conversation(handler));
                    }
                });
        try {
            Channel channel = bootstrap.bind(port).sync().channel();
            int bound = ((InetSocketAddress) channel.localAddress()).getPort();
            listeners.put(bound, new Listener(channel, connections));
            return bound;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while opening port " + port, e);
        } catch (Exception e) { // netty throws the checked BindException through sync()
            throw new IllegalStateException("the simulators cannot listen on port " + port, e);
        }
    }

    /** Nobody listens on that port any more, and its connections are cut. */
    public synchronized void shut(int port) {
        Listener listener = listeners.remove(port);
        if (listener != null) {
            listener.channel().close().awaitUninterruptibly(5, TimeUnit.SECONDS);
            listener.connections().close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
    }

    @Override
    public synchronized void close() {
        listeners.values().forEach(listener -> listener.channel().close());
        listeners.clear();
        workers.shutdownNow();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    /** Content of frames; what lies between them is skipped. */
    private static final class Frames extends ByteToMessageDecoder {
        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            int begin = in.indexOf(in.readerIndex(), in.writerIndex(), START);
            if (begin < 0) {
                in.skipBytes(in.readableBytes());
                return;
            }
            in.readerIndex(begin);
            for (int at = begin + 1; at + 1 < in.writerIndex(); at++) {
                if (in.getByte(at) == END && in.getByte(at + 1) == RETURN) {
                    byte[] content = new byte[at - begin - 1];
                    in.getBytes(begin + 1, content);
                    in.readerIndex(at + 2);
                    out.add(content);
                    return;
                }
            }
            if (in.readableBytes() > MAX_FRAME) {
                ctx.close();
            }
        }
    }

    private final class Conversation extends SimpleChannelInboundHandler<byte[]> {
        private final Function<byte[], List<Answer>> handler;
        private final Deque<byte[]> waiting = new ArrayDeque<>();
        private boolean busy;

        Conversation(Function<byte[], List<Answer>> handler) {
            this.handler = handler;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, byte[] message) {
            waiting.add(message);
            next(ctx);
        }

        private void next(ChannelHandlerContext ctx) {
            if (busy || waiting.isEmpty()) {
                return;
            }
            busy = true;
            byte[] message = waiting.poll();
            workers.execute(() -> {
                List<Answer> answers;
                try {
                    answers = handler.apply(message);
                } catch (RuntimeException e) {
                    LOG.error("simulator failed on a message", e);
                    answers = List.of(Answer.nothing().sent(Answer.Manner.DROP));
                }
                later(ctx, new ArrayDeque<>(answers));
            });
        }

        private void later(ChannelHandlerContext ctx, Deque<Answer> answers) {
            Answer answer = answers.poll();
            Runnable step = answer == null
                    ? () -> {
                        busy = false;
                        next(ctx);
                    }
                    : () -> {
                        send(ctx, answer);
                        later(ctx, answers);
                    };
            try {
                ctx.executor()
                        .schedule(step, answer == null ? 0 : answer.delay().toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("closing: an answer is not sent");
            }
        }

        private void send(ChannelHandlerContext ctx, Answer answer) {
            switch (answer.manner()) {
                case SILENT -> {}
                case DROP -> ctx.close();
                case RESET -> {
                    ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
                    ctx.close();
                }
                case HALF -> {
                    ByteBuf frame = frame(answer.body());
                    ctx.writeAndFlush(frame.slice(0, frame.readableBytes() / 2))
                            .addListener(ChannelFutureListener.CLOSE);
                }
                case TWICE -> ctx.writeAndFlush(Unpooled.wrappedBuffer(frame(answer.body()), frame(answer.body())));
                case WHOLE -> ctx.writeAndFlush(frame(answer.body()));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private static ByteBuf frame(byte[] content) {
        return Unpooled.wrappedBuffer(new byte[] {START}, content, new byte[] {END, RETURN});
    }
}
