package it.snodo.intake.hl7v2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the byte stream of one connection into frames, each handed on as {@code byte[]} without its marks.
 *
 * <p>One frame at a time: until it is answered the next is not handed on and, as soon as some of it has come, nothing more
 * is read from the socket, so answers keep the order of the frames, and a slow store slows the peer instead of filling the
 * memory. A frame that was handed on counts until the hub is done with it, also when its peer has gone meanwhile: who hangs
 * up and comes back gets no more into the hub than who waits. Every byte is looked at once, however the frame is cut into
 * packets.
 *
 * <p>What peers get wrong and is understood: no CR or an LF after FS, noise between frames, no VT before MSH, FS or VT
 * inside a text, a new frame begun before the old one was ended, empty frames.
 */
final class MllpDecoder extends ByteToMessageDecoder {

    static final byte VT = 0x0B;
    static final byte FS = 0x1C;
    static final byte CR = 0x0D;
    static final byte LF = 0x0A;
    /** First byte of a TLS handshake record (RFC 8446, 5.1). */
    private static final byte TLS_HANDSHAKE = 0x16;

    /** What is wrong with the frame that is being answered; absent when nothing is. */
    static final AttributeKey<Problem> PROBLEM = AttributeKey.valueOf(MllpDecoder.class, "problem");

    /** Subject of the certificate that the peer has shown; absent without TLS. */
    static final AttributeKey<String> SUBJECT = AttributeKey.valueOf(MllpDecoder.class, "subject");

    /** The frame that is being worked on. */
    static final AttributeKey<InWork> IN_WORK = AttributeKey.valueOf(MllpDecoder.class, "inWork");

    enum Problem {
        /** Larger than allowed: only the beginning is handed on, and the connection ends after the answer. */
        TOO_LARGE,
        /** Another frame began before this one had ended. */
        NO_END,
        /** The disk did not take it: only the beginning is handed on, and the connection ends after the answer. */
        NOT_KEPT
    }

    private enum State {
        BETWEEN_FRAMES,
        IN_FRAME,
        /** Skipping the rest of a frame that was too large. */
        SKIPPING,
        /** Nothing that still comes counts. */
        ENDING
    }

    private static final Logger LOG = LoggerFactory.getLogger(MllpDecoder.class);
    /** Frames up to this size are not counted against the shared limit. */
    private static final int COUNTED = 64 * 1024;
    /** The slowest line that a long frame may come over. */
    private static final long BYTES_PER_SECOND = 64 * 1024;

    private static final long RETRY_MILLIS = 50;

    private final MllpProperties properties;
    private final MllpConnections connections;
    private ChannelHandlerContext context;
    private volatile State state = State.BETWEEN_FRAMES;
    private volatile boolean awaitingAnswer;
    private volatile long lastActivity = System.nanoTime();
    /** How much of the unread bytes has been looked at. */
    private int scanned;

    private long frameStart;
    private boolean frameHasVt;
    /** Whether the peer has ever begun a frame: until then it may be no MLLP peer at all. */
    private boolean hadFrame;

    private InWork inWork;
    private Spool spool;
    private long heldOnDisk;
    /** Memory or disk is all taken: nothing is read until there is room. */
    private boolean waitingForRoom;

    private byte[] frame = new byte[0];
    private long noise;
    private boolean endOnFs;
    private boolean warned;
    private boolean inputClosed;
    private boolean skippedFs;
    private Future<?> frameTimer;
    private Future<?> endTimer;
    private Future<?> idleTimer;

    MllpDecoder(MllpProperties properties, MllpConnections connections) {
        this.properties = properties;
        this.connections = connections;
    }

