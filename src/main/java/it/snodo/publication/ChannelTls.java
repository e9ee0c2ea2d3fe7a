package it.snodo.publication;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundles;

/**
 * The keys and the trust of a channel as they are now: certificates are renewed without a restart. Each new connection uses what
 * the files hold; those open go on until they are five minutes old. Files that cannot be used leave the last good ones in force.
 */
public final class ChannelTls {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelTls.class);

    private ChannelTls() {}

    /** Of a Spring SSL bundle; followed when the bundle has {@code reload-on-update}. */
    public static Supplier<SSLContext> ofBundle(SslBundles bundles, String name) {
        AtomicReference<SSLContext> current =
                new AtomicReference<>(bundles.getBundle(name).createSslContext());
        bundles.addBundleUpdateHandler(name, changed -> {
            current.set(changed.createSslContext());
            LOG.info("SSL bundle {} has changed: new connections use it", name);
        });
        return current::get;
    }

    /**
     * Of PKCS#12 files, looked at before each new connection.
     *
     * @param keys who we are; null when the other side does not ask
     * @param trusted whom we believe; null for the platform's own list
     */
    public static Supplier<SSLContext> ofFiles(Path keys, String keysPassword, Path trusted, String trustedPassword)
            throws GeneralSecurityException, IOException {
        return new OfFiles(keys, keysPassword, trusted, trustedPassword);
    }

    private static final class OfFiles implements Supplier<SSLContext> {

        private final Path keys;
        private final String keysPassword;
        private final Path trusted;
        private final String trustedPassword;
        private SSLContext current;
        private List<Object> stamp;

        OfFiles(Path keys, String keysPassword, Path trusted, String trustedPassword)
                throws GeneralSecurityException, IOException {
            this.keys = keys;
            this.keysPassword = keysPassword;
            this.trusted = trusted;
            this.trustedPassword = trustedPassword;
            this.stamp = stamp();
            this.current = KeyStores.tls(keys, keysPassword, trusted, trustedPassword);
        }

        @Override
        public synchronized SSLContext get() {
            try {
                List<Object> now = stamp();
                if (!Objects.equals(now, stamp)) {
                    stamp = now;
                    current = KeyStores.tls(keys, keysPassword, trusted, trustedPassword);
                    LOG.info("{} or {} has changed: new connections use it", keys, trusted);
                }
            } catch (GeneralSecurityException | IOException e) {
                LOG.error(
                        "{} or {} has changed but cannot be used, the last good content stays in force: {}",
                        keys,
                        trusted,
                        e.getMessage());
            }
            return current;
        }

        private List<Object> stamp() throws IOException {
            List<Object> stamp = new ArrayList<>();
            for (Path file : new Path[] {keys, trusted}) {
                if (file != null) {
                    stamp.add(Files.getLastModifiedTime(file));
                    stamp.add(Files.size(file));
                }
            }
            return stamp;
        }
    }
}
