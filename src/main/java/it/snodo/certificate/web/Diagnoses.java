package it.snodo.certificate.web;

import it.snodo.registry.CodeTables;
import it.snodo.registry.Diagnosis;
import it.snodo.registry.Icd9;

/** How a diagnosis is shown to doctors: the code without its dot and its words, or that there is none. */
final class Diagnoses {

    /** Instead of a filler, which is no diagnosis. */
    static final String NONE = "000 - -";

    private Diagnoses() {}

    /** @param code as it was sent; may be null */
    static String shown(CodeTables tables, String code) {
        if (code == null) {
            return null;
        }
        if (CodeTables.isFiller(code)) {
            return NONE;
        }
        return Icd9.undotted(code) + " - "
                + tables.diagnosis(code).map(Diagnosis::title).orElse("-");
    }
}
