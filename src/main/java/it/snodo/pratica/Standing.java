package it.snodo.pratica;

/** A pratica's state, told apart by whether AURA is being asked: what is possible depends on both. */
enum Standing {
    INVIATA(PraticaState.INVIATA),
    IN_LAVORAZIONE(PraticaState.IN_LAVORAZIONE),
    /** In lavorazione, and AURA has been asked to take the exemption. */
    IN_VALIDAZIONE(PraticaState.IN_LAVORAZIONE),
    VALIDATA(PraticaState.VALIDATA),
    /** Validata, and AURA has been asked to end the exemption. */
    IN_ANNULLAMENTO(PraticaState.VALIDATA),
    RESPINTA(PraticaState.RESPINTA),
    ANNULLATA(PraticaState.ANNULLATA);

    private final PraticaState state;

    Standing(PraticaState state) {
        this.state = state;
    }

    PraticaState state() {
        return state;
    }

    boolean waits() {
        return this == IN_VALIDAZIONE || this == IN_ANNULLAMENTO;
    }

    static Standing of(PraticaState state, boolean waits) {
        return switch (state) {
            case INVIATA -> INVIATA;
            case IN_LAVORAZIONE -> waits ? IN_VALIDAZIONE : IN_LAVORAZIONE;
            case VALIDATA -> waits ? IN_ANNULLAMENTO : VALIDATA;
            case RESPINTA -> RESPINTA;
            case ANNULLATA -> ANNULLATA;
        };
    }
}
