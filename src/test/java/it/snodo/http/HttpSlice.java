package it.snodo.http;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import it.snodo.access.AccessRefusals;
import it.snodo.booking.PromemoriaMaker;
import it.snodo.certificate.Annulments;
import it.snodo.config.ConfigFolder;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.flow.DoctorAnnulments;
import it.snodo.flow.DoctorSignatures;
import it.snodo.intake.Incoming;
import it.snodo.messages.Accepted;
import it.snodo.registry.CodeTables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.core.type.filter.TypeFilter;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Component;

/** What takes and gives documents over HTTP and JMS, without the rest of the hub: acceptance is played. */
// No @Configuration: the whole hub, started in the same JVM by other tests, must not find it.
@EnableAutoConfiguration
@ConfigurationPropertiesScan({"it.snodo.access", "it.snodo.document", "it.snodo.fhir", "it.snodo.intake"})
@ComponentScan(
        basePackages = "it.snodo",
        useDefaultFilters = false,
        includeFilters = @ComponentScan.Filter(type = FilterType.CUSTOM, classes = HttpSlice.Parts.class))
class HttpSlice {

    static final class Parts implements TypeFilter {

        private static final Pattern NAMES = Pattern.compile("it\\.snodo\\.("
                + "(fhir|intake\\.(rest|fhir|jms)|document\\.(web|fhir)|certificate\\.web)\\.\\w+"
                + "|document\\.(Callers|ReadAudit|PublishedDocuments)"
                + "|access\\.(Audit|Operators|ProblemAdvice|AccessRefusals|BodyFilter|StartingFilter|InterfaceFailures|LeftoverBodies)"
                + "|config\\.RouteSwaps|exemption\\.CertificateSecrecy)");

        @Override
        public boolean match(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
            var annotations = reader.getAnnotationMetadata();
            boolean component = annotations.hasAnnotation(Component.class.getName())
                    || annotations.hasMetaAnnotation(Component.class.getName())
                    || annotations.hasAnnotation(Configuration.class.getName());
            return component
                    && NAMES.matcher(reader.getClassMetadata().getClassName()).matches();
        }
    }

    @Bean(destroyMethod = "close")
    EmbeddedPostgres postgres() throws IOException {
        return EmbeddedPostgres.builder().start();
    }

    @Bean
    DataSource dataSource(EmbeddedPostgres postgres) {
        return postgres.getPostgresDatabase();
    }

    @Bean
    UserDetailsService users() {
        InMemoryUserDetailsManager users = new InMemoryUserDetailsManager();
        for (String role : List.of("specialista", "distretto", "fse", "ops", "cup")) {
            users.createUser(
                    User.withUsername(role).password("{noop}p").roles(role).build());
        }
        users.createUser(User.withUsername("medico")
                .password("{noop}p")
                .roles("specialista")
                .build());
        return users;
    }

    @Bean
    SecurityFilterChain chain(HttpSecurity http, AccessRefusals refusals) throws Exception {
        return http.authorizeHttpRequests(rules -> rules.requestMatchers(HttpMethod.GET, "/fhir/metadata")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .httpBasic(basic -> basic.authenticationEntryPoint(refusals))
                .exceptionHandling(
                        errors -> errors.accessDeniedHandler(refusals).authenticationEntryPoint(refusals))
                .csrf(csrf -> csrf.disable())
                .sessionManagement(Customizer.withDefaults())
                .build();
    }

    /** Plays the journal: one effect for one sender and control id. */
    static final class Acceptance {

        final Map<String, Accepted> journal = new ConcurrentHashMap<>();
        final Map<String, Incoming> incoming = new ConcurrentHashMap<>();
        final AtomicLong numbers = new AtomicLong(976);
        volatile boolean broken;

        public Accepted accept(Incoming message) {
            if (broken) {
                throw new SnodoException(SnodoCode.STORE_UNAVAILABLE, "guasto di prova");
            }
            String key = message.sender() + " " + message.controlId();
            Accepted known = journal.get(key);
            if (known != null) {
                return new Accepted(known.outcome(), known.answer(), true, null);
            }
            Incoming checked = message;
            if (message.request() != null && message.request().regime() == null) {
                checked = message.withFaults(List.of(Fault.at(SnodoCode.FIELD_MISSING, "regime", "Manca il regime.")));
            }
            long number = numbers.incrementAndGet();
            Incoming.Outcome outcome = checked.faults().isEmpty()
                    ? new Incoming.Outcome(number, true, number, "doc-" + number, List.of())
                    : new Incoming.Outcome(number, false, null, null, checked.faults());
            Accepted accepted = new Accepted(outcome, checked.answer().build(checked, outcome), false, null);
            journal.put(key, accepted);
            incoming.put(key, message);
            return accepted;
        }
    }

    @Bean
    PromemoriaMaker promemoria() {
        return booking -> ("%PDF of " + booking.code()).getBytes(StandardCharsets.UTF_8);
    }

    @Bean
    Acceptance played() {
        return new Acceptance();
    }

    /** Stands for the HL7 v2 intake, that is another part's. */
    public static final class NoHl7 {

        public List<Incoming> read(org.apache.camel.Exchange exchange) {
            return List.of();
        }

        public Object answer(org.apache.camel.Exchange exchange) {
            return exchange.getMessage().getBody();
        }
    }

    @Bean
    NoHl7 hl7v2Intake() {
        return new NoHl7();
    }

    @Bean
    PlayedDesk bookingDesk() {
        return new PlayedDesk();
    }

    // what signing and annulling do is tried on the whole hub: here nobody is asked

    @Bean
    DoctorSignatures doctorSignatures() {
        return org.mockito.Mockito.mock(DoctorSignatures.class);
    }

    @Bean
    DoctorAnnulments doctorAnnulments() {
        return org.mockito.Mockito.mock(DoctorAnnulments.class);
    }

    @Bean
    Annulments annulments(org.springframework.jdbc.core.simple.JdbcClient jdbc) {
        return new Annulments(jdbc);
    }

    @Bean
    CodeTables codeTables() {
        return new CodeTables(new ConfigFolder(java.nio.file.Path.of(".")));
    }

    @Bean
    RouteBuilder accept(Acceptance played, PlayedDesk desk) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:accept").routeId("accept").bean(played, "accept");
                from("direct:booking").routeId("booking").bean(desk, "handle");
            }
        };
    }
}
