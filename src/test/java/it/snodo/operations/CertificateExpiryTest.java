package it.snodo.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

/** Who looks at health or at the metrics sees in time that a certificate ends. */
class CertificateExpiryTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private static SslBundle bundle(int days) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=prova");
        var builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(Instant.now().minus(400, ChronoUnit.DAYS)),
                Date.from(Instant.now().plus(days, ChronoUnit.DAYS).plus(1, ChronoUnit.HOURS)),
                name,
                pair.getPublic());
        Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("hub", pair.getPrivate(), new char[0], new Certificate[] {certificate});
        return SslBundle.of(SslStoreBundle.of(store, "", null));
    }

    private CertificateExpiry expiry(DefaultSslBundleRegistry bundles) {
        return new CertificateExpiry(bundles, registry);
    }

    private double metric() {
        return registry.get("snodo.certificate.expiry.days")
                .tags("bundle", "mllp", "alias", "hub")
                .gauge()
                .value();
    }

    @Test
    void days_are_a_metric_and_follow_a_change() throws Exception {
        DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("mllp", bundle(20));
        CertificateExpiry expiry = expiry(bundles);
        assertThat(metric()).isBetween(20.0, 20.1);
        assertThat(expiry.health().getDetails().get("warning").toString()).contains("mllp/hub scade tra 20 giorni");
        bundles.updateBundle("mllp", bundle(365));
        assertThat(metric()).isBetween(365.0, 365.1);
        assertThat(expiry.health().getDetails()).doesNotContainKey("warning");
    }

    @Test
    void a_certificate_about_to_end_warns_and_health_stays_up() throws Exception {
        Health health = expiry(new DefaultSslBundleRegistry("mllp", bundle(0))).health();
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsKey("warning");
    }

    @Test
    void an_expired_certificate_of_the_hub_is_down() throws Exception {
        Health health = expiry(new DefaultSslBundleRegistry("mllp", bundle(-2))).health();
        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails().get("warning").toString()).contains("è scaduto");
    }
}
