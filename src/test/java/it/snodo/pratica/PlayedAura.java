package it.snodo.pratica;

import it.snodo.aura.Aura;
import it.snodo.aura.AuraUnavailable;
import it.snodo.aura.PatientProfile;
import it.snodo.exemption.ExemptionPublisher;
import it.snodo.exemption.Exemptions;
import it.snodo.exemption.IssuedExemption;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** AURA and who tells it, in memory: it can be down, refuse, be late, or lose its answer after taking effect. */
public final class PlayedAura implements Aura, ExemptionPublisher {

    /** How it behaves. */
    public enum Mood {
        WELL,
        /** Nothing reaches it. */
        DOWN,
        /** It says no to whatever it is told. */
        REFUSES,
        /** It does what it is told, and its answer is lost. */
        ANSWER_LOST,
        /** It answers questions; what it is told waits until it is well. */
        LATE
    }

    private record Owed(long exemption, boolean end) {}

    /** What it has been told, by person, code, diagnosis and start. */
    public final Map<String, LocalDate> ends = new ConcurrentHashMap<>();

    public final List<String> told = new CopyOnWriteArrayList<>();
    public final Map<String, PatientProfile> people = new ConcurrentHashMap<>();
    public volatile Mood mood = Mood.WELL;
    /** What happens elsewhere while it is asked for a person. */
    public volatile Runnable meanwhile = () -> {};

    private final List<Owed> owed = new ArrayList<>();
    private final Supplier<Exemptions> exemptions;
    private final Supplier<PlatformTransactionManager> transactions;

    public PlayedAura(Supplier<Exemptions> exemptions, Supplier<PlatformTransactionManager> transactions) {
        this.exemptions = exemptions;
        this.transactions = transactions;
    }

    public static PatientProfile person(String fiscalCode, String residence, String care) {
        return person(fiscalCode, residence, care, true, null, List.of());
    }

    public static PatientProfile person(
            String fiscalCode,
            String residence,
            String care,
            boolean active,
            LocalDate death,
            List<PatientProfile.Exemption> exemptions) {
        return new PatientProfile(
                "70" + Math.abs(fiscalCode.hashCode() % 100000),
                null,
                active,
                fiscalCode,
                "ROSSI",
                "MARIA",
                "F",
                LocalDate.of(1980, 1, 1),
                death,
                "001272",
                "TORINO",
                "Via Po 1",
                "001272",
                residence,
                care,
                "010211".equals(care) ? "BRA" : null,
                "010211".equals(care) ? "BRA" : null,
                null,
                null,
                null,
                exemptions);
    }

    // --- Aura ------------------------------------------------------------------------------------------------

    @Override
    public List<Found> find(String fiscalCode) {
        return List.of();
    }

    @Override
    public List<Found> find(String family, String given, LocalDate birthDate) {
        return List.of();
    }

    @Override
    public Optional<PatientProfile> profile(String fiscalCode) {
        meanwhile.run();
        if (mood == Mood.DOWN) {
            throw new AuraUnavailable(SnodoCode.DESTINATION_UNREACHABLE, "AURA non risponde.", false, null);
        }
        return Optional.ofNullable(people.get(fiscalCode));
    }

    @Override
    public Optional<PatientProfile> profileOf(String auraId) {
        return people.values().stream()
                .filter(one -> auraId.equals(one.auraId()) || auraId.equals(one.mergedFrom()))
                .findFirst();
    }

    @Override
    public Answer publish(Statement statement) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Answer annul(Statement statement, LocalDate on) {
        throw new UnsupportedOperationException();
    }

    // --- ExemptionPublisher ----------------------------------------------------------------------------------

    @Override
    public void publish(long exemptionId) {
        owe(new Owed(exemptionId, false));
    }

    @Override
    public void annul(long exemptionId) {
        owe(new Owed(exemptionId, true));
    }

    /** As the outbox does: only what is committed is owed. */
    private void owe(Owed one) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                synchronized (owed) {
                    owed.add(one);
                }
            }
        });
    }

    @Override
    public boolean settle(long exemptionId, Duration atMost) {
        deliver();
        synchronized (owed) {
            return owed.stream().noneMatch(one -> one.exemption == exemptionId);
        }
    }

    public boolean owesNothing() {
        synchronized (owed) {
            return owed.isEmpty();
        }
    }

    /** Tries everything that is owed, once, in its order; nothing is tried by two at once. */
    public synchronized void deliver() {
        List<Owed> now;
        synchronized (owed) {
            // as the outbox: in the order in which they were entered, and not committed
            now = owed.stream().sorted(Comparator.comparing(Owed::exemption)).toList();
        }
        for (Owed one : now) {
            if (tell(one)) {
                synchronized (owed) {
                    owed.remove(one);
                }
            }
        }
    }

    /** A person makes a refused one go on again. */
    public void retry(long exemptionId) {
        synchronized (owed) {
            owed.add(new Owed(exemptionId, false));
        }
        deliver();
    }

    private synchronized boolean tell(Owed one) {
        if (mood == Mood.DOWN || mood == Mood.LATE) {
            return false;
        }
        Exemptions register = exemptions.get();
        TransactionTemplate transaction = new TransactionTemplate(transactions.get());
        IssuedExemption exemption = register.find(one.exemption).orElseThrow();
        String key = key(exemption);
        LocalDate end = one.end
                ? exemption.annulledOn()
                : Objects.requireNonNullElse(exemption.to(), LocalDate.of(9999, 12, 31));
        // what stands there may be another's, as in the real delivery
        boolean there = end.equals(ends.get(key))
                && (one.end
                        || register.of(exemption.patientFiscalCode()).stream()
                                .noneMatch(other -> comesFirst(other, exemption)));
        if (!there) {
            if (!one.end) {
                List<Fault> faults =
                        register.check(exemption, Optional.ofNullable(people.get(exemption.patientFiscalCode())));
                if (!faults.isEmpty()) {
                    Fault first = faults.get(0);
                    transaction.executeWithoutResult(
                            status -> register.refused(one.exemption, first.code(), first.reason()));
                    return true;
                }
            }
            if (mood == Mood.REFUSES) {
                transaction.executeWithoutResult(status -> register.refused(
                        one.exemption, SnodoCode.AURA_REFUSED_EXEMPTION, "AURA: esenzione non accettata"));
                return true;
            }
            told.add(key + (one.end ? " fine " : " fino al ") + end);
            ends.put(key, end);
        }
        if (mood == Mood.ANSWER_LOST) {
            return false;
        }
        transaction.executeWithoutResult(status -> {
            if (one.end) {
                register.annulled(one.exemption);
            } else {
                register.published(one.exemption, "7000001");
            }
        });
        return true;
    }

    private static boolean comesFirst(IssuedExemption other, IssuedExemption exemption) {
        return other.id() != exemption.id()
                && key(other).equals(key(exemption))
                && (other.state() == IssuedExemption.State.ACTIVE
                        || other.state() == IssuedExemption.State.ANNULLING
                        || other.state() == IssuedExemption.State.PENDING && other.id() < exemption.id());
    }

    public static String key(IssuedExemption exemption) {
        return exemption.patientFiscalCode() + " " + exemption.code() + " " + exemption.diagnosis() + " "
                + exemption.from();
    }
}