    // --- life of the connection ------------------------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        // A peer may close its sending side and still wait for the answers.
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        keepAlive(ctx.channel());
        if (!connections.admit(this)) {
            LOG.warn(
                    "MLLP connection from {} refused: {} are open",
                    ctx.channel().remoteAddress(),
                    connections.count());
            ctx.close();
            return;
        }
        watchIdle(properties.idleTimeout().toNanos());
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        left();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        // Nobody is left to answer: what has not been handed on is not taken.
        state = State.ENDING;
        left();
        super.channelInactive(ctx);
    }

    /** A peer or a probe that resets its connection is no event. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        boolean tls = cause instanceof DecoderException && cause.getCause() instanceof SSLException;
        if (cause instanceof IOException || tls) {
            LOG.debug("{}: {}", ctx.channel().remoteAddress(), cause.getMessage());
            ctx.close();
        } else {
            super.exceptionCaught(ctx, cause);
        }
    }

    private void left() {
        if (inWork == null || inWork.abandon()) {
            connections.left(this);
        }
        dropSpool();
        cancel(frameTimer);
        cancel(endTimer);
        cancel(idleTimer);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            inputClosed = true;
            proceed();
            if (!awaitingAnswer && !waitingForRoom) {
                ctx.close();
            }
            ctx.fireUserEventTriggered(event);
            return;
        }
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            shaken(ctx, handshake);
        }
        super.userEventTriggered(ctx, event);
    }

    private static void shaken(ChannelHandlerContext ctx, SslHandshakeCompletionEvent handshake) {
        Object peer = ctx.channel().remoteAddress();
        if (handshake.isSuccess()) {
            String subject = MllpTls.subject(ctx.pipeline().get(SslHandler.class));
            ctx.channel().attr(SUBJECT).set(subject);
        } else if (handshake.cause() instanceof NotSslRecordException) {
            LOG.warn("{} speaks without TLS on the port for TLS: connection closed", peer);
        } else if (handshake.cause() instanceof ClosedChannelException) {
            // a probe of a load balancer
            LOG.debug("{} closed during the TLS handshake", peer);
        } else {
            LOG.warn(
                    "TLS handshake with {} failed: {}",
                    peer,
                    CertificateReader.shown(String.valueOf(handshake.cause().getMessage()), 300));
        }
        if (!handshake.isSuccess()) {
            ctx.close();
        }
    }

    /** Dead peers behind firewalls are found within two minutes instead of the system's two hours. */
    private static void keepAlive(Channel channel) {
        if (channel instanceof NioSocketChannel) {
            try {
                channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
                channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), 60);
                channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), 10);
                channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), 5);
            } catch (RuntimeException e) {
                LOG.debug("TCP keep-alive times stay the system's: {}", e.getMessage());
            }
        }
    }

    InetAddress peerAddress() {
        return context.channel().remoteAddress() instanceof InetSocketAddress peer ? peer.getAddress() : null;
    }

    long lastActivity() {
        return lastActivity;
    }

    boolean isIdle() {
        return !awaitingAnswer && state == State.BETWEEN_FRAMES;
    }

    void close() {
        context.close();
    }

    /** The frame that is being answered, or its beginning. */
    byte[] frame() {
        return frame;
    }

    // --- frames ----------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        lastActivity = System.nanoTime();
        super.channelRead(ctx, message);
        if (awaitingAnswer) {
            // only now: most peers wait for their answer, and to switch reading off and on costs the kernel's time
            stopReading();
        } else if (state == State.IN_FRAME) {
            watchFrame();
        }
    }

    /** The peer has sent more than the frame that is being worked on: the rest stays with it. */
    private void stopReading() {
        if (actualReadableBytes() > 0) {
            context.channel().config().setAutoRead(false);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (state == State.ENDING) {
            in.skipBytes(in.readableBytes());
        } else if (state == State.SKIPPING) {
            skip(in);
        } else if (!awaitingAnswer) {
            if (state == State.BETWEEN_FRAMES && !findStart(ctx, in)) {
                return;
            }
            findEnd(ctx, in, out);
        }
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        // A frame without its end is no message.
    }

    /** Skips to the first byte of the next frame's content. */
    private boolean findStart(ChannelHandlerContext ctx, ByteBuf in) {
        while (in.isReadable()) {
            int at = in.readerIndex();
            byte next = in.getByte(at);
            if (next == VT) {
                in.skipBytes(1);
                begin(true);
                return true;
            }
            if (next == TLS_HANDSHAKE
                    && noise == 0
                    // who has spoken MLLP does not begin with TLS afterwards
                    && !hadFrame
                    && ctx.pipeline().get(SslHandler.class) == null) {
                LOG.warn(
                        "{} speaks TLS on the port without: connection closed",
                        ctx.channel().remoteAddress());
                end(ctx);
                return false;
            }
            if (next <= ' ' && next >= 0 && noise == 0) {
                in.skipBytes(1);
                continue;
            }
            if (noise == 0) {
                int like = headerAt(in, at);
                if (like == MAYBE && !inputClosed) {
                    return false;
                }
                if (like == YES) {
                    begin(false);
                    return true;
                }
            }
            int vt = in.indexOf(at, in.writerIndex(), VT);
            int skipped = (vt < 0 ? in.writerIndex() : vt) - at;
            in.skipBytes(skipped);
            if (noise == 0 && !hadFrame) {
                ctx.executor()
                        .schedule(this::checkStranger, properties.frameTimeout().toMillis(), TimeUnit.MILLISECONDS);
            }
            noise += skipped;
            if (noise > properties.maxNoise().toBytes()) {
                LOG.warn(
                        "{} sent {} bytes outside any MLLP frame: connection closed",
                        ctx.channel().remoteAddress(),
                        noise);
                end(ctx);
                return false;
            }
        }
        return false;
    }

    private void begin(boolean withVt) {
        if (noise > 0) {
            warnOnce("bytes between frames");
            noise = 0;
        }
        if (!withVt) {
            warnOnce("a frame without start block");
        }
        frameHasVt = withVt;
        hadFrame = true;
        state = State.IN_FRAME;
        scanned = 0;
        endOnFs = false;
        frameStart = System.nanoTime();
    }

    /** What a peer does wrong it does each time: said once a connection. */
    private void warnOnce(String what) {
        if (!warned) {
            warned = true;
            LOG.warn("{} sends {}: understood", context.channel().remoteAddress(), what);
        }
    }

    private void findEnd(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int start = in.readerIndex();
        Marks ends = new Marks(in, FS);
        Marks starts = new Marks(in, VT);
        while (true) {
            int from = start + scanned;
            int mark = Math.min(ends.from(from), starts.from(from));
            if (mark == in.writerIndex()) {
                scanned = in.readableBytes();
                break;
            }
            scanned = mark - start;
            if (in.getByte(mark) == FS) {
                if (mark + 1 == in.writerIndex()) {
                    if (endOnFs || inputClosed) {
                        finish(ctx, in, out, mark, null);
                        return;
                    }
                    waitForEnd(spooled() + scanned);
                    break;
                }
                byte next = in.getByte(mark + 1);
                if (next == CR || next == LF || next == VT) {
                    finish(ctx, in, out, mark, null);
                    return;
                }
            } else {
                int like = headerAt(in, mark + 1);
                if (like == MAYBE) {
                    break;
                }
                if (like == YES) {
                    finish(ctx, in, out, mark, Problem.NO_END);
                    return;
                }
            }
            scanned++;
        }
        if (spooled() + in.readableBytes() > properties.maxFrameSize().toBytes()) {
            LOG.warn(
                    "{} sent a frame of more than {}: refused",
                    ctx.channel().remoteAddress(),
                    properties.maxFrameSize());
            giveUp(ctx, in, out, Problem.TOO_LARGE);
        } else if (scanned > properties.spoolOver().toBytes()) {
            toDisk(ctx, in, out);
        }
    }

    /** What has been looked at goes to the file; the rest stays. */
    private void toDisk(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int length = scanned;
        if (!connections.disk().reserve(this, length)) {
            waitForRoom();
            return;
        }
        heldOnDisk += length;
        try {
            if (spool == null) {
                spool = new Spool(connections.spoolFolder());
            }
            spool.append(in, length);
            scanned = 0;
        } catch (IOException e) {
            LOG.error(
                    "A frame from {} could not be written to {}: it is refused, to be sent again",
                    ctx.channel().remoteAddress(),
                    connections.spoolFolder(),
                    e);
            giveUp(ctx, in, out, Problem.NOT_KEPT);
        }
    }

    private long spooled() {
        return spool == null ? 0 : spool.size();
    }

    private void dropSpool() {
        if (spool != null) {
            try {
                spool.close();
            } catch (IOException e) {
                LOG.warn("A spooled frame could not be removed: {}", e.getMessage());
            }
            spool = null;
        }
        if (heldOnDisk > 0) {
            connections.disk().release(this, heldOnDisk);
            heldOnDisk = 0;
        }
    }

    /** Hands the frame on that ends before {@code mark}, as soon as the memory has room for it. */
    private void finish(ChannelHandlerContext ctx, ByteBuf in, List<Object> out, int mark, Problem problem) {
        int start = in.readerIndex();
        long total = spooled() + mark - start;
        long counted = total > COUNTED ? total : 0;
        if (counted > 0 && !connections.memory().reserve(this, counted)) {
            waitForRoom();
            return;
        }
        byte[] content;
        try {
            content = content(in, mark - start);
        } catch (IOException e) {
            LOG.error(
                    "A frame from {} could not be read back: it is refused, to be sent again",
                    ctx.channel().remoteAddress(),
                    e);
            release(counted);
            giveUp(ctx, in, out, Problem.NOT_KEPT);
            return;
        }
        dropSpool();
        // A VT that begins the next frame stays; an FS goes, and the CR that belongs to it.
        in.readerIndex(problem == Problem.NO_END ? mark : mark + 1);
        if (problem == null && in.isReadable() && in.getByte(in.readerIndex()) == CR) {
            in.skipBytes(1);
        }
        state = State.BETWEEN_FRAMES;
        scanned = 0;
        cancel(frameTimer);
        frameTimer = null;
        if (isBlank(content)) {
            // Some peers send empty frames to keep the line open.
            release(counted);
            return;
        }
        hand(ctx, out, content, problem, counted);
    }

    private byte[] content(ByteBuf in, int length) throws IOException {
        if (spool == null) {
            return ByteBufUtil.getBytes(in, in.readerIndex(), length, true);
        }
        byte[] content = spool.read(Math.toIntExact(spool.size()), length);
        in.getBytes(in.readerIndex(), content, content.length - length, length);
        return content;
    }

    /** Only the beginning is handed on, for an answer; the rest is skipped. */
    private void giveUp(ChannelHandlerContext ctx, ByteBuf in, List<Object> out, Problem problem) {
        byte[] beginning;
        try {
            beginning = spool != null && spool.size() > 0
                    ? spool.read((int) Math.min(spool.size(), COUNTED), 0)
                    : ByteBufUtil.getBytes(in, in.readerIndex(), Math.min(in.readableBytes(), COUNTED), true);
        } catch (IOException e) {
            beginning = new byte[] {'?'};
        }
        in.skipBytes(in.readableBytes());
        dropSpool();
        state = State.SKIPPING;
        skippedFs = false;
        hand(ctx, out, beginning, problem, 0);
        // Reading goes on: a connection closed under a peer that is still writing would lose the answer.
        ctx.executor().schedule((Runnable) ctx::close, properties.frameTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void hand(ChannelHandlerContext ctx, List<Object> out, byte[] content, Problem problem, long counted) {
        awaitingAnswer = true;
        frame = content;
        inWork = new InWork(counted);
        ctx.channel().attr(PROBLEM).set(problem);
        ctx.channel().attr(IN_WORK).set(inWork);
        out.add(content);
    }

    private void skip(ByteBuf in) {
        while (in.isReadable()) {
            byte next = in.readByte();
            if (skippedFs && (next == CR || next == LF)) {
                in.skipBytes(in.readableBytes());
                state = State.ENDING;
                if (!awaitingAnswer) {
                    context.close();
                }
                return;
            }
            skippedFs = next == FS;
        }
    }

    /** The answer is on its way: on with the next frame, or with reading, or the end. Called on the event loop. */
    void answered(ChannelFuture written) {
        if (!awaitingAnswer) {
            return;
        }
        awaitingAnswer = false;
        frame = new byte[0];
        lastActivity = System.nanoTime();
        inWork.release();
        if (state == State.SKIPPING) {
            return;
        }
        if (state == State.ENDING) {
            written.addListener(done -> context.close());
            return;
        }
        if (state == State.BETWEEN_FRAMES
                && actualReadableBytes() == 0
                && !inputClosed
                && context.channel().config().isAutoRead()) {
            return;
        }
        context.executor().execute(() -> {
            proceed();
            if (awaitingAnswer) {
                return;
            }
            if (inputClosed) {
                // Written with the flush that follows the write this was called from.
                written.addListener(done -> context.close());
            } else {
                context.channel().config().setAutoRead(true);
                if (state == State.IN_FRAME) {
                    watchFrame();
                }
            }
        });
    }

    /** Looks again at what has been read already. */
    private void proceed() {
        if (!context.isRemoved()) {
            try {
                super.channelRead(context, Unpooled.EMPTY_BUFFER);
            } catch (Exception e) {
                context.fireExceptionCaught(e);
            }
        }
    }

    private void end(ChannelHandlerContext ctx) {
        state = State.ENDING;
        ctx.close();
    }

    // --- limits ----------------------------------------------------------------------------------------------

    /** Others hold what there is: this peer waits, unread, until they are done. */
    private void waitForRoom() {
        waitingForRoom = true;
        context.channel().config().setAutoRead(false);
        context.executor().schedule(this::lookForRoom, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void lookForRoom() {
        waitingForRoom = false;
        if (state != State.IN_FRAME || awaitingAnswer || !context.channel().isActive()) {
            return;
        }
        proceed();
        if (!waitingForRoom && !awaitingAnswer) {
            context.channel().config().setAutoRead(true);
            if (inputClosed) {
                context.close();
            }
        }
    }

    private void release(long counted) {
        if (counted > 0) {
            connections.memory().release(this, counted);
        }
    }

    /** A frame that was handed on, until the hub is done with it. Its connection may be gone long before. */
    final class InWork {

        private long counted;
        private boolean begun;
        private boolean abandoned;

        private InWork(long counted) {
            this.counted = counted;
        }

        /** Somebody works on it now, and will call {@link #end}. */
        synchronized void begin() {
            begun = true;
        }

        synchronized void end() {
            begun = false;
            release();
            if (abandoned) {
                connections.left(MllpDecoder.this);
            }
        }

        /** The connection has gone. @return false when the frame keeps its place */
        private synchronized boolean abandon() {
            abandoned = true;
            if (!begun) {
                release();
            }
            return !begun;
        }

        /** Its bytes count no more. */
        private synchronized void release() {
            MllpDecoder.this.release(counted);
            counted = 0;
        }
    }

    private void waitForEnd(long length) {
        if (endTimer != null && !endTimer.isDone()) {
            return;
        }
        long began = frameStart;
        endTimer = context.executor()
                .schedule(
                        () -> {
                            if (state == State.IN_FRAME && frameStart == began && spooled() + scanned == length) {
                                endOnFs = true;
                                proceed();
                                endOnFs = false;
                            }
                        },
                        properties.endBlockWait().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void watchFrame() {
        if (frameTimer == null) {
            frameTimer = context.executor().schedule(this::checkFrame, timeLeft(), TimeUnit.NANOSECONDS);
        }
    }

    private long timeLeft() {
        long allowed = properties.frameTimeout().toNanos() + (spooled() + scanned) * 1_000_000_000L / BYTES_PER_SECOND;
        return frameStart + allowed - System.nanoTime();
    }

    private void checkFrame() {
        frameTimer = null;
        if (state != State.IN_FRAME || awaitingAnswer) {
            return;
        }
        if (timeLeft() > 0 || waitingForRoom) {
            long again = Math.max(timeLeft(), TimeUnit.SECONDS.toNanos(1));
            frameTimer = context.executor().schedule(this::checkFrame, again, TimeUnit.NANOSECONDS);
            return;
        }
        LOG.warn(
                "{} began a frame{} and did not end it in time ({} bytes): closed without an answer",
                context.channel().remoteAddress(),
                frameHasVt ? "" : " without start block",
                spooled() + scanned);
        end(context);
    }

    /** One that speaks something else waits for an answer that will never come. */
    private void checkStranger() {
        if (!hadFrame && context.channel().isActive()) {
            LOG.warn(
                    "{} has sent {} bytes and no MLLP frame: connection closed",
                    context.channel().remoteAddress(),
                    noise);
            end(context);
        }
    }

    private void watchIdle(long nanos) {
        idleTimer = context.executor().schedule(this::checkIdle, nanos, TimeUnit.NANOSECONDS);
    }

    private void checkIdle() {
        long left = lastActivity + properties.idleTimeout().toNanos() - System.nanoTime();
        if (isIdle() && left <= 0) {
            LOG.info(
                    "{} was silent too long: connection closed",
                    context.channel().remoteAddress());
            context.close();
        } else {
            watchIdle(left > 0 ? left : properties.idleTimeout().toNanos());
        }
    }

    private static void cancel(Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    // --- bytes -----------------------------------------------------------------------------------------------

    private static final int NO = 0;
    private static final int MAYBE = 1;
    private static final int YES = 2;

    /** Where one kind of mark comes next in a buffer: every byte is looked at once, eight at a time. */
    private static final class Marks {
        private final ByteBuf in;
        private final byte mark;
        private int next = -1;

        Marks(ByteBuf in, byte mark) {
            this.in = in;
            this.mark = mark;
        }

        /** The place of the first from there on; the buffer's end when there is none. */
        int from(int from) {
            if (next < from) {
                int found = in.indexOf(from, in.writerIndex(), mark);
                next = found < 0 ? in.writerIndex() : found;
            }
            return next;
        }
    }

    /** Whether a message or batch header (MSH, FHS, BHS and a separator) stands at {@code at}. */
    private static int headerAt(ByteBuf in, int at) {
        int available = in.writerIndex() - at;
        for (String header : HEADERS) {
            int same = 0;
            while (same < 3 && same < available && in.getByte(at + same) == header.charAt(same)) {
                same++;
            }
            if (same == 3) {
                if (available == 3) {
                    return MAYBE;
                }
                byte separator = in.getByte(at + 3);
                return separator > ' ' && !Character.isLetterOrDigit(separator) ? YES : NO;
            }
            if (same == available) {
                return MAYBE;
            }
        }
        return NO;
    }

    private static final List<String> HEADERS = List.of("MSH", "FHS", "BHS");

    private static boolean isBlank(byte[] content) {
        for (byte each : content) {
            if (each > ' ' || each < 0) {
                return false;
            }
        }
        return true;
    }
}
