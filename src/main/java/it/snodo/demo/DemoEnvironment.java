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

/** Gives the FSE client the demo's own keys, unless others are configured. Nothing of this exists outside the demo. */
public class DemoEnvironment implements EnvironmentPostProcessor, Ordered {

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (!environment.acceptsProfiles(Profiles.of("demo"))
                || environment.containsProperty("snodo.fse.signature-key-store")) {
            return;
        }
        DemoKeys keys = new DemoKeys(Path.of(environment.getProperty("snodo.data-dir", "data")));
        Map<String, Object> settings = new HashMap<>();
        settings.put(
                "snodo.fse.signature-key-store",
                keys.pkcs12(DemoKeys.FSE_SIGNATURE).toString());
        settings.put("snodo.fse.signature-key-store-password", new String(keys.password()));
        environment.getPropertySources().addLast(new MapPropertySource("snodo-demo-keys", settings));
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
