package it.snodo.intake.hl7v2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import it.snodo.intake.Quarantine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts an answer between the frame marks and tells the decoder that the next frame may come. An empty answer writes
 * nothing: the peer has asked for none. Anything but bytes means that the route has failed: then the peer still gets an
 * answer, made from the frame's own header, and the frame goes to quarantine.
 */
final class MllpEncoder extends ChannelOutboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(MllpEncoder.class);

    private final Quarantine quarantine;

    MllpEncoder(Quarantine quarantine) {
        this.quarantine = quarantine;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        MllpDecoder decoder = ctx.pipeline().get(MllpDecoder.class);
        byte[] answer = bytes(ctx, message, decoder);
        ByteBuf out = Unpooled.EMPTY_BUFFER;
        if (answer.length > 0) {
            out = ctx.alloc().ioBuffer(answer.length + 3);
            out.writeByte(MllpDecoder.VT);
            out.writeBytes(answer);
            out.writeByte(MllpDecoder.FS);
            out.writeByte(MllpDecoder.CR);
        }
        ctx.write(out, promise);
        if (decoder != null) {
            decoder.answered(promise);
        }
    }

    private byte[] bytes(ChannelHandlerContext ctx, Object message, MllpDecoder decoder) {
        if (message instanceof byte[] answer) {
            return answer;
        }
        byte[] frame = decoder == null ? new byte[0] : decoder.frame();
        String peer = Origin.of(ctx).name();
        if (message instanceof Throwable failure) {
            LOG.error("The route failed beyond its own error handling; {} is answered AE", peer, failure);
            quarantine.put(frame, peer, failure);
        } else {
            LOG.error("The route ended with a {} where an answer was due; the peer is answered AE", message.getClass());
            ReferenceCountUtil.release(message);
        }
        return Acknowledgement.lastResort(frame);
    }
}
