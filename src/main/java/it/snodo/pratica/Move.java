package it.snodo.pratica;

/** What can be done to a pratica, as histories name it. */
public enum Move {
    /** The doctor, or the district for a citizen, asks for an exemption. */
    INVIA("inviare la pratica", "inviata"),
    /** The doctor issues it himself. */
    CREA_E_VALIDA("creare e validare la pratica", "creata per il rilascio"),
    PRENDI_IN_CARICO("prendere in carico la pratica", "presa in carico"),
    /** Take it in charge if nobody has, and ask AURA. */
    VALIDA("validare la pratica", "chiesta la validazione"),
    RESPINGI("respingere la pratica", "respinta"),
    ANNULLA("annullare la pratica", "chiesto l'annullamento"),
    /** Write a note. */
    ANNOTA("annotare la pratica", "modificate le note"),
    /** Add a file. */
    ALLEGA("aggiungere allegati alla pratica", "aggiunto un allegato"),
    /** AURA said OK. */
    AURA_OK("ricevere l'esito di AURA", "AURA ha accettato"),
    /** AURA, or the checks before it, said no. */
    AURA_KO("ricevere l'esito di AURA", "AURA ha rifiutato"),
    /** The certificate that it rests upon was annulled. */
    CERTIFICATO_ANNULLATO("annullare il certificato", "annullato il certificato"),
    /** The certificate that it rests upon was replaced by another. */
    CERTIFICATO_SOSTITUITO("sostituire il certificato", "sostituito il certificato");

    private final String words;
    private final String done;

    Move(String words, String done) {
        this.words = words;
        this.done = done;
    }

    /** As in "ultimo evento: {done} il …". */
    String done() {
        return done;
    }

    /** As in "Solo … può {words}". */
    String words() {
        return words;
    }
}
