package it.snodo.intake.fhir;

import static it.snodo.fault.SnodoCode.CODE_UNKNOWN;
import static it.snodo.fault.SnodoCode.NOT_ALLOWED_TOGETHER;

import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;

/** Who may see the certificate: confidentiality and security labels. */
final class VisibilityMapping {

    private static final String SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    private static final Set<String> SYSTEMS = Set.of(SYSTEM, "urn:oid:2.16.840.1.113883.5.25");
    private static final String LEVELS = "NRV";
    private static final String HIDDEN_FROM_PARENT = "P97";

    private final BundleReading reading;
    private final Composition composition;
    private final String path;

    VisibilityMapping(BundleReading reading, Composition composition) {
        this.reading = reading;
        this.composition = composition;
        this.path = reading.path(composition);
    }

    /** The stricter of Composition.confidentiality and meta.security. */
    String confidentiality() {
        String found = null;
        // A code that FHIR does not know is the reader's fault already, and gives none here.
        if (composition.getConfidentiality() != null) {
            reading.locate("confidentiality", path + ".confidentiality");
            found = level(composition.getConfidentiality().toCode(), path + ".confidentiality");
        }
        for (Placed<Coding> label : labels()) {
            String code = label.value().getCode() == null ? "" : label.value().getCode();
            String system = label.value().getSystem();
            if (system != null && SYSTEMS.contains(system)) {
                String level = level(code, label.path() + ".code");
                if (level != null && (found == null || LEVELS.indexOf(level) > LEVELS.indexOf(found))) {
                    found = level;
                    reading.locate("confidentiality", label.path() + ".code");
                }
            } else if (!code.equals(HIDDEN_FROM_PARENT)) {
                // An instruction about who may see the document is obeyed or refused, never overlooked.
                reading.fault(
                        CODE_UNKNOWN,
                        "confidentiality",
                        label.path(),
                        "L'etichetta di riservatezza «" + code + "» non è gestita: usare N, R o V di " + SYSTEM
                                + ", o P97 per l'oscuramento al genitore.");
            }
        }
        return found;
    }

    private String level(String code, String at) {
        if (code.length() == 1 && LEVELS.contains(code)) {
            return code;
        }
        reading.fault(
                CODE_UNKNOWN,
                "confidentiality",
                at,
                "Il livello di riservatezza «" + code + "» non è ammesso: i valori sono N, R e V.");
        return null;
    }

    /** @param said what the extension says; may be null */
    Boolean obscuredToParent(Boolean said) {
        for (Placed<Coding> label : labels()) {
            if (HIDDEN_FROM_PARENT.equals(label.value().getCode())) {
                if (Boolean.FALSE.equals(said)) {
                    reading.fault(
                            NOT_ALLOWED_TOGETHER,
                            "obscuredToParent",
                            label.path(),
                            "L'etichetta P97 e l'estensione oscurato-genitore si contraddicono.");
                }
                reading.locations().putIfAbsent("obscuredToParent", label.path());
                return true;
            }
        }
        return said;
    }

    private List<Placed<Coding>> labels() {
        return Placed.each(composition.getMeta().getSecurity(), path + ".meta.security");
    }
}
