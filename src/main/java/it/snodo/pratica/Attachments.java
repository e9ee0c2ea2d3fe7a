package it.snodo.pratica;

import it.snodo.access.Operator;
import it.snodo.exemption.ExemptionListener.Asker;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The files that a citizen gave with his request. */
@Component
public class Attachments {

    /** As the manual says: 1 MB. */
    static final int MOST_BYTES = 1_048_576;

    private static final int MOST_FILES = 20;
    private static final int LONGEST_NAME = 120;
    private static final String COLUMNS = "id, pratica, name, kind, size, added_at, added_by";

    private final JdbcClient db;
    private final PraticaRegister register;
    private final PraticaAccess access;
    private final Pratiche pratiche;

    Attachments(JdbcClient db, PraticaRegister register, PraticaAccess access, Pratiche pratiche) {
        this.db = db;
        this.register = register;
        this.access = access;
        this.pratiche = pratiche;
    }

    /** @param size bytes */
    public record Attachment(
            long id,
            String pratica,
            String name,
            AttachmentKind kind,
            int size,
            OffsetDateTime addedAt,
            String addedBy) {}

    /** A file as it came, but for its name. */
    public record Content(Attachment attachment, byte[] bytes) {}

    /** @param added false: the same content was there already */
    public record Added(Attachment attachment, Pratica pratica, boolean added) {}

    public List<Attachment> of(String number) {
        return db.sql("select " + COLUMNS + " from pratica_attachment where pratica = ? order by id")
                .param(number)
                .query(Attachments::attachment)
                .list();
    }

    /** @throws SnodoException NOT_FOUND when there is none that the operator may see */
    public Content read(Operator operator, String number, long id) {
        access.readable(operator, number, "lettura dell'allegato " + id);
        return db.sql("select " + COLUMNS + ", content from pratica_attachment where pratica = ? and id = ?")
                .params(number, id)
                .query((row, n) -> new Content(attachment(row, n), row.getBytes("content")))
                .optional()
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.NOT_FOUND, "La pratica n. " + number + " non ha l'allegato " + id + "."));
    }

    /**
     * Adds a file to an open pratica; the same bytes once more change nothing.
     *
     * @param name as the sender calls it; may be null
     */
    public Added add(Operator operator, String number, Integer revision, String name, byte[] bytes) {
        access.workable(operator, number, Move.ALLEGA);
        if (bytes.length == 0 || bytes.length > MOST_BYTES) {
            throw refused(
                    bytes.length == 0 ? SnodoCode.ATTACHMENT_KIND : SnodoCode.ATTACHMENT_TOO_LARGE,
                    bytes.length == 0
                            ? "Il file allegato è vuoto."
                            : "Il file allegato è di " + bytes.length + " byte: al massimo " + MOST_BYTES + " (1 MB).");
        }
        AttachmentKind kind = AttachmentKind.of(bytes)
                .orElseThrow(() -> refused(
                        SnodoCode.ATTACHMENT_KIND,
                        "Il contenuto del file non è di un tipo ammesso: pdf, doc, docx, xls, xlsx (senza macro), zip,"
                                + " png, gif o jpeg."));
        byte[] hash = sha256(bytes);
        Optional<Attachment> same = same(number, hash);
        if (same.isPresent()) {
            return new Added(same.get(), register.find(number).orElseThrow(), false);
        }
        try {
            return enter(operator, number, revision, name, bytes, kind, hash);
        } catch (PraticaConflict e) {
            // what has changed meanwhile may be that another has sent the very same
            return same(number, hash)
                    .map(one -> new Added(one, register.find(number).orElseThrow(), false))
                    .orElseThrow(() -> e);
        }
    }

    private Added enter(
            Operator operator,
            String number,
            Integer revision,
            String name,
            byte[] bytes,
            AttachmentKind kind,
            byte[] hash) {
        Asker by = PraticaAccess.district(operator);
        long[] id = new long[1];
        boolean[] there = new boolean[1];
        Pratica after = pratiche.move(operator, number, Move.ALLEGA, revision, (pratica, to) -> {
            // whoever sent the same at the same time had the lock before us
            Optional<Attachment> meanwhile = same(number, hash);
            if (meanwhile.isPresent()) {
                id[0] = meanwhile.get().id();
                there[0] = true;
                return pratica;
            }
            if (of(number).size() >= MOST_FILES) {
                throw refused(
                        SnodoCode.ATTACHMENT_TOO_LARGE,
                        "La pratica ha già " + MOST_FILES + " allegati: riunirne alcuni in un solo file.");
            }
            String called = kind.named(clean(name));
            id[0] = db.sql("""
                            insert into pratica_attachment (pratica, name, kind, size, sha256, content, added_at, added_by)
                            values (?, ?, ?, ?, ?, ?, ?, ?) returning id""")
                    .params(number, called, kind.name(), bytes.length, hash, bytes, register.now(), by.who())
                    .query(Long.class)
                    .single();
            return register.change(pratica, Move.ALLEGA, to.state(), by, Map.of(), "Allegato «" + called + "».");
        });
        Attachment added =
                of(number).stream().filter(one -> one.id() == id[0]).findFirst().orElseThrow();
        return new Added(added, after, !there[0]);
    }

    private Optional<Attachment> same(String number, byte[] hash) {
        return db.sql("select " + COLUMNS + " from pratica_attachment where pratica = ? and sha256 = ?")
                .params(number, hash)
                .query(Attachments::attachment)
                .optional();
    }

    private static PraticaRefused refused(SnodoCode code, String words) {
        return new PraticaRefused(List.of(Fault.at(code, "file", words)), null);
    }

    /** The last part of a path, without what a file system or a header takes for a sign. */
    private static String clean(String name) {
        String last = name == null ? "" : name.replaceAll("^.*[/\\\\]", "");
        String plain = last.replaceAll("[\\p{Cntrl}\"*:<>?|]", "_").strip();
        String named = plain.isEmpty() || plain.startsWith(".") ? "allegato" + plain : plain;
        return named.length() > LONGEST_NAME ? named.substring(0, LONGEST_NAME) : named;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Attachment attachment(ResultSet row, int n) throws SQLException {
        return new Attachment(
                row.getLong("id"),
                row.getString("pratica"),
                row.getString("name"),
                AttachmentKind.valueOf(row.getString("kind")),
                row.getInt("size"),
                PraticaRegister.time(row, "added_at"),
                row.getString("added_by"));
    }
}
