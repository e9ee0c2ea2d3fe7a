package it.snodo.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.ResourceReloadStrategySupport;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Takes edited route files one by one, each as a whole or not at all. Camel's own way takes a file's routes away before it
 * knows that the new ones can be made, so that a wrong name of a bean ended routes until a restart; it tries a file that
 * failed again with every later edit of any other; and it tells nobody but the log.
 */
@Component
class RouteReloads {

    private static final Logger LOG = LoggerFactory.getLogger(RouteReloads.class);

    private final CamelContext camel;
    private final ConfigFolder folder;
    private final RouteSwaps swaps;
    /** What the routes in force were made of, by file. */
    private final Map<String, byte[]> inForce = new ConcurrentHashMap<>();

    RouteReloads(CamelContext camel, ConfigFolder folder, RouteSwaps swaps) {
        this.camel = camel;
        this.folder = folder;
        this.swaps = swaps;
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        // none when the routes lie in the jar
        ResourceReloadStrategySupport watcher = camel.hasService(RouteWatcherReloadStrategy.class);
        if (watcher == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder.root().resolve("routes"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
                inForce.put(name(file), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            LOG.warn("The route files cannot be read, a wrong edit will not be taken back: {}", e.getMessage());
        }
        watcher.setResourceReload((name, resource) -> swaps.during(() -> {
            reload(resource);
            return null;
        }));
    }

    private void reload(Resource resource) throws Exception {
        Path file = Path.of(resource.getURI()).toAbsolutePath().normalize();
        if (!Files.exists(file)) {
            return;
        }
        String name = name(file);
        Set<String> before = routes();
        try {
            byte[] content = Files.readAllBytes(file);
            Set<String> made = update(resource.getLocation(), content);
            inForce.put(name, content);
            folder.taken(name);
            LOG.info("{} edited: routes {} are the new ones", name, made);
        } catch (Exception e) {
            folder.refused(name, reason(e));
            takeBack(name, resource.getLocation(), before);
            throw e;
        }
    }

    private Set<String> update(String location, byte[] content) throws Exception {
        return PluginHelper.getRoutesLoader(camel).updateRoutes(List.of(ResourceHelper.fromBytes(location, content)));
    }

    /** What a file that failed half-way has taken away comes back, and what it has brought goes. */
    private void takeBack(String name, String location, Set<String> before) {
        Set<String> now = routes();
        try {
            for (String id : now) {
                if (!before.contains(id)) {
                    camel.getRouteController().stopRoute(id);
                    camel.removeRoute(id);
                }
            }
            byte[] good = inForce.get(name);
            if (good != null && !now.containsAll(before)) {
                LOG.warn("{} cannot be used: routes {} are made again as they were", name, update(location, good));
            }
        } catch (Exception e) {
            LOG.error("{} cannot be used, and its routes cannot be made as they were", name, e);
            folder.refused(name, "Rotte ferme fino alla correzione o a un riavvio: " + reason(e));
        }
    }

    private Set<String> routes() {
        return camel.getRoutes().stream().map(Route::getRouteId).collect(Collectors.toSet());
    }

    private String name(Path file) {
        return folder.root()
                .relativize(file.toAbsolutePath().normalize())
                .toString()
                .replace('\\', '/');
    }

    /** The innermost words: around them Camel says only that a route could not be made. */
    private static String reason(Throwable e) {
        Throwable inner = e;
        while (inner.getCause() != null && inner.getCause() != inner) {
            inner = inner.getCause();
        }
        return inner.getMessage() == null ? inner.toString() : inner.getMessage();
    }
}
