package it.snodo.pratica;

import it.snodo.access.Audit;
import it.snodo.access.Operator;
import it.snodo.aura.Aura;
import it.snodo.aura.AuraUnavailable;
import it.snodo.aura.PatientProfile;
import it.snodo.exemption.ExemptionIssuers;
import it.snodo.exemption.ExemptionListener.Asker;
import it.snodo.exemption.ExemptionRegister;
import it.snodo.exemption.Identities;
import it.snodo.exemption.IssuedExemption;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.pratica.Pratica.Compiler;
import it.snodo.pratica.Pratica.Person;
import it.snodo.registry.Azienda;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Exemption;
import it.snodo.registry.ExemptionValidity;
import it.snodo.registry.ExemptionValidity.End;
import it.snodo.registry.Icd9;
import it.snodo.registry.RegisteredProfessional;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** How a pratica begins: "crea e valida" and "richiedi esenzione" of a doctor, and what a citizen asked the district for. */
@Component
public class Issuing {

    private final PraticaRegister register;
    private final JustifyingCertificates certificates;
    private final ExemptionRegister exemptions;
    private final ExemptionIssuers issuers;
    private final ExemptionValidity validity;
    private final CodeTables tables;
    private final ObjectProvider<Aura> registries;
    private final AuraDesk aura;
    private final Identities identities;
    private final Audit audit;
    private final JdbcClient db;
    private final TransactionTemplate transaction;

