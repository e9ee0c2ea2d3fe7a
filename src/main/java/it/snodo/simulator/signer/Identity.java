package it.snodo.simulator.signer;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A key and its certificate. */
record Identity(PrivateKey key, X509Certificate certificate) {

    @Override
    public String toString() {
        return "Identity[" + certificate.getSubjectX500Principal() + "]";
    }
}
