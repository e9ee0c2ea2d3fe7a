package it.snodo.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Tells Camel where the routes are: the folder beside the hub, or the copies in the jar when there is none. */
public class RouteFolder implements EnvironmentPostProcessor {

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Path routes = Path.of(environment.getProperty("snodo.config-dir", "."))
                .resolve("routes")
                .toAbsolutePath()
                .normalize();
        Map<String, Object> settings = new HashMap<>();
        if (Files.isDirectory(routes)) {
            settings.put(
                    "camel.main.routes-include-pattern",
                    "file:" + routes + "/_common/*.yaml,file:" + routes + "/*.camel.yaml");
            settings.put("camel.main.routes-reload-directory", routes.toString());
            settings.put("camel.main.routes-reload-directory-recursive", "true");
        } else {
            settings.put(
                    "camel.main.routes-include-pattern",
                    "classpath:snodo-defaults/routes/_common/*.yaml,classpath:snodo-defaults/routes/*.camel.yaml");
            settings.put("camel.main.routes-reload-enabled", "false");
        }
        environment.getPropertySources().addLast(new MapPropertySource("snodo-routes", settings));
    }
}
