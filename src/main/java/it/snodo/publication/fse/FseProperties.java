package it.snodo.publication.fse;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The FSE 2.0 gateway. There are no default secrets: without a signature key store deliveries wait.
 *
 * @param baseUrl up to and including {@code /v1}
 * @param audience {@code aud} of the tokens; the base URL when empty
 * @param signatureKeyStore PKCS#12 with the Ministry's signature certificate (CN {@code S1#…}); signs both tokens
 * @param signatureKeyAlias entry in it; the first key entry when empty
 * @param issuer the CN in {@code iss}; the certificate's own when empty
 * @param sslBundle name of a Spring SSL bundle for mutual TLS; or else the two stores below
 * @param authKeyStore PKCS#12 with the authentication certificate (CN {@code A1#…})
 * @param trustStore PKCS#12 with the CAs of the gateway; the platform's when empty
 * @param subject codice fiscale in {@code sub}; the document's author when empty
 * @param subjectRole role of the Affinity Domain
 * @param organizationId region code in three digits, with its name in {@code organizationName}
 * @param subjectApplicationId as accredited, like vendor and version
 * @param repositoryId identificativoRep
 * @param submissionRoot OID under which submissions are numbered
 * @param conservation whether documents are in legal preservation, and the metadata say so
 * @param validationTimeout the longest a validation may keep a doctor waiting for signature
 * @param validationLife how long the gateway keeps a validation; a margin is taken off
 * @param tokenLife from now to {@code exp}
 * @param tokenBackdate how far {@code iat} lies in the past: GovWay's clock has lagged by minutes
 * @param callbackUrl where the gateway may notify, sent as {@code X-Callback-Url}; nothing is sent when empty
 */
@ConfigurationProperties("snodo.fse")
public record FseProperties(
        @DefaultValue("http://localhost:8090/fse/v1") String baseUrl,
        String audience,
        Path signatureKeyStore,
        String signatureKeyStorePassword,
        String signatureKeyAlias,
        String issuer,
        String sslBundle,
        Path authKeyStore,
        String authKeyStorePassword,
        Path trustStore,
        String trustStorePassword,
        String subject,
        @DefaultValue("AAS") String subjectRole,
        @DefaultValue("010") String organizationId,
        @DefaultValue("Regione Piemonte") String organizationName,
        @DefaultValue("SNODO") String subjectApplicationId,
        @DefaultValue("SNODO") String subjectApplicationVendor,
        @DefaultValue("0.1.0") String subjectApplicationVersion,
        @DefaultValue("2.16.840.1.113883.2.9.2.10.4.5.1") String repositoryId,
        @DefaultValue("2.16.840.1.113883.2.9.2.10.4.3") String submissionRoot,
        @DefaultValue("false") boolean conservation,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("60s") Duration responseTimeout,
        @DefaultValue("15s") Duration validationTimeout,
        @DefaultValue("5d") Duration validationLife,
        @DefaultValue("10m") Duration tokenLife,
        @DefaultValue("5m") Duration tokenBackdate,
        String callbackUrl) {

    public FseProperties {
        while (baseUrl.endsWith("/")) {
            baseUrl = baseUrl.substring(0, baseUrl.length() - 1);
        }
        audience = audience == null || audience.isBlank() ? baseUrl : audience;
    }

    /** Without the passwords. */
    @Override
    public String toString() {
        return "FseProperties[baseUrl=" + baseUrl + ", signatureKeyStore=" + signatureKeyStore + "]";
    }
}
