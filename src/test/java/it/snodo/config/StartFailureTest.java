package it.snodo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.PortInUseException;

class StartFailureTest {

    private final StartFailureAnalyzer analyzer = new StartFailureAnalyzer();

    private static DataFolder open(Path data) {
        return new DataFolder(new SnodoProperties(data, "."));
    }

    @Test
    void one_data_folder_belongs_to_one_hub_until_it_stops(@TempDir Path data) throws Exception {
        DataFolder first = open(data);

        assertThatThrownBy(() -> open(data))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.DATA_FOLDER_IN_USE))
                .hasMessageContaining(data.toString());

        first.close();
        open(data).close();
    }

    @Test
    void a_data_folder_that_cannot_be_made_is_named_with_its_remedy(@TempDir Path folder) throws Exception {
        Path data = Files.createFile(folder.resolve("file")).resolve("data");

        Throwable failure = catchThrowable(() -> open(data));

        assertThat(analyzer.analyze(new IllegalStateException(failure)).getDescription())
                .startsWith("SNODO-9005")
                .contains(data.toString());
        assertThat(analyzer.analyze(failure).getAction()).contains("--snodo.data-dir");
    }

    @Test
    void an_occupied_port_is_named_with_its_remedy() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Throwable refused = catchThrowable(
                    () -> new ServerSocket(taken.getLocalPort(), 1, InetAddress.getLoopbackAddress()).close());
            Throwable failure = new IllegalStateException("cannot bind to /0.0.0.0:2575", refused);

            assertThat(analyzer.analyze(failure).getDescription())
                    .startsWith("SNODO-9003")
                    .contains("La porta 2575 ");
        }
        assertThat(analyzer.analyze(new PortInUseException(8080)).getDescription())
                .contains("La porta 8080 ");
        assertThat(analyzer.analyze(new PortInUseException(8080)).getAction()).contains("--server.port");
    }

    @Test
    void a_refusal_of_the_file_system_on_the_way_to_the_start_is_understood() {
        assertThat(analyzer.analyze(new IllegalStateException(new AccessDeniedException("/srv/data/keys")))
                        .getDescription())
                .startsWith("SNODO-9005")
                .contains("/srv/data/keys");
        assertThat(analyzer.analyze(new IllegalStateException("something else")))
                .isNull();
    }
}
