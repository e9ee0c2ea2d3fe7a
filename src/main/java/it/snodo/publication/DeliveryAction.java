package it.snodo.publication;

/** What one destination has to be told; a name belongs to one destination only. */
public enum DeliveryAction {
    /** First publication of a document. */
    CREATE(Destination.FSE),
    /** Publication of a document in place of an earlier one. */
    REPLACE(Destination.FSE),
    /** Withdrawal of a published document. */
    DELETE(Destination.FSE),
    /** New metadata of a published document; all of them, never a difference. */
    METADATA(Destination.FSE),
    INSERIMENTO(Destination.ROL),
    AGGIORNAMENTO(Destination.ROL),
    ANNULLAMENTO(Destination.ROL),
    /** An exemption that was issued. */
    ESENZIONE(Destination.AURA),
    /** The end of an exemption that AURA has. */
    ANNULLA_ESENZIONE(Destination.AURA);

    private final Destination destination;

    DeliveryAction(Destination destination) {
        this.destination = destination;
    }

    public Destination destination() {
        return destination;
    }

    /** Whether a certificate counts as published only once this is delivered; later changes of metadata do not. */
    boolean decidesPublication() {
        return this != METADATA && this != AGGIORNAMENTO;
    }
}
