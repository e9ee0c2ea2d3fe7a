package it.snodo.intake.fhir;

import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequest.Place;
import it.snodo.certificate.CertificateRequest.TeamCard;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.Element;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Patient;

/** The person, by the HL7 Italia base profile where it says something. */
final class PatientMapping {

    private static final Set<String> PLACEHOLDERS = Set.of("-1", "ND", "N.D.", "XXXXXXXXXXXXXXXX");
    private static final Pattern STATE_PREFIX = Pattern.compile("([A-Z]{3})\\.(.+)");
    private static final Pattern ISTAT = Pattern.compile("\\d{6}");
    private static final String OFFICIAL = "http://hl7.org/fhir/StructureDefinition/address-official";
    private static final Pattern BIRTHPLACE_CODE =
            Pattern.compile("https?://.*/StructureDefinition/patient-codeableBirthPlace");
    private static final Pattern BIRTHPLACE_ADDRESS =
            Pattern.compile("https?://.*/StructureDefinition/(patient-birthPlace|birth-place-ita)");

    private final BundleReading reading;

    PatientMapping(BundleReading reading) {
        this.reading = reading;
    }

    CertificateRequest.Patient map(Patient patient) {
        String path = reading.path(patient);
        reading.locate("patient", path);
        for (String field : List.of("fiscalCode", "stp", "eni", "team", "regionalId")) {
            reading.locate("patient." + field, path + ".identifier");
        }
        reading.locate("patient.birthDate", path + ".birthDate");
        reading.locate("patient.gender", path + ".gender");
        reading.locate("patient.address", path + ".address");
        reading.locate("patient.phone", path + ".telecom");
        return new CertificateRequest.Patient(
                identifier(patient, FhirNames.FISCAL_CODE, "patient.fiscalCode", path),
                identifier(patient, FhirNames.STP, "patient.stp", path),
                identifier(patient, FhirNames.ENI, "patient.eni", path),
                team(patient, path),
                identifier(patient, FhirNames.REGIONAL, "patient.regionalId", path),
                reading.family(patient.getName(), "patient", path),
                reading.given(patient.getName(), "patient", path),
                patient.hasBirthDate()
                        ? reading.date(patient.getBirthDateElement(), "patient.birthDate", path + ".birthDate")
                        : null,
                gender(patient),
                address(patient, path),
                phone(patient, path),
                birthplace(patient, path));
    }

    private String identifier(Patient patient, Set<String> systems, String field, String path) {
        String value = reading.identifier(patient.getIdentifier(), systems, field, path);
        return value == null || PLACEHOLDERS.contains(value.toUpperCase()) ? null : value;
    }

    private TeamCard team(Patient patient, String path) {
        String card = identifier(patient, FhirNames.TEAM_CARD, "patient.team.cardNumber", path);
        String personal = identifier(patient, FhirNames.TEAM_PERSONAL, "patient.team.personalNumber", path);
        if (card == null && personal == null) {
            return null;
        }
        String state = null;
        if (card != null && STATE_PREFIX.matcher(card).matches()) {
            state = card.substring(0, 3);
            card = card.substring(4);
        }
        if (personal != null && STATE_PREFIX.matcher(personal).matches()) {
            state = personal.substring(0, 3);
            personal = personal.substring(4);
        }
        return new TeamCard(card, personal, state);
    }

    private static String gender(Patient patient) {
        if (!patient.hasGender()) {
            return null;
        }
        if (patient.getGender() == AdministrativeGender.MALE) {
            return "M";
        }
        return patient.getGender() == AdministrativeGender.FEMALE ? "F" : "U";
    }

    private String phone(Patient patient, String path) {
        for (Placed<ContactPoint> each : Placed.each(patient.getTelecom(), path + ".telecom")) {
            ContactPoint contact = each.value();
            boolean phone = contact.getSystem() == null
                    || contact.getSystem() == ContactPointSystem.PHONE
                    || contact.getSystem() == ContactPointSystem.SMS;
            if (phone && contact.hasValue()) {
                return reading.text(contact.getValue(), "patient.phone", each.path() + ".value");
            }
        }
        return null;
    }

