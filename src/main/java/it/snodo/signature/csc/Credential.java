package it.snodo.signature.csc;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A doctor's credential, as its service describes it.
 *
 * @param id by which the service knows it
 * @param enabled the key may sign
 * @param certificateStatus such as valid, expired, revoked, suspended; empty when the service does not say
 * @param chain the doctor's certificate first
 * @param algorithm as the Java Cryptography Architecture calls it; null when the key cannot sign with what is configured
 * @param signAlgorithm OID to ask for; null when the service does not offer it
 * @param pin whether it must, may or may not be given
 * @param otp whether it must, may or may not be given
 * @param sendsOtp whether the service sends the OTP; else an app or a token makes it
 * @param pinObject identifier of the PIN's authentication object (v2)
 * @param otpObjects identifiers of the authentication objects that take an OTP (v2), those that are sent first
 * @param ownOtpObject the one of them whose OTP the doctor's own app or token makes, without a request; null when there is none
 */
public record Credential(
        String id,
        boolean enabled,
        String certificateStatus,
        List<X509Certificate> chain,
        String algorithm,
        String signAlgorithm,
        Need pin,
        Need otp,
        boolean sendsOtp,
        String pinObject,
        List<String> otpObjects,
        String ownOtpObject) {

    /** Of a secret. */
    public enum Need {
        REQUIRED,
        OPTIONAL,
        NONE
    }
}
