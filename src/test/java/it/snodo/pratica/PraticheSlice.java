package it.snodo.pratica;

import com.zaxxer.hikari.HikariDataSource;
import it.snodo.exemption.ExemptionRegister;
import it.snodo.publication.PublicationStore;
import java.io.IOException;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.http.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcClientAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.DispatcherServletAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.core.type.filter.TypeFilter;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** Pratiche over HTTP with the real access rules and the demo's users, upon an AURA in memory; without the rest of the hub. */
// No @Configuration: the whole hub, started in the same JVM by other tests, must not find it.
@ImportAutoConfiguration({
    ServletWebServerFactoryAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    SecurityAutoConfiguration.class,
    SecurityFilterAutoConfiguration.class,
    DataSourceTransactionManagerAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    JdbcClientAutoConfiguration.class
})
@ConfigurationPropertiesScan({"it.snodo.access", "it.snodo.pratica", "it.snodo.intake", "it.snodo.config"})
@ComponentScan(
        basePackages = "it.snodo",
        useDefaultFilters = false,
        includeFilters = @ComponentScan.Filter(type = FilterType.CUSTOM, classes = PraticheSlice.Parts.class))
class PraticheSlice {

    static final class Parts implements TypeFilter {

        private static final Pattern NAMES = Pattern.compile("it\\.snodo\\.((pratica|pratica\\.web|exemption)\\.[\\w$]+"
                + "|access\\.(Audit|Operators|ProblemAdvice|AccessRefusals|BodyFilter|InterfaceFailures|OnlyJson|SecurityConfiguration)"
                + "|certificate\\.web\\.(CertificateReads|CertificatePrecondition|PatientController)|document\\.(Callers|ReadAudit)"
                + "|registry\\.(CodeTables|ExemptionValidity)|config\\.(ConfigConfiguration|RouteSwaps))");

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
    DataSource dataSource() {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(PublicationStore.fresh().dataSource);
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(120_000);
        return pool;
    }

    @Bean
    PlayedAura playedAura(
            ObjectProvider<ExemptionRegister> exemptions, ObjectProvider<PlatformTransactionManager> transactions) {
        return new PlayedAura(exemptions::getObject, transactions::getObject);
    }
}
