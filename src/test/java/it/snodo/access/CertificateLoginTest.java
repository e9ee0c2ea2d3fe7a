package it.snodo.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicReference;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.DispatcherServletAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.WebApplicationContext;

/** In production a system may log in with the certificate that it has shown in the TLS handshake. */
class CertificateLoginTest {

    @Configuration
    @EnableConfigurationProperties(AccessProperties.class)
    @Import({SecurityConfiguration.class, AccessRefusals.class})
    static class Hub {}

    private final WebApplicationContextRunner hub = new WebApplicationContextRunner()
            .withUserConfiguration(Hub.class)
            .withConfiguration(AutoConfigurations.of(
                    DispatcherServletAutoConfiguration.class,
                    WebMvcAutoConfiguration.class,
                    SecurityAutoConfiguration.class,
                    EndpointAutoConfiguration.class,
                    WebEndpointAutoConfiguration.class));

    private static X509Certificate certificate(String subject) {
        X509Certificate certificate = mock(X509Certificate.class);
        when(certificate.getSubjectX500Principal()).thenReturn(new X500Principal(subject));
        when(certificate.getSubjectDN()).thenReturn(new X500Principal(subject));
        return certificate;
    }

    /** The status, or the name of who was let through. */
    private static String call(
            AssertableWebApplicationContext context, String method, String path, X509Certificate shown)
            throws Exception {
        ServletContext servlets = context.getServletContext();
        servlets.setAttribute(WebApplicationContext.ROOT_WEB_APPLICATION_CONTEXT_ATTRIBUTE, context);
        Filter security = context.getBean("springSecurityFilterChain", Filter.class);
        MockHttpServletRequest request = new MockHttpServletRequest(servlets, method, path);
        request.setServletPath(path);
        if (shown != null) {
            request.setAttribute("jakarta.servlet.request.X509Certificate", new X509Certificate[] {shown});
        }
        MockHttpServletResponse response = new MockHttpServletResponse();
        AtomicReference<String> through = new AtomicReference<>();
        security.doFilter(
                request,
                response,
                (in, out) -> through.set(
                        SecurityContextHolder.getContext().getAuthentication().getName()));
        return through.get() == null ? String.valueOf(response.getStatus()) : through.get();
    }

    @Test
    void a_known_certificate_has_its_roles_and_no_more_and_a_foreign_one_is_nobody() {
        hub.withPropertyValues(
                        "snodo.access.certificates[0].subject=CN=lis.example.it, O=ASL TO1, C=IT",
                        "snodo.access.certificates[0].name=LIS ASL TO1",
                        "snodo.access.certificates[0].roles=specialista")
                .run(context -> {
                    X509Certificate lis = certificate("CN=LIS.example.it,O=ASL TO1,C=IT");
                    assertThat(call(context, "POST", "/api/v1/certificates", lis))
                            .isEqualTo("LIS ASL TO1");
                    assertThat(call(context, "GET", "/api/v1/messages", lis)).isEqualTo("403");
                    assertThat(call(context, "POST", "/api/v1/certificates", certificate("CN=lis.example.it")))
                            .isEqualTo("401");
                    assertThat(call(context, "POST", "/api/v1/certificates", null))
                            .isEqualTo("401");
                });
    }

    @Test
    void a_certificate_without_CN_is_only_unknown_and_may_be_listed_like_any_other() {
        hub.withPropertyValues(
                        "snodo.access.certificates[0].subject=SERIALNUMBER=77, O=ASL TO1, C=IT",
                        "snodo.access.certificates[0].name=LIS senza CN",
                        "snodo.access.certificates[0].roles=specialista")
                .run(context -> {
                    for (String foreign : new String[] {"O=ASL TO1, C=IT", "C=IT", "OU=\\\"CN=lis\\\", O=x", ""}) {
                        assertThat(call(context, "POST", "/api/v1/certificates", certificate(foreign)))
                                .as("«%s»", foreign)
                                .isEqualTo("401");
                    }
                    assertThat(call(
                                    context,
                                    "POST",
                                    "/api/v1/certificates",
                                    certificate("SERIALNUMBER=77, O=ASL TO1, C=IT")))
                            .isEqualTo("LIS senza CN");
                });
    }

    @Test
    void without_a_list_no_certificate_opens_a_door_and_a_role_that_is_none_keeps_the_hub_from_starting() {
        hub.run(context -> assertThat(call(
                        context, "POST", "/api/v1/certificates", certificate("CN=lis.example.it, O=ASL TO1, C=IT")))
                .isEqualTo("401"));
        hub.withPropertyValues(
                        "snodo.access.certificates[0].subject=CN=x",
                        "snodo.access.certificates[0].roles=amministratore")
                .run(context -> assertThat(context).hasFailed());
    }
}
