package it.snodo.config;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the hub keeps and finds things.
 *
 * @param dataDir broker journal, embedded database, keys, spool
 * @param configDir text of a path (Spring would take "." for the root of the class path): folder that holds routes/,
 *     mappings/, cda-templates/ and xsd/
 */
@ConfigurationProperties("snodo")
public record SnodoProperties(
        @DefaultValue("data") Path dataDir,
        @DefaultValue(".") String configDir) {}
