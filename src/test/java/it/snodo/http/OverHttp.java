package it.snodo.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;

/** A test of the slice with its routes, of which all such tests share one. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@SpringBootTest(
        classes = HttpSlice.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.main.banner-mode=off",
            "camel.main.routes-include-pattern=file:routes/certificate-rest.camel.yaml,"
                    + "file:routes/certificate-fhir.camel.yaml,file:routes/certificate-jms.camel.yaml,"
                    + "file:routes/booking-rest.camel.yaml,file:routes/booking-fhir.camel.yaml",
            // the hub itself needs no JmsTemplate, this test does
            "spring.autoconfigure.exclude="
                    + "org.apache.camel.spring.boot.actuate.endpoint.CamelRoutesEndpointAutoConfiguration",
            "spring.artemis.embedded.persistent=false",
            "spring.artemis.pool.enabled=true",
            "management.endpoints.enabled-by-default=false",
            "snodo.people.operators.medico.fiscal-code=LVRSRA82P49L219Q",
            "logging.level.root=WARN",
            "logging.level.org.apache.activemq.audit=OFF"
        })
@interface OverHttp {}
