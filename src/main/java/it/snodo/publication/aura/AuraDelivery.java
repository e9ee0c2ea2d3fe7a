package it.snodo.publication.aura;

import it.snodo.aura.Aura;
import it.snodo.aura.AuraUnavailable;
import it.snodo.aura.CallingAbout;
import it.snodo.aura.PatientProfile;
import it.snodo.exemption.Exemptions;
import it.snodo.exemption.IssuedExemption;
import it.snodo.exemption.IssuedExemption.State;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.publication.Answer;
import it.snodo.publication.Deliverer;
import it.snodo.publication.Delivery;
import it.snodo.publication.DeliveryAction;
import it.snodo.publication.Outcome;
import it.snodo.registry.CodeTables;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;

/**
 * One try of telling AURA of an exemption, or of its end. AURA knows no request by its name, so the same call twice may take
 * effect twice: each try begins with reading the profile, and what already stands there is not sent again.
 */
final class AuraDelivery implements Deliverer {

    private static final ZoneId ITALY = ZoneId.of("Europe/Rome");
    /** It is AURA that fails, or the way to it, and not this exemption. */
    private static final Set<SnodoCode> OUTAGE = EnumSet.of(
            SnodoCode.AURA_NOT_CONFIGURED,
            SnodoCode.AURA_UNREACHABLE,
            SnodoCode.AURA_SILENT,
            SnodoCode.AURA_TLS,
            SnodoCode.AURA_NOT_AUTHORISED,
            SnodoCode.AURA_BUSY);

    private final ObjectProvider<Aura> aura;
    private final ObjectProvider<Exemptions> exemptions;

    AuraDelivery(ObjectProvider<Aura> aura, ObjectProvider<Exemptions> exemptions) {
        this.aura = aura;
        this.exemptions = exemptions;
    }

    @Override
    public Outcome deliver(Delivery delivery) {
        Exemptions register = exemptions.getIfAvailable();
        if (register == null) {
            return new Outcome.Retry(
                    Answer.none(),
                    SnodoCode.PUBLICATION_NOT_CONFIGURED,
                    "Il registro delle esenzioni non è attivo su questo hub.",
                    null,
                    false,
                    true);
        }
        boolean publishing = delivery.action() == DeliveryAction.ESENZIONE;
        Optional<IssuedExemption> found = register.find(delivery.exemptionId());
        State owed = publishing ? State.PENDING : State.ANNULLING;
        if (found.isEmpty() || found.get().state() != owed) {
            return new Outcome.Stop(
                    Answer.none(),
                    SnodoCode.EXEMPTION_NOT_OWED,
                    "L'esenzione è nello stato %s: AURA non viene chiamata."
                            .formatted(found.map(one -> one.state().name()).orElse("SCONOSCIUTA")));
        }
        return new CallingAbout(delivery.exemptionId(), delivery.id(), delivery.traceId())
                .during(() -> new Try(aura.getObject(), register, delivery, found.get()).make());
    }

    /** The parts of one try. */
    private record Try(Aura aura, Exemptions register, Delivery delivery, IssuedExemption exemption) {

        Outcome make() {
            try {
                Optional<PatientProfile> profile = profile();
                return delivery.action() == DeliveryAction.ESENZIONE ? publish(profile) : annul(profile);
            } catch (AuraUnavailable e) {
                return later(e, false);
            }
        }

        private Optional<PatientProfile> profile() {
            Optional<PatientProfile> profile = aura.profile(exemption.patientFiscalCode());
            return profile.isEmpty() && exemption.auraId() != null ? aura.profileOf(exemption.auraId()) : profile;
        }

        private Outcome publish(Optional<PatientProfile> profile) {
            if (profile.isPresent() && isOursThere(profile.get())) {
                return done(profile, "AURA aveva già l'esenzione: nulla è stato inviato di nuovo.");
            }
            List<Fault> faults = register.check(exemption, profile);
            if (!faults.isEmpty()) {
                return new Outcome.Stop(
                        Answer.none(),
                        faults.get(0).code(),
                        faults.stream().map(Fault::reason).collect(Collectors.joining(" ")));
            }
            if (profile.isEmpty()) {
                return new Outcome.Stop(
                        Answer.none(), SnodoCode.AURA_REFUSED, "AURA non conosce la persona: nulla è stato inviato.");
            }
            Aura.Answer answer;
            try {
                answer = aura.publish(statement(profile.get()));
            } catch (AuraUnavailable e) {
                return later(e, e.sent());
            }
            if (answer.ok()) {
                return done(profile, null);
            }
            // a refusal may mean that an earlier try, whose answer was lost, is seen only now
            Optional<PatientProfile> after = delivery.unknown() ? profile() : Optional.empty();
            return after.isPresent() && isOursThere(after.get())
                    ? done(after, "AURA aveva già l'esenzione, presa da un tentativo precedente.")
                    : refused(answer, "l'esenzione");
        }

