package it.snodo.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import it.snodo.access.Audit;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingNotice;
import it.snodo.booking.BookingReply;
import it.snodo.booking.desk.BookingDesk.Answered;
import it.snodo.certificate.CertificateChecks;
import it.snodo.certificate.CertificateChecks.Source;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.intake.Arrival;
import it.snodo.intake.BookingArrival;
import it.snodo.intake.Incoming;
import it.snodo.intake.Quarantine;
import it.snodo.intake.jms.JmsIntake;
import it.snodo.messages.Accepted;
import it.snodo.messages.Journal;
import it.snodo.messages.MessageState;
import it.snodo.messages.Notes;
import it.snodo.messages.PinMask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What lies in quarantine, as dead letters: bytes that made the hub itself fail before they were a message. A replay sends
 * them through the same acceptance as if they came now, so what has been sent again meanwhile has no second effect.
 */
@Component
class Quarantined {

    static final String DESTINATION = "INTAKE";
    private static final String PREFIX = "Q";

    private final Quarantine quarantine;
    private final JmsIntake intake;
    private final CertificateChecks checks;
    private final ProducerTemplate camel;
    private final Journal journal;
    private final Notes notes;
    private final JdbcClient db;
    private final Audit audit;

    Quarantined(
            Quarantine quarantine,
            JmsIntake intake,
            CertificateChecks checks,
            ProducerTemplate camel,
            Journal journal,
            Notes notes,
            JdbcClient db,
            Audit audit) {
        this.quarantine = quarantine;
        this.intake = intake;
        this.checks = checks;
        this.camel = camel;
        this.journal = journal;
        this.notes = notes;
        this.db = db;
        this.audit = audit;
    }

    /**
     * What became, or would become, of the messages in the bytes.
     *
     * @param dryRun nothing has been changed
     * @param words the whole in a sentence
     */
    record Result(String id, boolean dryRun, List<One> messages, String words) {}

    /**
     * One message.
     *
     * @param outcome ACCEPTED, REFUSED, or KNOWN when the same is in the journal already
     * @param messageId in the journal; absent while it is not there
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record One(String controlId, String sender, String type, String outcome, Long messageId, List<FaultView> faults) {}

    record FaultView(String code, String place, String reason) {}

    /** Since when something waits, and its id. */
    record Waiting(Instant since, String id) {}

    /** What the filter asks for, the newest first. */
    List<Waiting> waiting(DeadLetters.Filter filter) {
        if (filter.destination() != null && !filter.destination().equalsIgnoreCase(DESTINATION)
                || filter.code() != null && !filter.code().equalsIgnoreCase(SnodoCode.INTERNAL.code())) {
            return List.of();
        }
        return quarantine.list().stream()
                .filter(one -> filter.since() == null
                        || !one.at().isBefore(filter.since().toInstant()))
                .map(one -> new Waiting(one.at(), PREFIX + one.name()))
                .toList();
    }

    /** Empty when somebody has taken it away since. */
    Optional<DeadLetters.DeadLetter> letter(Waiting waiting) {
        return quarantine.find(waiting.id().substring(PREFIX.length())).map(Quarantined::letter);
    }

    private static DeadLetters.DeadLetter letter(Quarantine.Entry one) {
        boolean queued = one.protocol().equals("JMS");
        return new DeadLetters.DeadLetter(
                PREFIX + one.name(),
                null,
                null,
                null,
                null,
                null,
                DESTINATION,
                "QUARANTENA",
                SnodoCode.INTERNAL.code(),
                SnodoCode.INTERNAL.title(),
                SnodoCode.INTERNAL.remedy().name(),
                (queued
                                ? "Il messaggio della coda non si è potuto né accettare né rifiutare: "
                                : "I byte ricevuti da " + one.peer() + " hanno fatto fallire l'hub: ")
                        + (one.why() == null
                                ? "la causa è nel registro dell'hub."
                                // what follows the exception's name may quote the message
                                : one.why().replaceFirst(":.*", "")),
                1,
                null,
                null,
                one.at(),
                (queued
                                ? "Il messaggio non esiste altrove."
                                : "Il mittente ha ricevuto AE e di solito invia di nuovo: se l'ha già fatto, ripetere non ha"
                                        + " un secondo effetto.")
                        + " Leggere i byte (GET " + path(one) + "/raw), provare (POST " + path(one)
                        + "/replay), poi ripetere davvero (dryRun=false) o chiudere con un motivo (POST " + path(one)
                        + "/discard).",
                false,
                null,
                one.protocol() + (one.peer() == null ? "" : " " + one.peer()),
                one.size(),
                path(one) + "/raw");
    }

