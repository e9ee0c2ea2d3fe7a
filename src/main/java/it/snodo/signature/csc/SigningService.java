package it.snodo.signature.csc;

import it.snodo.fault.SnodoException;
import java.security.cert.X509Certificate;
import java.util.function.Predicate;

/**
 * A service that keeps doctors' keys and signs digests with them. No call is ever made twice by itself: an answer that
 * was lost is said to be lost.
 */
public interface SigningService {

    ProviderSettings settings();

    /**
     * What the service says of a credential now.
     *
     * @param alias as the doctor knows it
     * @param doctors whose certificate it must be, to choose among several credentials of one user
     * @throws SnodoException when it is unknown or the service cannot be asked
     */
    Credential credential(String alias, Predicate<X509Certificate> doctors);

    /**
     * Asks the service to send the doctor an OTP.
     *
     * @param delivery code of one of its ways; null for the usual one
     */
    void sendOtp(Credential credential, String delivery);

    /**
     * Authorises and signs one digest. What the service gives in between lives no longer than this call.
     *
     * @param digest SHA-256
     * @param pin null when the credential asks for none; not wiped here
     * @param otp null when the credential asks for none; not wiped here
     * @return the signature value
     * @throws Refused when the service says no, or nothing
     */
    byte[] sign(Credential credential, byte[] digest, char[] pin, char[] otp, String delivery);
}
