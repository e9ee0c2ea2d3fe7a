package it.snodo.intake.hl7v2;

import io.netty.channel.ChannelHandlerContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Whence a frame came.
 *
 * @param address of the peer; null when it came by another way than a connection
 * @param subject of the certificate that the peer has shown; null without
 * @param name how the journal and the log call it: {@code 10.1.2.3:40112}, behind the certificate's subject when there
 *     is one
 */
record Origin(InetAddress address, String subject, String name) {

    static Origin named(String name) {
        return new Origin(null, null, name);
    }

    static Origin of(ChannelHandlerContext connection) {
        String subject = connection.channel().attr(MllpDecoder.SUBJECT).get();
        if (connection.channel().remoteAddress() instanceof InetSocketAddress peer) {
            String at = peer.getAddress().getHostAddress() + ":" + peer.getPort();
            return new Origin(peer.getAddress(), subject, subject == null ? at : subject + " " + at);
        }
        return named(String.valueOf(connection.channel().remoteAddress()));
    }

    /** Whether several frames may answer one. */
    boolean isConnection() {
        return address != null;
    }
}
