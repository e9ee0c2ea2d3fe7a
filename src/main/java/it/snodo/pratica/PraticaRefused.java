package it.snodo.pratica;

import it.snodo.fault.Fault;
import it.snodo.fault.SnodoException;
import java.util.List;

/** An exemption cannot be asked for or issued, and why. */
public class PraticaRefused extends SnodoException {

    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;
    private final transient Pratica pratica;

    /** @param pratica what is left of it; null when nothing was written */
    PraticaRefused(List<Fault> faults, Pratica pratica) {
        super(faults.get(0).code(), faults.get(0).reason());
        this.faults = List.copyOf(faults);
        this.pratica = pratica;
    }

    public List<Fault> faults() {
        return faults;
    }

    public Pratica pratica() {
        return pratica;
    }
}
