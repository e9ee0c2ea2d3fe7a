package it.snodo.pratica;

import it.snodo.certificate.CertificateAnnulled;
import it.snodo.certificate.CertificateReplaced;
import it.snodo.exemption.ExemptionListener;
import it.snodo.exemption.IssuedExemption;
import it.snodo.fault.SnodoCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What happens to a pratica by itself: AURA's answers, and the annulment of its certificate. Never begins a transaction. */
@Component
class PraticaSettlement implements ExemptionListener {

    private static final Asker THE_HUB = new Asker("hub", null);

    private final PraticaRegister register;
    private final JdbcClient db;

    PraticaSettlement(PraticaRegister register, JdbcClient db) {
        this.register = register;
        this.db = db;
    }

    @Override
    public boolean published(IssuedExemption exemption, Asker by) {
        Pratica pratica = register.lock(exemption.pratica());
        if (pratica.state() != PraticaState.IN_LAVORAZIONE || !isOf(pratica, exemption)) {
            return false;
        }
        Standing to = Transitions.of(pratica.standing(), Move.AURA_OK).to();
        Map<String, Object> columns = answered(Pratica.Publication.Outcome.COMPLETATA, null, null);
        columns.put("aura_id", exemption.auraId());
        register.change(pratica, Move.AURA_OK, to.state(), by, columns, null);
        return true;
    }

    @Override
    public void notPublished(IssuedExemption exemption, Asker by, SnodoCode code, String words) {
        Pratica pratica = register.lock(exemption.pratica());
        if (pratica.standing() != Standing.IN_VALIDAZIONE || !isOf(pratica, exemption)) {
            return;
        }
        // nobody in a district is to work on what a doctor issued by himself; his certificate can be used again
        PraticaState to = pratica.straight()
                ? PraticaState.ANNULLATA
                : Transitions.of(pratica.standing(), Move.AURA_KO).to().state();
        register.change(
                pratica, Move.AURA_KO, to, by, answered(Pratica.Publication.Outcome.RIFIUTATA, code, words), words);
    }

    @Override
    public void annulled(IssuedExemption exemption, Asker by) {
        Pratica pratica = register.lock(exemption.pratica());
        if (pratica.standing() == Standing.IN_ANNULLAMENTO && isOf(pratica, exemption)) {
            Standing to = Transitions.of(pratica.standing(), Move.AURA_OK).to();
            register.change(
                    pratica,
                    Move.AURA_OK,
                    to.state(),
                    by,
                    answered(Pratica.Publication.Outcome.COMPLETATA, null, null),
                    null);
        }
    }

    @Override
    public void notAnnulled(IssuedExemption exemption, Asker by, SnodoCode code, String words) {
        Pratica pratica = register.lock(exemption.pratica());
        if (pratica.standing() == Standing.IN_ANNULLAMENTO && isOf(pratica, exemption)) {
            Standing to = Transitions.of(pratica.standing(), Move.AURA_KO).to();
            register.change(
                    pratica,
                    Move.AURA_KO,
                    to.state(),
                    by,
                    answered(Pratica.Publication.Outcome.RIFIUTATA, code, words),
                    words);
        }
    }

    /** An open pratica cannot be validated any more, and a validated one says so: who has it before him is to see that. */
    @EventListener
    void certificateAnnulled(CertificateAnnulled annulled) {
        withdrawn(
                annulled.certificateNumber(),
                Move.CERTIFICATO_ANNULLATO,
                Map.of("certificate_annulled_at", register.now()),
                "annullato.");
    }

    /** The same: it rests upon what the doctor has said otherwise since. */
    @EventListener
    void certificateReplaced(CertificateReplaced replaced) {
        withdrawn(
                replaced.certificateNumber(),
                Move.CERTIFICATO_SOSTITUITO,
                Map.of("certificate_replaced_by", replaced.by()),
                "sostituito dal n. " + replaced.by() + ".");
    }

    private void withdrawn(long certificate, Move move, Map<String, Object> columns, String words) {
        List<String> numbers = db.sql("select number from pratica where certificate_number = ?"
                        + " and certificate_annulled_at is null and certificate_replaced_by is null order by number")
                .param(certificate)
                .query(String.class)
                .list();
        for (String number : numbers) {
            Pratica pratica = register.lock(number);
            register.change(
                    pratica,
                    move,
                    pratica.state(),
                    THE_HUB,
                    new HashMap<>(columns),
                    "Il certificato n. " + certificate + " è stato " + words);
        }
    }

    private static boolean isOf(Pratica pratica, IssuedExemption exemption) {
        return pratica.exemptionId() != null && pratica.exemptionId() == exemption.id();
    }

    private static Map<String, Object> answered(Pratica.Publication.Outcome outcome, SnodoCode code, String words) {
        Map<String, Object> columns = new HashMap<>();
        columns.put("aura", outcome.name());
        columns.put("aura_code", code == null ? null : code.code());
        columns.put("aura_words", words);
        return columns;
    }
}
