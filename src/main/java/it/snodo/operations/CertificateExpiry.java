package it.snodo.operations;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;

/**
 * How long the certificates of the SSL bundles still hold, the hub's own and those it trusts: the metric
 * {@code snodo_certificate_expiry_days{bundle,alias}} and a detail of health. Health warns from 30 days before and is
 * DOWN only once a certificate of the hub itself has expired.
 */
@Component("tlsCertificates")
class CertificateExpiry implements HealthIndicator {

    static final int WARN_DAYS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(CertificateExpiry.class);

    /**
     * @param own whether the hub shows it; else it only trusts it
     */
    private record Held(String bundle, String alias, boolean own, Instant until) {

        double days() {
            return Duration.between(Instant.now(), until).toMinutes() / 1440.0;
        }
    }

    private final Map<String, List<Held>> held = new ConcurrentHashMap<>();
    private final MultiGauge gauges;

    CertificateExpiry(SslBundles bundles, MeterRegistry registry) {
        gauges = MultiGauge.builder("snodo.certificate.expiry.days")
                .description("Days until a certificate of an SSL bundle expires")
                .register(registry);
        for (String name : bundles.getBundleNames()) {
            take(name, bundles.getBundle(name));
            bundles.addBundleUpdateHandler(name, changed -> take(name, changed));
        }
    }

    private synchronized void take(String name, SslBundle bundle) {
        List<Held> found = new ArrayList<>();
        try {
            add(found, name, bundle.getStores().getKeyStore(), true);
            add(found, name, bundle.getStores().getTrustStore(), false);
        } catch (KeyStoreException | RuntimeException e) {
            // whoever uses the bundle says what is wrong with it
            LOG.warn("The certificates of SSL bundle {} cannot be read: {}", name, e.getMessage());
            return;
        }
        held.put(name, List.copyOf(found));
        gauges.register(
                held.values().stream()
                        .flatMap(List::stream)
                        .map(each -> MultiGauge.Row.of(
                                Tags.of("bundle", each.bundle(), "alias", each.alias()), each, Held::days))
                        .toList(),
                true);
    }

    /** Of a chain the first that expires counts. */
    private static void add(List<Held> found, String bundle, KeyStore store, boolean own) throws KeyStoreException {
        if (store == null) {
            return;
        }
        for (String alias : Collections.list(store.aliases())) {
            java.security.cert.Certificate[] chain = store.getCertificateChain(alias);
            if (chain == null) {
                chain = new java.security.cert.Certificate[] {store.getCertificate(alias)};
            }
            Instant until = null;
            for (java.security.cert.Certificate each : chain) {
                if (each instanceof X509Certificate certificate) {
                    Instant end = certificate.getNotAfter().toInstant();
                    until = until == null || end.isBefore(until) ? end : until;
                }
            }
            if (until != null) {
                found.add(new Held(bundle, alias, own, until));
            }
        }
    }

    @Override
    public Health health() {
        Map<String, Object> details = new TreeMap<>();
        List<String> warnings = new ArrayList<>();
        boolean expired = false;
        for (Held each : held.values().stream().flatMap(List::stream).toList()) {
            long days = (long) Math.floor(each.days());
            String name = each.bundle() + "/" + each.alias();
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("expires", each.until().toString());
            detail.put("days", days);
            details.put(name, detail);
            if (each.days() < 0) {
                expired |= each.own();
                warnings.add("Il certificato " + name + " è scaduto.");
            } else if (days < WARN_DAYS) {
                warnings.add("Il certificato " + name + " scade tra " + days + " giorni.");
            }
        }
        Health.Builder health = expired ? Health.down() : Health.up();
        if (!warnings.isEmpty()) {
            health.withDetail("warning", warnings);
        }
        return health.withDetails(details).build();
    }
}
