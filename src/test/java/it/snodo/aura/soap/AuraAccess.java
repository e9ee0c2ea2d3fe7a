package it.snodo.aura.soap;

import it.snodo.aura.Aura;
import it.snodo.aura.ProfileRead;
import it.snodo.config.ConfigFolder;
import it.snodo.messages.CallOut;
import it.snodo.publication.HttpChannel;
import it.snodo.registry.CodeTables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** The client of AURA for tests elsewhere. */
public final class AuraAccess {

    private AuraAccess() {}

    /** One address and one user for all services. */
    public static Aura client(String baseUrl, String user, String password, Consumer<CallOut> journal) {
        return client(baseUrl, user, password, journal, read -> {});
    }

    static Aura client(
            String baseUrl, String user, String password, Consumer<CallOut> journal, Consumer<ProfileRead> readers) {
        return client(
                new AuraProperties(
                        baseUrl,
                        user,
                        password,
                        null,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(20),
                        8,
                        true,
                        null,
                        null,
                        null),
                journal,
                readers);
    }

    static Aura client(AuraProperties properties, Consumer<CallOut> journal) {
        return client(properties, journal, read -> {});
    }

    private static Aura client(AuraProperties properties, Consumer<CallOut> journal, Consumer<ProfileRead> readers) {
        return new AuraClient(
                properties,
                () -> new HttpChannel(
                        properties.connectTimeout(), properties.timeout(), properties.connections(), null),
                journal,
                new CodeTables(new ConfigFolder(Path.of("."))),
                readers);
    }
}
