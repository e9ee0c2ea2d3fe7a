package it.snodo.config;

import java.nio.file.Path;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ConfigConfiguration {

    @Bean
    ConfigFolder configFolder(SnodoProperties properties) {
        return new ConfigFolder(Path.of(properties.configDir()));
    }
}
