package it.snodo.intake.hl7v2;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.channel.ChannelHandler;
import org.apache.camel.component.netty.ChannelHandlerFactory;
import org.apache.camel.component.netty.DefaultChannelHandlerFactory;
import org.apache.camel.component.netty.NettyComponent;
import org.apache.camel.spi.ComponentCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The codec that {@code routes/certificate-mllp.camel.yaml} names: {@code decoders=#mllpDecoder&encoders=#mllpEncoder}.
 * Both keep state for their connection, so Camel gets factories.
 */
@Configuration(proxyBeanMethods = false)
class MllpConfiguration {

    /** Frames are read and stored on these threads; a connection keeps to one of them, which keeps its order. */
    @Bean
    ComponentCustomizer mllpWorkers(MllpProperties properties) {
        return ComponentCustomizer.forType(
                NettyComponent.class, component -> component.setMaximumPoolSize(properties.workers()));
    }

    @Bean
    MllpConnections mllpConnections(MllpProperties properties) {
        return new MllpConnections(
                properties.maxConnections(), properties.maxBuffered().toBytes());
    }

    @Bean
    MeterBinder mllpMeters(MllpConnections connections) {
        return registry -> {
            Gauge.builder("snodo.mllp.connections", connections, MllpConnections::count)
                    .description("MLLP connections open")
                    .register(registry);
            Gauge.builder("snodo.mllp.buffered", connections, MllpConnections::buffered)
                    .description("Bytes of large MLLP frames held in memory")
                    .baseUnit("bytes")
                    .register(registry);
        };
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