    private static String path(Quarantine.Entry one) {
        return "/api/v1/dead-letters/" + PREFIX + one.name();
    }

    /** @throws SnodoException NOT_FOUND, or NOT_NOW for a dead letter of another kind */
    private Quarantine.Entry find(String id) {
        if (!id.startsWith(PREFIX)) {
            throw new SnodoException(
                    SnodoCode.NOT_NOW,
                    "La lettera morta %s appartiene a un messaggio: usare /api/v1/messages/{messageId}/replay o /discard."
                            .formatted(id));
        }
        return quarantine
                .find(id.substring(PREFIX.length()))
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.NOT_FOUND, "In quarantena non c'è nulla con identificativo %s.".formatted(id)));
    }

    /** The bytes as they came, but for a PIN. */
    byte[] raw(String id) {
        Quarantine.Entry entry = find(id);
        audit.read("quarantena " + entry.name(), null, "lettura dei byte in quarantena");
        return PinMask.masked(quarantine.bytes(entry));
    }

    /** One at a time: two operators that press together shall not both find it there. */
    synchronized Result replay(String id, String by, String reason, boolean dryRun) {
        Quarantine.Entry entry = find(id);
        byte[] bytes = quarantine.bytes(entry);
        List<Arrival> messages;
        try {
            messages = intake.readAgain(
                    bytes, entry.key(), entry.peer(), entry.protocol().equals("JMS"));
        } catch (RuntimeException | StackOverflowError e) {
            throw new SnodoException(
                    SnodoCode.NOT_NOW,
                    "I byte fanno ancora fallire l'hub (%s): serve una versione corretta, oppure scartare con un motivo."
                            .formatted(e.getClass().getSimpleName()),
                    e);
        }
        refuseOldRequests(messages);
        List<One> all = new ArrayList<>();
        boolean kept = true;
        for (Arrival message : messages) {
            One one = dryRun ? tried(message) : accepted(message, by, reason);
            kept &= one.messageId() != null;
            all.add(one);
        }
        if (dryRun) {
            return new Result(id, true, all, "Prova: nulla è stato cambiato. Per ripetere davvero usare dryRun=false.");
        }
        audit.read("quarantena " + entry.name(), null, "ripetizione di " + by);
        if (!kept) {
            return new Result(
                    id,
                    false,
                    all,
                    "Non tutto è entrato nel giornale: i byte restano in quarantena, si possono scartare con un motivo.");
        }
        quarantine.remove(entry);
        return new Result(id, false, all, "I messaggi sono nel giornale con il loro esito: la quarantena è libera.");
    }

    /** Who asked for a booking was told no, and has gone elsewhere: booked now, it would be a place that nobody knows of. */
    private static void refuseOldRequests(List<Arrival> messages) {
        for (Arrival each : messages) {
            if (each instanceof BookingArrival booking
                    && booking.ask() != null
                    && !(booking.ask() instanceof BookingNotice)) {
                throw new SnodoException(
                        SnodoCode.NOT_NOW,
                        "Il messaggio %s (%s) chiede una prenotazione: chi l'ha inviato ha ricevuto un rifiuto e deve inviarlo di"
                                        .formatted(each.controlId(), each.type())
                                + " nuovo. Da qui si può solo scartare con un motivo.");
            }
        }
    }

    private One tried(Arrival message) {
        Optional<Long> known = message.controlId() == null
                ? Optional.empty()
                : db.sql("select message_id from message_key where control_id = ? and sender = ?")
                        .params(message.controlId(), message.sender() == null ? "" : message.sender())
                        .query(Long.class)
                        .optional();
        if (known.isPresent()) {
            return one(message, "KNOWN", known.get(), List.of());
        }
        List<Fault> faults = message instanceof Incoming certificate
                ? certificate.request() == null
                        ? certificate.faults()
                        : certificate
                                .withFaults(checks.check(certificate.request(), Source.of(certificate.protocol())))
                                .faults()
                : ((BookingArrival) message).faults();
        return one(message, faults.isEmpty() ? "ACCEPTED" : "REFUSED", null, faults);
    }

    private One accepted(Arrival message, String by, String reason) {
        if (message instanceof BookingArrival) {
            return noted(message, by, reason);
        }
        Accepted accepted = taken("direct:accept", message, Accepted.class);
        long id = accepted.outcome().messageId();
        List<Fault> faults = accepted.outcome().faults();
        // under the same name with other content: the journal has the other one, not these bytes
        boolean other = faults.stream().anyMatch(fault -> fault.code() == SnodoCode.DUPLICATE_OTHER_CONTENT);
        if (!other && !accepted.repeated()) {
            journal.step(id, "dalla quarantena", "OK", "di " + by + (reason == null ? "" : ": " + reason));
        }
        return one(
                message,
                accepted.repeated() ? "KNOWN" : accepted.accepted() ? "ACCEPTED" : "REFUSED",
                other ? null : id,
                faults);
    }

    private <T> T taken(String route, Arrival message, Class<T> type) {
        try {
            return camel.requestBody(route, message, type);
        } catch (CamelExecutionException e) {
            throw new SnodoException(
                    SnodoCode.NOT_NOW,
                    "Il messaggio %s non si può accettare neppure ora (%s): riprovare più tardi."
                            .formatted(
                                    message.controlId(),
                                    e.getCause() == null
                                            ? e
                                            : e.getCause().getClass().getSimpleName()),
                    e);
        }
    }

    private One noted(Arrival message, String by, String reason) {
        Answered answered = taken("direct:booking", message, Answered.class);
        BookingReply reply = answered.reply();
        List<Fault> faults = reply instanceof BookingAnswer answer ? answer.faults() : List.of();
        boolean refused = reply instanceof BookingAnswer answer && answer.result() == BookingAnswer.Result.REFUSED;
        boolean kept = answered.messageId() > 0;
        if (kept && !answered.repeated()) {
            journal.step(
                    answered.messageId(), "dalla quarantena", "OK", "di " + by + (reason == null ? "" : ": " + reason));
        }
        return one(
                message,
                answered.repeated() ? "KNOWN" : refused ? "REFUSED" : "ACCEPTED",
                kept ? answered.messageId() : null,
                faults);
    }

    private static One one(Arrival message, String outcome, Long id, List<Fault> faults) {
        return new One(
                message.controlId(),
                message.sender(),
                message.type(),
                outcome,
                id,
                faults.stream()
                        .map(fault -> new FaultView(
                                fault.code().code(),
                                fault.location() == null ? fault.path() : fault.location(),
                                fault.reason()))
                        .toList());
    }

    /** The bytes go to the journal, closed: what a person has given up can still be found. */
    synchronized Result discard(String id, String by, String reason) {
        Quarantine.Entry entry = find(id);
        long message = notes.keep(
                Notes.Note.of(
                        entry.protocol(),
                        entry.peer(),
                        "",
                        "quarantena",
                        quarantine.bytes(entry),
                        MessageState.DISCARDED),
                "scarto",
                "OK",
                "dalla quarantena, di " + by + ": " + reason);
        quarantine.remove(entry);
        audit.read("quarantena " + entry.name(), null, "scarto di " + by + ": " + reason);
        return new Result(
                id,
                false,
                List.of(new One(null, "", "quarantena", "DISCARDED", message, List.of())),
                "I byte sono chiusi nel giornale, messaggio %d.".formatted(message));
    }
}
