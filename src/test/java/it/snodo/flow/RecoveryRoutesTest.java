package it.snodo.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The route file as it stands in the folder: whatever look fails at every turn, each other is taken all the same. */
class RecoveryRoutesTest {

    /** In the place of both beans: one look fails, the others find a certificate each. */
    public static final class Looks {

        private final String failing;
        private final Set<String> taken = java.util.concurrent.ConcurrentHashMap.newKeySet();

        Looks(String failing) {
            this.failing = failing;
        }

        private List<Long> take(String name, long number) {
            if (name.equals(failing)) {
                throw new IllegalStateException("as if the store refused it");
            }
            taken.add(name);
            return List.of(number);
        }

        public void look() {
            take("look", 0);
        }

        public List<Long> withoutDocument() {
            return take("withoutDocument", 1);
        }

        public List<Long> withoutSignature() {
            return take("withoutSignature", 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"look", "withoutDocument", "withoutSignature"})
    void a_look_that_fails_keeps_no_other_from_being_taken(String failing) throws Exception {
        Looks looks = new Looks(failing);
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("clockWatch", looks);
            camel.getRegistry().bind("recovery", looks);
            String yaml = Files.readString(Path.of("routes/certificate-recovery.camel.yaml"))
                    .replaceAll("jms:queue:([a-z.]+)\\S*", "seda:$1")
                    .replaceAll("delay=\\d+", "delay=0");
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.fromString("certificate-recovery.camel.yaml", yaml));
            camel.start();
            var hints = camel.createConsumerTemplate();
            if (!failing.equals("withoutDocument")) {
                assertThat(hints.receiveBody("seda:snodo.certificate.document", 60_000))
                        .isEqualTo(1L);
            }
            if (!failing.equals("withoutSignature")) {
                assertThat(hints.receiveBody("seda:snodo.certificate.signature", 60_000))
                        .isEqualTo(2L);
            }
            org.awaitility.Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> failing.equals("look") || looks.taken.contains("look"));
        }
    }
}
