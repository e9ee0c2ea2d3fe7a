package it.snodo.publication.aura;

import it.snodo.aura.PatientProfile;
import it.snodo.exemption.Exemptions;
import it.snodo.exemption.IssuedExemption;
import it.snodo.exemption.IssuedExemption.State;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A register of exemptions as far as their publication needs one. */
public final class HeldExemptions implements Exemptions {

    private final Map<Long, IssuedExemption> all = new ConcurrentHashMap<>();
    /** What was said, in order: {@code 1 published 11}. */
    public final List<String> heard = new CopyOnWriteArrayList<>();

    public void add(long id, String fiscalCode, String code, String diagnosis, LocalDate to) {
        all.put(
                id,
                new IssuedExemption(
                        id,
                        "2026010301%08d".formatted(id),
                        null,
                        fiscalCode,
                        null,
                        "ROSSI",
                        "MARIO",
                        LocalDate.of(1980, 1, 1),
                        "M",
                        "010301",
                        "VRDLGU60A01L219E",
                        code,
                        diagnosis,
                        LocalDate.of(2026, 3, 10),
                        to,
                        State.PENDING,
                        null,
                        null,
                        OffsetDateTime.parse("2026-03-10T10:00:00+01:00"),
                        0));
    }

    public State state(long id) {
        return all.get(id).state();
    }

    /** To be ended on that day. */
    public void annul(long id, LocalDate on) {
        put(id, State.ANNULLING, on);
    }

    private void put(long id, State state, LocalDate annulledOn) {
        all.computeIfPresent(
                id,
                (key, old) -> new IssuedExemption(
                        old.id(),
                        old.pratica(),
                        old.certificate(),
                        old.patientFiscalCode(),
                        old.auraId(),
                        old.family(),
                        old.given(),
                        old.birthDate(),
                        old.sex(),
                        old.asl(),
                        old.issuer(),
                        old.code(),
                        old.diagnosis(),
                        old.from(),
                        old.to(),
                        state,
                        annulledOn,
                        old.refusal(),
                        old.issuedAt(),
                        old.revision() + 1));
    }

    @Override
    public Optional<IssuedExemption> find(long id) {
        return Optional.ofNullable(all.get(id));
    }

    @Override
    public List<IssuedExemption> of(String patientFiscalCode) {
        return all.values().stream()
                .filter(one -> one.patientFiscalCode().equals(patientFiscalCode))
                .sorted(Comparator.comparing(IssuedExemption::id).reversed())
                .toList();
    }

    @Override
    public List<Fault> check(IssuedExemption exemption, Optional<PatientProfile> profile) {
        boolean inForce = of(exemption.patientFiscalCode()).stream()
                .anyMatch(other -> other.id() != exemption.id()
                        && other.code().equals(exemption.code())
                        && (other.state() == State.ACTIVE || other.state() == State.ANNULLING));
        if (inForce) {
            return List.of(Fault.at(SnodoCode.EXEMPTION_IN_FORCE, "exemption", "L'assistito ha già l'esenzione."));
        }
        return profile.filter(one -> one.deathDate() != null)
                .map(one -> List.of(
                        Fault.at(SnodoCode.NOT_ALLOWED_TOGETHER, "patient", "La persona risulta deceduta su AURA.")))
                .orElse(List.of());
    }

    @Override
    public void published(long id, String auraId) {
        hear(id, State.ACTIVE, "published " + auraId);
    }

    @Override
    public void annulled(long id) {
        hear(id, State.ANNULLED, "annulled");
    }

    @Override
    public void refused(long id, SnodoCode code, String words) {
        hear(id, State.REFUSED, "refused " + code + " " + words);
    }

    private void hear(long id, State state, String what) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("outside of the transaction that settles the delivery");
        }
        put(id, state, find(id).map(IssuedExemption::annulledOn).orElse(null));
        heard.add(id + " " + what);
    }
}
