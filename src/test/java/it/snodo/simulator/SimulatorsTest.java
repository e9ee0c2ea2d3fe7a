package it.snodo.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class SimulatorsTest {

    @Configuration
    @EnableConfigurationProperties(SimulatorSettings.class)
    @Import(SimulatorConfiguration.class)
    static class App {}

    @Test
    void they_run_in_demo_and_nowhere_else() {
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withUserConfiguration(App.class)
                .withPropertyValues("snodo.simulator.port=0", "snodo.simulator.cup.base-port=0");
        runner.withPropertyValues("spring.profiles.active=demo").run(context -> {
            Simulators simulators = context.getBean(Simulators.class);
            assertThat(simulators.isRunning()).isTrue();
            HttpResponse<String> page = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(simulators.url() + "/"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(page.body()).contains("<html lang=\"it\">", "Sistemi simulati");
        });
        runner.run(context -> assertThat(context).doesNotHaveBean(Simulators.class));
    }

    @Test
    void a_taken_port_is_said_so() {
        try (Simulators first = new Simulators(0).start()) {
            assertThatThrownBy(() -> new Simulators(first.port()).start())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(String.valueOf(first.port()));
        }
    }

    @Test
    void they_share_no_class_with_the_hub() {
        noClasses()
                .that()
                .resideInAPackage("it.snodo.simulator..")
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("it.snodo..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                JavaClass.Predicates.resideInAPackage("it.snodo.simulator.."))))
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("it.snodo.simulator"));
    }
}
