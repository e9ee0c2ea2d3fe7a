package it.snodo.intake.rest;

import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpEngine;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RestConfiguration {

    /**
     * A call is served by the thread that has read it. Camel would hand it to one of another pool, whose size bounds how many
     * slow CUPs may be waited for, and have the first one woken again for the answer: two more waits for a processor.
     */
    @Bean("platform-http-engine")
    PlatformHttpEngine callsOnTheirOwnThread(@Value("${server.port:8080}") int port) {
        return new SpringBootPlatformHttpEngine(port, Runnable::run);
    }
}
