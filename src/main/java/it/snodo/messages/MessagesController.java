package it.snodo.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.access.Audit;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The journal for people: find any message, see its steps, read its bytes. */
@RestController
@RequestMapping("/api/v1/messages")
class MessagesController {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final int PAGE = 50;
    private static final String ACCEPTANCE = "accettazione";
    private final JdbcClient db;
    private final MessageSearch search;
    private final ObjectMapper json;
    private final Audit audit;

    MessagesController(JdbcClient db, MessageSearch search, ObjectMapper json, Audit audit) {
        this.db = db;
        this.search = search;
        this.json = json;
        this.audit = audit;
    }

    /** A page of the journal, newest first; {@code next} is the cursor of the following page, absent on the last. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page(List<Item> items, String next) {}

    /**
     * One message in a list.
     *
     * @param size bytes as they came; of what was refused for its size, as far as it is known
     * @param sha256 of the bytes as they came, hexadecimal
     * @param configurationRevision what the editable folders held when it was accepted or refused
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(
            long id,
            OffsetDateTime receivedAt,
            String protocol,
            String peer,
            String sender,
            String type,
            String controlId,
            String state,
            String documentId,
            String fseIdentifier,
            Long certificateNumber,
            String bookingCode,
            String nre,
            JsonNode faults,
            int size,
            String sha256,
            String configurationRevision,
            List<Step> steps) {

        Item withSteps(List<Step> all) {
            return new Item(
                    id,
                    receivedAt,
                    protocol,
                    peer,
                    sender,
                    type,
                    controlId,
                    state,
                    documentId,
                    fseIdentifier,
                    certificateNumber,
                    bookingCode,
                    nre,
                    faults,
                    size,
                    sha256,
                    configurationRevision,
                    all);
        }
    }

    /**
     * What was done with a message, when, and how it ended.
     *
     * @param configurationRevision what the editable folders held then; another one than the message's own when they were
     *     edited in between
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Step(String name, OffsetDateTime at, String outcome, String detail, String configurationRevision) {}

    /**
     * A page of messages.
     *
     * @param q any key: control id, document id or FSE identifier, certificate number, NRE, booking code,
     *     workflowInstanceId, trace id, GovWay id, patient, or the message's own id
     * @param sender application, or {@code application|facility}
     * @param patient codice fiscale, STP, ENI or TEAM card as the message gave it
     * @param govwayId GovWay's transaction id of a call that went out
     */
    @GetMapping
    Page list(
            @RequestParam(required = false) String q,
            @RequestParam(required = false) String controlId,
            @RequestParam(required = false) String sender,
            @RequestParam(required = false) String patient,
            @RequestParam(required = false) String state,
            @RequestParam(required = false) String documentId,
            @RequestParam(required = false) String fseIdentifier,
            @RequestParam(required = false) Long certificateNumber,
            @RequestParam(required = false) String nre,
            @RequestParam(required = false) String bookingCode,
            @RequestParam(required = false) String workflowInstanceId,
            @RequestParam(required = false) String traceId,
            @RequestParam(required = false) String govwayId,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) OffsetDateTime from,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) OffsetDateTime to,
            @RequestParam(required = false) String next) {
        MessageFilter filter = new MessageFilter(
                given(q),
                given(controlId),
                given(sender),
                given(patient),
                given(state) == null ? null : known(state),
                given(documentId),
                given(fseIdentifier),
                certificateNumber,
                given(nre),
                given(bookingCode),
                given(workflowInstanceId),
                given(traceId),
                given(govwayId),
                from == null ? null : from.toInstant(),
                to == null ? null : to.toInstant(),
                next == null ? null : cursor(next));
        Set<String> persons = new HashSet<>();
        List<Item> items = search.find(filter, PAGE + 1, (row, n) -> {
            persons.add(row.getString("patient_id"));
            return item(row);
        });
        if (filter.patient() != null) {
            audit.read("messages", filter.patient(), "ricerca nel giornale");
        } else if (persons.contains(filter.any())) {
            audit.read("messages", filter.any(), "ricerca nel giornale");
        }
        if (items.size() <= PAGE) {
            return new Page(items, null);
        }
        List<Item> page = items.subList(0, PAGE);
        return new Page(
                page,
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(Long.toString(page.get(PAGE - 1).id()).getBytes(StandardCharsets.US_ASCII)));
    }

    @GetMapping("/{id}")
    Item one(@PathVariable long id) {
        Item item = db.sql(MessageSearch.COLUMNS + " where id = ?")
                .param(id)
                .query((row, n) -> item(row))
                .optional()
                .orElseThrow(() -> unknown(id));
        List<Step> steps = new ArrayList<>(db.sql(
                        "select name, at, outcome, detail, config_revision from message_step where message_id = ? order by id")
                .param(id)
                .query((row, n) -> new Step(
                        row.getString("name"),
                        at(row, "at"),
                        row.getString("outcome"),
                        row.getString("detail"),
                        row.getString("config_revision")))
                .list());
        if (steps.isEmpty() || !steps.get(0).name().equals(ACCEPTANCE)) {
            // The message's own row says how it was received: no row of its own is spent on that.
            steps.add(
                    0,
                    new Step(
                            ACCEPTANCE,
                            item.receivedAt(),
                            item.faults() == null ? "OK" : "REFUSED",
                            item.faults() == null ? null : codes(item.faults()),
                            item.configurationRevision()));
        }
        return item.withSteps(steps);
    }

    private static String codes(JsonNode faults) {
        List<String> codes = new ArrayList<>();
        faults.forEach(fault -> codes.add(
                (fault.path("code").asText() + " " + fault.path("path").asText()).strip()));
        return String.join(" · ", codes);
    }

    /** The bytes as they came, but for a PIN: health data, so only operations may see them, and it is written down. */
    @GetMapping("/{id}/raw")
    ResponseEntity<byte[]> raw(@PathVariable long id) {
        record Raw(byte[] raw, String patientId) {}
        Raw found = db.sql("select raw, patient_id from message where id = ?")
                .param(id)
                .query(Raw.class)
                .optional()
                .orElseThrow(() -> unknown(id));
        audit.read("message " + id, found.patientId(), "lettura del messaggio originale");
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .body(PinMask.masked(found.raw()));
    }

    private Item item(ResultSet row) throws SQLException {
        String faults = row.getString("faults");
        try {
            return new Item(
                    row.getLong("id"),
                    at(row, "received_at"),
                    row.getString("protocol"),
                    row.getString("peer"),
                    row.getString("sender"),
                    row.getString("type"),
                    row.getString("control_id"),
                    row.getString("state"),
                    row.getString("document_id"),
                    row.getString("fse_identifier"),
                    row.getObject("certificate_number", Long.class),
                    row.getString("booking_code"),
                    row.getString("nre"),
                    faults == null ? null : json.readTree(faults),
                    row.getInt("size"),
                    HexFormat.of().formatHex(row.getBytes("sha256")),
                    row.getString("config_revision"),
                    null);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("faults of a message are JSON", e);
        }
    }

    private static OffsetDateTime at(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.atZoneSameInstant(ROME).toOffsetDateTime();
    }

    private static String given(String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static MessageState known(String state) {
        return Arrays.stream(MessageState.values())
                .filter(each -> each.name().equalsIgnoreCase(state.strip()))
                .findFirst()
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.REQUEST_INVALID,
                        "Il parametro «state» vale «%s» ma può essere solo uno di %s."
                                .formatted(state, Arrays.toString(MessageState.values()))));
    }

    private static long cursor(String next) {
        try {
            return Long.parseLong(new String(Base64.getUrlDecoder().decode(next), StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new SnodoException(
                    SnodoCode.REQUEST_INVALID, "Il parametro «next» non è un cursore dato da una risposta precedente.");
        }
    }

    private static SnodoException unknown(long id) {
        return new SnodoException(SnodoCode.NOT_FOUND, "Nessun messaggio con identificativo %d.".formatted(id));
    }
}
