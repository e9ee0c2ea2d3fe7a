package it.snodo.flow;

import it.snodo.certificate.CertificateChecks;
import it.snodo.certificate.CertificateChecks.Source;
import it.snodo.config.DiskSpace;
import it.snodo.fault.Fault;
import it.snodo.intake.Incoming;
import it.snodo.messages.Accepted;
import it.snodo.messages.Journal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Component;

/** The two steps that every intake goes through before it may acknowledge: check, then store. */
@Component("acceptance")
class Acceptance {

    private final CertificateChecks checks;
    private final DoctorsMessages doctors;
    private final Journal journal;
    private final DiskSpace disk;
    private final IntakeLoad load;

    Acceptance(CertificateChecks checks, DoctorsMessages doctors, Journal journal, DiskSpace disk, IntakeLoad load) {
        this.doctors = doctors;
        this.disk = disk;
        this.load = load;
        this.checks = checks;
        this.journal = journal;
    }

    /**
     * Adds what the sender may not ask for, and what the tables and rules find wrong; a message that could not be read that far
     * is left as it is.
     */
    public Incoming check(Incoming message) {
        if (message.request() == null) {
            return message;
        }
        List<Fault> refused = doctors.faults(message);
        return message.withFaults(
                refused.isEmpty() ? checks.check(message.request(), Source.of(message.protocol())) : refused);
    }

    /** Stores durably; when the result is there, the message is ours. The route goes on then, and holds no thread before. */
    public CompletionStage<Accepted> store(Incoming message) {
        disk.require();
        CompletableFuture<Accepted> accepted = journal.take(message);
        accepted.thenRun(load::taken);
        return accepted;
    }
}
