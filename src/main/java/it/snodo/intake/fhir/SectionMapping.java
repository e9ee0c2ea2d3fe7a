package it.snodo.intake.fhir;

import static it.snodo.fault.SnodoCode.CODE_UNKNOWN;
import static it.snodo.fault.SnodoCode.FIELD_MALFORMED;
import static it.snodo.fault.SnodoCode.NOT_ALLOWED_TOGETHER;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.SectionComponent;

/** The sections of the Composition, by their LOINC codes, and the paragraphs that they say. */
final class SectionMapping {

    private final BundleReading reading;
    private final Map<String, Placed<SectionComponent>> sections = new HashMap<>();

    SectionMapping(BundleReading reading, Composition composition) {
        this.reading = reading;
        String path = reading.path(composition) + ".section";
        for (String field : List.of("question", "pathology", "conclusions", "service", "exemption", "diagnosis")) {
            reading.locate(field, path);
        }
        Placed.each(composition.getSection(), path).forEach(this::take);
    }

    private void take(Placed<SectionComponent> section) {
        String code = section.value().getCode().getCoding().stream()
                .filter(coding -> !coding.hasSystem() || FhirNames.LOINC.equals(coding.getSystem()))
                .map(Coding::getCode)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (code == null || !FhirNames.SECTIONS.contains(code)) {
            reading.fault(
                    CODE_UNKNOWN,
                    "",
                    section.path() + ".code",
                    (code == null ? "Una sezione senza codice LOINC" : "La sezione LOINC " + code)
                            + " non fa parte del certificato e il suo contenuto andrebbe perso: le sezioni sono "
                            + "47045-0, 29548-5, 57827-8, 62387-6, 55110-1 e 29299-5.");
        } else if (sections.putIfAbsent(code, section) != null) {
            reading.fault(
                    NOT_ALLOWED_TOGETHER, "", section.path() + ".code", "La sezione LOINC " + code + " è ripetuta.");
        } else if (section.value().hasSection()) {
            reading.fault(
                    FIELD_MALFORMED,
                    "",
                    section.path() + ".section[0]",
                    "Le sezioni del certificato non hanno sottosezioni.");
        }
    }

    /** The section of a LOINC code; null when the certificate has none. */
    Placed<SectionComponent> get(String code) {
        return sections.get(code);
    }

    String question() {
        List<String> paragraphs = paragraphs(FhirNames.QUESTION, "question");
        return paragraphs.isEmpty() ? null : String.join("\n", paragraphs);
    }

    List<String> paragraphs(String code, String field) {
        Placed<SectionComponent> section = get(code);
        if (section == null || !section.value().getText().hasDiv()) {
            return List.of();
        }
        String path = section.path() + ".text.div";
        reading.locate(field, path);
        if (Narrative.hasImage(section.value().getText().getDiv())) {
            reading.fault(
                    FIELD_MALFORMED,
                    field,
                    path,
                    "Il testo contiene un'immagine, che il certificato non può riportare: descriverla a parole.");
        }
        List<String> kept = new ArrayList<>();
        for (String paragraph : Narrative.paragraphs(section.value().getText().getDiv())) {
            String text = reading.text(paragraph, field, path);
            if (text != null) {
                kept.add(text);
            }
        }
        return kept;
    }
}
