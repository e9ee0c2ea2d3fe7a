package it.snodo.publication.fse;

import it.snodo.config.ConfigFolder;
import it.snodo.publication.HttpChannel;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Keys and clients for tests. */
final class FseKit {

    static final String CN = "S1#111SNODO";
    static final String PASSWORD = "test-only";
    private static Path keyStore;
    private static X509Certificate certificate;

    private FseKit() {}

    static synchronized Path keyStore() {
        if (keyStore == null) {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2048);
                KeyPair pair = generator.generateKeyPair();
                X500Principal name = new X500Principal("CN=\"" + CN + "\",O=Prova,C=IT");
                Instant now = Instant.now();
                certificate = new JcaX509CertificateConverter()
                        .getCertificate(new JcaX509v3CertificateBuilder(
                                        name,
                                        BigInteger.ONE,
                                        Date.from(now.minusSeconds(3600)),
                                        Date.from(now.plusSeconds(3600)),
                                        name,
                                        pair.getPublic())
                                .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate())));
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setKeyEntry("sign", pair.getPrivate(), PASSWORD.toCharArray(), new Certificate[] {certificate});
                keyStore = Files.createTempFile("fse-sign", ".p12");
                try (OutputStream out = Files.newOutputStream(keyStore)) {
                    store.store(out, PASSWORD.toCharArray());
                }
                keyStore.toFile().deleteOnExit();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return keyStore;
    }

    static X509Certificate certificate() {
        keyStore();
        return certificate;
    }

    static FseProperties properties(String url) {
        return properties(url, Duration.ofSeconds(3), keyStore());
    }

    static FseProperties properties(String url, Duration timeout, Path keys) {
        return properties(url, timeout, keys, null, null, null, null);
    }

    /** With mutual TLS. @param keys null to show no certificate */
    static FseProperties properties(String url, Path keys, Path trusted, String password) {
        return properties(url, Duration.ofSeconds(3), keyStore(), null, keys, trusted, password);
    }

    static FseProperties properties(String url, String sslBundle) {
        return properties(url, Duration.ofSeconds(3), keyStore(), sslBundle, null, null, null);
    }

    private static FseProperties properties(
            String url,
            Duration timeout,
            Path signing,
            String sslBundle,
            Path authentication,
            Path trusted,
            String tlsPassword) {
        return new FseProperties(
                url,
                null,
                signing,
                PASSWORD,
                null,
                null,
                sslBundle,
                authentication,
                tlsPassword,
                trusted,
                tlsPassword,
                null,
                "AAS",
                "010",
                "Regione Piemonte",
                "SNODO",
                "PROVA",
                "1.0",
                "2.16.840.1.113883.2.9.2.10.4.5.1",
                "2.16.840.1.113883.2.9.2.10.4.3",
                false,
                Duration.ofSeconds(1),
                timeout,
                timeout,
                Duration.ofDays(5),
                Duration.ofMinutes(10),
                Duration.ofMinutes(5),
                null);
    }

    static FseMetadata metadata(FseProperties properties) {
        return new FseMetadata(properties, new PracticeSettings(new ConfigFolder(Path.of("."))));
    }

    static FseGateway gateway(FseProperties properties) {
        return gateway(properties, Clock.systemUTC());
    }

    static FseGateway gateway(FseProperties properties, Clock clock) {
        return new FseGateway(
                properties,
                new FseTokens(properties, clock),
                metadata(properties),
                new HttpChannel(properties.connectTimeout(), properties.responseTimeout(), 8, null),
                call -> {});
    }
}
