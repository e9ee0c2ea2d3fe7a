package it.snodo.simulator.signer;

import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/** Time stamps as of RFC 3161. */
final class Stamps {
    /** The best practices policy for time stamps of ETSI EN 319 421. */
    private static final ASN1ObjectIdentifier POLICY = new ASN1ObjectIdentifier("0.4.0.2023.1.1");

    private final Authority authority;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Stamps(Authority authority, Clock clock) {
        this.authority = authority;
        this.clock = clock;
    }

    /** DER of a TimeStampResp; null when the request is none. */
    byte[] answer(byte[] request) {
        try {
            return stamp(new TimeStampRequest(request)).getEncoded();
        } catch (IOException | IllegalArgumentException | ClassCastException e) {
            return null;
        }
    }

    /** DER of a token over that digest. */
    byte[] token(String digestAlgorithm, byte[] digest, BigInteger nonce) {
        try {
            TimeStampRequestGenerator request = new TimeStampRequestGenerator();
            request.setCertReq(true);
            ASN1ObjectIdentifier algorithm = new ASN1ObjectIdentifier(digestAlgorithm);
            TimeStampResponse response = stamp(
                    nonce == null ? request.generate(algorithm, digest) : request.generate(algorithm, digest, nonce));
            if (response.getTimeStampToken() == null) {
                throw CscError.invalid(response.getStatusString());
            }
            return response.getTimeStampToken().getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private TimeStampResponse stamp(TimeStampRequest request) {
        Identity tsa = authority.tsa();
        try {
            TimeStampTokenGenerator token = new TimeStampTokenGenerator(
                    new JcaSimpleSignerInfoGeneratorBuilder()
                            .build(Authority.EC_SIGNATURE, tsa.key(), tsa.certificate()),
                    new JcaDigestCalculatorProviderBuilder()
                            .build()
                            .get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256)),
                    POLICY);
            token.setAccuracySeconds(1);
            token.addCertificates(
                    new JcaCertStore(List.of(tsa.certificate(), authority.ca().certificate())));
            return new TimeStampResponseGenerator(token, TSPAlgorithms.ALLOWED)
                    .generate(request, new BigInteger(96, random), Date.from(clock.instant()));
        } catch (TSPException | OperatorCreationException | CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
