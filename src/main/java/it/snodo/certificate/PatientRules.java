package it.snodo.certificate;

import static it.snodo.fault.SnodoCode.CODE_UNKNOWN;
import static it.snodo.fault.SnodoCode.FIELD_MALFORMED;
import static it.snodo.fault.SnodoCode.FIELD_MISSING;
import static it.snodo.fault.SnodoCode.NOT_ALLOWED_TOGETHER;
import static it.snodo.registry.Identifiers.quoted;

import it.snodo.certificate.CertificateRequest.Address;
import it.snodo.certificate.CertificateRequest.Patient;
import it.snodo.certificate.CertificateRequest.Place;
import it.snodo.certificate.CertificateRequest.TeamCard;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Country;
import it.snodo.registry.Eni;
import it.snodo.registry.Stp;
import it.snodo.registry.TeamCardNumber;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The person: at least one identifier, each in its form, and particulars that can be true. */
final class PatientRules {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd/MM/uuuu");
    private static final int OLDEST = 130;

    private static final Set<String> GENDERS = Set.of("M", "F", "U");

    private static final Pattern POSTAL_CODE = Pattern.compile("[0-9]{5}");
    private static final Pattern COMUNE = Pattern.compile("[0-9]{6}");
    private static final Pattern STATE = Pattern.compile("[0-9]{3}");

    private final CodeTables tables;
    private final PersonRules persons;
    private final CertificateDays days;

    PatientRules(CodeTables tables, PersonRules persons, CertificateDays days) {
        this.tables = tables;
        this.persons = persons;
        this.days = days;
    }

    void check(CertificateRequest request, Findings found) {
        Patient patient = request.patient();
        if (patient == null) {
            found.needed("patient");
            return;
        }
        identity(patient, found);
        PersonRules.name("patient.family", patient.family(), found);
        PersonRules.name("patient.given", patient.given(), found);
        if (patient.birthDate() == null) {
            found.needed("patient.birthDate");
        } else {
            birthDate(request, patient.birthDate(), found);
        }
        if (patient.gender() == null) {
            found.needed("patient.gender");
        } else if (!GENDERS.contains(patient.gender())) {
            found.add(
                    CODE_UNKNOWN,
                    "patient.gender",
                    "Il valore " + quoted(patient.gender())
                            + " per il sesso dell'assistito non è ammesso: usare M, F o U (non noto).");
        }
        address(patient.address(), found);
        birthplace(patient.birthplace(), found);
    }

    private void identity(Patient patient, Findings found) {
        if (patient.fiscalCode() != null) {
            persons.fiscalCode(
                    "patient.fiscalCode",
                    patient.fiscalCode(),
                    ": indicare quello definitivo, oppure soltanto STP, ENI o TEAM.",
                    found);
        }
        if (patient.stp() != null) {
            found.identifier("patient.stp", () -> Stp.parse(patient.stp()));
        }
        if (patient.eni() != null) {
            found.identifier("patient.eni", () -> Eni.parse(patient.eni()));
        }
        TeamCard team = patient.team();
        boolean card = team != null && (team.cardNumber() != null || team.personalNumber() != null);
        if (card) {
            team(team, found);
        }
        if (!found.ofAnnulment()
                && !card
                && patient.fiscalCode() == null
                && patient.stp() == null
                && patient.eni() == null) {
            found.add(
                    FIELD_MISSING,
                    "patient.fiscalCode",
                    "Manca un identificativo dell'assistito: serve almeno uno tra codice fiscale, STP, ENI e TEAM"
                            + " (numero di tessera e numero personale).");
        }
    }

    private void team(TeamCard team, Findings found) {
        if (team.cardNumber() == null) {
            found.add(
                    FIELD_MISSING,
                    "patient.team.cardNumber",
                    "Manca il numero della tessera TEAM: va indicato insieme al numero personale.");
        } else {
            found.identifier("patient.team.cardNumber", () -> TeamCardNumber.parse(team.cardNumber()));
        }
        if (team.personalNumber() == null) {
            found.add(
                    FIELD_MISSING,
                    "patient.team.personalNumber",
                    "Manca il numero personale della tessera TEAM: va indicato insieme al numero di tessera.");
        }
        if (team.state() != null && tables.country(team.state()).isEmpty()) {
            found.add(
                    CODE_UNKNOWN,
                    "patient.team.state",
                    "Lo Stato " + quoted(team.state())
                            + " della tessera TEAM non è in tabella: usare il codice ISO 3166 di tre lettere.");
        }
    }

    private void birthDate(CertificateRequest request, LocalDate birth, Findings found) {
        LocalDate today = days.today();
        if (birth.isAfter(today)) {
            found.add(
                    FIELD_MALFORMED, "patient.birthDate", "La data di nascita " + DAY.format(birth) + " è nel futuro.");
        } else if (birth.isBefore(today.minusYears(OLDEST))) {
            found.add(
                    FIELD_MALFORMED,
                    "patient.birthDate",
                    "La data di nascita " + DAY.format(birth) + " è di oltre " + OLDEST + " anni fa.");
        } else if (request.visitTime() != null && birth.isAfter(days.ofVisit(request))) {
            found.add(
                    NOT_ALLOWED_TOGETHER,
                    "patient.birthDate",
                    "La data di nascita " + DAY.format(birth) + " è successiva alla visita del "
                            + DAY.format(days.ofVisit(request)) + ".");
        }
    }

    private void address(Address address, Findings found) {
        if (address == null) {
            return;
        }
        Optional<Country> country = tables.country(address.country());
        if (address.country() != null && country.isEmpty()) {
            found.add(
                    CODE_UNKNOWN,
                    "patient.address.country",
                    "Lo Stato " + quoted(address.country())
                            + " dell'indirizzo non è in tabella: usare il codice ISTAT (100 = Italia) o ISO 3166.");
        }
        boolean italian = country.map(Country::italy).orElse(address.country() == null);
        if (italian
                && address.postalCode() != null
                && !POSTAL_CODE.matcher(address.postalCode()).matches()) {
            found.add(
                    FIELD_MALFORMED,
                    "patient.address.postalCode",
                    "Il CAP " + quoted(address.postalCode()) + " non è valido: un CAP italiano ha 5 cifre.");
        }
        String province = address.province();
        if (italian
                && province != null
                && province.length() == 2
                && !province.equalsIgnoreCase("EE")
                && tables.province(province).isEmpty()) {
            found.add(
                    CODE_UNKNOWN,
                    "patient.address.province",
                    "La sigla di provincia " + quoted(province) + " non è in tabella.");
        }
        if (address.istatCode() != null && !COMUNE.matcher(address.istatCode()).matches()) {
            found.add(
                    FIELD_MALFORMED,
                    "patient.address.istatCode",
                    "Il codice ISTAT " + quoted(address.istatCode())
                            + " del comune di residenza non è valido: servono 6 cifre.");
        }
    }

    private static void birthplace(Place place, Findings found) {
        if (place != null
                && place.istatCode() != null
                && !COMUNE.matcher(place.istatCode()).matches()
                && !STATE.matcher(place.istatCode()).matches()) {
            found.add(
                    FIELD_MALFORMED,
                    "patient.birthplace.istatCode",
                    "Il codice ISTAT " + quoted(place.istatCode())
                            + " del luogo di nascita non è valido: servono le 6 cifre del comune, oppure, per chi è"
                            + " nato all'estero, le 3 dello Stato (da sole o precedute da 999).");
        }
    }
}
