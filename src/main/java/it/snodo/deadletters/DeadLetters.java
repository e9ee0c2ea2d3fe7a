package it.snodo.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.publication.Destination;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What waits for a person, as the view {@code dead_letter} has it. */
@Component("deadLetterStore")
class DeadLetters {

    private static final int PAGE = 50;

    private final JdbcClient db;
    private final Quarantined quarantined;

    DeadLetters(JdbcClient db, Quarantined quarantined) {
        this.db = db;
        this.quarantined = quarantined;
    }

    /**
     * One thing that waits for a person.
     *
     * @param id {@code D…} a delivery, {@code C…} a certificate that a step of the hub's own cannot get over, {@code Q…} bytes in
     *     quarantine that never became a message
     * @param exemptionId the exemption that AURA was to be told of; it has neither message nor document
     * @param destination FSE, ROL, AURA, HUB for our own steps, INTAKE for what lies in quarantine
     * @param step the delivery's action, or the step: DOCUMENTO, FIRMA
     * @param remedy what helps: RETRY, REPAIR, STOP
     * @param cause in words
     * @param lastAnswer what the other side said last
     * @param since when it came here
     * @param nextStep what to do, in words
     * @param unknownOutcome a try may have taken effect
     * @param from protocol and peer of what lies in quarantine
     * @param size of its bytes
     * @param bytes where they are read
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DeadLetter(
            String id,
            Long messageId,
            Long certificateNumber,
            String documentId,
            Long deliveryId,
            Long exemptionId,
            String destination,
            String step,
            String code,
            String title,
            String remedy,
            String cause,
            int attempts,
            String lastAnswer,
            Instant lastTryAt,
            Instant since,
            String nextStep,
            boolean unknownOutcome,
            String traceId,
            String from,
            Long size,
            String bytes) {}

    /** Newest first; {@code next} is absent on the last page. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page(List<DeadLetter> items, String next) {}

    /**
     * Which dead letters; null asks for all.
     *
     * @param since that came here then or later
     */
    record Filter(String destination, String code, OffsetDateTime since) {

        private static final Set<String> DESTINATIONS = Stream.concat(
                        Stream.of(Destination.values()).map(Destination::name),
                        Stream.of("HUB", Quarantined.DESTINATION))
                .collect(Collectors.toCollection(TreeSet::new));

        /** @throws SnodoException for a destination or a code that there is not: it would find nothing, as if all were well */
        Filter {
            if (destination != null && !DESTINATIONS.contains(destination.toUpperCase(Locale.ROOT))) {
                throw new SnodoException(
                        SnodoCode.REQUEST_INVALID,
                        "La destinazione (destination) «%s» non esiste: le destinazioni sono %s."
                                .formatted(destination, String.join(", ", DESTINATIONS)));
            }
            if (code != null && NextStep.code(code.toUpperCase(Locale.ROOT)).isEmpty()) {
                throw new SnodoException(
                        SnodoCode.REQUEST_INVALID,
                        "Il codice (code) «%s» non è tra quelli dell'hub, da SNODO-1001 in poi.".formatted(code));
            }
        }
    }

    private static final String WHERE = """
             where (cast(:destination as text) is null or destination = upper(:destination))
               and (cast(:code as text) is null or code = upper(:code))
               and (cast(:since as timestamptz) is null or since >= :since)
            """;

    Page page(Filter filter, String next) {
        Cursor from = next == null || next.isBlank() ? null : Cursor.of(next);
        List<DeadLetter> items = where(
                        db.sql("select * from dead_letter" + WHERE
                                + " and (cast(:at as timestamptz) is null or (since, id) < (:at, :id))"
                                + " order by since desc, id desc limit :limit"),
                        filter)
                .param("at", from == null ? null : from.since().atOffset(ZoneOffset.UTC))
                .param("id", from == null ? null : from.id())
                .param("limit", PAGE + 1)
                .query((row, n) -> letter(row))
                .list();
        List<DeadLetter> strays = quarantined.waiting(filter).stream()
                .filter(one -> from == null || from.isNewerThan(one.since(), one.id()))
                .limit(PAGE + 1L)
                .map(quarantined::letter)
                .flatMap(Optional::stream)
                .toList();
        if (!strays.isEmpty()) {
            items = Stream.concat(items.stream(), strays.stream())
                    .sorted(Comparator.comparing(DeadLetter::since)
                            .thenComparing(DeadLetter::id)
                            .reversed())
                    .limit(PAGE + 1L)
                    .toList();
        }
        if (items.size() <= PAGE) {
            return new Page(items, null);
        }
        DeadLetter last = items.get(PAGE - 1);
        return new Page(items.subList(0, PAGE), new Cursor(last.since(), last.id()).text());
    }

