package it.snodo.messages;

import it.snodo.config.ConfigurationRevision;
import it.snodo.fault.Fault;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Journal entries of what came in and is no message that could take effect: refused by a limit before it was read, a
 * notification, bytes that a person has given up. They have no key: the same thing twice is two entries.
 */
@Component
public class Notes {

    /** The most that is kept of what was refused for its size. */
    public static final int BEGINNING = 64 * 1024;

    private final JdbcClient db;
    private final Journal journal;
    private final ConfigurationRevision configuration;

    Notes(JdbcClient db, Journal journal, ConfigurationRevision configuration) {
        this.db = db;
        this.journal = journal;
        this.configuration = configuration;
    }

    /**
     * One entry.
     *
     * @param sender who it says it is
     * @param raw the bytes to keep: all, or the beginning
     * @param size of the whole, as far as it is known
     * @param sha256 of the bytes that were read, also of those that are not kept
     * @param faults why it was refused; empty when it was not
     * @param answer what was answered; null when nobody waits for an answer
     */
    public record Note(
            String protocol,
            String peer,
            String sender,
            String type,
            byte[] raw,
            long size,
            byte[] sha256,
            MessageState state,
            List<Fault> faults,
            String documentId,
            byte[] answer) {

        /** Of bytes that are kept whole. */
        public static Note of(
                String protocol, String peer, String sender, String type, byte[] raw, MessageState state) {
            return new Note(
                    protocol, peer, sender, type, raw, raw.length, Journal.sha256(raw), state, List.of(), null, null);
        }

        public Note about(String document) {
            return new Note(protocol, peer, sender, type, raw, size, sha256, state, faults, document, answer);
        }

        public Note answered(byte[] given, List<Fault> why) {
            return new Note(protocol, peer, sender, type, raw, size, sha256, state, why, documentId, given);
        }
    }

    /** @return its id in the journal */
    public long keep(Note note) {
        return db.sql("""
                        insert into message (protocol, peer, sender, type, sha256, size, raw, answer, state, faults, document_id,
                          config_revision)
                        values (:protocol, :peer, :sender, :type, :sha256, :size, :raw, :answer, :state,
                          cast(:faults as jsonb), :document, :configuration)
                        returning id""")
                .param("protocol", note.protocol())
                .param("peer", note.peer())
                .param("sender", note.sender())
                .param("type", note.type())
                .param("sha256", note.sha256())
                .param("size", (int) Math.min(note.size(), Integer.MAX_VALUE))
                .param("raw", PinMask.masked(note.raw()))
                .param("answer", note.answer())
                .param("state", note.state().name())
                .param("faults", note.faults().isEmpty() ? null : journal.toJson(note.faults()))
                .param("document", note.documentId())
                .param("configuration", configuration.current())
                .query(Long.class)
                .single();
    }

    /** The same, with a step that says what was done with it. */
    public long keep(Note note, String step, String outcome, String detail) {
        long id = keep(note);
        journal.step(id, step, outcome, detail);
        return id;
    }
}
