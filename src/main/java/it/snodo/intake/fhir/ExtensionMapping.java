package it.snodo.intake.fhir;

import static it.snodo.fault.SnodoCode.FIELD_MALFORMED;

import it.snodo.certificate.CertificateRequest.OnlineCollection;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;

/** What FHIR has no element for: the extensions of the Composition. */
final class ExtensionMapping {

    private final BundleReading reading;
    private final Composition composition;
    private final String path;

    ExtensionMapping(BundleReading reading, Composition composition) {
        this.reading = reading;
        this.composition = composition;
        this.path = reading.path(composition);
    }

    void checkKnown() {
        if (composition.hasModifierExtension()) {
            reading.fault(
                    FIELD_MALFORMED,
                    "",
                    path + ".modifierExtension[0]",
                    "La Composition ha una modifierExtension che l'hub non conosce e quindi non può trascurare: «"
                            + composition.getModifierExtension().get(0).getUrl() + "».");
        }
        for (Placed<Extension> each : all()) {
            String url = each.value().getUrl();
            if (url != null && url.startsWith(FhirNames.EXTENSION) && !FhirNames.EXTENSIONS.contains(url)) {
                reading.fault(FIELD_MALFORMED, "", each.path() + ".url", "L'estensione «" + url + "» non esiste.");
            }
        }
    }

    String code(String url, String field) {
        Optional<Placed<Extension>> extension = first(url);
        if (extension.isEmpty()) {
            reading.locate(field, path + ".extension");
            return null;
        }
        return string(extension.get(), field);
    }

    Boolean bool(String url, String field) {
        return first(url).map(extension -> bool(extension, field)).orElse(null);
    }

    OnlineCollection onlineCollection() {
        Optional<Placed<Extension>> extension = first(FhirNames.ONLINE_COLLECTION);
        if (extension.isEmpty()) {
            return null;
        }
        String at = extension.get().path();
        reading.locate("onlineCollection", at);
        Boolean requested = null;
        String pin = null;
        for (Placed<Extension> part : Placed.each(extension.get().value().getExtension(), at + ".extension")) {
            if ("richiesto".equals(part.value().getUrl())) {
                requested = bool(part, "onlineCollection.requested");
            } else if ("pin".equals(part.value().getUrl())) {
                pin = string(part, "onlineCollection.pin");
            } else {
                reading.fault(
                        FIELD_MALFORMED,
                        "onlineCollection",
                        part.path() + ".url",
                        "In scarico-online l'estensione «" + part.value().getUrl()
                                + "» non esiste: le parti sono richiesto e pin.");
            }
        }
        return new OnlineCollection(requested, pin);
    }

    private List<Placed<Extension>> all() {
        return Placed.each(composition.getExtension(), path + ".extension");
    }

    private Optional<Placed<Extension>> first(String url) {
        return all().stream().filter(each -> url.equals(each.value().getUrl())).findFirst();
    }

    private Boolean bool(Placed<Extension> extension, String field) {
        reading.locate(field, extension.path() + ".valueBoolean");
        // A value that is no boolean counts as a value and still is none.
        if (extension.value().getValue() instanceof BooleanType bool && bool.getValue() != null) {
            return bool.getValue();
        }
        reading.fault(FIELD_MALFORMED, field, extension.path(), "L'estensione deve portare valueBoolean.");
        return null;
    }

    private String string(Placed<Extension> extension, String field) {
        Type value = extension.value().getValue();
        if (value instanceof StringType || value instanceof CodeType) {
            return reading.text(value.primitiveValue(), field, extension.path() + ".value" + capitalized(value));
        }
        if (value instanceof Coding coding) {
            return reading.text(coding.getCode(), field, extension.path() + ".valueCoding.code");
        }
        reading.fault(FIELD_MALFORMED, field, extension.path(), "L'estensione deve portare valueCode o valueString.");
        return null;
    }

    private static String capitalized(Type value) {
        String type = value.fhirType();
        return Character.toUpperCase(type.charAt(0)) + type.substring(1);
    }
}
