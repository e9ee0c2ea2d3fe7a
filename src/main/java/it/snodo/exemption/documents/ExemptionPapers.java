package it.snodo.exemption.documents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.xml.XmlMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import it.snodo.document.PdfPages;
import it.snodo.exemption.Exemptions;
import it.snodo.exemption.ExemptionsChanged;
import it.snodo.exemption.Identities;
import it.snodo.exemption.IssuedExemption;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What a person is given of the exemptions: the attestato, with all those in force, and the promemoria of one. PDF/A-3a,
 * shaped by {@code cda-templates/attestato} and {@code cda-templates/esenzione}.
 *
 * <p>A version is owed from the very transaction that changes an exemption; its PDF is made from what was noted then, by the
 * route {@code exemption-documents} or by the first who asks, and stored once.
 */
@Component("exemptionPapers")
public class ExemptionPapers {

    private static final Logger LOG = LoggerFactory.getLogger(ExemptionPapers.class);
    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final int AT_ONCE = 20;
    private static final XmlMapper XML = XmlMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private final ObjectProvider<Exemptions> exemptions;
    private final PaperWriter writer;
    private final PaperStore store;
    private final PdfPages pages;
    private final Identities identities;
    private final TransactionTemplate transaction;
    private final TransactionTemplate within;
    private final Clock clock;

    @Autowired
    ExemptionPapers(
            ObjectProvider<Exemptions> exemptions,
            PaperWriter writer,
            PaperStore store,
            PdfPages pages,
            Identities identities,
            PlatformTransactionManager transactions) {
        this(exemptions, writer, store, pages, identities, transactions, Clock.systemUTC());
    }

    ExemptionPapers(
            ObjectProvider<Exemptions> exemptions,
            PaperWriter writer,
            PaperStore store,
            PdfPages pages,
            Identities identities,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.exemptions = exemptions;
        this.writer = writer;
        this.store = store;
        this.pages = pages;
        this.identities = identities;
        this.transaction = new TransactionTemplate(transactions);
        this.within = new TransactionTemplate(transactions);
        this.within.setPropagationBehavior(TransactionDefinition.PROPAGATION_MANDATORY);
        this.clock = clock;
    }

    /**
     * A document as it is handed out.
     *
     * @param number the same for all its versions
     * @param version from 1
     */
    public record Paper(long number, int version, LocalDate issuedOn, byte[] pdf, String sha256) {}

    /**
     * A version of a person's attestato.
     *
     * @param exemptions the codes it lists
     * @param told numbers of the pratiche of whose exemptions it says more than code, days and ASL
     * @param madeAt when its PDF was made; null when it is not yet
     * @param sha256 of the PDF; null when it is not made yet
     */
    public record Version(
            long number,
            int version,
            LocalDate issuedOn,
            List<String> exemptions,
            List<String> told,
            OffsetDateTime madeAt,
            String sha256) {}

    /** The attestato is owed with the change or not at all. */
    @EventListener
    void changed(ExemptionsChanged change) {
        String person = change.patientFiscalCode();
        within.executeWithoutResult(status -> identities.of(person).stream()
                // what was handed out under the codice fiscale of before is as wrong now
                .filter(one -> one.equals(person) || store.lastAttestato(one).isPresent())
                // in the same order by everybody: each is locked
                .sorted()
                .forEach(this::renew));
    }

    /**
     * The person's attestato. One that has become wrong without a change, because an exemption has come to its last day, is
     * made again first.
     *
     * @param version null: the one that counts
     * @return empty when there is none
     * @throws SnodoException PDF_FAILED when the page cannot be made now
     */
    public Optional<Paper> attestato(String patientFiscalCode, Integer version) {
        if (version != null) {
            return store.attestato(patientFiscalCode, version).map(this::paper);
        }
        transaction.executeWithoutResult(status -> renew(patientFiscalCode));
        return store.lastAttestato(patientFiscalCode).map(this::paper);
    }

    /** All versions of the person's attestato, the newest first. */
    public List<Version> versions(String patientFiscalCode) {
        transaction.executeWithoutResult(status -> renew(patientFiscalCode));
        return store.attestati(patientFiscalCode).stream()
                .map(row -> new Version(
                        row.number(),
                        row.version(),
                        row.issued(),
                        row.page().exemptions().stream()
                                .map(PaperPage.Line::code)
                                .toList(),
                        told(row),
                        row.madeAt(),
                        row.sha256() == null ? null : HexFormat.of().formatHex(row.sha256())))
                .toList();
    }

