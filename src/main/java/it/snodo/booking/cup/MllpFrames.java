package it.snodo.booking.cup;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.TooLongFrameException;
import java.util.List;

/**
 * Takes answers out of the bytes of a connection. Lenient, since the other side is another vendor's: bytes between frames
 * are skipped, the CR after the end mark may be missing, and so may the start mark before {@code MSH}.
 */
final class MllpFrames extends ByteToMessageDecoder {

    static final byte VT = 0x0B;
    static final byte FS = 0x1C;
    static final byte CR = 0x0D;

    /** A day's free places of a large CUP are a hundredth of this. */
    private static final int LARGEST = 8 * 1024 * 1024;

    private static final int MOST_NOISE = 64 * 1024;

    private boolean inside;
    private int scanned;
    private int noise;

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (!inside) {
            inside = skipToStart(in);
            scanned = 0;
        }
        if (inside) {
            takeFrame(in, out);
        }
    }

    private boolean skipToStart(ByteBuf in) {
        while (in.isReadable()) {
            byte first = in.getByte(in.readerIndex());
            if (first == VT) {
                in.skipBytes(1);
                noise = 0;
                return true;
            }
            if (first == 'M') {
                if (in.readableBytes() < 3) {
                    return false;
                }
                if (in.getByte(in.readerIndex() + 1) == 'S' && in.getByte(in.readerIndex() + 2) == 'H') {
                    noise = 0;
                    return true;
                }
            }
            in.skipBytes(1);
            if (++noise > MOST_NOISE) {
                throw new TooLongFrameException("noise between answers");
            }
        }
        return false;
    }

    /** An end mark with something else after it than CR, LF or the next frame is part of a text. */
    private void takeFrame(ByteBuf in, List<Object> out) {
        int start = in.readerIndex();
        for (int at = start + scanned; at < in.writerIndex(); at++) {
            if (in.getByte(at) == FS && (at + 1 == in.writerIndex() || isAfterEnd(in.getByte(at + 1)))) {
                byte[] frame = new byte[at - start];
                in.readBytes(frame);
                in.skipBytes(1);
                inside = false;
                if (frame.length > 0) {
                    out.add(frame);
                }
                return;
            }
        }
        scanned = in.writerIndex() - start;
        if (scanned > LARGEST) {
            throw new TooLongFrameException("an answer without end");
        }
    }

    private static boolean isAfterEnd(byte next) {
        return next == CR || next == '\n' || next == VT;
    }

    /** Whether the connection ended in the middle of an answer. */
    boolean isInside() {
        return inside;
    }
}
