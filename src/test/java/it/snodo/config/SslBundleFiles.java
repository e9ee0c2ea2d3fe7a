package it.snodo.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** SSL bundles as Spring makes them of files for the hub, with the hub's own defaults, read again when they change. */
public final class SslBundleFiles implements AutoCloseable {

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    /** One bundle of two PKCS#12 files. */
    public SslBundleFiles(String name, Path keys, Path trusted, String password) {
        String bundle = "spring.ssl.bundle.jks." + name + ".";
        List<String> settings = new ArrayList<>(List.of(
                bundle + "keystore.location=file:" + keys,
                bundle + "keystore.password=" + password,
                bundle + "keystore.type=PKCS12",
                bundle + "truststore.location=file:" + trusted,
                bundle + "truststore.password=" + password,
                bundle + "truststore.type=PKCS12",
                bundle + "reload-on-update=true",
                "spring.ssl.bundle.watch.file.quiet-period=200ms"));
        TestPropertyValues.of(settings).applyTo(context);
        context.register(SslAutoConfiguration.class, TlsDefaults.class);
        context.refresh();
    }

    public SslBundles bundles() {
        return context.getBean(SslBundles.class);
    }

    @Override
    public void close() {
        context.close();
    }
}
