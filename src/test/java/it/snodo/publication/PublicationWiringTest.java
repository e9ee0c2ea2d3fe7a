package it.snodo.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import it.snodo.certificate.CertificateResolver;
import it.snodo.config.ConfigFolder;
import it.snodo.document.Caller;
import it.snodo.document.Callers;
import it.snodo.document.PublishedDocuments;
import it.snodo.fault.SnodoException;
import it.snodo.messages.CallOut;
import it.snodo.publication.fse.FseProperties;
import it.snodo.publication.fse.FseStatus;
import it.snodo.publication.fse.FseValidation;
import it.snodo.publication.rol.RolProperties;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The parts as Spring puts them together, with nothing configured. */
class PublicationWiringTest {

    private static PublicationStore store;

    @Configuration
    @EnableConfigurationProperties({PublicationProperties.class, FseProperties.class, RolProperties.class})
    @ComponentScan(
            basePackages = "it.snodo.publication",
            excludeFilters = @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*Test.*"))
    static class Hub {

        @Bean
        DataSource dataSource() {
            return store.dataSource;
        }

        @Bean
        JdbcClient jdbc(DataSource dataSource) {
            return JdbcClient.create(dataSource);
        }

        @Bean
        PlatformTransactionManager transactions(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }

        @Bean
        ConfigFolder folder() {
            return new ConfigFolder(Path.of("."));
        }

        @Bean
        PublishedDocuments documents() {
            return mock(PublishedDocuments.class);
        }

        @Bean
        Callers callers() {
            return mock(Callers.class);
        }

        @Bean
        it.snodo.messages.Journal messages() {
            return mock(it.snodo.messages.Journal.class);
        }

        @Bean
        it.snodo.access.Audit audit() {
            return mock(it.snodo.access.Audit.class);
        }

        @Bean
        Consumer<CallOut> journal() {
            return call -> {};
        }

        @Bean
        it.snodo.certificate.PinSeal pins() {
            return new it.snodo.certificate.PinSeal("chiave di prova 16", Path.of("target", "pin.key"));
        }

        @Bean
        CertificateResolver resolver() {
            return request -> PublicationStore.resolved("OSPEDALE");
        }
    }

    @Test
    void the_beans_that_routes_name_are_there_and_deliveries_wait_until_keys_are_configured() {
        store = PublicationStore.fresh();
        new ApplicationContextRunner().withUserConfiguration(Hub.class).run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .hasBean("outbox")
                    .hasBean("fseLane")
                    .hasBean("rolLane");
            assertThat(context).hasBean("fseValidation").hasBean("fseStatus");
            assertThat(context.getBean(FseProperties.class).audience()).isEqualTo("http://localhost:8090/fse/v1");
            Outbox outbox = context.getBean(Outbox.class);
            long certificate = store.document("A");
            assertThatThrownBy(() -> outbox.enqueue("A", certificate, List.of(DeliveryAction.CREATE)))
                    .as("a delivery belongs to the business change that causes it")
                    .isInstanceOf(IllegalTransactionStateException.class);
            new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                    .executeWithoutResult(status -> outbox.enqueue("A", certificate, List.of(DeliveryAction.CREATE)));
            FseValidation.Result result = context.getBean(FseValidation.class).validate("A");
            assertThat(result.status()).isEqualTo(FseValidation.Status.UNAVAILABLE);
            Lane lane = context.getBean("fseLane", Lane.class);
            lane.take().forEach(lane::deliver);
            assertThat(store.state("A", DeliveryAction.CREATE)).isEqualTo("WAITING");
            assertThat(store.column("A", DeliveryAction.CREATE, "last_code")).isEqualTo("SNODO-5009");
            assertThat(context.getBean(FseStatus.class).due()).isEmpty();
        });
    }

    @Test
    void an_operator_sees_why_a_delivery_stands_where_it_stands_and_can_end_it_with_a_reason() {
        store = PublicationStore.fresh();
        Outbox outbox = store.outbox();
        it.snodo.messages.Journal journal = mock(it.snodo.messages.Journal.class);
        PublicationsController publications = new PublicationsController(
                store.jdbc, store.stopped(), store.gates, journal, mock(it.snodo.access.Audit.class));
        long certificate = store.document("A");
        store.enqueue(outbox, "A", certificate, DeliveryAction.CREATE, DeliveryAction.METADATA);
        Lane lane = new Lane(
                Destination.FSE,
                outbox,
                delivery -> new Outcome.Repair(
                        new Answer(422, "/msg/semantic", "ERRORE-11", null, "tr", "gw", null, null, null),
                        it.snodo.fault.SnodoCode.DESTINATION_REFUSED,
                        "Il CDA non supera i controlli."),
                PublicationStore.properties());
        List<PublicationsController.Publication> before =
                publications.list("A", null, null, null, null, null).items();
        assertThat(before).hasSize(2);
        assertThat(before.get(0).waitsFor())
                .as("the update waits for the publication")
                .isEqualTo(before.get(1).id());
        lane.deliver(lane.take().get(0));
        PublicationsController.Publication failed = publications
                .list("A", null, null, null, Destination.FSE, DeliveryState.FAILED)
                .items()
                .get(0);
        assertThat(failed.lastAnswer()).contains("ERRORE-11");
        assertThat(failed.words()).isEqualTo("Il CDA non supera i controlli.");
        assertThat(failed.advice()).isNotBlank();
        assertThat(failed.transactionId()).isEqualTo("gw");
        assertThat(failed.nextTryAt()).isNull();
        assertThatThrownBy(() -> publications.close(failed.id(), new PublicationsController.Closing(" "), () -> "ops"))
                .isInstanceOf(SnodoException.class);
        publications.close(failed.id(), new PublicationsController.Closing("Duplicato"), () -> "ops");
        assertThat(store.state("A", DeliveryAction.CREATE)).isEqualTo("STOPPED");
        publications.retry(failed.id(), () -> "ops");
        assertThat(store.state("A", DeliveryAction.CREATE)).isEqualTo("WAITING");
        assertThatThrownBy(() -> publications.retry(failed.id(), () -> "ops")).isInstanceOf(SnodoException.class);
        String delivery = "invio " + failed.id() + " FSE CREATE, ";
        verify(journal).step(anyLong(), eq("chiusura"), eq("OK"), eq(delivery + "di ops: Duplicato"));
        verify(journal).step(anyLong(), eq("ripetizione"), eq("OK"), eq(delivery + "di ops"));
    }

    @Test
    void nobody_makes_visible_a_document_that_is_not_his_own() {
        store = PublicationStore.fresh();
        store.document("A");
        PublishedDocuments documents = mock(PublishedDocuments.class);
        Callers callers = mock(Callers.class);
        when(callers.current()).thenReturn(new Caller("m", Set.of("fse", "specialista"), "BNCLRA70A41L219Q"));
        when(documents.find(new Caller("m", Set.of("specialista"), "BNCLRA70A41L219Q"), "A"))
                .thenReturn(Optional.empty());
        DocumentMetadataController controller = new DocumentMetadataController(
                new DocumentMetadata(store.jdbc, store.outbox(), store.subjects(), store.transactions),
                documents,
                callers);
        var visible = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                .objectNode()
                .put("obscured", false);
        assertThatThrownBy(() -> controller.change("A", visible)).isInstanceOf(SnodoException.class);
    }

    @Test
    void only_known_changes_of_metadata_are_taken() {
        store = PublicationStore.fresh();
        Outbox outbox = store.outbox();
        store.document("A");
        var json = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance;
        for (var wrong : List.of(
                json.objectNode(),
                json.objectNode().put("obscured", "yes"),
                json.objectNode().put("ticket", "X"),
                json.objectNode().put("title", "x"))) {
            assertThatThrownBy(() -> DocumentMetadataAccess.change(store, outbox, "A", wrong))
                    .isInstanceOf(SnodoException.class);
        }
        assertThatThrownBy(() -> DocumentMetadataAccess.change(
                        store, outbox, "none", json.objectNode().put("obscured", true)))
                .isInstanceOf(SnodoException.class);
        var changed = DocumentMetadataAccess.change(
                store, outbox, "A", json.objectNode().put("ticket", "S"));
        assertThat(changed.deliveries()).containsExactly(DeliveryAction.AGGIORNAMENTO);
        assertThat(changed.withheld()).isFalse();
    }

    @Test
    void the_status_route_file_can_be_read_with_its_rest_part() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.fromString(
                            "publication-status.camel.yaml",
                            java.nio.file.Files.readString(Path.of("routes/publication-status.camel.yaml"))));
            assertThat(camel.getRestDefinitions()).hasSize(1);
            assertThat(camel.getRestDefinitions().get(0).getPath()).isEqualTo("/fse-callback");
        }
    }
}
