package it.snodo.simulator.signer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
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
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The provider's certification authority. Every key is made when it is first needed, so that a start waits for none, and
 * kept in a folder, when there is one: a restart goes on with the same. Its own keys are elliptic because those are made
 * in a millisecond; the doctors' are RSA, as providers' are.
 */
final class Authority {
    static final String EC_SIGNATURE = "SHA256withECDSA";
    private static final String CA = "ca";
    private static final String TSA = "tsa";
    private static final int YEARS = 5;

    private final Path folder;
    private final Supplier<String> url;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Identity> identities = new LinkedHashMap<>();

    /**
     * @param folder where keys and certificates are kept; null keeps them in memory
     * @param url where the provider is reached from outside, for the addresses in certificates
     */
    Authority(Path folder, Supplier<String> url, Clock clock) {
        this.folder = folder;
        this.url = url;
        this.clock = clock;
        load();
    }

    synchronized Identity ca() {
        return have(CA, true, this::issueCa);
    }

    synchronized Identity tsa() {
        return have(
                TSA,
                true,
                (keys) -> issue(keys, name("Marca temporale simulata"), builder -> {
                    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
                    builder.addExtension(
                            Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
                }));
    }

    synchronized Identity of(Credential credential) {
        return have(credential.alias, credential.elliptic, keys -> {
            Doctor doctor = credential.doctor;
            X500Name subject = new X500NameBuilder(BCStyle.INSTANCE)
                    .addRDN(BCStyle.C, "IT")
                    .addRDN(BCStyle.SURNAME, doctor.family())
                    .addRDN(BCStyle.GIVENNAME, doctor.given())
                    .addRDN(BCStyle.SERIALNUMBER, "TINIT-" + doctor.fiscalCode())
                    .addRDN(BCStyle.CN, doctor.family() + " " + doctor.given())
                    .build();
            return issue(
                    keys,
                    subject,
                    builder -> builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.nonRepudiation)));
        });
    }

    /** Alias of the credential, or {@code tsa} or {@code ca}, whose certificate has that number; null when none has. */
    synchronized String holder(BigInteger serial) {
        return identities.entrySet().stream()
                .filter(e -> e.getValue().certificate().getSerialNumber().equals(serial))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** The number of a credential's certificate; null when it has not been needed yet. */
    synchronized BigInteger serial(String alias) {
        Identity identity = identities.get(alias);
        return identity == null ? null : identity.certificate().getSerialNumber();
    }

    private interface Issuer {
        X509Certificate issue(KeyPair keys) throws GeneralSecurityException, OperatorCreationException, IOException;
    }

    private interface Extensions {
        void add(JcaX509v3CertificateBuilder builder) throws IOException;
    }

    private Identity have(String name, boolean elliptic, Issuer issuer) {
        Identity known = identities.get(name);
        if (known != null) {
            return known;
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(elliptic ? "EC" : "RSA");
            if (elliptic) {
                generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            } else {
                generator.initialize(2048, random);
            }
            KeyPair keys = generator.generateKeyPair();
            Identity made = new Identity(keys.getPrivate(), issuer.issue(keys));
            store(name, made);
            identities.put(name, made);
            return made;
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private X509Certificate issueCa(KeyPair keys)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        X500Name subject = name("Firma remota simulata CA");
        JcaX509v3CertificateBuilder builder = builder(subject, subject, keys);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
        return sign(builder, keys.getPrivate());
    }

    private X509Certificate issue(KeyPair keys, X500Name subject, Extensions extensions)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        Identity ca = ca();
        JcaX509v3CertificateBuilder builder = builder(
                X500Name.getInstance(ca.certificate().getSubjectX500Principal().getEncoded()), subject, keys);
        JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.subjectKeyIdentifier, false, utils.createSubjectKeyIdentifier(keys.getPublic()));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                utils.createAuthorityKeyIdentifier(ca.certificate().getPublicKey()));
        builder.addExtension(
                Extension.authorityInfoAccess, false, new AuthorityInformationAccess(new AccessDescription[] {
                    new AccessDescription(AccessDescription.id_ad_ocsp, address("/signer/ocsp")),
                    new AccessDescription(AccessDescription.id_ad_caIssuers, address("/signer/ca.crt"))
                }));
        builder.addExtension(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
            new DistributionPoint(new DistributionPointName(new GeneralNames(address("/signer/ca.crl"))), null, null)
        }));
        extensions.add(builder);
        return sign(builder, ca.key());
    }

    private GeneralName address(String path) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, url.get() + path);
    }

    private JcaX509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair keys) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(120, random).setBit(119),
                Date.from(now.minus(1, ChronoUnit.DAYS)),
                Date.from(now.plus(YEARS * 365L, ChronoUnit.DAYS)),
                subject,
                keys.getPublic());
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(EC_SIGNATURE).build(key)));
    }

    private static X500Name name(String common) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.C, "IT")
                .addRDN(BCStyle.O, "Snodo, dimostrazione")
                .addRDN(BCStyle.CN, common)
                .build();
    }

    // --- on disk: <name>.crt (DER) and <name>.key (PKCS#8); the certificate is written last, and counts

    private void load() {
        if (folder == null || !Files.isDirectory(folder)) {
            return;
        }
        try (var files = Files.list(folder)) {
            CertificateFactory certificates = CertificateFactory.getInstance("X.509");
            for (Path file : files.filter(f -> f.toString().endsWith(".crt")).toList()) {
                String name = file.getFileName().toString().replaceAll("\\.crt$", "");
                X509Certificate certificate = (X509Certificate)
                        certificates.generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
                PrivateKey key = KeyFactory.getInstance(
                                certificate.getPublicKey().getAlgorithm())
                        .generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(folder.resolve(name + ".key"))));
                identities.put(name, new Identity(key, certificate));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("keys of the simulated provider in " + folder + ": " + e.getMessage(), e);
        }
    }

    private void store(String name, Identity identity) throws IOException, GeneralSecurityException {
        if (folder != null) {
            Files.createDirectories(folder);
            write(folder.resolve(name + ".key"), identity.key().getEncoded());
            write(folder.resolve(name + ".crt"), identity.certificate().getEncoded());
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
