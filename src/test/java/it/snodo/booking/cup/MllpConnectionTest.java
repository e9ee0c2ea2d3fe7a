package it.snodo.booking.cup;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class MllpConnectionTest {

    /** With TLS 1.3 the hub's handshake is over before the CUP has looked at its certificate. */
    @Test
    void a_refusal_by_tls_is_told_also_when_it_came_before_the_message() throws Exception {
        MllpConnection connection = new MllpConnection(() -> {});
        EmbeddedChannel channel = new EmbeddedChannel(connection);
        channel.pipeline().fireExceptionCaught(new SSLException("Received fatal alert: certificate_unknown"));

        MllpConnection.Exchange exchange = connection.send("MSH|".getBytes());
        channel.runPendingTasks();

        assertThat(exchange.next(Deadline.in(Duration.ofSeconds(60)))).isNull();
        assertThat(exchange.tlsRefusal()).contains("certificate_unknown");
        assertThat(exchange.withdraw()).as("nothing was written").isTrue();
        assertThat((Object) channel.readOutbound()).isNull();
    }
}