    /** The messages that these dead letters belong to, each once, the oldest first. */
    List<Long> messages(Filter filter, int most) {
        return where(
                        db.sql(
                                "select message_id from dead_letter" + WHERE
                                        + " and message_id is not null group by message_id order by min(since), message_id limit :limit"),
                        filter)
                .param("limit", most)
                .query(Long.class)
                .list();
    }

    /** Deliveries of no message, such as those to AURA, the oldest first. */
    List<Long> deliveries(Filter filter, int most) {
        return where(
                        db.sql("select delivery_id from dead_letter" + WHERE
                                + " and message_id is null order by since, delivery_id limit :limit"),
                        filter)
                .param("limit", most)
                .query(Long.class)
                .list();
    }

    /** How many by destination and code, and since when the oldest. */
    record Count(String destination, String code, int number, Instant oldest) {}

    List<Count> counts() {
        List<Count> counts = new ArrayList<>(db.sql(
                        "select destination, coalesce(code, '') as code, count(*) as number, min(since) as oldest from dead_letter"
                                + " group by 1, 2 order by 1, 2")
                .query((row, n) -> new Count(
                        row.getString("destination"),
                        row.getString("code"),
                        row.getInt("number"),
                        instant(row, "oldest")))
                .list());
        List<Quarantined.Waiting> strays = quarantined.waiting(new Filter(null, null, null));
        if (!strays.isEmpty()) {
            counts.add(new Count(
                    Quarantined.DESTINATION,
                    SnodoCode.INTERNAL.code(),
                    strays.size(),
                    strays.get(strays.size() - 1).since()));
        }
        return counts;
    }

    private static JdbcClient.StatementSpec where(JdbcClient.StatementSpec sql, Filter filter) {
        return sql.param("destination", filter.destination())
                .param("code", filter.code())
                .param("since", filter.since());
    }

    private static DeadLetter letter(ResultSet row) throws SQLException {
        String code = row.getString("code");
        String destination = row.getString("destination");
        boolean unknown = row.getBoolean("unknown_outcome");
        var known = NextStep.code(code);
        // AURA's own words may tell of the person
        boolean aura = Destination.AURA.name().equals(destination);
        return new DeadLetter(
                row.getString("id"),
                row.getObject("message_id", Long.class),
                row.getObject("certificate_number", Long.class),
                row.getString("document_id"),
                row.getObject("delivery_id", Long.class),
                row.getObject("exemption_id", Long.class),
                destination,
                row.getString("step"),
                code,
                known.map(SnodoCode::title).orElse(null),
                known.map(one -> one.remedy().name()).orElse(null),
                aura && known.isPresent() ? known.get().cause() : row.getString("words"),
                row.getInt("attempts"),
                aura ? null : row.getString("answer"),
                instant(row, "last_try_at"),
                instant(row, "since"),
                row.getObject("message_id") == null
                        ? NextStep.ofDelivery(code, row.getLong("delivery_id"), unknown)
                        : NextStep.of(code, destination.equals("HUB"), unknown),
                unknown,
                row.getString("trace_id"),
                null,
                null,
                null);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    /** Where a page ended. */
    private record Cursor(Instant since, String id) {

        boolean isNewerThan(Instant other, String otherId) {
            return other.isBefore(since) || other.equals(since) && otherId.compareTo(id) < 0;
        }

        String text() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((since + " " + id).getBytes(StandardCharsets.US_ASCII));
        }

        static Cursor of(String text) {
            try {
                String[] parts =
                        new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII).split(" ", 2);
                return new Cursor(Instant.parse(parts[0]), parts[1]);
            } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException e) {
                throw new SnodoException(
                        SnodoCode.REQUEST_INVALID,
                        "Il parametro «next» non è un cursore dato da una risposta precedente.",
                        e);
            }
        }
    }
}
