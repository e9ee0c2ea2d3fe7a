package it.snodo.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Which revisions of the editable folders there have been: what the name at a message or a step means. */
@RestController
@RequestMapping("/api/v1/configuration")
class ConfigurationController {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MOST = 200;

    private final JdbcClient db;
    private final ConfigurationRevision current;
    private final ConfigFolder folder;

    ConfigurationController(JdbcClient db, ConfigurationRevision current, ConfigFolder folder) {
        this.db = db;
        this.current = current;
        this.folder = folder;
    }

    /**
     * @param current the revision that the files have now
     * @param refused edits that cannot be used: in place of those files what was last good is in force
     * @param items the revisions seen, the newest first, 200 at most
     */
    // generated clients have a Configuration of their own
    @Schema(name = "HubConfiguration")
    record Configuration(String current, List<Refused> refused, List<Seen> items) {}

    /**
     * @param files among them the wrong one; mostly one
     * @param reason what is wrong, with line and column where they are known
     */
    record Refused(List<String> files, OffsetDateTime since, String reason) {}

    /**
     * A revision that was in force.
     *
     * @param lastSeenAt when it was last come upon: at a start, or because an edit was taken back
     * @param changes files that differ from the revision first seen before it: {@code +} new, {@code -} gone, {@code ~}
     *     changed; absent for the oldest
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Seen(
            String revision, OffsetDateTime firstSeenAt, OffsetDateTime lastSeenAt, int times, List<String> changes) {}

    @GetMapping
    Configuration list() {
        record Row(String revision, OffsetDateTime firstSeenAt, OffsetDateTime lastSeenAt, int times, String files) {}
        List<Row> rows = db.sql("select revision, first_seen_at, last_seen_at, times, files from configuration_revision"
                        + " order by first_seen_at desc, revision limit ?")
                .param(MOST + 1)
                .query(Row.class)
                .list();
        List<Seen> seen = new ArrayList<>();
        for (int i = 0; i < Math.min(rows.size(), MOST); i++) {
            Row row = rows.get(i);
            seen.add(new Seen(
                    row.revision(),
                    rome(row.firstSeenAt()),
                    rome(row.lastSeenAt()),
                    row.times(),
                    i + 1 == rows.size()
                            ? null
                            : ConfigurationRevisions.changes(
                                    files(rows.get(i + 1).files()), files(row.files()))));
        }
        List<Refused> refused = folder.refusedEdits().stream()
                .map(edit -> new Refused(edit.files(), edit.since().atZone(ROME).toOffsetDateTime(), edit.reason()))
                .toList();
        return new Configuration(current.current(), refused, seen);
    }

    private static OffsetDateTime rome(OffsetDateTime at) {
        return at.atZoneSameInstant(ROME).toOffsetDateTime();
    }

    private static Map<String, String> files(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the hub wrote this JSON", e);
        }
    }
}
