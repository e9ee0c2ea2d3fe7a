package it.snodo.simulator.signer;

import static it.snodo.simulator.signer.CscClient.VERDI;
import static it.snodo.simulator.signer.CscClient.of;
import static it.snodo.simulator.signer.CscClient.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The provider's time stamps and its answers about its certificates, read with BouncyCastle as a client would. */
class TrustServicesTest {
    private Simulators simulators;
    private CscClient provider;

    @BeforeEach
    void start() {
        simulators = new Simulators(SimulatorSettings.onPort(0)).start();
        provider = new CscClient(simulators);
    }

    @AfterEach
    void stop() {
        simulators.close();
    }

    private X509Certificate ca() throws Exception {
        return CscClient.certificate(provider.send("/signer/ca.crt", null).body());
    }

    private void check(TimeStampToken token) throws Exception {
        X509CertificateHolder signer = (X509CertificateHolder)
                token.getCertificates().getMatches(token.getSID()).iterator().next();
        token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(signer)); // also that it may stamp
        assertThat(signer.isSignatureValid(new JcaContentVerifierProviderBuilder().build(ca())))
                .isTrue();
    }

    @Test
    void a_time_stamp_is_of_the_digest_asked_for_and_its_signer_of_the_authority() throws Exception {
        TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
        generator.setCertReq(true);
        TimeStampRequest request = generator.generate(TSPAlgorithms.SHA256, sha256("firma"), BigInteger.valueOf(4711));
        TimeStampResponse response = new TimeStampResponse(
                provider.send("/signer/tsa", request.getEncoded(), "Content-Type", "application/timestamp-query")
                        .body());
        response.validate(request);
        check(response.getTimeStampToken());
        assertThat(provider.send("/signer/tsa", new byte[] {1, 2}).statusCode()).isEqualTo(400);
    }

    @Test
    void an_unknown_digest_is_rejected_in_the_form_of_the_standard() throws Exception {
        TimeStampRequest request = new TimeStampRequestGenerator()
                .generate(new ASN1ObjectIdentifier("1.2.3.4"), sha256("firma"), BigInteger.ONE);
        TimeStampResponse response = new TimeStampResponse(
                provider.send("/signer/tsa", request.getEncoded()).body());
        assertThat(response.getStatus()).isEqualTo(2);
        assertThat(response.getTimeStampToken()).isNull();
    }

    @Test
    void csc_gives_time_stamps_too() throws Exception {
        byte[] token = Base64.getDecoder()
                .decode(provider.call(
                                "v2/signatures/timestamp",
                                CscClient.json()
                                        .put("hash", CscClient.base64(sha256("firma")))
                                        .put("hashAlgorithmOID", CscClient.SHA256)
                                        .put("nonce", "1A2B"))
                        .path("timestamp")
                        .asText());
        TimeStampToken stamp = new TimeStampToken(new org.bouncycastle.cms.CMSSignedData(token));
        check(stamp);
        assertThat(stamp.getTimeStampInfo().getMessageImprintDigest()).isEqualTo(sha256("firma"));
        assertThat(stamp.getTimeStampInfo().getNonce()).isEqualTo(BigInteger.valueOf(0x1A2B));
    }

    private CertificateStatus status(BigInteger serial) throws Exception {
        DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().build();
        OCSPReqBuilder builder = new OCSPReqBuilder();
        builder.addRequest(
                new CertificateID(digests.get(CertificateID.HASH_SHA1), new JcaX509CertificateHolder(ca()), serial));
        OCSPResp response = new OCSPResp(
                provider.send("/signer/ocsp", builder.build().getEncoded()).body());
        assertThat(response.getStatus()).isZero();
        BasicOCSPResp basic = (BasicOCSPResp) response.getResponseObject();
        assertThat(basic.isSignatureValid(new JcaContentVerifierProviderBuilder().build(ca().getPublicKey())))
                .isTrue();
        return basic.getResponses()[0].getCertStatus();
    }

    @Test
    void a_revoked_certificate_is_known_as_such_to_ocsp_and_crl_and_signs_no_more() throws Exception {
        X509Certificate verdi = provider.certificate(VERDI, 0);
        assertThat(status(verdi.getSerialNumber())).isEqualTo(CertificateStatus.GOOD);
        assertThat(status(BigInteger.TWO)).isInstanceOf(UnknownStatus.class);
        assertThat(crl().getRevokedCertificate(verdi)).isNull();
        provider.control("{\"revoke\":\"" + VERDI + "\"}");
        assertThat(status(verdi.getSerialNumber())).isInstanceOf(RevokedStatus.class);
        assertThat(crl().getRevokedCertificate(verdi)).isNotNull();
        assertThat(provider.refusal("v1/credentials/sendOTP", of(VERDI))).contains("disabled");
        provider.control("{\"reinstate\":\"*\"}");
        assertThat(status(verdi.getSerialNumber())).isEqualTo(CertificateStatus.GOOD);
    }

    private X509CRL crl() throws Exception {
        X509CRL crl = (X509CRL) CertificateFactory.getInstance("X.509")
                .generateCRL(new ByteArrayInputStream(
                        provider.send("/signer/ca.crl", null).body()));
        crl.verify(ca().getPublicKey());
        return crl;
    }

    @Test
    void the_certificate_names_where_to_ask() throws Exception {
        String extensions = new String(provider.certificate(VERDI, 0).getEncoded(), "ISO-8859-1");
        assertThat(extensions)
                .contains(
                        simulators.url() + "/signer/ocsp",
                        simulators.url() + "/signer/ca.crt",
                        simulators.url() + "/signer/ca.crl");
    }
}
