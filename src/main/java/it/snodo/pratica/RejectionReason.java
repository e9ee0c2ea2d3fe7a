package it.snodo.pratica;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a pratica is rejected; one of them must be said. It stays inside: the citizen is told by the Nota Beneficiario. */
public enum RejectionReason {
    REQUISITI_NON_SUFFICIENTI("Requisiti non sufficienti"),
    DOCUMENTAZIONE_NON_CORRETTA("Documentazione non corretta"),
    DOCUMENTAZIONE_INSUFFICIENTE("Documentazione insufficiente"),
    ALTRO("Altro");

    private final String label;

    RejectionReason(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** By code or by words, whatever the case; the regional service's own slip "insuffciente" too. */
    public static Optional<RejectionReason> of(String text) {
        if (text == null) {
            return Optional.empty();
        }
        String key = Normalizer.normalize(text, Normalizer.Form.NFKC)
                .strip()
                .toUpperCase(Locale.ROOT)
                .replaceAll("[\\s_]+", "_")
                .replace("INSUFFCIENTE", "INSUFFICIENTE");
        return Arrays.stream(values())
                .filter(reason -> reason.name().equals(key))
                .findFirst();
    }
}
