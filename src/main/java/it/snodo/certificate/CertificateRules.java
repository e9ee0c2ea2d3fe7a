package it.snodo.certificate;

import static it.snodo.fault.SnodoCode.NOT_ALLOWED_TOGETHER;
import static it.snodo.registry.Identifiers.quoted;

import it.snodo.certificate.CertificateRequest.Action;
import it.snodo.fault.Fault;
import it.snodo.registry.CodeTables;
import it.snodo.registry.IdentifierProperties;
import jakarta.validation.Validator;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The checks of a certificate request. Each field gets at most one fault: the first found, in the order characters,
 * length and presence, form, tables, coherence with other fields.
 */
@Component("certificateChecks")
class CertificateRules implements CertificateChecks {

    private final ShapeRules shape;
    private final PatientRules patient;
    private final ProfessionalRules professionals;
    private final EncounterRules encounter;
    private final ExemptionRules exemption;
    private final ContentRules content;
    private final VisibilityRules visibility;
    private final WizardRules wizard;

    @Autowired
    CertificateRules(
            Validator validator,
            CodeTables tables,
            AziendaResolver aziende,
            IdentifierProperties identifiers,
            CertificateProperties properties) {
        this(validator, tables, aziende, identifiers, properties, Clock.systemUTC());
    }

    CertificateRules(
            Validator validator,
            CodeTables tables,
            AziendaResolver aziende,
            IdentifierProperties identifiers,
            CertificateProperties properties,
            Clock clock) {
        CertificateDays days = new CertificateDays(clock, properties);
        PersonRules persons = new PersonRules(identifiers);
        shape = new ShapeRules(validator);
        patient = new PatientRules(tables, persons, days);
        professionals = new ProfessionalRules(tables, aziende, persons);
        encounter = new EncounterRules(aziende, days);
        exemption = new ExemptionRules(tables, properties.diagnosisPairs(), days);
        content = new ContentRules(tables);
        visibility = new VisibilityRules(days);
        wizard = new WizardRules(tables, days);
    }

    @Override
    public List<Fault> check(CertificateRequest request, Source source) {
        Findings found = new Findings(request.action() == Action.ANNULMENT);
        shape.check(request, found);
        numbers(request, found);
        patient.check(request, found);
        professionals.check(request, found);
        encounter.check(request, found);
        // after the person and the visit: a day that is wrong itself says nothing of the exemption
        exemption.check(request, found);
        content.check(request, found);
        visibility.check(request, found);
        if (source == Source.DOCTOR) {
            wizard.check(request, found);
        }
        return found.inOrder();
    }

    private static void numbers(CertificateRequest request, Findings found) {
        String replaced = request.replacedDocumentNumber();
        if (request.action() == Action.NEW && replaced != null) {
            found.add(
                    NOT_ALLOWED_TOGETHER,
                    "replacedDocumentNumber",
                    "Un nuovo certificato non può indicare il documento sostituito " + quoted(replaced)
                            + ": inviare una sostituzione, oppure togliere il riferimento.");
        } else if ((request.action() == Action.REPLACEMENT || request.action() == Action.ANNULMENT)
                && replaced == null) {
            found.missing("replacedDocumentNumber");
        } else if (request.action() == Action.REPLACEMENT && replaced.equals(request.documentNumber())) {
            found.add(
                    NOT_ALLOWED_TOGETHER,
                    "replacedDocumentNumber",
                    "Il documento nuovo e quello sostituito hanno lo stesso numero " + quoted(replaced)
                            + ": il nuovo documento deve avere un numero proprio.");
        }
    }
}
