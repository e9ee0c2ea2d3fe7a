package it.snodo.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The revisions of {@code routes/ mappings/ cda-templates/ xsd/}. A file counts by its path and content, one that lies in the
 * jar only as well; descriptions, template cases and what editors leave behind do not. Each revision seen is kept with its
 * files, so that what changed between two of them can be told later (table {@code configuration_revision}).
 */
@Component("configurationRevisions")
class ConfigurationRevisions implements ConfigurationRevision {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationRevisions.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> FOLDERS = List.of("routes", "mappings", "cda-templates", "xsd");
    private static final String IN_JAR = "snodo-defaults/";
    private static final int DIGITS = 12;

    private final ConfigFolder folder;
    private final JdbcClient db;
    private volatile Revision revision;
    /** Seen and not yet written down, the oldest first: one that an edit has already ended counts as well. */
    private final Queue<Revision> seen = new ConcurrentLinkedQueue<>();

    ConfigurationRevisions(ConfigFolder folder, JdbcClient db) {
        this.folder = folder;
        this.db = db;
    }

    /** @param stamp of the files on disk when they were read: path, size and time of each */
    private record Revision(String name, int stamp, SortedMap<String, String> files) {}

    @Override
    public String current() {
        Revision known = revision;
        return known == null ? look().name() : known.name();
    }

    /** Step of the route {@code configuration}: sees what has been edited, and keeps what has been seen. */
    public void watch() {
        look();
        try {
            for (Revision next = seen.peek(); next != null; next = seen.peek()) {
                keep(next);
                seen.remove();
            }
        } catch (DataAccessException e) {
            LOG.debug("Revisions are kept once the store answers");
        }
    }

    private synchronized Revision look() {
        SortedMap<String, BasicFileAttributes> onDisk = onDisk();
        int stamp = stamp(onDisk);
        Revision before = revision;
        if (before != null && before.stamp() == stamp) {
            return before;
        }
        SortedMap<String, String> files = new TreeMap<>();
        for (String name : onDisk.keySet()) {
            files.put(name, hash(folder.read(name)));
        }
        if (before == null) {
            fromJar(files);
        } else {
            before.files().forEach((name, hash) -> {
                // a file taken away leaves the jar's copy in force, when there is one
                if (!files.containsKey(name) && folder.exists(name)) {
                    files.put(name, hash(folder.read(name)));
                }
            });
        }
        Revision now = new Revision(name(files), stamp, files);
        revision = now;
        if (before == null || !before.name().equals(now.name())) {
            seen.add(now);
        }
        if (before != null) {
            // what cannot be used is told at once, not when it is next asked for
            folder.lookNow();
        }
        if (before != null && !before.name().equals(now.name())) {
            LOG.info(
                    "Configuration revision {} takes the place of {}: {}",
                    now.name(),
                    before.name(),
                    changes(before.files(), now.files()));
        }
        return now;
    }

    private SortedMap<String, BasicFileAttributes> onDisk() {
        SortedMap<String, BasicFileAttributes> files = new TreeMap<>();
        for (String each : FOLDERS) {
            Path top = folder.root().resolve(each);
            try {
                Files.walkFileTree(top, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        String name = folder.root().relativize(file).toString().replace('\\', '/');
                        if (counts(name)) {
                            files.put(name, attributes);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        return FileVisitResult.CONTINUE;
                    }
                });
            } catch (IOException e) {
                LOG.warn("{} cannot be looked through: {}", top, e.getMessage());
            }
        }
        return files;
    }

    private static int stamp(SortedMap<String, BasicFileAttributes> files) {
        int stamp = 17;
        for (Map.Entry<String, BasicFileAttributes> each : files.entrySet()) {
            BasicFileAttributes file = each.getValue();
            stamp = stamp * 31
                    + Arrays.hashCode(
                            new Object[] {each.getKey(), file.size(), file.lastModifiedTime(), file.fileKey()});
        }
        return stamp;
    }

    private static void fromJar(SortedMap<String, String> files) {
        try {
            for (Resource each :
                    new PathMatchingResourcePatternResolver().getResources("classpath:" + IN_JAR + "**/*")) {
                String path = each.getURL().getPath();
                String name = path.substring(path.lastIndexOf(IN_JAR) + IN_JAR.length());
                if (!name.isEmpty()
                        && !name.endsWith("/")
                        && counts(name)
                        && !files.containsKey(name)
                        && each.isReadable()) {
                    try (InputStream in = each.getInputStream()) {
                        files.put(name, hash(in.readAllBytes()));
                    }
                }
            }
        } catch (IOException e) {
            LOG.warn("The configuration inside the jar cannot be listed: {}", e.getMessage());
        }
    }

    /** What the hub reads, and not what stands beside it for people. */
    private static boolean counts(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        return !name.contains("/cases/")
                && !name.contains("/.")
                && !file.endsWith(".md")
                && !file.endsWith("~")
                && !file.endsWith(".swp")
                && !file.endsWith(".tmp");
    }

    private static String name(SortedMap<String, String> files) {
        StringBuilder all = new StringBuilder();
        files.forEach((name, hash) -> all.append(name).append(' ').append(hash).append('\n'));
        return hash(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void keep(Revision one) {
        String files;
        try {
            files = JSON.writeValueAsString(one.files());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("names and hashes are JSON", e);
        }
        db.sql("""
                        insert into configuration_revision as r (revision, files) values (?, cast(? as jsonb))
                        on conflict (revision) do update set last_seen_at = now(), times = r.times + 1""").params(one.name(), files).update();
    }

    /** The files that differ, each with {@code +} new, {@code -} gone, {@code ~} changed before its name. */
    static List<String> changes(Map<String, String> before, Map<String, String> after) {
        SortedMap<String, String> changes = new TreeMap<>();
        after.forEach((name, hash) -> {
            String old = before.get(name);
            if (!hash.equals(old)) {
                changes.put(name, (old == null ? "+" : "~") + name);
            }
        });
        before.keySet().stream()
                .filter(name -> !after.containsKey(name))
                .forEach(name -> changes.put(name, "-" + name));
        return List.copyOf(changes.values());
    }
}
