package it.snodo.signature;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certification authority of invented doctors. */
final class TestAuthority {

    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private final String crlUrl;
    private final KeyPair keys = rsa();
    private final X500Name name = new X500Name("C=IT,O=Prove,CN=Autorità di prova");
    final X509Certificate certificate;

    TestAuthority() {
        this(null);
    }

    /** @param crlUrl where its revocations are told; nowhere when null */
    TestAuthority(String crlUrl) {
        this.crlUrl = crlUrl;
        this.certificate = make(
                name,
                keys,
                new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign),
                true,
                NOW.plus(3650, ChronoUnit.DAYS),
                null);
    }

    /** Nobody is revoked. */
    byte[] crl() {
        try {
            var builder = new JcaX509v2CRLBuilder(certificate, Date.from(NOW.minus(1, ChronoUnit.HOURS)));
            builder.setNextUpdate(Date.from(NOW.plus(30, ChronoUnit.DAYS)));
            return builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate()))
                    .getEncoded();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key and its certificates, its own first. */
    record Issued(KeyPair keys, List<X509Certificate> chain) {}

    Issued doctor(String fiscalCode) {
        return issue(rsa(), fiscalCode, NOW.plus(365, ChronoUnit.DAYS));
    }

    Issued doctorWithCurve(String fiscalCode) {
        return issue(curve(), fiscalCode, NOW.plus(365, ChronoUnit.DAYS));
    }

    Issued expired(String fiscalCode) {
        return issue(rsa(), fiscalCode, NOW.minus(1, ChronoUnit.DAYS));
    }

    Issued timestamps() {
        KeyPair own = rsa();
        return new Issued(
                own,
                List.of(
                        make(
                                new X500Name("C=IT,O=Prove,CN=Marche di prova"),
                                own,
                                new KeyUsage(KeyUsage.digitalSignature),
                                false,
                                NOW.plus(365, ChronoUnit.DAYS),
                                new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping)),
                        certificate));
    }

    private Issued issue(KeyPair own, String fiscalCode, Instant until) {
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
        subject.addRDN(BCStyle.C, "IT");
        subject.addRDN(BCStyle.SERIALNUMBER, "TINIT-" + fiscalCode);
        subject.addRDN(BCStyle.CN, "MEDICO DI PROVA");
        return new Issued(
                own,
                List.of(
                        make(subject.build(), own, new KeyUsage(KeyUsage.nonRepudiation), false, until, null),
                        certificate));
    }

    private X509Certificate make(
            X500Name subject,
            KeyPair own,
            KeyUsage usage,
            boolean authority,
            Instant until,
            ExtendedKeyUsage extended) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(100, new SecureRandom()).setBit(99),
                    Date.from(NOW.minus(30, ChronoUnit.DAYS)),
                    Date.from(until),
                    subject,
                    own.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(Extension.keyUsage, true, usage);
            if (extended != null) {
                builder.addExtension(Extension.extendedKeyUsage, true, extended);
            }
            if (crlUrl != null && !authority) {
                builder.addExtension(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
                    new DistributionPoint(
                            new DistributionPointName(
                                    new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, crlUrl))),
                            null,
                            null)
                }));
            }
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(own.getPublic()));
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair curve() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
