package it.snodo.publication;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** PKCS#12 files, and TLS made from them. */
public final class KeyStores {

    private KeyStores() {}

    public static KeyStore load(Path file, String password) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password == null ? new char[0] : password.toCharArray());
        }
        return store;
    }

    /**
     * @param keys who we are; null when the other side does not ask
     * @param trusted whom we believe; null for the platform's own list
     */
    public static SSLContext tls(Path keys, String keysPassword, Path trusted, String trustedPassword)
            throws GeneralSecurityException, IOException {
        KeyManagerFactory keyManagers = null;
        if (keys != null) {
            keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(load(keys, keysPassword), keysPassword == null ? new char[0] : keysPassword.toCharArray());
        }
        TrustManagerFactory trustManagers = null;
        if (trusted != null) {
            trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(load(trusted, trustedPassword));
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                keyManagers == null ? null : keyManagers.getKeyManagers(),
                trustManagers == null ? null : trustManagers.getTrustManagers(),
                null);
        return context;
    }
}
