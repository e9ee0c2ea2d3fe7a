package it.snodo.intake.hl7v2;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.channel.ChannelHandler;
import it.snodo.config.SnodoProperties;
import it.snodo.intake.Quarantine;
import org.apache.camel.component.netty.ChannelHandlerFactory;
import org.apache.camel.component.netty.DefaultChannelHandlerFactory;
import org.apache.camel.component.netty.NettyComponent;
import org.apache.camel.spi.ComponentCustomizer;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The codec that {@code routes/certificate-mllp.camel.yaml} names: {@code decoders=#mllpDecoder&encoders=#mllpEncoder}.
 * Both keep state for their connection, so Camel gets factories.
 */
@Configuration(proxyBeanMethods = false)
class MllpConfiguration {

    /** For a route that does not say {@code usingExecutorService: false}: its frames are worked on by these threads. */
    @Bean
    ComponentCustomizer mllpWorkers(MllpProperties properties) {
        return ComponentCustomizer.forType(
                NettyComponent.class, component -> component.setMaximumPoolSize(properties.workers()));
    }

    @Bean
    MllpConnections mllpConnections(MllpProperties properties, SnodoProperties snodo) {
        return new MllpConnections(
                properties.maxConnections(),
                properties.maxBuffered().toBytes(),
                properties.maxSpooled().toBytes(),
                snodo.dataDir().resolve("spool"));
    }

    @Bean
    Quarantine quarantine(MllpProperties properties, SnodoProperties snodo) {
        return new Quarantine(
                snodo.dataDir().resolve("quarantine"),
                properties.maxQuarantine().toBytes());
    }

    @Bean
    MeterBinder mllpMeters(MllpConnections connections, Quarantine quarantine) {
        return registry -> {
            Gauge.builder("snodo.mllp.connections", connections, MllpConnections::count)
                    .description("MLLP connections open")
                    .register(registry);
            Gauge.builder("snodo.mllp.buffered", connections, each -> each.memory()
                            .used())
                    .description("Bytes of large MLLP frames held in memory until they are answered")
                    .baseUnit("bytes")
                    .register(registry);
            FunctionCounter.builder("snodo.mllp.quarantined", quarantine, Quarantine::count)
                    .description("MLLP frames that made the hub itself fail, kept in quarantine")
                    .register(registry);
            Gauge.builder("snodo.mllp.spooled", connections, each -> each.disk().used())
                    .description("Bytes of unfinished MLLP frames on disk")
                    .baseUnit("bytes")
                    .register(registry);
        };
    }

    /** Stands first of the encoders of {@code certificate-mllp-tls}: nearest to the socket. */
    @Bean
    ChannelHandlerFactory mllpTls(MllpProperties properties, SslBundles bundles) {
        MllpTls tls = new MllpTls(bundles, properties.tls());
        return new DefaultChannelHandlerFactory() {
            @Override
            public ChannelHandler newChannelHandler() {
                return tls.newHandler();
            }
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
    ChannelHandlerFactory mllpEncoder(Quarantine quarantine) {
        return new DefaultChannelHandlerFactory() {
            @Override
            public ChannelHandler newChannelHandler() {
                return new MllpEncoder(quarantine);
            }
        };
    }
}
