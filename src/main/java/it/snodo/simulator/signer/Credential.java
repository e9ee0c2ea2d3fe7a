package it.snodo.simulator.signer;

import java.time.Instant;

/** A doctor's credential; {@link Vault} guards what changes. */
final class Credential {
    /** Also its credentialID, and the only credential of the user of that name. */
    final String alias;

    final Doctor doctor;
    final boolean needsOtp;
    /** ECDSA on P-256; RSA with 2048 bits otherwise. */
    final boolean elliptic;

    int pinErrors;
    int otpErrors;
    boolean disabled;
    /** valid, suspended or revoked. */
    String status = "valid";

    Instant statusSince;
    int signatures;
    /** Digits of the OTP that was sent last; null when there is none to be used. */
    String otp;

    Instant otpExpires;

    Credential(String alias, Doctor doctor, boolean needsOtp, boolean elliptic) {
        this.alias = alias;
        this.doctor = doctor;
        this.needsOtp = needsOtp;
        this.elliptic = elliptic;
    }
}