    /** The official residence, else the home, else the first one given. */
    private CertificateRequest.Address address(Patient patient, String path) {
        Placed<Address> best = null;
        for (Placed<Address> each : Placed.each(patient.getAddress(), path + ".address")) {
            if (best == null || rank(each.value()) > rank(best.value())) {
                best = each;
            }
        }
        if (best == null) {
            return null;
        }
        Address address = best.value();
        String at = best.path();
        reading.locate("patient.address", at);
        return new CertificateRequest.Address(
                official(address) ? "L" : address.getUse() == Address.AddressUse.HOME ? "H" : null,
                reading.text(BundleReading.joined(address.getLine()), "patient.address.street", at + ".line"),
                reading.text(address.getCity(), "patient.address.city", at + ".city"),
                reading.text(address.getPostalCode(), "patient.address.postalCode", at + ".postalCode"),
                reading.text(address.getDistrict(), "patient.address.province", at + ".district"),
                reading.text(address.getCountry(), "patient.address.country", at + ".country"),
                reading.text(istat(address.getCityElement()), "patient.address.istatCode", at + ".city.extension"));
    }

    private static int rank(Address address) {
        if (address.getUse() == Address.AddressUse.OLD) {
            return 0;
        }
        return official(address) ? 3 : address.getUse() == Address.AddressUse.HOME ? 2 : 1;
    }

    private static boolean official(Address address) {
        return address.getExtensionsByUrl(OFFICIAL).stream()
                .anyMatch(extension ->
                        extension.getValue() instanceof BooleanType bool && Boolean.TRUE.equals(bool.getValue()));
    }

    /** The comune's code beside its name, as HL7 Italia does it (an SC coding on the city). */
    private static String istat(Element city) {
        for (Extension extension : city.getExtension()) {
            if (extension.getValue() instanceof Coding coding && coding.getCode() != null) {
                // A wrong code of that system is the sender's to mend; other systems may have other codes.
                boolean istat = coding.getSystem() != null && coding.getSystem().contains("istat");
                if (istat || ISTAT.matcher(coding.getCode()).matches()) {
                    return coding.getCode();
                }
            }
        }
        return null;
    }

    private Place birthplace(Patient patient, String path) {
        String name = null;
        String code = null;
        for (Placed<Extension> each : Placed.each(patient.getExtension(), path + ".extension")) {
            Extension extension = each.value();
            String at = each.path();
            String url = extension.getUrl() == null ? "" : extension.getUrl();
            if (BIRTHPLACE_ADDRESS.matcher(url).matches() && extension.getValue() instanceof Address address) {
                String said = address.hasCity()
                        ? address.getCity()
                        : address.hasText() ? address.getText() : address.getCountry();
                name = reading.text(said, "patient.birthplace.name", at + ".valueAddress");
                String istat = istat(address.getCityElement());
                if (istat != null) {
                    code = reading.text(istat, "patient.birthplace.istatCode", at + ".valueAddress.city.extension");
                }
            } else if (BIRTHPLACE_CODE.matcher(url).matches()
                    && extension.getValue() instanceof CodeableConcept concept) {
                code = reading.text(
                        concept.getCodingFirstRep().getCode(),
                        "patient.birthplace.istatCode",
                        at + ".valueCodeableConcept.coding[0].code");
                if (name == null) {
                    String display = concept.getCodingFirstRep().hasDisplay()
                            ? concept.getCodingFirstRep().getDisplay()
                            : concept.getText();
                    name = reading.text(display, "patient.birthplace.name", at + ".valueCodeableConcept");
                }
            }
        }
        return name == null && code == null ? null : new Place(name, code);
    }
}