        private Outcome annul(Optional<PatientProfile> profile) {
            if (profile.isEmpty()) {
                return new Outcome.Stop(
                        Answer.none(),
                        SnodoCode.AURA_REFUSED,
                        "AURA non conosce più la persona: nulla è stato inviato.");
            }
            LocalDate on = exemption.annulledOn() == null ? LocalDate.now(ITALY) : exemption.annulledOn();
            if (hasEnded(profile.get(), on, delivery.unknown())) {
                return done(profile, "Su AURA l'esenzione era già chiusa: nulla è stato inviato di nuovo.");
            }
            Aura.Answer answer;
            try {
                answer = aura.annul(statement(profile.get()), on);
            } catch (AuraUnavailable e) {
                return later(e, e.sent());
            }
            if (answer.ok()) {
                return done(profile, null);
            }
            // whoever ended it, AURA refuses to end it once more: only what still holds there has been refused to us
            Optional<PatientProfile> after = profile();
            return after.isPresent() && hasEnded(after.get(), on, true)
                    ? done(after, "Su AURA l'esenzione non è più in vigore: era già chiusa.")
                    : refused(answer, "l'annullamento dell'esenzione");
        }

        private boolean isSame(PatientProfile.Exemption there) {
            return there.code().equals(exemption.code())
                    && Objects.equals(there.from(), exemption.from())
                    && Objects.equals(plain(there.diagnosis()), plain(exemption.diagnosis()));
        }

        private boolean isThere(PatientProfile profile) {
            return profile.exemptions().stream()
                    .anyMatch(there -> isSame(there) && Objects.equals(there.to(), exemption.to()));
        }

        /** AURA tells two of ours apart no better than by their fields: one that it holds for another pratica is not this one. */
        private boolean isOursThere(PatientProfile profile) {
            return isThere(profile)
                    && register.of(exemption.patientFiscalCode()).stream().noneMatch(this::comesFirst);
        }

        private boolean comesFirst(IssuedExemption other) {
            boolean counts = other.state() == State.ACTIVE
                    || other.state() == State.ANNULLING
                    || other.state() == State.PENDING && other.id() < exemption.id();
            return counts
                    && other.id() != exemption.id()
                    && other.code().equals(exemption.code())
                    && Objects.equals(other.from(), exemption.from())
                    && Objects.equals(plain(other.diagnosis()), plain(exemption.diagnosis()));
        }

        /**
         * @param on the day it is to end with; not today's, which may be a later one
         * @param tried whether its absence says that it has ended, and not that AURA never had it
         */
        private boolean hasEnded(PatientProfile profile, LocalDate on, boolean tried) {
            List<PatientProfile.Exemption> same =
                    profile.exemptions().stream().filter(this::isSame).toList();
            return same.isEmpty()
                    ? tried
                    : same.stream()
                            .allMatch(there -> there.to() != null && !there.to().isAfter(on));
        }

        /** As AURA keeps it: without the dot, and none for a filler. */
        private static String plain(String diagnosis) {
            return diagnosis == null || CodeTables.isFiller(diagnosis) ? null : diagnosis.replace(".", "");
        }

        private Aura.Statement statement(PatientProfile profile) {
            return new Aura.Statement(
                    exemption.issuer(),
                    profile.fiscalCode() == null ? exemption.patientFiscalCode() : profile.fiscalCode(),
                    exemption.code(),
                    exemption.diagnosis(),
                    exemption.from(),
                    exemption.to());
        }

        private Outcome done(Optional<PatientProfile> profile, String note) {
            return new Outcome.Done(
                    answer(200, null, null),
                    true,
                    note,
                    profile.map(PatientProfile::auraId).orElse(null));
        }

        private Outcome refused(Aura.Answer answer, String what) {
            String words = answer.words() == null ? "senza dire perché" : answer.words();
            return new Outcome.Stop(
                    answer(200, answer.code(), answer.words()),
                    SnodoCode.AURA_REFUSED,
                    "AURA ha rifiutato %s: %s%s"
                            .formatted(what, answer.code() == null ? "" : answer.code() + " ", words));
        }

        private Outcome later(AuraUnavailable e, boolean unknown) {
            return new Outcome.Retry(
                    answer(0, e.code().code(), null),
                    e.code(),
                    e.getMessage(),
                    e.retryAfter(),
                    unknown,
                    OUTAGE.contains(e.code()));
        }

        private Answer answer(int status, String code, String words) {
            return new Answer(status, code, words, null, delivery.traceId(), null, null, null, null);
        }
    }
}
