package it.snodo.intake;

/** A message as an intake has read it, of whatever domain. */
public interface Arrival {

    /** MLLP, FHIR, REST or JMS. */
    String protocol();

    /** Address or user it came from. */
    String peer();

    /** The sender's key. */
    String sender();

    /** The sender's id of the message. */
    String controlId();

    /** As the protocol names it. */
    String type();

    /** The bytes as they came. */
    byte[] raw();
}
