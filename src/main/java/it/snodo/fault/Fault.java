package it.snodo.fault;

/**
 * One thing that is wrong, at one place.
 *
 * @param code which kind of failure
 * @param path the field in the canonical request, such as {@code patient.fiscalCode}; empty for the whole message
 * @param location the same field in the words of the protocol that brought it: {@code PID^1^3^1} in HL7 v2, a FHIRPath
 *     in FHIR, a JSON pointer in REST; null until the intake that knows it has filled it in
 * @param reason the whole sentence a person reads, in Italian, naming value and rule; never a PIN or an OTP
 */
public record Fault(SnodoCode code, String path, String location, String reason) {

    public static Fault at(SnodoCode code, String path, String reason) {
        return new Fault(code, path, null, reason);
    }

    public Fault withLocation(String newLocation) {
        return new Fault(code, path, newLocation, reason);
    }
}
