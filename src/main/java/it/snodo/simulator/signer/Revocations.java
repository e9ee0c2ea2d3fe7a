package it.snodo.simulator.signer;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.Req;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** Whether the authority's certificates still hold: OCSP (RFC 6960) and CRL (RFC 5280), both signed by the authority. */
final class Revocations {
    private static final Duration GOOD_FOR = Duration.ofDays(1);

    private final Authority authority;
    private final Vault vault;
    private final Clock clock;

    Revocations(Authority authority, Vault vault, Clock clock) {
        this.authority = authority;
        this.vault = vault;
        this.clock = clock;
    }

    /** DER of an OCSPResponse; malformedRequest for what is no request. */
    byte[] ocsp(byte[] request) {
        try {
            OCSPReq asked;
            try {
                asked = new OCSPReq(request);
            } catch (IOException | IllegalArgumentException | ClassCastException e) {
                return new OCSPRespBuilder()
                        .build(OCSPRespBuilder.MALFORMED_REQUEST, null)
                        .getEncoded();
            }
            Identity ca = authority.ca();
            X509CertificateHolder holder = new JcaX509CertificateHolder(ca.certificate());
            DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().build();
            BasicOCSPRespBuilder basic = new BasicOCSPRespBuilder(
                    SubjectPublicKeyInfo.getInstance(
                            ca.certificate().getPublicKey().getEncoded()),
                    digests.get(CertificateID.HASH_SHA1));
            Instant now = clock.instant();
            for (Req one : asked.getRequestList()) {
                basic.addResponse(
                        one.getCertID(),
                        status(one.getCertID(), holder, digests),
                        Date.from(now),
                        Date.from(now.plus(GOOD_FOR)));
            }
            Extension nonce = asked.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
            if (nonce != null) {
                basic.setResponseExtensions(new Extensions(new Extension(
                        OCSPObjectIdentifiers.id_pkix_ocsp_nonce,
                        false,
                        ASN1OctetString.getInstance(nonce.getExtnValue()))));
            }
            return new OCSPRespBuilder()
                    .build(
                            OCSPRespBuilder.SUCCESSFUL,
                            basic.build(signer(ca), new X509CertificateHolder[] {holder}, Date.from(now)))
                    .getEncoded();
        } catch (OCSPException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        } catch (IOException | java.security.cert.CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private CertificateStatus status(CertificateID id, X509CertificateHolder ca, DigestCalculatorProvider digests)
            throws OCSPException {
        String name = id.matchesIssuer(ca, digests) ? authority.holder(id.getSerialNumber()) : null;
        if (name == null) {
            return new UnknownStatus();
        }
        Vault.Standing standing = vault.standing(name);
        return switch (standing.status()) {
            case "revoked" -> new RevokedStatus(Date.from(standing.since()), CRLReason.unspecified);
            case "suspended" -> new RevokedStatus(Date.from(standing.since()), CRLReason.certificateHold);
            default -> CertificateStatus.GOOD;
        };
    }

    /** DER of the list of those that hold no more. */
    byte[] crl() {
        Identity ca = authority.ca();
        Instant now = clock.instant();
        try {
            X509v2CRLBuilder list = new X509v2CRLBuilder(
                    X500Name.getInstance(
                            ca.certificate().getSubjectX500Principal().getEncoded()),
                    Date.from(now));
            list.setNextUpdate(Date.from(now.plus(GOOD_FOR)));
            vault.standings().forEach((alias, standing) -> {
                var serial = authority.serial(alias);
                if (serial != null && !standing.status().equals("valid")) {
                    list.addCRLEntry(
                            serial,
                            Date.from(standing.since()),
                            standing.status().equals("suspended") ? CRLReason.certificateHold : CRLReason.unspecified);
                }
            });
            list.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(ca.certificate().getPublicKey()));
            list.addExtension(
                    Extension.cRLNumber, false, new CRLNumber(java.math.BigInteger.valueOf(now.getEpochSecond())));
            return list.build(signer(ca)).getEncoded();
        } catch (IOException | java.security.NoSuchAlgorithmException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ContentSigner signer(Identity ca) throws OperatorCreationException {
        return new JcaContentSignerBuilder(Authority.EC_SIGNATURE).build(ca.key());
    }
}
