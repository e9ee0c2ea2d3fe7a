package it.snodo.intake.fhir;

import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;

/** The person a booking is for, by the HL7 Italia base profile where it says something. */
final class BookingPatient {

    private static final String PATH = "patient.";

    private final BookingFields fields;

    BookingPatient(BookingFields fields) {
        this.fields = fields;
    }

    /** A person that is only named. */
    void read(Reference reference, String at) {
        if (reference.hasIdentifier()) {
            identifier(reference.getIdentifier(), at + ".identifier.value");
        }
    }

    void read(Patient patient, String at) {
        fields.locate("patient", at);
        for (String name : List.of("fiscalCode", "stp", "eni", "regionalId")) {
            fields.locate(PATH + name, at + ".identifier");
        }
        for (int i = 0; i < patient.getIdentifier().size(); i++) {
            identifier(patient.getIdentifier().get(i), at + ".identifier[" + i + "].value");
        }
        name(patient, at);
        fields.locate(PATH + "birthDate", at + ".birthDate");
        fields.text(PATH + "birthDate", patient.getBirthDateElement().getValueAsString(), at + ".birthDate");
        fields.locate(PATH + "sex", at + ".gender");
        if (patient.hasGender()) {
            fields.text(PATH + "sex", sex(patient.getGender()), at + ".gender");
        }
        fields.locate(PATH + "phones", at + ".telecom");
        for (int i = 0; i < patient.getTelecom().size(); i++) {
            ContactPoint contact = patient.getTelecom().get(i);
            if (contact.getSystem() == null
                    || contact.getSystem() == ContactPointSystem.PHONE
                    || contact.getSystem() == ContactPointSystem.SMS
                    || contact.getSystem() == ContactPointSystem.OTHER) {
                fields.add(PATH + "phones", contact.getValue(), at + ".telecom[" + i + "].value");
            }
        }
        address(patient, at);
        for (int i = 0; i < patient.getExtension().size(); i++) {
            extension(patient.getExtension().get(i), at + ".extension[" + i + "].value");
        }
        fields.text(
                PATH + "asl",
                patient.getManagingOrganization().getIdentifier().getValue(),
                at + ".managingOrganization.identifier.value");
    }

    private static String sex(AdministrativeGender gender) {
        return switch (gender) {
            case MALE -> "M";
            case FEMALE -> "F";
            default -> "U";
        };
    }

    private void identifier(Identifier identifier, String where) {
        if (identifier.getUse() == Identifier.IdentifierUse.OLD || identifier.getValue() == null) {
            return;
        }
        String system = FhirNames.system(identifier.getSystem());
        String value = identifier.getValue();
        if (is(system, FhirNames.FISCAL_CODE)) {
            fields.text(PATH + "fiscalCode", value, where);
        } else if (is(system, FhirNames.STP)) {
            fields.text(PATH + "stp", value, where);
        } else if (is(system, FhirNames.ENI)) {
            fields.text(PATH + "eni", value, where);
        } else if (is(system, FhirNames.REGIONAL)) {
            fields.text(PATH + "regionalId", value, where);
        } else if (is(system, FhirNames.TEAM_CARD)) {
            fields.text(PATH + "entitlement.cardNumber", value, where);
        } else if (is(system, FhirNames.TEAM_PERSONAL)) {
            fields.text(PATH + "entitlement.personalNumber", value, where);
        }
    }

    private static boolean is(String system, Set<String> systems) {
        return systems.contains(system);
    }

    /** The official name, else the first that is not old. */
    private void name(Patient patient, String at) {
        fields.locate(PATH + "family", at + ".name");
        fields.locate(PATH + "given", at + ".name");
        int best = -1;
        for (int i = 0; i < patient.getName().size(); i++) {
            HumanName.NameUse use = patient.getName().get(i).getUse();
            if (use == HumanName.NameUse.OFFICIAL) {
                best = i;
                break;
            }
            if (best < 0 && use != HumanName.NameUse.OLD) {
                best = i;
            }
        }
        if (best >= 0) {
            HumanName name = patient.getName().get(best);
            String where = at + ".name[" + best + "]";
            fields.text(PATH + "family", name.getFamily(), where + ".family");
            fields.text(PATH + "given", BundleReading.joined(name.getGiven()), where + ".given");
        }
    }

    /** The home, else the first one that is not old: its Comune by code where there is one, else by name. */
    private void address(Patient patient, String at) {
        int best = -1;
        for (int i = 0; i < patient.getAddress().size(); i++) {
            Address.AddressUse use = patient.getAddress().get(i).getUse();
            if (use != Address.AddressUse.OLD && (best < 0 || use == Address.AddressUse.HOME)) {
                best = i;
                if (use == Address.AddressUse.HOME) {
                    break;
                }
            }
        }
        if (best < 0) {
            return;
        }
        Address address = patient.getAddress().get(best);
        String where = at + ".address[" + best + "]";
        String code = istat(address);
        fields.text(PATH + "comune", code == null ? address.getCity() : code, where + ".city");
        fields.text(PATH + "address", BundleReading.joined(address.getLine()), where + ".line");
    }

    private static String istat(Address address) {
        for (Extension extension : address.getCityElement().getExtension()) {
            if (extension.getValue() instanceof Coding coding && coding.getCode() != null) {
                return coding.getCode();
            }
        }
        return null;
    }

    private void extension(Extension extension, String where) {
        String url = extension.getUrl() == null ? "" : extension.getUrl();
        if (url.endsWith("/patient-birthPlace") && extension.getValue() instanceof Address place) {
            String code = istat(place);
            fields.text(
                    PATH + "birthPlace",
                    code != null ? code : place.hasCity() ? place.getCity() : place.getCountry(),
                    where);
        } else if (url.endsWith("/patient-nationality") || url.endsWith("/patient-citizenship")) {
            Extension code = extension.hasExtension("code") ? extension.getExtensionByUrl("code") : extension;
            if (code.getValue() instanceof CodeableConcept concept) {
                fields.text(
                        PATH + "entitlement.citizenship",
                        concept.getCodingFirstRep().getCode(),
                        where);
            }
        }
    }
}
