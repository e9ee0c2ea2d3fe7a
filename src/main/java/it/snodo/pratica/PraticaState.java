package it.snodo.pratica;

/** Where a pratica stands, as the district sees it. */
public enum PraticaState {
    INVIATA("Inviata"),
    IN_LAVORAZIONE("In lavorazione"),
    VALIDATA("Validata"),
    RESPINTA("Respinta"),
    ANNULLATA("Annullata");

    private final String label;

    PraticaState(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** Whether it is still to be worked ("Pratiche da fare"); the others are closed. */
    public boolean open() {
        return this == INVIATA || this == IN_LAVORAZIONE;
    }
}
