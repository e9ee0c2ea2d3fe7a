package it.snodo.intake.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpEngine;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

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

    /** So the answer is written when the route's step returns: the call need not go through filters and mappings again. */
    @Bean
    static BeanPostProcessor answersOfRoutes() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof RequestMappingHandlerAdapter adapter) {
                    List<HandlerMethodReturnValueHandler> handlers = new ArrayList<>(adapter.getReturnValueHandlers());
                    handlers.add(0, new Written());
                    adapter.setReturnValueHandlers(handlers);
                }
                return bean;
            }
        };
    }

    private static final class Written implements HandlerMethodReturnValueHandler {

        @Override
        public boolean supportsReturnType(MethodParameter type) {
            return type.getDeclaringClass() == SpringBootPlatformHttpConsumer.class;
        }

        @Override
        public void handleReturnValue(
                Object value, MethodParameter type, ModelAndViewContainer container, NativeWebRequest request) {
            container.setRequestHandled(true);
            ((CompletableFuture<?>) value).join();
        }
    }
}
