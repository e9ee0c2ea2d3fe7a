package it.snodo.intake.hl7v2;

import it.snodo.fault.SnodoCode;

/** Where a reader notes down what it finds, and what is wrong with it. */
interface Findings {

    /** A field of the canonical request stands there. */
    void found(String path, String location);

    void fault(SnodoCode code, String path, String location, String reason);
}
