package it.snodo.pratica;

import it.snodo.exemption.ExemptionPublisher;
import it.snodo.exemption.ExemptionRegister;
import it.snodo.exemption.IssuedExemption;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Asks AURA for what is owed of an exemption, waits a little for the answer, and says what came of it. */
@Component
class AuraDesk {

    private static final Logger LOG = LoggerFactory.getLogger(AuraDesk.class);

    private final PraticaRegister register;
    private final ExemptionRegister exemptions;
    private final ObjectProvider<ExemptionPublisher> publishers;
    private final AuraWait wait;

    AuraDesk(
            PraticaRegister register,
            ExemptionRegister exemptions,
            ObjectProvider<ExemptionPublisher> publishers,
            AuraWait wait) {
        this.register = register;
        this.exemptions = exemptions;
        this.publishers = publishers;
        this.wait = wait;
    }

    /** @throws SnodoException AURA_ABSENT */
    ExemptionPublisher publisher() {
        ExemptionPublisher publisher = publishers.getIfAvailable();
        if (publisher == null) {
            throw absent();
        }
        return publisher;
    }

    static SnodoException absent() {
        return new SnodoException(SnodoCode.AURA_ABSENT, SnodoCode.AURA_ABSENT.cause());
    }

    /**
     * After the transaction that owes AURA something has been committed.
     *
     * @param ask false: AURA is known to be down, so nobody waits
     * @param done what is said when AURA said OK
     * @throws PraticaRefused when AURA, or the checks before it, said no
     */
    Moved settle(Pratica asked, boolean ask, String done) {
        if (ask) {
            try {
                publisher().settle(asked.exemptionId(), wait.atMost());
            } catch (RuntimeException e) {
                // it is owed all the same
                LOG.warn("AURA could not be asked at once for exemption {}", asked.exemptionId(), e);
            }
        }
        IssuedExemption exemption = exemptions.find(asked.exemptionId()).orElseThrow();
        Pratica pratica = register.find(asked.number()).orElseThrow();
        boolean ending = "ANNULLA".equals(asked.aura().action());
        return switch (exemption.state()) {
            case PENDING ->
                new Moved(
                        pratica,
                        true,
                        "AURA non ha ancora risposto: la pratica n. " + pratica.number()
                                + " resta in lavorazione e si completerà da sola.");
            case ANNULLING ->
                new Moved(
                        pratica,
                        true,
                        "AURA non ha ancora risposto: l'annullamento della pratica n. " + pratica.number()
                                + " si completerà da solo.");
            case REFUSED -> throw refused(exemption, pratica);
            case ACTIVE -> {
                if (ending) {
                    throw refused(exemption, pratica);
                }
                yield new Moved(pratica, false, done);
            }
            case ANNULLED -> new Moved(pratica, false, done);
        };
    }

    private static PraticaRefused refused(IssuedExemption exemption, Pratica pratica) {
        String words = exemption.refusal() == null ? "AURA ha rifiutato l'esenzione." : exemption.refusal();
        // the check's own code where it names what the caller can mend
        String known = pratica.aura() == null ? null : pratica.aura().code();
        SnodoCode code = Arrays.stream(SnodoCode.values())
                .filter(each -> each.code().equals(known) && each.httpStatus() / 100 == 4)
                .findFirst()
                .orElse(SnodoCode.AURA_REFUSED_EXEMPTION);
        return new PraticaRefused(List.of(Fault.at(code, "", words)), pratica);
    }
}
