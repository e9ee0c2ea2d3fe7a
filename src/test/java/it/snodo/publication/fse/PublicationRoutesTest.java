package it.snodo.publication.fse;

import static it.snodo.publication.DeliveryAction.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import it.snodo.publication.Destination;
import it.snodo.publication.Lane;
import it.snodo.publication.Outbox;
import it.snodo.publication.PublicationStore;
import it.snodo.publication.PublicationSubjects;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

/** The route files as they stand in the folder, run with the real parts. */
class PublicationRoutesTest {

    @Test
    void what_is_owed_goes_out_through_the_routes_and_a_notification_comes_in_through_them() throws Exception {
        PublicationStore store = PublicationStore.fresh();
        Outbox outbox = store.outbox();
        try (StubGateway stub = new StubGateway();
                DefaultCamelContext camel = new DefaultCamelContext()) {
            FseProperties properties = FseKit.properties(stub.url());
            FseGateway gateway = FseKit.gateway(properties);
            PublicationSubjects subjects = store.subjects();
            FseValidation validation = new FseValidation(gateway, subjects, outbox, store.jdbc);
            camel.getRegistry()
                    .bind(
                            "fseLane",
                            new Lane(
                                    Destination.FSE,
                                    outbox,
                                    new FseDelivery(
                                            gateway, validation, subjects, outbox, store.jdbc, properties, store.clock),
                                    PublicationStore.properties()));
            camel.getRegistry()
                    .bind(
                            "rolLane",
                            new Lane(Destination.ROL, outbox, delivery -> null, PublicationStore.properties()));
            camel.getRegistry()
                    .bind(
                            "auraLane",
                            new Lane(Destination.AURA, outbox, delivery -> null, PublicationStore.properties()));
            camel.getRegistry().bind("fseStatus", new FseStatus(gateway, outbox, event -> {}));
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {}
            });
            for (String file :
                    new String[] {"publication-fse", "publication-rol", "publication-aura", "publication-status"}) {
                String yaml = Files.readString(Path.of("routes/" + file + ".camel.yaml"));
                if (file.equals("publication-status")) {
                    // The REST part needs an HTTP engine, which only the whole hub has.
                    yaml = yaml.substring(0, yaml.indexOf("# The gateway appends"))
                            + yaml.substring(yaml.indexOf("- route:", yaml.indexOf("- rest:")));
                    // Asking is timed in other tests; here only the notification is wanted.
                    yaml = yaml.replace("period: 500", "period: 500\n        delay: 3600000");
                }
                PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString(file + ".camel.yaml", yaml));
            }
            for (int i = 0; i < 9; i++) {
                store.enqueue(outbox, "D" + i, store.document("D" + i), CREATE);
                stub.success(202, "w" + i);
            }
            camel.start();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(states(store)).isEqualTo("DELIVERED"));
            assertThat(stub.asked).as("each once").hasSize(9);
            store.jdbc
                    .sql("update delivery set next_try_at = now() + interval '1 hour'")
                    .update();
            Object answer = camel.createProducerTemplate()
                    .requestBody(
                            "direct:fse-workflow-status",
                            "{\"workflowInstanceId\":\"w3\",\"events\":[{\"eventType\":\"SEND_TO_INI\",\"eventStatus\":\"SUCCESS\"}]}");
            assertThat(answer.toString()).contains("\"success\":true");
            assertThat(store.jdbc
                            .sql("select workflow_id from delivery where next_try_at <= now()")
                            .query(String.class)
                            .list())
                    .as("what the hub now asks about")
                    .containsExactly("w3");
            assertThat(camel.createProducerTemplate()
                            .requestBody("direct:fse-workflow-status", "no json")
                            .toString())
                    .contains("SNODO-6004");
            assertThat(camel.getRoutes()).allSatisfy(route -> {
                assertThat(route.getRouteId()).isNotBlank();
                assertThat(route.getDescription()).isNotBlank();
            });
        }
    }

    private static String states(PublicationStore store) {
        return store.jdbc.sql("select distinct state from delivery order by 1").query(String.class).list().stream()
                .collect(Collectors.joining(","));
    }
}
