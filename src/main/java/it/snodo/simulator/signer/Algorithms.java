package it.snodo.simulator.signer;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;

/** Signatures over digests. No RSASSA-PSS: a client that asks for it is told so. */
final class Algorithms {
    static final String SHA256 = "2.16.840.1.101.3.4.2.1";
    private static final Map<String, Integer> DIGESTS =
            Map.of(SHA256, 32, "2.16.840.1.101.3.4.2.2", 48, "2.16.840.1.101.3.4.2.3", 64);
    private static final String RSA = "1.2.840.113549.1.1.1";
    private static final String SHA256_RSA = "1.2.840.113549.1.1.11";
    private static final String SHA256_ECDSA = "1.2.840.10045.4.3.2";
    static final String P256 = "1.2.840.10045.3.1.7";

    private Algorithms() {}

    /** The OIDs that the credential's key signs with. */
    static List<String> of(Credential credential) {
        return credential.elliptic ? List.of(SHA256_ECDSA) : List.of(RSA, SHA256_RSA);
    }

    /**
     * The digest algorithm that a call means.
     *
     * @param signAlgo OID
     * @param hashAlgo OID; may be null where signAlgo says it
     * @param parameter how the interface names hashAlgo
     */
    static String digest(Credential credential, String signAlgo, String hashAlgo, String parameter) {
        if (!of(credential).contains(signAlgo)) {
            throw CscError.parameter("signAlgo");
        }
        if (!signAlgo.equals(RSA)) {
            return SHA256;
        }
        if (hashAlgo == null) {
            throw CscError.missing("string", parameter);
        }
        if (!DIGESTS.containsKey(hashAlgo)) {
            throw CscError.parameter(parameter);
        }
        return hashAlgo;
    }

    static void checkLengths(String digest, List<byte[]> hashes) {
        if (!DIGESTS.containsKey(digest)) {
            throw CscError.parameter("hashAlgo");
        }
        if (hashes.stream().anyMatch(hash -> hash.length != DIGESTS.get(digest))) {
            throw CscError.invalid("Invalid digest value length");
        }
    }

    /** PKCS#1 v1.5 over the DigestInfo, or ECDSA over the digest (as a DER sequence); in Base64. */
    static String sign(Identity identity, String digest, byte[] hash) {
        boolean rsa = identity.key().getAlgorithm().equals("RSA");
        try {
            Signature signature = Signature.getInstance(rsa ? "NONEwithRSA" : "NONEwithECDSA");
            signature.initSign(identity.key());
            signature.update(
                    rsa
                            ? new DigestInfo(
                                            new AlgorithmIdentifier(new ASN1ObjectIdentifier(digest), DERNull.INSTANCE),
                                            hash)
                                    .getEncoded()
                            : hash);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
