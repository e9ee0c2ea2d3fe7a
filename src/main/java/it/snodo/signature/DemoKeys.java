package it.snodo.signature;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
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
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * The keys of the demonstration: a certification authority of its own, a signer, the two certificates that an FSE
 * client needs, and two for TLS: the hub's own and one for a hospital system. Made at the first start in {@code <data-dir>/keys/} with a random password beside them that only the
 * owner can read; nothing of it is worth anything outside the demo, and the certificates say so in their names.
 *
 * <p>The authority's private key is thrown away once the certificates are made.
 */
@Component
@Profile("demo")
public final class DemoKeys {

    /** Signs documents, for every doctor of the demo. */
    public static final String SIGNER = "signer";
    /** Signs the tokens for the FSE gateway. */
    public static final String FSE_SIGNATURE = "fse-signature";
    /** Client certificate for mutual TLS with the FSE gateway. */
    public static final String FSE_AUTH = "fse-auth";
    /** The hub's own, for TLS on localhost. */
    public static final String SERVER = "server";
    /** Client certificate of an invented hospital system, to try mutual TLS with. */
    public static final String CLIENT = "client";

    /** Invented: no person has this codice fiscale. */
    static final String SIGNER_FISCAL_CODE = "FRMDMO70A01L219J";

    private static final List<String> NAMES = List.of(SIGNER, FSE_SIGNATURE, FSE_AUTH, SERVER, CLIENT);
    private static final String CA_FILE = "ca.pem";
    private static final String TRUST_FILE = "trust.p12";
    private static final String PASSWORD_FILE = "password";
    private static final int YEARS = 10;

    private final Path folder;
    private final char[] password;
    private final X509Certificate ca;

    @Autowired
    DemoKeys(@Value("${snodo.data-dir:data}") String dataDir) {
        this(Path.of(dataDir));
    }

    /**
     * Reads the keys, or makes them when one of their files is missing.
     *
     * @param dataDir the hub's folder for data; keys lie in its folder {@code keys}
     * @throws IllegalStateException when the folder cannot be written or holds something else
     */
    public DemoKeys(Path dataDir) {
        this.folder = dataDir.resolve("keys").toAbsolutePath().normalize();
        try {
            if (!complete()) {
                make();
            }
            this.password =
                    Files.readString(folder.resolve(PASSWORD_FILE)).strip().toCharArray();
            try (var in = Files.newInputStream(folder.resolve(CA_FILE))) {
                this.ca = (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(in);
            }
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("demo keys in " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * A PKCS#12 file with one key entry, whose alias is the name, and its chain.
     *
     * @param name one of the names above
     */
    public Path pkcs12(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("no demo key " + name + ", only " + NAMES);
        }
        return folder.resolve(name + ".p12");
    }

    /** A PKCS#12 file with the authority's certificate alone: whom the demo trusts. */
    public Path trusted() {
        return folder.resolve(TRUST_FILE);
    }

    /** The password of all the files, and of the keys in them. A copy: the caller may wipe it. */
    public char[] password() {
        return password.clone();
    }

    /** The authority that made the certificates; what demo verifiers trust. */
    public X509Certificate ca() {
        return ca;
    }

    private boolean complete() {
        return NAMES.stream().allMatch(name -> Files.isRegularFile(pkcs12(name)))
                && Files.isRegularFile(folder.resolve(CA_FILE))
                && Files.isRegularFile(folder.resolve(TRUST_FILE))
                && Files.isRegularFile(folder.resolve(PASSWORD_FILE));
    }

    private void make() throws IOException, GeneralSecurityException, OperatorCreationException {
        Files.createDirectories(folder);
        ownerOnly(folder, "rwx------");
        Files.deleteIfExists(folder.resolve(PASSWORD_FILE));

        SecureRandom random = new SecureRandom();
        byte[] secret = new byte[24];
        random.nextBytes(secret);
        String newPassword = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);

        KeyPair caKeys = keyPair(random);
        X500Name caName = name("Snodo CA dimostrativa (nessun valore legale)", null);
        X509Certificate caCertificate = certificate(
                caName,
                caKeys,
                caName,
                caKeys,
                random,
                new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign),
                null,
                true);

        store(
                SIGNER,
                newPassword,
                caCertificate,
                caKeys,
                random,
                name("Firma automatica dimostrativa Snodo (nessun valore legale)", "TINIT-" + SIGNER_FISCAL_CODE),
                new KeyUsage(KeyUsage.nonRepudiation),
                null);
        store(
                FSE_SIGNATURE,
                newPassword,
                caCertificate,
                caKeys,
                random,
                name("S1#111DEMO", null),
                new KeyUsage(KeyUsage.digitalSignature),
                null);
        store(
                FSE_AUTH,
                newPassword,
                caCertificate,
                caKeys,
                random,
                name("A1#111DEMO", null),
                new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment),
                new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));

