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
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerExpectContinueHandler;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP/1.1 server that can also answer badly: late, by half, not at all, or with a reset. The servers a
 * framework offers hide exactly those, so this one sits on Netty.
 */
public final class WireServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WireServer.class);
    private static final int MAX_REQUEST = 32 * 1024 * 1024;
    /** After these the servers that we stand in for close the connection, as Tomcat does. */
    private static final Set<Integer> CLOSING = Set.of(400, 408, 411, 413, 414, 500, 501, 503);

    private final int wantedPort;
    private final Function<Request, Answer> handler;
    private EventLoopGroup group;
    private ExecutorService workers;
    private Channel channel;

    /**
     * @param port where to listen; 0 takes a free one
     * @param handler answers one request; called on a worker thread, may block
     */
    public WireServer(int port, Function<Request, Answer> handler) {
        this.wantedPort = port;
        this.handler = handler;
    }

    /** Listens on all addresses; a port that is taken is an {@link IllegalStateException}. */
    public synchronized void start() {
        if (channel != null) {
            return;
        }
        group = new NioEventLoopGroup(1, new DefaultThreadFactory("simulator-io", true));
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                8,
                8,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("simulator-work", true));
        pool.allowCoreThreadTimeOut(true);
        workers = pool;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel ch) {
                        ch.pipeline()
                                .addLast(new HttpServerCodec(8192, 65536, 65536))
                                .addLast(new HttpServerExpectContinueHandler())
                                .addLast(new HttpObjectAggregator(MAX_REQUEST))
                                .addLast(new Handler());
                    }
                });
        try {
            channel = bootstrap.bind(wantedPort).sync().channel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while opening port " + wantedPort, e);
        } catch (Exception e) { // netty throws the checked BindException through sync()
            close();
            throw new IllegalStateException("the simulators cannot listen on port " + wantedPort, e);
        }
    }

    public synchronized int port() {
        if (channel == null) {
            throw new IllegalStateException("not started");
        }
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    public synchronized boolean isRunning() {
        return channel != null;
    }

    @Override
    public synchronized void close() {
        if (channel != null) {
            channel.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
            channel = null;
        }
        if (workers != null) {
            workers.shutdownNow();
            workers = null;
        }
        if (group != null) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
            group = null;
        }
    }

    private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
            boolean keepAlive = HttpUtil.isKeepAlive(message);
            Request request = requestOf(message);
            workers.execute(() -> {
                Answer answer;
                try {
                    answer = handler.apply(request);
                } catch (RuntimeException e) {
                    LOG.error("simulator failed on {} {}", request.method(), request.path(), e);
                    answer = Answer.text(500, "text/plain; charset=UTF-8", "simulator: " + e);
                }
                Answer ready = answer;
                try {
                    ctx.executor()
                            .schedule(
                                    () -> send(ctx, ready, keepAlive),
                                    ready.delay().toMillis(),
                                    TimeUnit.MILLISECONDS);
                } catch (RejectedExecutionException e) {
                    LOG.debug("closing: an answer is not sent");
                }
            });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private static Request requestOf(FullHttpRequest message) {
        String uri = message.uri();
        int question = uri.indexOf('?');
        Map<String, List<String>> headers = new LinkedHashMap<>();
        message.headers()
                .forEach(h -> headers.computeIfAbsent(h.getKey().toLowerCase(Locale.ROOT), k -> new ArrayList<>())
                        .add(utf8(h.getValue())));
        byte[] body = new byte[message.content().readableBytes()];
        message.content().getBytes(message.content().readerIndex(), body);
        return new Request(
                message.method().name(),
                question < 0 ? uri : uri.substring(0, question),
                question < 0 ? "" : uri.substring(question + 1),
                headers,
                body);
    }

    /** Netty reads header bytes as Latin-1; clients write UTF-8. */
    private static String utf8(String header) {
        return new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static void send(ChannelHandlerContext ctx, Answer answer, boolean keepAlive) {
        switch (answer.manner()) {
            case SILENT -> {}
            case DROP -> ctx.close();
            case RESET -> {
                ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
                ctx.close();
            }
            case HALF -> {
                HttpResponse head =
                        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
                answer.headers().forEach(head.headers()::set);
                head.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
                ByteBuf half = Unpooled.wrappedBuffer(answer.body(), 0, answer.body().length / 2);
                ctx.write(head);
                ctx.writeAndFlush(new DefaultHttpContent(half)).addListener(ChannelFutureListener.CLOSE);
            }
            case TWICE -> {
                // the codec writes one answer to one request: the second goes around it, as bytes
                ctx.writeAndFlush(whole(answer)).addListener(done -> {
                    EmbeddedChannel encoder = new EmbeddedChannel(new HttpResponseEncoder());
                    encoder.writeOutbound(whole(answer));
                    ChannelHandlerContext codec = ctx.pipeline().context(HttpServerCodec.class);
                    for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
                        codec.writeAndFlush(part);
                    }
                    encoder.finishAndReleaseAll();
                });
            }
            case WHOLE -> {
                DefaultFullHttpResponse response = whole(answer);
                boolean close = !keepAlive || CLOSING.contains(answer.status());
                if (close) {
                    response.headers().set(HttpHeaderNames.CONNECTION, "close");
                }
                var written = ctx.writeAndFlush(response);
                if (close) {
                    written.addListener(ChannelFutureListener.CLOSE);
                }
            }
        }
    }

    private static DefaultFullHttpResponse whole(Answer answer) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                Unpooled.wrappedBuffer(answer.body()));
        answer.headers().forEach(response.headers()::set);
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
        return response;
    }
}
