package it.snodo.intake.jms;

import it.snodo.fault.Fault;
import java.util.List;

/** Checks a canonical request against {@code xsd/certificate-request.xsd}; a bean of this type is used when there is one. */
public interface CanonicalXmlCheck {

    /** @return what is wrong, each with its XPath as location; empty when the bytes are valid */
    List<Fault> check(byte[] xml);
}
