package it.snodo.exemption;

import it.snodo.aura.PatientProfile;
import it.snodo.exemption.IssuedExemption.State;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Stands for the register of exemptions where only its readers are tried. */
public final class PlayedExemptions implements Exemptions {

    private static final AtomicLong IDS = new AtomicLong(100);

    private final Map<Long, IssuedExemption> known = new ConcurrentHashMap<>();
    /** Codici fiscali of one person. */
    public Set<String> same = Set.of();

    /** An active exemption of an invented woman, since 20 October 2026, by the ASL Città di Torino. */
    public static IssuedExemption sample(String patient, String code, String diagnosis, LocalDate to) {
        long id = IDS.incrementAndGet();
        return new IssuedExemption(
                id,
                "2026010301%08d".formatted(id),
                null,
                patient,
                "7001",
                "ESPOSITO",
                "CONCETTA",
                LocalDate.of(1961, 5, 4),
                "F",
                "010301",
                "VRDLGU60A01L219E",
                code,
                diagnosis,
                LocalDate.of(2026, 10, 20),
                to,
                State.ACTIVE,
                null,
                null,
                OffsetDateTime.parse("2026-10-20T09:00:00+02:00").plusMinutes(id),
                1);
    }

    public static IssuedExemption with(IssuedExemption one, State state, LocalDate to, LocalDate annulledOn) {
        return copy(one, one.certificate(), one.asl(), one.from(), to, state, annulledOn, one.revision() + 1);
    }

    public static IssuedExemption of(IssuedExemption one, Long certificate, String asl) {
        return copy(one, certificate, asl, one.from(), one.to(), one.state(), one.annulledOn(), one.revision());
    }

    private static IssuedExemption copy(
            IssuedExemption one,
            Long certificate,
            String asl,
            LocalDate from,
            LocalDate to,
            State state,
            LocalDate annulledOn,
            int revision) {
        return new IssuedExemption(
                one.id(),
                one.pratica(),
                certificate,
                one.patientFiscalCode(),
                one.auraId(),
                one.family(),
                one.given(),
                one.birthDate(),
                one.sex(),
                asl,
                one.issuer(),
                one.code(),
                one.diagnosis(),
                from,
                to,
                state,
                annulledOn,
                one.refusal(),
                one.issuedAt(),
                revision);
    }

    public IssuedExemption put(IssuedExemption exemption) {
        known.put(exemption.id(), exemption);
        return exemption;
    }

    @Override
    public Optional<IssuedExemption> find(long id) {
        return Optional.ofNullable(known.get(id));
    }

    @Override
    public List<IssuedExemption> of(String patientFiscalCode) {
        return known.values().stream()
                .filter(one -> one.patientFiscalCode().equals(patientFiscalCode)
                        || same.contains(patientFiscalCode) && same.contains(one.patientFiscalCode()))
                .sorted(Comparator.comparing(IssuedExemption::id).reversed())
                .toList();
    }

    @Override
    public List<Fault> check(IssuedExemption exemption, Optional<PatientProfile> profile) {
        return List.of();
    }

    @Override
    public void published(long id, String auraId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void annulled(long id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void refused(long id, SnodoCode code, String words) {
        throw new UnsupportedOperationException();
    }
}
