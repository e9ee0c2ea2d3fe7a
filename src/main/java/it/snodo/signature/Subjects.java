package it.snodo.signature;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;

/** Reads who a certificate is made out to. */
final class Subjects {

    /** TINIT-RSSMRA… (ETSI EN 319 412-1) or the older IT:RSSMRA…; letters stand for digits in omocodia. */
    private static final Pattern FISCAL_CODE =
            Pattern.compile("(?:TINIT-|IT:)([A-Z0-9]{16})", Pattern.CASE_INSENSITIVE);

    private Subjects() {}

    static String commonName(X509Certificate certificate) {
        return attribute(certificate, BCStyle.CN)
                .orElse(certificate.getSubjectX500Principal().getName());
    }

    /** The codice fiscale in the subject's serialNumber. */
    static Optional<String> fiscalCode(X509Certificate certificate) {
        return attribute(certificate, BCStyle.SERIALNUMBER).flatMap(Subjects::fiscalCode);
    }

    /** The codice fiscale in a serialNumber such as TINIT-RSSMRA…. */
    static Optional<String> fiscalCode(String serialNumber) {
        Matcher match = FISCAL_CODE.matcher(serialNumber);
        return match.matches() ? Optional.of(match.group(1).toUpperCase(Locale.ROOT)) : Optional.empty();
    }

    private static Optional<String> attribute(X509Certificate certificate, ASN1ObjectIdentifier type) {
        try {
            X500Name name = new JcaX509CertificateHolder(certificate).getSubject();
            RDN[] found = name.getRDNs(type);
            return found.length == 0
                    ? Optional.empty()
                    : Optional.of(IETFUtils.valueToString(found[0].getFirst().getValue()));
        } catch (CertificateEncodingException e) {
            return Optional.empty();
        }
    }
}
