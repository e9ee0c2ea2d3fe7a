package it.snodo.intake.hl7v2;

import java.nio.charset.Charset;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The MLLP listener, {@code snodo.mllp.*}.
 *
 * @param host address to listen on
 * @param port port to listen on
 * @param charset what peers write when MSH-18 is empty or wrong; null: strict UTF-8, else Windows-1252
 * @param maxFrameSize a larger frame is answered AR 104 and its connection closed
 * @param maxBuffered bytes of unfinished or unanswered large frames held for all connections together; beyond it
 *     reading stops; null: a quarter of the heap
 * @param frameTimeout a frame must end within this time, plus one second for each 64 kB received; else the connection
 *     is closed without an answer, so that the peer sends again
 * @param idleTimeout a connection silent for so long between frames is closed
 * @param endBlockWait how long a frame that ends with FS waits for its CR before it is taken as ended
 * @param maxNoise bytes outside any frame after which the peer is taken for no MLLP peer and cut off
 * @param maxConnections connections open at once; the next one takes the place of the oldest idle one from the same
 *     address, or is refused
 * @param backlog connections that may wait to be taken
 * @param workers threads that read and store frames; each connection keeps to one
 * @param joinContinuationLines whether a line that starts no segment goes on with the field before it (a free text with
 *     a bare carriage return); if not, it is a fault
 * @param acceptUnwrappedBatches whether several MSH in one frame without BHS are taken one by one; if not, the frame is
 *     refused with AR 100
 */
@ConfigurationProperties("snodo.mllp")
record MllpProperties(
        @DefaultValue("0.0.0.0") String host,
        @DefaultValue("2575") int port,
        Charset charset,
        @DefaultValue("50MB") DataSize maxFrameSize,
        DataSize maxBuffered,
        @DefaultValue("30s") Duration frameTimeout,
        @DefaultValue("60m") Duration idleTimeout,
        @DefaultValue("150ms") Duration endBlockWait,
        @DefaultValue("64KB") DataSize maxNoise,
        @DefaultValue("1000") int maxConnections,
        @DefaultValue("256") int backlog,
        @DefaultValue("32") int workers,
        @DefaultValue("true") boolean joinContinuationLines,
        @DefaultValue("false") boolean acceptUnwrappedBatches) {

    MllpProperties {
        if (maxBuffered == null) {
            maxBuffered = DataSize.ofBytes(Runtime.getRuntime().maxMemory() / 4);
        }
    }
}
