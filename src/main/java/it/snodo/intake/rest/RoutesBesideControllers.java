package it.snodo.intake.rest;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.apache.camel.component.platform.http.springboot.CamelRequestHandlerMapping;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.web.servlet.WebMvcRegistrations;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Lets a route and a controller share an address: {@code POST /api/v1/certificates} enters a flow, {@code GET} is a
 * search. Left alone, whichever is asked first answers 405 to the other's method.
 */
@Component
class RoutesBesideControllers implements WebMvcRegistrations {

    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS");

    private final ObjectProvider<CamelRequestHandlerMapping> routes;

    RoutesBesideControllers(ObjectProvider<CamelRequestHandlerMapping> routes) {
        this.routes = routes;
    }

    @Override
    public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
        return new Controllers();
    }

    private final class Controllers extends RequestMappingHandlerMapping {

        /** Before Camel's, that is -1 whatever it is told. */
        @Override
        public int getOrder() {
            return -2;
        }

        /**
         * What is sent in is mostly for a route, of which there are few: asked here first, it would be compared with every
         * address of every controller: a tenth of the processor that a booking takes.
         */
        @Override
        protected HandlerMethod lookupHandlerMethod(String path, HttpServletRequest request) throws Exception {
            return WITHOUT_BODY.contains(request.getMethod()) || !isForRoute(request)
                    ? super.lookupHandlerMethod(path, request)
                    : null;
        }

        @Override
        protected HandlerMethod handleNoMatch(Set<RequestMappingInfo> infos, String path, HttpServletRequest request)
                throws ServletException {
            // asked first: to find out what else is wrong costs a look at every address, and an exception
            return !request.getMethod().equals("OPTIONS") && isForRoute(request)
                    ? null
                    : super.handleNoMatch(infos, path, request);
        }

        private boolean isForRoute(HttpServletRequest request) {
            try {
                CamelRequestHandlerMapping mapping = routes.getIfAvailable();
                return mapping != null && mapping.getHandler(request) != null;
            } catch (HttpRequestMethodNotSupportedException e) {
                return false;
            } catch (Exception e) {
                return true; // its own refusal, such as of a media type, is given when it is asked next
            }
        }
    }
}