    Issuing(
            PraticaRegister register,
            JustifyingCertificates certificates,
            ExemptionRegister exemptions,
            ExemptionIssuers issuers,
            ExemptionValidity validity,
            CodeTables tables,
            ObjectProvider<Aura> registries,
            AuraDesk aura,
            Identities identities,
            Audit audit,
            JdbcClient db,
            PlatformTransactionManager transactions) {
        this.register = register;
        this.certificates = certificates;
        this.exemptions = exemptions;
        this.issuers = issuers;
        this.validity = validity;
        this.tables = tables;
        this.registries = registries;
        this.aura = aura;
        this.identities = identities;
        this.audit = audit;
        this.db = db;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * What a citizen, or his delegate, asked for at the desk or by post.
     *
     * @param patientFiscalCode codice fiscale; who that is AURA says
     * @param compiler a citizen who asks for himself needs no name
     * @param diagnosis either spelling; null when the papers name none
     */
    public record Submission(
            String patientFiscalCode,
            Compiler compiler,
            String exemption,
            String diagnosis,
            Wanted wanted,
            Pratiche.Notes notes) {}

    /**
     * "Crea e valida": the doctor issues the exemption that his certificate justifies.
     *
     * @throws PraticaRefused when something stands against it: nothing is written, or only a pratica that is annulled
     */
    public Moved issue(Operator operator, long number, Wanted wanted) {
        JustifyingCertificate certificate = own(operator, number, "crea e valida esenzione");
        End end = wanted.or(proposed(certificate), certificate.exemption());
        Optional<PatientProfile> profile = Optional.empty();
        boolean answers = true;
        try {
            profile = registry().profile(certificate.patient().fiscalCode());
        } catch (AuraUnavailable e) {
            answers = false;
        }
        String asl = aslOfIssuer(operator, certificate.signer(), profile, answers);
        Asker by = PraticaAccess.doctor(certificate.signer());
        Pratica draft = draft(
                certificate,
                asl,
                profile,
                PraticaState.IN_LAVORAZIONE,
                Optional.of(end),
                new Pratica.Publication("VALIDA", Pratica.Publication.Outcome.IN_ATTESA, null, null),
                Pratiche.Notes.NONE);
        IssuedExemption exemption = Pratiche.issued(draft, by, register.today(), end.last(), register.now());
        List<Fault> faults = answers ? exemptions.check(exemption, true, profile) : exemptions.checkAlone(exemption);
        if (!faults.isEmpty()) {
            throw new PraticaRefused(faults, null);
        }
        Pratica asked = used(
                certificate,
                () -> transaction.execute(status -> {
                    stillValid(number);
                    Pratica entered = register.enter(draft, Move.CREA_E_VALIDA, by);
                    long id = exemptions.open(
                            Pratiche.issued(entered, by, exemption.from(), end.last(), register.now()), by, true);
                    db.sql("update pratica set exemption_id = ? where number = ?")
                            .params(id, entered.number())
                            .update();
                    aura.publisher().publish(id);
                    return register.find(entered.number()).orElseThrow();
                }));
        return aura.settle(asked, answers, "Pratica " + asked.number() + " creata e validata con successo");
    }

    /** "Richiedi esenzione": a pratica for the ASL that assists the person. */
    public Moved request(Operator operator, long number, Pratiche.Notes notes) {
        JustifyingCertificate certificate = own(operator, number, "richiedi esenzione");
        Optional<PatientProfile> profile =
                registry().profile(certificate.patient().fiscalCode());
        String asl = aslOfCare(profile);
        Asker by = PraticaAccess.doctor(certificate.signer());
        Pratica draft = draft(certificate, asl, profile, PraticaState.INVIATA, proposed(certificate), null, notes);
        catalogue(draft, by);
        Pratica sent = used(
                certificate,
                () -> transaction.execute(status -> {
                    stillValid(number);
                    return register.enter(draft, Move.INVIA, by);
                }));
        return new Moved(sent, false, "Pratica " + sent.number() + " inviata con successo");
    }

    /** A pratica that the district enters for a citizen. */
    public Moved submit(Operator operator, Submission asked) {
        if (!operator.has(Transitions.DISTRICT) || operator.asl() == null) {
            audit.denied("pratica", asked.patientFiscalCode(), Move.INVIA.words());
            throw new SnodoException(
                    SnodoCode.NOT_ALLOWED,
                    "Una pratica di un cittadino si inserisce con il ruolo distretto di una ASL.");
        }
        audit.read("pratica nuova", asked.patientFiscalCode(), Move.INVIA.words());
        Optional<PatientProfile> profile = registry().profile(asked.patientFiscalCode());
        String asl = aslOfCare(profile);
        if (!operator.worksFor(asl)) {
            throw new PraticaRefused(
                    List.of(Fault.at(
                            SnodoCode.OTHER_ASL,
                            "patient",
                            "Secondo AURA l'assistito è assistito dall'" + name(asl)
                                    + ": la pratica va a quella ASL.")),
                    null);
        }
        PatientProfile known = profile.orElseThrow();
        Person patient = new Person(
                asked.patientFiscalCode(),
                known.family(),
                known.given(),
                known.birthDate(),
                known.sex(),
                known.auraId());
        String exemption = canonical(asked.exemption());
        String diagnosis = diagnosis(asked.diagnosis());
        // a fixed term is counted from the day of validation, an end that was asked for is kept
        Optional<End> proposed = validity.end(exemption, diagnosis, register.today(), known.birthDate())
                .filter(end -> end.last() == null);
        boolean said = asked.wanted().end() != null
                || Boolean.TRUE.equals(asked.wanted().unlimited());
        Optional<End> end = said ? Optional.of(asked.wanted().or(Optional.empty(), exemption)) : proposed;
        Compiler compiler = asked.compiler().kind() == Compiler.Kind.UTENTE
                        && asked.compiler().fiscalCode() == null
                ? new Compiler(Compiler.Kind.UTENTE, patient.fiscalCode(), patient.family() + " " + patient.given())
                : asked.compiler();
        Pratica draft = draft(
                asl,
                null,
                patient,
                known,
                compiler,
                exemption,
                diagnosis,
                PraticaState.INVIATA,
                end,
                null,
                asked.notes());
        Asker by = PraticaAccess.district(operator);
        catalogue(draft, by);
        Pratica sent = transaction.execute(status -> {
            Pratica entered = register.enter(draft, Move.INVIA, by);
            // asked after the number, whose row makes two clerks wait for each other
            openAlready(entered).ifPresent(other -> {
                throw new SnodoException(
                        SnodoCode.PRATICA_OPEN_ALREADY,
                        "Per la stessa persona e l'esenzione " + exemption + " c'è già la pratica n. " + other
                                + ", ancora da lavorare.");
            });
            return entered;
        });
        return new Moved(sent, false, "Pratica " + sent.number() + " inviata con successo");
    }

    private Optional<String> openAlready(Pratica entered) {
        return db.sql("""
                        select number from pratica where patient_id in (:persons) and exemption_code = :exemption and asl = :asl
                          and number <> :number and state in ('INVIATA', 'IN_LAVORAZIONE') order by created_at limit 1""")
                .param("persons", identities.of(entered.patient().fiscalCode()))
                .param("exemption", entered.exemption())
                .param("asl", entered.asl())
                .param("number", entered.number())
                .query(String.class)
                .optional();
    }

    // --- the certificate -------------------------------------------------------------------------------------

    /** Of the operator, signed, valid, not used yet, of somebody with a codice fiscale. */
    private JustifyingCertificate own(Operator operator, long number, String action) {
        JustifyingCertificate certificate = certificates.find(number).orElse(null);
        String person = certificate == null ? null : certificate.patient().fiscalCode();
        if (certificate == null || !operator.has(Transitions.DOCTOR) || !operator.isOrActsFor(certificate.signer())) {
            audit.denied("certificato " + number, person, action);
            throw new SnodoException(
                    SnodoCode.NOT_FOUND, "Il certificato n. " + number + " non esiste o non è di chi lo chiede.");
        }
        audit.read("certificato " + number, person, action);
        if (!"VALIDO".equals(certificate.state())) {
            throw unusable(number, "è " + words(certificate.state()));
        }
        if (proposed(certificate).filter(end -> end.before(register.today())).isPresent()) {
            throw unusable(number, "è scaduto");
        }
        notUnderWay(certificate);
        if (person == null || certificate.exemption() == null) {
            throw unusable(number, "non porta il codice fiscale della persona o l'esenzione");
        }
        certificates.usedBy(number).ifPresent(pratica -> {
            throw taken(number, pratica);
        });
        return certificate;
    }

    /** Asked again where nobody can change it meanwhile: whoever annuls or replaces it locks its row too. */
    private void stillValid(long number) {
        certificates
                .lockedState(number)
                .filter(state -> !"VALIDO".equals(state))
                .ifPresent(state -> {
                    throw unusable(number, "è " + words(state));
                });
        certificates.find(number).ifPresent(Issuing::notUnderWay);
    }

    private static void notUnderWay(JustifyingCertificate certificate) {
        if (certificate.underWay() != null) {
            throw new SnodoException(
                    SnodoCode.CERTIFICATE_NOT_USABLE,
                    "Del certificato n. " + certificate.number() + " è in corso " + certificate.underWay()
                            + ": non può giustificare un'esenzione.");
        }
    }

    private static String words(String state) {
        return switch (state) {
            case "DA_FIRMARE" -> "ancora da firmare";
            case "SOSTITUITO" -> "stato sostituito";
            case "ANNULLATO" -> "stato annullato";
            default -> state.toLowerCase(Locale.ROOT);
        };
    }

    private static SnodoException unusable(long number, String why) {
        return new SnodoException(
                SnodoCode.CERTIFICATE_NOT_USABLE,
                "Il certificato n. " + number + " " + why + ": non può giustificare un'esenzione.");
    }

    private static SnodoException taken(long number, String pratica) {
        return new SnodoException(
                SnodoCode.CERTIFICATE_USED,
                "Il certificato n. " + number + " è già stato utilizzato per la pratica n. " + pratica + ".");
    }

    /** Two in the same moment: the index lets one through. */
    private Pratica used(JustifyingCertificate certificate, Supplier<Pratica> work) {
        try {
            return work.get();
        } catch (DuplicateKeyException e) {
            throw taken(
                    certificate.number(),
                    certificates.usedBy(certificate.number()).orElse("appena creata"));
        }
    }

    private Optional<End> proposed(JustifyingCertificate certificate) {
        return certificate.exemption() == null
                ? Optional.empty()
                : validity.end(
                        canonical(certificate.exemption()),
                        certificate.diagnosis(),
                        certificate.visitDay(),
                        certificate.patient().birthDate());
    }

    // --- the ASL ---------------------------------------------------------------------------------------------

    /** The ASL for whose residents the doctor issues, which must be the person's. */
    private String aslOfIssuer(Operator operator, String doctor, Optional<PatientProfile> profile, boolean answers) {
        boolean all = Operator.ALL.equals(operator.asl());
        String works = all || operator.asl() == null
                ? tables.professional(doctor)
                        .map(RegisteredProfessional::azienda)
                        .flatMap(tables::azienda)
                        .map(Azienda::code)
                        .orElse(null)
                : operator.asl();
        String lives = profile.map(PatientProfile::aslOfResidence)
                .flatMap(exemptions::aslOfRegion)
                .orElse(null);
        List<String> enabled = issuers.aslsOf(doctor, works == null && all ? lives : works, register.today());
        if (enabled.isEmpty()) {
            throw notEnabled("Il medico non è abilitato a rilasciare esenzioni: inviare la richiesta al distretto con"
                    + " «Richiedi esenzione».");
        }
        if (lives != null) {
            if (!enabled.contains(lives)) {
                throw notEnabled("Secondo AURA l'assistito risiede nell'" + name(lives)
                        + ", non in quella del medico: inviare la richiesta al distretto con «Richiedi esenzione».");
            }
            return lives;
        }
        if (!answers && enabled.size() > 1 && !enabled.contains(works)) {
            throw new SnodoException(
                    SnodoCode.STORE_UNAVAILABLE,
                    "AURA non risponde e non si può dire in quale ASL risiede l'assistito: riprovare più tardi.");
        }
        return enabled.contains(works) ? works : enabled.get(0);
    }

    private static PraticaRefused notEnabled(String words) {
        return new PraticaRefused(List.of(Fault.at(SnodoCode.ISSUER_NOT_ENABLED, "", words)), null);
    }

    private String aslOfCare(Optional<PatientProfile> profile) {
        List<Fault> faults = exemptions.checkPerson(profile);
        if (!faults.isEmpty()) {
            throw new PraticaRefused(faults, null);
        }
        return exemptions
                .aslOfRegion(profile.orElseThrow().aslOfCare())
                .orElseThrow(() -> new PraticaRefused(
                        List.of(Fault.at(
                                SnodoCode.OUTSIDE_REGION,
                                "patient",
                                "Secondo AURA l'assistito non è assistito da un'ASL del Piemonte: nessun distretto può"
                                        + " lavorare la pratica.")),
                        null));
    }

    private String name(String asl) {
        return tables.azienda(asl).map(Azienda::name).orElse("ASL " + asl);
    }

    private Aura registry() {
        Aura one = registries.getIfAvailable();
        if (one == null) {
            throw AuraDesk.absent();
        }
        return one;
    }

    // --- the pratica -----------------------------------------------------------------------------------------

    private void catalogue(Pratica draft, Asker by) {
        List<Fault> faults =
                exemptions.checkCatalogue(Pratiche.issued(draft, by, register.today(), draft.end(), register.now()));
        // without an end yet, its limits are for who validates
        List<Fault> mine = draft.end() == null && !draft.unlimited()
                ? faults.stream()
                        .filter(fault -> fault.code() != SnodoCode.EXEMPTION_PERIOD_WRONG)
                        .toList()
                : faults;
        if (!mine.isEmpty()) {
            throw new PraticaRefused(mine, null);
        }
    }

    private Pratica draft(
            JustifyingCertificate certificate,
            String asl,
            Optional<PatientProfile> profile,
            PraticaState state,
            Optional<End> end,
            Pratica.Publication publication,
            Pratiche.Notes notes) {
        PatientProfile known = profile.orElse(null);
        Person named = certificate.patient();
        Person patient = known == null
                ? named
                : new Person(
                        named.fiscalCode(),
                        known.family() == null ? named.family() : known.family(),
                        known.given() == null ? named.given() : known.given(),
                        known.birthDate() == null ? named.birthDate() : known.birthDate(),
                        known.sex() == null ? named.sex() : known.sex(),
                        known.auraId());
        return draft(
                asl,
                certificate.number(),
                patient,
                known,
                new Compiler(Compiler.Kind.MEDICO, certificate.signer(), certificate.signerName()),
                canonical(certificate.exemption()),
                diagnosis(certificate.diagnosis()),
                state,
                end,
                publication,
                notes);
    }

    private static Pratica draft(
            String asl,
            Long certificate,
            Person patient,
            PatientProfile profile,
            Compiler compiler,
            String exemption,
            String diagnosis,
            PraticaState state,
            Optional<End> end,
            Pratica.Publication publication,
            Pratiche.Notes notes) {
        return new Pratica(
                null,
                asl,
                state,
                publication != null,
                certificate,
                null,
                null,
                patient,
                profile == null ? null : profile.district(),
                profile == null ? null : profile.districtName(),
                compiler,
                exemption,
                diagnosis,
                end.map(End::last).orElse(null),
                end.isPresent() && end.get().last() == null,
                null,
                text(notes.beneficiary()),
                text(notes.internal()),
                publication == null ? null : compiler.fiscalCode(),
                publication,
                null,
                0,
                null,
                null);
    }

    private static String text(String note) {
        return note == null || note.isBlank() ? null : note.strip();
    }

    private String canonical(String exemption) {
        return tables.exemption(exemption)
                .map(Exemption::code)
                .orElse(exemption.strip().toUpperCase(Locale.ROOT));
    }

    /** As AURA wants it; a filler stands for none. */
    private static String diagnosis(String code) {
        return code == null || code.isBlank() || CodeTables.isFiller(code) ? null : Icd9.undotted(code);
    }
}
