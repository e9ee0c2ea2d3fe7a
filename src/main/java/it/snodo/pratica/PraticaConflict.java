package it.snodo.pratica;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;

/** A move came too late, or in the wrong state: nothing was changed. */
public class PraticaConflict extends SnodoException {

    private static final long serialVersionUID = 1L;

    private final transient Pratica pratica;
    private final transient PraticaEvent last;

    PraticaConflict(SnodoCode code, String words, Pratica pratica, PraticaEvent last) {
        super(code, words);
        this.pratica = pratica;
        this.last = last;
    }

    /** As it stands. */
    public Pratica pratica() {
        return pratica;
    }

    /** What happened to it last. */
    public PraticaEvent last() {
        return last;
    }
}
