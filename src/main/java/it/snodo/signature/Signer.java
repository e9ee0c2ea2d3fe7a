package it.snodo.signature;

import java.time.Instant;

/**
 * Puts a doctor's signature on a PDF. Adapters: a key store of the hub itself (automatic signature), and a remote
 * provider with alias, PIN and OTP.
 */
public interface Signer {

    /**
     * Signs in PAdES-B, as one incremental update.
     *
     * @param pdf the unsigned bytes, exactly as they were validated
     * @param signerFiscalCode codice fiscale of the doctor who signs
     * @return the signed bytes, to be stored once and never made again
     */
    Signed sign(byte[] pdf, String signerFiscalCode);

    /**
     * @param pdf the signed bytes
     * @param at signing time as written in /M
     * @param signer subject of the certificate
     */
    record Signed(byte[] pdf, Instant at, String signer) {}
}
