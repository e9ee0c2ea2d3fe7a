package it.snodo.intake.hl7v2;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/** Tells the route of the TLS listener whether it is to start: when a bundle is named. */
class MllpEnvironment implements EnvironmentPostProcessor, Ordered {

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        boolean named = StringUtils.hasText(environment.getProperty("snodo.mllp.tls.bundle"));
        environment
                .getPropertySources()
                .addLast(new MapPropertySource("snodo-mllp", Map.of("snodo.mllp.tls.enabled", String.valueOf(named))));
    }

    /** After the demo has named its own. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
