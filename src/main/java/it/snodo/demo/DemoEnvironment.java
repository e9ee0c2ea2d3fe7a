package it.snodo.demo;

import it.snodo.signature.DemoKeys;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;

/**
 * Gives the FSE client and the TLS listener the demo's own keys, and the simulated CUPs their ports, unless others are configured.
 * Nothing of this exists outside the demo.
 */
public class DemoEnvironment implements EnvironmentPostProcessor, Ordered {

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (!environment.acceptsProfiles(Profiles.of("demo"))) {
            return;
        }
        DemoKeys keys = new DemoKeys(Path.of(environment.getProperty("snodo.data-dir", "data")));
        Map<String, Object> settings = new HashMap<>();
        if (!environment.containsProperty("snodo.fse.signature-key-store")) {
            settings.put(
                    "snodo.fse.signature-key-store",
                    keys.pkcs12(DemoKeys.FSE_SIGNATURE).toString());
            settings.put("snodo.fse.signature-key-store-password", new String(keys.password()));
        }
        tls(keys, environment, settings);
        cups(environment, settings);
        environment.getPropertySources().addLast(new MapPropertySource("snodo-demo-keys", settings));
    }

    /**
     * A bundle {@code demo}, and MLLP with mutual TLS on it. A demo whose plain listener was moved has a reason to: its
     * TLS listener only starts where it is told to, lest it takes the port of another hub.
     */
    private static void tls(DemoKeys keys, ConfigurableEnvironment environment, Map<String, Object> settings) {
        String bundle = "spring.ssl.bundle.jks.demo.";
        String password = new String(keys.password());
        settings.put(bundle + "keystore.location", "file:" + keys.pkcs12(DemoKeys.SERVER));
        settings.put(bundle + "keystore.password", password);
        settings.put(bundle + "keystore.type", "PKCS12");
        settings.put(bundle + "truststore.location", "file:" + keys.trusted());
        settings.put(bundle + "truststore.password", password);
        settings.put(bundle + "truststore.type", "PKCS12");
        settings.put(bundle + "reload-on-update", "true");
        boolean usualPort = "2575".equals(environment.getProperty("snodo.mllp.port", "2575"));
        if (usualPort || environment.containsProperty("snodo.mllp.tls.port")) {
            settings.put("snodo.mllp.tls.bundle", "demo");
        }
    }

    /** A demo whose simulators were moved finds ports for the CUPs by itself: it may stand beside another one. */
    private static void cups(ConfigurableEnvironment environment, Map<String, Object> settings) {
        String name = "snodo.simulator.cup.base-port";
        if (!environment.containsProperty(name)) {
            boolean usualPort = "8090".equals(environment.getProperty("snodo.simulator.port", "8090"));
            settings.put(name, usualPort ? 26_000 : CupPorts.reserve());
        }
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
