package it.snodo.access;

import jakarta.servlet.Filter;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.config.web.PathPatternRequestMatcherBuilderFactoryBean;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.servlet.handler.HandlerMappingIntrospector;

/**
 * Who may call what. Nothing is open but the health of the hub and the descriptions of its interfaces; each role gets
 * the least it needs. All of it stands here, by address: rules on methods would make every start a second longer.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    static final String SPECIALISTA = "specialista";
    static final String DISTRETTO = "distretto";
    static final String CUP = "cup";
    static final String ASSISTENZA = "assistenza";
    static final String FSE = "fse";
    static final String OPS = "ops";

    /** Rules common to demo and production. */
    private static void rules(HttpSecurity http, AccessRefusals refusals, AccessProperties systems) throws Exception {
        if (!systems.certificates().isEmpty()) {
            http.x509(certificates -> certificates
                    // by the whole subject: the usual extractor fails on one that has no CN
                    .x509PrincipalExtractor(
                            certificate -> certificate.getSubjectX500Principal().getName())
                    .authenticationUserDetailsService(new SystemsByCertificate(systems)));
        }
        http.authorizeHttpRequests(rules -> rules.requestMatchers(EndpointRequest.to(HealthEndpoint.class))
                        .permitAll()
                        .requestMatchers(EndpointRequest.toAnyEndpoint())
                        .hasRole(OPS)
                        .requestMatchers(
                                HttpMethod.GET,
                                "/v3/api-docs/**",
                                "/swagger-ui/**",
                                "/swagger-ui.html",
                                "/fhir/metadata")
                        .permitAll()
                        // the gateway's push carries no authority: it only makes the hub ask for the status
                        .requestMatchers(HttpMethod.POST, "/fse-callback/v1/workflow/status")
                        .permitAll()
                        .requestMatchers(HttpMethod.POST, "/api/v1/certificates", "/api/v1/certificates/*/**")
                        .hasRole(SPECIALISTA)
                        .requestMatchers(HttpMethod.GET, "/api/v1/signature-providers")
                        .hasRole(SPECIALISTA)
                        .requestMatchers(HttpMethod.GET, "/api/v1/catalogue/**")
                        .hasAnyRole(SPECIALISTA, DISTRETTO, OPS)
                        // whose pratiche and exemptions they see is told by ASL and codice fiscale
                        .requestMatchers("/api/v1/pratiche", "/api/v1/pratiche/**")
                        .hasAnyRole(SPECIALISTA, DISTRETTO, OPS)
                        .requestMatchers(
                                HttpMethod.GET, "/api/v1/exemptions", "/api/v1/exemptions/**", "/api/v1/patients/**")
                        .hasAnyRole(SPECIALISTA, DISTRETTO)
                        .requestMatchers(HttpMethod.GET, "/fhir/Coverage", "/fhir/Coverage/**")
                        .hasAnyRole(FSE, SPECIALISTA, DISTRETTO)
                        .requestMatchers(HttpMethod.POST, "/fhir/Coverage/_search")
                        .hasAnyRole(FSE, SPECIALISTA, DISTRETTO)
                        .requestMatchers(HttpMethod.GET, "/api/v1/certificates/**")
                        .hasAnyRole(SPECIALISTA, OPS)
                        // the bytes of a message, the request in them and what went out because of it are health data
                        .requestMatchers(
                                HttpMethod.GET,
                                "/api/v1/messages/*/raw",
                                "/api/v1/messages/*/raw/**",
                                "/api/v1/messages/*/calls/*/**",
                                "/api/v1/publications/*/calls/*/**",
                                "/api/v1/messages/*/content",
                                "/api/v1/messages/*/content/**",
                                "/api/v1/dead-letters/*/raw")
                        .hasRole(OPS)
                        .requestMatchers(
                                HttpMethod.GET,
                                "/api/v1/messages/**",
                                "/api/v1/publications/**",
                                "/api/v1/dead-letters",
                                "/api/v1/destinations",
                                "/api/v1/configuration",
                                "/api/v1/batches/**")
                        .hasAnyRole(OPS, ASSISTENZA)
                        .requestMatchers(
                                HttpMethod.POST,
                                "/api/v1/publications/*/retry",
                                "/api/v1/publications/*/close",
                                "/api/v1/messages/*/replay",
                                "/api/v1/messages/*/repair",
                                "/api/v1/messages/*/discard",
                                "/api/v1/dead-letters/*/replay",
                                "/api/v1/dead-letters/*/discard",
                                "/api/v1/destinations/*/pause",
                                "/api/v1/destinations/*/resume",
                                "/api/v1/batches")
                        .hasRole(OPS)
                        .requestMatchers(HttpMethod.DELETE, "/api/v1/batches/*")
                        .hasRole(OPS)
                        .requestMatchers(HttpMethod.PUT, "/api/v1/documents/*/metadata")
                        .hasAnyRole(SPECIALISTA, OPS)
                        .requestMatchers(HttpMethod.GET, "/api/v1/documents/**")
                        .hasAnyRole(FSE, SPECIALISTA, OPS)
                        .requestMatchers("/api/v1/bookings/*/commands", "/api/v1/bookings/*/commands/**")
                        .hasRole(OPS)
                        .requestMatchers("/api/v1/bookings", "/api/v1/bookings/**", "/api/v1/availability")
                        .hasAnyRole(CUP, OPS)
                        .requestMatchers("/fhir/Appointment", "/fhir/Appointment/**")
                        .hasAnyRole(CUP, OPS)
                        // a Bundle with a certificate is a specialist's, one with a booking a desk's: told by its
                        // content
                        .requestMatchers(HttpMethod.POST, "/fhir", "/fhir/", "/fhir/$process-message")
                        .hasAnyRole(SPECIALISTA, CUP, OPS)
                        .requestMatchers(HttpMethod.GET, "/fhir/**")
                        .hasAnyRole(FSE, SPECIALISTA, OPS)
                        .requestMatchers(HttpMethod.POST, "/fhir/DocumentReference/_search")
                        .hasAnyRole(FSE, SPECIALISTA, OPS)
                        .anyRequest()
                        .denyAll())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // no session and no cookie carries authority, so there is nothing to forge a request with
                .csrf(AbstractHttpConfigurer::disable)
                .exceptionHandling(
                        errors -> errors.authenticationEntryPoint(refusals).accessDeniedHandler(refusals));
    }

    /** Patterns are laid on the path itself: asking Spring MVC for each of them cost more than all other filters. */
    @Bean
    PathPatternRequestMatcherBuilderFactoryBean patternsOfPaths() {
        return new PathPatternRequestMatcherBuilderFactoryBean();
    }

    /** Spring Security has the handler of each call looked for beforehand, for matchers that ask Spring MVC: none here does. */
    @Bean
    static BeanDefinitionRegistryPostProcessor handlersLookedForOnce() {
        return registry -> {
            String introspector = "mvcHandlerMappingIntrospector";
            if (registry.containsBeanDefinition(introspector)) {
                registry.removeBeanDefinition(introspector);
                RootBeanDefinition unasked = new RootBeanDefinition(Unasked.class);
                unasked.setLazyInit(true);
                registry.registerBeanDefinition(introspector, unasked);
            }
        };
    }

    static final class Unasked extends HandlerMappingIntrospector {

        @Override
        public Filter createCacheFilter() {
            return (request, response, chain) -> chain.doFilter(request, response);
        }
    }

    /** Nobody looks at times of single filters, and taking them cost as much as all the filters together. */
    @Bean
    SecurityObservationSettings noTimesOfFilters() {
        return SecurityObservationSettings.noObservations();
    }

    /** Basic with the demo's own users. */
    @Bean
    @Profile("demo")
    @Order(1)
    SecurityFilterChain demoChain(HttpSecurity http, AccessRefusals refusals, AccessProperties systems)
            throws Exception {
        rules(http, refusals, systems);
        return http.httpBasic(basic -> basic.authenticationEntryPoint(refusals)).build();
    }

    @Bean
    @Profile("demo")
    UserDetailsService demoUsers() {
        InMemoryUserDetailsManager users = new InMemoryUserDetailsManager();
        for (String role : new String[] {SPECIALISTA, DISTRETTO, CUP, ASSISTENZA, FSE, OPS}) {
            users.createUser(
                    User.withUsername(role).password("{noop}demo").roles(role).build());
        }
        // persons, where the users above stand for all of their role: snodo.people.operators says who they are
        for (String doctor : new String[] {"verdi", "neri"}) {
            users.createUser(User.withUsername(doctor)
                    .password("{noop}demo")
                    .roles(SPECIALISTA)
                    .build());
        }
        for (String district : new String[] {"distretto-torino", "distretto-cn2"}) {
            users.createUser(User.withUsername(district)
                    .password("{noop}demo")
                    .roles(DISTRETTO)
                    .build());
        }
        // only the look-up: the manager itself would store each password as bcrypt after the first login, and from
        // then on a call would cost 100 ms of processor for a password that everybody knows
        return users::loadUserByUsername;
    }

    /** Bearer tokens of the OIDC issuer, or client certificates of {@code snodo.access}; without either, nobody gets in. */
    @Bean
    @Profile("!demo")
    @Order(1)
    SecurityFilterChain chain(
            HttpSecurity http, AccessRefusals refusals, AccessProperties systems, Environment environment)
            throws Exception {
        rules(http, refusals, systems);
        if (environment.containsProperty("spring.security.oauth2.resourceserver.jwt.issuer-uri")
                || environment.containsProperty("spring.security.oauth2.resourceserver.jwt.jwk-set-uri")) {
            http.oauth2ResourceServer(server -> server.authenticationEntryPoint(refusals)
                    .jwt(jwt -> jwt.jwtAuthenticationConverter(new RolesOfToken())));
        }
        return http.build();
    }
}
