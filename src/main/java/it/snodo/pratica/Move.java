package it.snodo.pratica;

/** What can be done to a pratica, as histories name it. */
public enum Move {
    /** The doctor, or the district for a citizen, asks for an exemption. */
    INVIA("inviare la pratica"),
    /** The doctor issues it himself. */
    CREA_E_VALIDA("creare e validare la pratica"),
    PRENDI_IN_CARICO("prendere in carico la pratica"),
    /** Take it in charge if nobody has, and ask AURA. */
    VALIDA("validare la pratica"),
    RESPINGI("respingere la pratica"),
    ANNULLA("annullare la pratica"),
    /** Write a note. */
    ANNOTA("annotare la pratica"),
    /** Add a file. */
    ALLEGA("aggiungere allegati alla pratica"),
    /** AURA said OK. */
    AURA_OK("ricevere l'esito di AURA"),
    /** AURA, or the checks before it, said no. */
    AURA_KO("ricevere l'esito di AURA"),
    /** The certificate that it rests upon was annulled. */
    CERTIFICATO_ANNULLATO("annullare il certificato");

    private final String words;

    Move(String words) {
        this.words = words;
    }

    /** As in "Solo … può {words}". */
    String words() {
        return words;
    }
}
