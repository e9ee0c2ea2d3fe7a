package it.snodo.intake.hl7v2;

import io.netty.channel.ChannelHandler;
import org.apache.camel.component.netty.ChannelHandlerFactory;
import org.apache.camel.component.netty.DefaultChannelHandlerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The codec that {@code routes/certificate-mllp.camel.yaml} names: {@code decoders=#mllpDecoder&encoders=#mllpEncoder}.
 * Both keep state for their connection, so Camel gets factories.
 */
@Configuration(proxyBeanMethods = false)
class MllpConfiguration {

    @Bean
    MllpConnections mllpConnections(MllpProperties properties) {
        return new MllpConnections(
                properties.maxConnections(), properties.maxBuffered().toBytes());
    }

    @Bean
    ChannelHandlerFactory mllpDecoder(MllpProperties properties, MllpConnections connections) {
        return new DefaultChannelHandlerFactory() {
            @Override
            public ChannelHandler newChannelHandler() {
                return new MllpDecoder(properties, connections);
            }
        };
    }

    @Bean
    ChannelHandlerFactory mllpEncoder() {
        return new DefaultChannelHandlerFactory() {
            @Override
            public ChannelHandler newChannelHandler() {
                return new MllpEncoder();
            }
        };
    }
}
