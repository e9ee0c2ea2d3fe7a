package it.snodo.signature;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Signatures with a doctor's own credential, which a provider keeps: alias, PIN and, where the provider asks for it, an
 * OTP. Nothing of PIN and OTP is stored, logged, traced or tried twice.
 */
public interface RemoteSignatures {

    /** The providers that are configured, in the order of the configuration. */
    List<Provider> providers();

    /**
     * Prepares what is to be signed and asks the provider to send the doctor an OTP. What was prepared survives a restart
     * and expires with the OTP; asking again begins anew.
     *
     * @param delivery code of one of the provider's {@link Provider#deliveries()}; null for its usual one
     */
    Otp requestOtp(Work work, String provider, String alias, String delivery);

    /**
     * Signs, with what was prepared for this work, provider and alias, or with what is prepared now when the provider needs
     * no OTP of its own sending. Wipes PIN and OTP whatever happens. When only what the level adds to the signature could not
     * be had (SIGNATURE_EVIDENCE_MISSING), the signature is kept: see {@link #unfinished()}.
     *
     * @param otp null for a provider that asks for none
     */
    Signer.Signed sign(Work work, String provider, String alias, Secret pin, Secret otp);

    /**
     * Subjects that a doctor has signed, and whose file lacks what the configured level adds (a timestamp, states of
     * revocation), because nobody gave it then.
     */
    List<String> unfinished();

    /**
     * Finishes one of them, without doctor or provider.
     *
     * @return empty when these bytes have not been signed for that doctor
     * @throws it.snodo.fault.SnodoException SIGNATURE_EVIDENCE_MISSING when it still cannot be had: the signature stays kept
     */
    Optional<Signer.Signed> finish(Work work);

    /** Drops what was prepared for it. */
    void forget(String subject);

    /**
     * @param subject what is signed, such as {@code certificate/977}: one signature is prepared for it at a time
     * @param pdf the unsigned bytes
     * @param doctor codice fiscale of the doctor, who must be the one in the credential's certificate
     */
    record Work(String subject, byte[] pdf, String doctor) {}

    /**
     * @param code as callers name it
     * @param name as people know it
     * @param otp whether signing needs one
     * @param deliveries how the provider can send one; empty when it cannot (an app or a token makes it)
     */
    record Provider(String code, String name, boolean otp, List<Delivery> deliveries) {}

    /** @param code such as SMS @param name in words */
    record Delivery(String code, String name) {}

    /** @param expiresAt when what was prepared can be signed no more @param words what the doctor is told */
    record Otp(Instant expiresAt, String words) {}
}
