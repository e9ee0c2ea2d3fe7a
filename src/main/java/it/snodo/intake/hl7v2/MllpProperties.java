package it.snodo.intake.hl7v2;

import java.nio.charset.Charset;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.web.server.Ssl;
import org.springframework.util.unit.DataSize;

/**
 * The MLLP listener, {@code snodo.mllp.*}.
 *
 * @param enabled whether the plain listener runs; a site that wants only TLS says false
 * @param host address to listen on
 * @param port port of the plain listener
 * @param charset what peers write when MSH-18 is empty or wrong; null: strict UTF-8, else Windows-1252
 * @param maxFrameSize a larger frame is answered AR 104 and its connection closed
 * @param spoolOver what has come of a frame beyond this goes to a file in {@code <data-dir>/spool} until the frame is
 *     whole, so that slow senders of large frames hold no memory
 * @param maxSpooled bytes of unfinished frames on disk for all connections together; beyond it reading stops
 * @param maxBuffered bytes of frames larger than 64 kB held in memory for all connections together, from the moment they
 *     are whole until they are answered; beyond it a frame waits; null: a quarter of the heap
 * @param frameTimeout a frame must end within this time, plus one second for each 64 kB received; else the connection
 *     is closed without an answer, so that the peer sends again
 * @param idleTimeout a connection silent for so long between frames is closed
 * @param endBlockWait how long a frame that ends with FS waits for its CR before it is taken as ended
 * @param maxNoise bytes outside any frame after which the peer is taken for no MLLP peer and cut off
 * @param maxConnections connections open at once; the next one takes the place of the oldest idle one from the same
 *     address, or is refused
 * @param backlog connections that may wait to be taken
 * @param workers threads that read frames larger than 64 kB; smaller ones are read where they arrive
 * @param joinContinuationLines whether a line that starts no segment goes on with the field before it (a free text with
 *     a bare carriage return); if not, it is a fault
 * @param maxQuarantine bytes kept in {@code <data-dir>/quarantine}; beyond it nothing more is put there
 * @param acceptUnwrappedBatches whether several MSH in one frame without BHS are taken one by one; if not, the frame is
 *     refused with AR 100
 * @param tls the listener with TLS
 */
@ConfigurationProperties("snodo.mllp")
record MllpProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("0.0.0.0") String host,
        @DefaultValue("2575") int port,
        Charset charset,
        @DefaultValue("50MB") DataSize maxFrameSize,
        @DefaultValue("256KB") DataSize spoolOver,
        @DefaultValue("2GB") DataSize maxSpooled,
        DataSize maxBuffered,
        @DefaultValue("30s") Duration frameTimeout,
        @DefaultValue("60m") Duration idleTimeout,
        @DefaultValue("150ms") Duration endBlockWait,
        @DefaultValue("64KB") DataSize maxNoise,
        @DefaultValue("1000") int maxConnections,
        @DefaultValue("256") int backlog,
        @DefaultValue("32") int workers,
        @DefaultValue("true") boolean joinContinuationLines,
        @DefaultValue("1GB") DataSize maxQuarantine,
        @DefaultValue("false") boolean acceptUnwrappedBatches,
        @DefaultValue Tls tls) {

    /**
     * TLS 1.2 and 1.3, in force when a bundle is named.
     *
     * @param bundle name of the Spring SSL bundle ({@code spring.ssl.bundle.*}) with the hub's key and whom it trusts;
     *     null: no listener with TLS
     * @param port port to listen on
     * @param clientAuth whether the peer must show a certificate
     * @param handshakeTimeout a connection that has not agreed on TLS by then is closed
     */
    record Tls(
            String bundle,
            @DefaultValue("2576") int port,
            @DefaultValue("need") Ssl.ClientAuth clientAuth,
            @DefaultValue("10s") Duration handshakeTimeout) {}

    MllpProperties {
        if (maxBuffered == null) {
            maxBuffered = DataSize.ofBytes(Runtime.getRuntime().maxMemory() / 4);
        }
    }
}
