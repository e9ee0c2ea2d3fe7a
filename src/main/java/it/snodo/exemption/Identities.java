package it.snodo.exemption;

import it.snodo.aura.Aura;
import it.snodo.aura.PatientProfile;
import it.snodo.aura.ProfileRead;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Which codici fiscali are one person: AURA merges identities, and what was issued here under the one of before is still that
 * person's. Every profile that is read says to which identity a codice fiscale leads.
 */
@Component
public class Identities {

    private static final Logger LOG = LoggerFactory.getLogger(Identities.class);
    private static final int MOST_NAMESAKES = 5;

    private final JdbcClient db;
    private final ObjectProvider<Aura> aura;

    public Identities(JdbcClient db, ObjectProvider<Aura> aura) {
        this.db = db;
        this.aura = aura;
    }

    /** All the codici fiscali of the person, the one asked for among them. */
    public List<String> of(String fiscalCode) {
        return db.sql("""
                        select :asked union
                        select other.fiscal_code from person_identity mine
                        join person_identity other on other.aura_id = mine.aura_id where mine.fiscal_code = :asked""").param("asked", fiscalCode).query(String.class).list();
    }

    /** Takes note of it. What goes wrong here must not spoil the answer of AURA for who asked. */
    @EventListener
    void read(ProfileRead read) {
        try {
            PatientProfile profile = read.profile();
            note(read.fiscalCode(), profile.auraId());
            if (profile.fiscalCode() != null) {
                note(profile.fiscalCode(), profile.auraId());
            }
            namesakes(profile);
        } catch (RuntimeException e) {
            LOG.warn("The identity {} was not noted: {}", read.profile().auraId(), e.toString());
        }
    }

    private void note(String fiscalCode, String auraId) {
        Optional<String> known = db.sql("select aura_id from person_identity where fiscal_code = ?")
                .param(fiscalCode)
                .query(String.class)
                .optional();
        if (known.isEmpty() || !known.get().equals(auraId)) {
            db.sql("""
                            insert into person_identity (fiscal_code, aura_id, seen_at) values (?, ?, now())
                            on conflict (fiscal_code) do update set aura_id = excluded.aura_id, seen_at = excluded.seen_at""").params(fiscalCode, auraId).update();
        }
    }

    /** An identity does not say what was merged into it: those who had exemptions here and may be the same are asked for. */
    private void namesakes(PatientProfile profile) {
        record Namesake(String fiscalCode, String auraId) {}
        List<Namesake> namesakes = db.sql("""
                        select distinct e.patient_fiscal_code as fiscal_code, p.aura_id
                        from exemption e join person_identity p on p.fiscal_code = e.patient_fiscal_code
                        where e.birth_date = ? and e.family = ? and e.given = ? and p.aura_id <> ? limit ?""")
                .params(profile.birthDate(), profile.family(), profile.given(), profile.auraId(), MOST_NAMESAKES)
                .query(Namesake.class)
                .list();
        for (Namesake one : namesakes) {
            Optional<PatientProfile> there = aura.getObject().profileOf(one.auraId);
            if (there.filter(now -> Objects.equals(now.auraId(), profile.auraId()))
                    .isPresent()) {
                note(one.fiscalCode, profile.auraId());
            }
        }
    }
}
