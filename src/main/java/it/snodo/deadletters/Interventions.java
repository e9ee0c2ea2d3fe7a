package it.snodo.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import it.snodo.access.Audit;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.flow.Rehearsal;
import it.snodo.flow.StoppedCertificates;
import it.snodo.flow.StoppedCertificates.Standing;
import it.snodo.messages.Journal;
import it.snodo.messages.MessageState;
import it.snodo.publication.StoppedDeliveries;
import it.snodo.publication.StoppedDeliveries.Stopped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Replays and discards of a message. Each is planned and done under the certificate's lock, so that doing it twice changes
 * nothing more; a plan alone is a dry run. A replay goes only through what has not taken effect: what is published is refused,
 * and where a try may have arrived the destination knows it again (FSE by identificativoDoc and R224, ROL by idRichiesta).
 */
@Component
class Interventions {

    private final JdbcClient db;
    private final StoppedCertificates certificates;
    private final StoppedDeliveries deliveries;
    private final Rehearsal rehearsal;
    private final Journal journal;
    private final Audit audit;
    private final TransactionTemplate transaction;

    Interventions(
            JdbcClient db,
            StoppedCertificates certificates,
            StoppedDeliveries deliveries,
            Rehearsal rehearsal,
            Journal journal,
            Audit audit,
            PlatformTransactionManager transactions) {
        this.db = db;
        this.certificates = certificates;
        this.deliveries = deliveries;
        this.rehearsal = rehearsal;
        this.journal = journal;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * What an action changed, or would change.
     *
     * @param dryRun nothing has been changed
     * @param changes none when there is nothing to do
     * @param words the whole in a sentence
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Result(long messageId, boolean dryRun, List<Change> changes, String words) {}

    // --- replay ------------------------------------------------------------------------------------------------

    /**
     * @param revision the certificate's revision that the operator has read; null when he does not say
     * @throws SnodoException NOT_FOUND, NOT_NOW with the reason, CHANGED_MEANWHILE
     */
    Result replay(long messageId, Integer revision, String by, String reason, boolean dryRun) {
        return transaction.execute(status -> {
            Message message = Message.of(db, messageId);
            long number = message.certificate();
            refuseReplay(message);
            Standing standing = lock(number, revision);
            // as it is now: who had the lock before may have closed it
            refuseReplay(Message.of(db, messageId));
            List<Change> changes = new ArrayList<>();
            if (standing.messageId() != messageId && certificates.annulmentWaits(number)) {
                return annulmentAgain(messageId, number, by, dryRun);
            }
            if (standing.isFailed()) {
                certificates.obstacle(number).ifPresent(words -> {
                    throw new SnodoException(SnodoCode.NOT_NOW, words);
                });
                changes.add(
                        new Change(
                                "certificato " + number,
                                "FAILED",
                                "RECEIVED",
                                dryRun
                                        ? rehearsed(number)
                                        : "Il documento viene rifatto con i modelli e le tabelle di ora, con lo stesso identificativo."));
                if (!dryRun) {
                    certificates.restart(number);
                }
            } else if (standing.isOvertaken() && standing.stage().equals("FAILED")) {
                throw new SnodoException(
                        SnodoCode.NOT_NOW,
                        "Il certificato %d è stato sostituito o annullato: non si può più ripetere.".formatted(number));
            } else {
                deliveries.of(number).stream()
                        .filter(one -> Set.of("FAILED", "STOPPED").contains(one.state()))
                        .map(one -> again(one, dryRun))
                        .forEach(changes::add);
            }
            if (changes.isEmpty()) {
                return new Result(
                        messageId, dryRun, changes, "Il messaggio è già in lavorazione: non c'è nulla da ripetere.");
            }
            if (!dryRun) {
                certificates.touch(number);
                journal.step(messageId, "ripetizione", "OK", "di " + by + (reason == null ? "" : ": " + reason));
                journal.state(messageId, MessageState.PROCESSING);
                audit.read("messaggio " + messageId, standing.patientId(), "ripetizione di " + by);
            }
            return new Result(
                    messageId,
                    dryRun,
                    changes,
                    dryRun
                            ? "Prova: nulla è stato cambiato. Per ripetere davvero usare dryRun=false."
                            : "Il messaggio viene ripetuto.");
        });
    }

    /** An annulment goes on by itself: it is only tried now instead of at its next time. */
    private Result annulmentAgain(long messageId, long number, String by, boolean dryRun) {
        if (!dryRun) {
            certificates.annulNow(number);
            journal.step(messageId, "ripetizione", "OK", "di " + by);
        }
        return new Result(
                messageId,
                dryRun,
                List.of(new Change(
                        "annullamento del certificato " + number,
                        "IN ATTESA",
                        "IN ATTESA",
                        "Viene tentato ora; se aspetta la firma del medico, resta in attesa di quella.")),
                dryRun
                        ? "Prova: nulla è stato cambiato. Per ripetere davvero usare dryRun=false."
                        : "L'annullamento viene ripreso.");
    }

    private static void refuseReplay(Message message) {
        switch (message.state()) {
            case "PUBLISHED", "BOOKED" ->
                throw new SnodoException(
                        SnodoCode.NOT_NOW,
                        "Il messaggio %d è già andato a buon fine: ripeterlo farebbe un secondo effetto, quindi non si ripete."
                                .formatted(message.id()));
            case "DISCARDED" ->
                throw new SnodoException(
                        SnodoCode.NOT_NOW,
                        "Il messaggio %d è stato chiuso: se il documento serve, il mittente lo invii di nuovo."
                                .formatted(message.id()));
            default -> {}
        }
    }

    private String rehearsed(long number) {
        Optional<SnodoException> fault = rehearsal.of(number, null);
        return fault.map(e -> "Ora fallirebbe ancora: " + e.code().code() + " " + e.getMessage())
                .orElse("Ora il documento si produce e supera i controlli dell'hub.");
    }

    private Change again(Stopped one, boolean dryRun) {
        String what = "invio " + one.id() + " " + one.destination() + " " + one.action();
        if (one.overtaken() || !dryRun && !deliveries.retry(one.id())) {
            return new Change(
                    what,
                    one.state(),
                    one.state(),
                    "Resta fermo: il documento è stato ritirato o sostituito presso la destinazione.");
        }
        return new Change(
                what,
                one.state(),
                "WAITING",
                one.unknown()
                        ? "Un tentativo può essere arrivato: la destinazione riconosce la ripetizione e non pubblica due volte."
                        : null);
    }

    // --- discard -----------------------------------------------------------------------------------------------

    /** @throws SnodoException NOT_FOUND, NOT_NOW with the reason, CHANGED_MEANWHILE */
    Result discard(long messageId, Integer revision, String by, String reason, boolean dryRun) {
        return transaction.execute(status -> {
            long number = Message.of(db, messageId).certificate();
            Standing standing = lock(number, null);
            // as it is now that nobody else changes it
            Message message = Message.of(db, messageId);
            if (message.state().equals("DISCARDED")) {
                return new Result(messageId, dryRun, List.of(), "Il messaggio era già chiuso: nulla è cambiato.");
            }
            if (Set.of("PUBLISHED", "BOOKED").contains(message.state())) {
                throw new SnodoException(
                        SnodoCode.NOT_NOW,
                        "Il messaggio %d è già andato a buon fine e non si può scartare: per ritirare il documento serve un annullamento del mittente."
                                .formatted(messageId));
            }
            requireRevision(standing, revision);
            List<Change> changes = new ArrayList<>();
            changes.add(new Change("messaggio " + messageId, message.state(), "DISCARDED", null));
            if (!dryRun) {
                journal.step(messageId, "scarto", "OK", "di " + by + ": " + reason);
                journal.state(messageId, MessageState.DISCARDED);
                audit.read("messaggio " + messageId, standing.patientId(), "scarto di " + by + ": " + reason);
            }
            if (standing.messageId() != messageId && certificates.annulmentWaits(number)) {
                boolean stays = certificates.othersAskForAnnulment(number, messageId);
                changes.add(new Change(
                        "annullamento del certificato " + number,
                        "IN ATTESA",
                        stays ? "IN ATTESA" : "RITIRATO",
                        stays
                                ? "L'annullamento resta: lo ha chiesto anche il medico, o un altro messaggio."
                                : "Il certificato resta com'è."));
                if (!dryRun) {
                    certificates.withdrawAnnulment(number, messageId, reason);
                }
            } else if (Set.of("RECEIVED", "DOCUMENT", "AWAITING_SIGNATURE", "FAILED")
                    .contains(standing.stage())) {
                changes.add(new Change(
                        "certificato " + number,
                        standing.stage(),
                        "FAILED",
                        "Chiuso: il mittente può inviare un altro documento con lo stesso numero."));
                if (!dryRun) {
                    certificates.discard(number, reason, by);
                }
            } else {
                deliveries.of(number).forEach(one -> close(one, by, reason, dryRun)
                        .ifPresent(changes::add));
                if (!dryRun) {
                    certificates.touch(number);
                }
            }
            return new Result(
                    messageId,
                    dryRun,
                    changes,
                    dryRun
                            ? "Prova: nulla è stato cambiato. Per scartare davvero usare dryRun=false."
                            : "Il messaggio è chiuso.");
        });
    }

    private Optional<Change> close(Stopped one, String by, String reason, boolean dryRun) {
        String what = "invio " + one.id() + " " + one.destination() + " " + one.action();
        return switch (one.state()) {
            case "TAKEN" ->
                throw new SnodoException(
                        SnodoCode.NOT_NOW,
                        "L'%s è in corso proprio ora: riprovare tra poco, quando se ne conoscerà l'esito."
                                .formatted(what));
            case "DELIVERED", "CONFIRMED" ->
                Optional.of(new Change(
                        what,
                        one.state(),
                        one.state(),
                        "Resta: la destinazione l'ha già ricevuto; per ritirarlo serve un annullamento del mittente."));
            default -> {
                if (!dryRun) {
                    deliveries.close(one.id(), reason, by);
                }
                yield Optional.of(new Change(
                        what, one.state(), "STOPPED", one.unknown() ? "Un tentativo può essere arrivato." : null));
            }
        };
    }

    private Standing lock(long number, Integer revision) {
        Standing standing = certificates
                .lock(number)
                .orElseThrow(() ->
                        new SnodoException(SnodoCode.NOT_FOUND, "Il certificato %d non esiste.".formatted(number)));
        requireRevision(standing, revision);
        return standing;
    }

    private static void requireRevision(Standing standing, Integer revision) {
        if (revision != null && revision != standing.revision()) {
            throw Revision.changed();
        }
    }
}
