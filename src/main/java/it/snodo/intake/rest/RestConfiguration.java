package it.snodo.intake.rest;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskDecorator;
import org.springframework.security.concurrent.DelegatingSecurityContextRunnable;

@Configuration(proxyBeanMethods = false)
class RestConfiguration {

    /** Camel serves an HTTP request in a thread of the application's pool: who is logged in has to go there with it. */
    @Bean
    TaskDecorator securityContextOfTheRequest() {
        return DelegatingSecurityContextRunnable::new;
    }
}
