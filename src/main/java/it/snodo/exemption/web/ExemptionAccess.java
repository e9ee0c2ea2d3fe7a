package it.snodo.exemption.web;

import it.snodo.access.Operator;
import it.snodo.aura.Aura;
import it.snodo.aura.PatientProfile;
import it.snodo.exemption.CertificateSecrecy;
import it.snodo.exemption.Identities;
import it.snodo.exemption.IssuedExemption;
import it.snodo.fault.SnodoException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Whose exemptions somebody may see. A district: those that its ASL issued, and all of a person whom its ASL assists or who
 * lives there. A specialist: all of a person for whom he has signed a certificate, but not what another doctor's certificate
 * under leggi speciali justifies. The FSE: what AURA has taken, but not what
 * a certificate keeps from its consumers.
 */
@Component
class ExemptionAccess {

    private static final Logger LOG = LoggerFactory.getLogger(ExemptionAccess.class);
    private static final String DISTRICT = "distretto";
    private static final String SPECIALIST = "specialista";
    private static final String FSE = "fse";

    private final ObjectProvider<Aura> aura;
    private final JdbcClient jdbc;
    private final CertificateSecrecy secrecy;
    private final Identities identities;

    ExemptionAccess(ObjectProvider<Aura> aura, JdbcClient jdbc, CertificateSecrecy secrecy, Identities identities) {
        this.aura = aura;
        this.jdbc = jdbc;
        this.secrecy = secrecy;
        this.identities = identities;
    }

    /**
     * What of a person's is shown.
     *
     * @param whole whether that is all there is, the attestato and what AURA has included
     */
    record Seen(List<IssuedExemption> exemptions, boolean whole) {}

    /** @param all of the person */
    Seen of(Operator who, String patient, List<IssuedExemption> all) {
        if (seesThePerson(who, patient, all)) {
            return new Seen(all, true);
        }
        boolean hisPatient = hisPatient(who, patient);
        return new Seen(
                all.stream()
                        .filter(one -> ofItsAsl(who, one)
                                || (hisPatient && openTo(who.fiscalCode(), one))
                                || (who.has(FSE) && openToTheFse(one)))
                        .toList(),
                false);
    }

    /**
     * Whether the person's attestato may be read: it is also the business of each ASL that has issued one of its exemptions.
     * One that AURA has not taken is on no attestato and gives no right to it.
     */
    boolean attestato(Operator who, String patient, List<IssuedExemption> all) {
        return seesThePerson(who, patient, all) || all.stream().anyMatch(one -> taken(one) && ofItsAsl(who, one));
    }

    /**
     * Whether a version of the attestato of before may be read. It stays as it was handed out, and so it may tell of an
     * exemption what one made today would not: of that, only who sees the exemption itself.
     *
     * @param told numbers of the pratiche of which it says more than the code, the days and the ASL
     */
    boolean version(Operator who, String patient, List<IssuedExemption> all, Collection<String> told) {
        List<IssuedExemption> secret = all.stream()
                .filter(one -> told.contains(one.pratica()) && secrecy.underSpecialLaws(one))
                .toList();
        return secret.isEmpty() || of(who, patient, all).exemptions().containsAll(secret);
    }

    private boolean seesThePerson(Operator who, String patient, List<IssuedExemption> all) {
        if (who.has(SPECIALIST) && Operator.ALL.equals(who.fiscalCode())) {
            return true;
        }
        if (hisPatient(who, patient) && all.stream().allMatch(one -> openTo(who.fiscalCode(), one))) {
            return true;
        }
        if (!who.has(DISTRICT) || who.asl() == null) {
            return false;
        }
        return Operator.ALL.equals(who.asl()) || isOfAsl(who.asl(), patient, all);
    }

    private static boolean ofItsAsl(Operator who, IssuedExemption one) {
        return who.has(DISTRICT) && who.worksFor(one.asl());
    }

    private boolean hisPatient(Operator who, String patient) {
        return who.has(SPECIALIST) && hasSignedFor(who.fiscalCode(), patient);
    }

    private boolean openTo(String doctor, IssuedExemption one) {
        return !secrecy.underSpecialLaws(one) || secrecy.isOf(doctor, one);
    }

    private boolean hasSignedFor(String doctor, String patient) {
        return doctor != null
                && jdbc.sql(
                                "select exists (select 1 from document d join certificate c on c.number = d.certificate_number"
                                        + " where d.patient_id in (:persons) and d.signed_at is not null"
                                        + " and (d.author = :doctor or d.signer = :doctor or c.signer = :doctor))")
                        .param("persons", identities.of(patient))
                        .param("doctor", doctor)
                        .query(Boolean.class)
                        .single();
    }

    /** AURA says whose a person is; when it does not, only what the ASL has issued is shown. */
    private boolean isOfAsl(String asl, String patient, List<IssuedExemption> all) {
        Aura known = aura.getIfAvailable();
        if (known == null) {
            return false;
        }
        try {
            Optional<PatientProfile> profile = known.profile(patient);
            return profile.filter(one -> asl.equals(one.aslOfCare()) || asl.equals(one.aslOfResidence()))
                    .isPresent();
        } catch (SnodoException e) {
            LOG.info(
                    "The ASL of a person could not be asked for, {} of {} exemptions are shown: {}",
                    all.stream().filter(one -> asl.equals(one.asl())).count(),
                    all.size(),
                    e.code().code());
            return false;
        }
    }

    /** Whether AURA has ever had it. */
    private static boolean taken(IssuedExemption one) {
        return switch (one.state()) {
            case ACTIVE, ANNULLING, ANNULLED -> true;
            case PENDING, REFUSED -> false;
        };
    }

    private boolean openToTheFse(IssuedExemption one) {
        return taken(one) && !secrecy.keptFromTheFse(one);
    }

    /** Whether the certificate that justifies it is under leggi speciali. */
    boolean underSpecialLaws(IssuedExemption one) {
        return secrecy.underSpecialLaws(one);
    }
}
