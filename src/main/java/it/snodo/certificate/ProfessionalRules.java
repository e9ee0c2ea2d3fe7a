package it.snodo.certificate;

import static it.snodo.fault.SnodoCode.FIELD_MISSING;

import it.snodo.certificate.CertificateRequest.Professional;
import it.snodo.registry.CodeTables;

/** The doctors: who wrote the certificate, how to reach him, who answers for it. */
final class ProfessionalRules {

    private final CodeTables tables;
    private final AziendaResolver aziende;
    private final PersonRules persons;

    ProfessionalRules(CodeTables tables, AziendaResolver aziende, PersonRules persons) {
        this.tables = tables;
        this.aziende = aziende;
        this.persons = persons;
    }

    void check(CertificateRequest request, Findings found) {
        if (request.author() != null) {
            professional("author", request.author(), found);
        } else {
            found.needed("author");
        }
        if (request.legalAuthenticator() != null) {
            professional("legalAuthenticator", request.legalAuthenticator(), found);
        }
        if (!found.ofAnnulment() && request.author() != null && request.author().telecom() == null) {
            boolean known =
                    TableResolver.authorTelecom(request, tables, aziende).isPresent();
            // Without an azienda there is already a fault that says more.
            if (!known && aziende.find(request).isPresent()) {
                found.add(
                        FIELD_MISSING,
                        "author.telecom",
                        "Manca il recapito del medico autore, e non si trova né nell'anagrafe dei professionisti né"
                                + " presso l'unità o l'azienda: indicare un telefono o un indirizzo e-mail.");
            }
        }
    }

    private void professional(String path, Professional doctor, Findings found) {
        if (doctor.fiscalCode() != null) {
            persons.fiscalCode(path + ".fiscalCode", doctor.fiscalCode(), ".", found);
        }
        PersonRules.name(path + ".family", doctor.family(), found);
        PersonRules.name(path + ".given", doctor.given(), found);
        PersonRules.telecom(path + ".telecom", doctor.telecom(), found);
    }
}
