package it.snodo.booking.cup;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.NoAnswer.Kind;
import it.snodo.publication.ChannelTls;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** The lines to the CUPs that speak HL7 v2 over MLLP, made when they are first needed. */
final class MllpLines implements AutoCloseable {

    /** A CUP whose certificate does not bear the name it is called by. */
    static final String ANY_NAME = "TLS_ANY_NAME";

    private record Key(String azienda, String host, int port, String tls, boolean anyName, boolean search) {}

    private final CupProperties properties;
    private final SslBundles bundles;
    private final CupEvents events;
    private final EventLoopGroup threads = new NioEventLoopGroup(2, new DefaultThreadFactory("snodo-cup", true));
    private final Map<Key, MllpLine> lines = new ConcurrentHashMap<>();
    private final Map<String, Supplier<SSLContext>> contexts = new ConcurrentHashMap<>();

    MllpLines(CupProperties properties, SslBundles bundles, CupEvents events) {
        this.properties = properties;
        this.bundles = bundles;
        this.events = events;
    }

    /** @param search searches have connections of their own */
    MllpLine of(CupAzienda azienda, Address address, boolean search) throws NoAnswer {
        Key key = new Key(
                azienda.code(),
                address.host(),
                address.port(),
                azienda.tls(),
                azienda.quirks().contains(ANY_NAME),
                search);
        MllpLine line = lines.get(key);
        if (line == null) {
            Supplier<SslHandler> tls = key.tls == null ? null : tls(key);
            line = lines.computeIfAbsent(
                    key,
                    made -> new MllpLine(
                            made.host, made.port, properties, threads, tls, event -> events.happened(azienda, event)));
        }
        return line;
    }

    private Supplier<SslHandler> tls(Key key) throws NoAnswer {
        Supplier<SSLContext> context = context(bundles, contexts, key.tls);
        SslBundle bundle = bundles.getBundle(key.tls);
        return () -> {
            SSLEngine engine = context.get().createSSLEngine(key.host, key.port);
            engine.setUseClientMode(true);
            if (bundle.getOptions().getCiphers() != null) {
                engine.setEnabledCipherSuites(bundle.getOptions().getCiphers());
            }
            if (bundle.getOptions().getEnabledProtocols() != null) {
                engine.setEnabledProtocols(bundle.getOptions().getEnabledProtocols());
            }
            if (!key.anyName) {
                SSLParameters parameters = engine.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                engine.setSSLParameters(parameters);
            }
            SslHandler handler = new SslHandler(engine);
            handler.setHandshakeTimeout(properties.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return handler;
        };
    }

    /** The keys and the trust of a bundle as they are now. */
    static Supplier<SSLContext> context(SslBundles bundles, Map<String, Supplier<SSLContext>> known, String bundle)
            throws NoAnswer {
        try {
            return known.computeIfAbsent(bundle, name -> ChannelTls.ofBundle(bundles, name));
        } catch (RuntimeException e) {
            throw new NoAnswer(
                    Kind.UNSENT, "il bundle SSL «%s» non è utilizzabile: %s".formatted(bundle, e.getMessage()));
        }
    }

    @Override
    public void close() {
        lines.values().forEach(MllpLine::close);
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