    /** Numbers of the pratiche of whose exemptions that version says more than code, days and ASL; empty when there is none. */
    public Optional<List<String>> told(String patientFiscalCode, int version) {
        return store.attestato(patientFiscalCode, version).map(ExemptionPapers::told);
    }

    private static List<String> told(PaperStore.Row row) {
        return row.page().exemptions().stream()
                .filter(PaperPage.Line::tells)
                .map(PaperPage.Line::pratica)
                .toList();
    }

    /**
     * The promemoria of one exemption: the last one as long as it still says what is true, else a new version.
     *
     * @throws SnodoException NOT_NOW when the exemption is not in force, PDF_FAILED when the page cannot be made now
     */
    public Paper promemoria(IssuedExemption exemption) {
        LocalDate today = today();
        if (!inForce(exemption, today)) {
            throw new SnodoException(
                    SnodoCode.NOT_NOW,
                    "L'esenzione " + exemption.code() + " non è in vigore: il promemoria si stampa solo di un'esenzione"
                            + " attiva.");
        }
        long id = transaction.execute(status -> {
            store.lock("promemoria " + exemption.id());
            Optional<PaperStore.Row> last = store.lastPromemoria(exemption.id());
            PaperPage page = writer.promemoria(exemption, today);
            return last.filter(row -> row.page().saysTheSameAs(page))
                    .map(PaperStore.Row::id)
                    .orElseGet(() -> store.add(
                            PaperStore.PROMEMORIA, exemption.patientFiscalCode(), exemption.id(), last, page, today));
        });
        return paper(store.find(id));
    }

    /** Makes the PDFs that are still owed. For the route. */
    public void makeWaiting() {
        for (long id : store.toMake(AT_ONCE)) {
            // first, so that whatever goes wrong with one keeps no other from being made next time
            store.begin(id);
            try {
                make(store.find(id));
            } catch (SnodoException e) {
                LOG.warn(
                        "Exemption document {} was not made: {} {}",
                        id,
                        e.code().code(),
                        e.getMessage());
            }
        }
    }

    /** Adds a version when what is in force is not what the last one says. Runs in a transaction. */
    private void renew(String patient) {
        Exemptions known = exemptions.getIfAvailable();
        if (known == null) {
            return;
        }
        store.lock("attestato " + patient);
        LocalDate today = today();
        List<IssuedExemption> all = known.of(patient);
        List<IssuedExemption> inForce =
                all.stream().filter(one -> inForce(one, today)).toList();
        Optional<PaperStore.Row> last = store.lastAttestato(patient);
        if (all.isEmpty() || inForce.isEmpty() && last.isEmpty()) {
            return;
        }
        PaperPage page = writer.attestato(inForce, all.get(0), today);
        if (last.isEmpty() || !last.get().page().saysTheSameAs(page)) {
            store.add(PaperStore.ATTESTATO, patient, null, last, page, today);
        }
    }

    /** AURA knows it and its last day has not gone; one that begins later is told with its first day. */
    private static boolean inForce(IssuedExemption exemption, LocalDate day) {
        return (exemption.state() == IssuedExemption.State.ACTIVE
                        || exemption.state() == IssuedExemption.State.ANNULLING)
                && (exemption.to() == null || !day.isAfter(exemption.to()));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ROME);
    }

    private Paper paper(PaperStore.Row row) {
        PaperStore.Row made = row;
        if (row.pdf() == null) {
            store.begin(row.id());
            made = make(row);
        }
        return new Paper(
                made.number(),
                made.version(),
                made.issued(),
                made.pdf(),
                HexFormat.of().formatHex(made.sha256()));
    }

    private PaperStore.Row make(PaperStore.Row row) {
        boolean attestato = row.kind().equals(PaperStore.ATTESTATO);
        String name = attestato ? "attestato" : "esenzione";
        try {
            byte[] xml = XML.writer()
                    .withRootName(name)
                    .writeValueAsString(row.page())
                    .getBytes(StandardCharsets.UTF_8);
            byte[] pdf = pages.render(name + "/" + name, xml);
            store.made(row.id(), pdf, sha256(pdf));
        } catch (SnodoException e) {
            store.failed(row.id(), e.code().code() + " " + e.getMessage());
            throw e;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a page can always be written", e);
        }
        // what another has made in the meantime counts
        return store.find(row.id());
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