        store(
                SERVER,
                newPassword,
                caCertificate,
                caKeys,
                random,
                name("localhost", null),
                new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment),
                new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        store(
                CLIENT,
                newPassword,
                caCertificate,
                caKeys,
                random,
                name("Cartella clinica dimostrativa", null),
                new KeyUsage(KeyUsage.digitalSignature),
                new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", caCertificate);
        var trustBytes = new java.io.ByteArrayOutputStream();
        trust.store(trustBytes, newPassword.toCharArray());
        write(TRUST_FILE, trustBytes.toByteArray());

        String pem = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(caCertificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        write(CA_FILE, pem.getBytes(StandardCharsets.US_ASCII));
        // last: a start that was cut short before this line begins again
        write(PASSWORD_FILE, newPassword.getBytes(StandardCharsets.US_ASCII));
    }

    private void store(
            String alias,
            String newPassword,
            X509Certificate caCertificate,
            KeyPair caKeys,
            SecureRandom random,
            X500Name subject,
            KeyUsage usage,
            ExtendedKeyUsage extended)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        KeyPair keys = keyPair(random);
        X500Name issuer =
                X500Name.getInstance(caCertificate.getSubjectX500Principal().getEncoded());
        X509Certificate certificate = certificate(subject, keys, issuer, caKeys, random, usage, extended, false);
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        keyStore.load(null, null);
        keyStore.setKeyEntry(
                alias, keys.getPrivate(), newPassword.toCharArray(), new Certificate[] {certificate, caCertificate});
        var out = new java.io.ByteArrayOutputStream();
        keyStore.store(out, newPassword.toCharArray());
        write(alias + ".p12", out.toByteArray());
    }

    private static X509Certificate certificate(
            X500Name subject,
            KeyPair keys,
            X500Name issuer,
            KeyPair issuerKeys,
            SecureRandom random,
            KeyUsage usage,
            ExtendedKeyUsage extended,
            boolean authority)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.DAYS);
        var builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(120, random).setBit(119),
                Date.from(now.minus(1, ChronoUnit.DAYS)),
                Date.from(now.plus(YEARS * 365L, ChronoUnit.DAYS)),
                subject,
                keys.getPublic());
        var extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        builder.addExtension(Extension.keyUsage, true, usage);
        if (extended != null) {
            builder.addExtension(Extension.extendedKeyUsage, false, extended);
            if (extended.hasKeyPurposeId(KeyPurposeId.id_kp_serverAuth)) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.dNSName, "localhost"),
                    new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                }));
            }
        }
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(keys.getPublic()));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions.createAuthorityKeyIdentifier(issuerKeys.getPublic()));
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(issuerKeys.getPrivate())));
    }

    private static X500Name name(String commonName, String serialNumber) {
        X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
        builder.addRDN(BCStyle.C, "IT");
        builder.addRDN(BCStyle.O, "Snodo demo");
        if (serialNumber != null) {
            builder.addRDN(BCStyle.SERIALNUMBER, serialNumber);
        }
        builder.addRDN(BCStyle.CN, commonName);
        return builder.build();
    }

    private static KeyPair keyPair(SecureRandom random) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048, random);
        return generator.generateKeyPair();
    }

    /** Readable by nobody else, from the moment it exists. */
    private void write(String name, byte[] content) throws IOException {
        Path target = folder.resolve(name);
        Path temporary = folder.resolve(name + ".new");
        Files.deleteIfExists(temporary);
        if (isPosix()) {
            Files.createFile(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(temporary);
            var file = temporary.toFile();
            file.setReadable(false, false);
            file.setReadable(true, true);
        }
        try (OutputStream out = Files.newOutputStream(temporary)) {
            out.write(content);
        }
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void ownerOnly(Path path, String permissions) throws IOException {
        if (isPosix()) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
