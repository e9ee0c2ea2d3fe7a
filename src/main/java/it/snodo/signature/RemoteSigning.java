package it.snodo.signature;

import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.x509.CertificateToken;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.signature.csc.Credential;
import it.snodo.signature.csc.Credential.Need;
import it.snodo.signature.csc.ProviderSettings;
import it.snodo.signature.csc.Refused;
import it.snodo.signature.csc.SigningService;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Remote signatures over the providers that are configured. Asks providers while it works, so it must not be called with
 * locks or a transaction held.
 */
final class RemoteSigning implements RemoteSignatures {

    private static final DateTimeFormatter CLOCK_TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.of("Europe/Rome"));

    private final Map<String, SigningService> services = new LinkedHashMap<>();
    private final Preparations preparations;
    private final Pades pades;
    private final SignatureProperties words;
    private final Duration otpInterval;
    private final Clock clock;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    RemoteSigning(
            List<? extends SigningService> services,
            Preparations preparations,
            Pades pades,
            SignatureProperties words,
            Duration otpInterval,
            Clock clock) {
        services.forEach(service -> this.services.put(service.settings().code(), service));
        this.preparations = preparations;
        this.pades = pades;
        this.words = words;
        this.otpInterval = otpInterval;
        this.clock = clock;
    }

    @Override
    public List<Provider> providers() {
        return services.values().stream()
                .map(SigningService::settings)
                .map(settings -> new Provider(
                        settings.code(),
                        settings.name(),
                        settings.otp(),
                        settings.deliveries().stream()
                                .map(delivery -> new Delivery(delivery.code(), delivery.name()))
                                .toList()))
                .toList();
    }

    @Override
    public Otp requestOtp(Work work, String provider, String alias, String delivery) {
        SigningService service = service(provider);
        String name = alias(alias);
        String way = delivery == null || delivery.isBlank() ? null : way(service.settings(), delivery);
        return alone(work, () -> requestNow(work, service, name, way));
    }

    private Otp requestNow(Work work, SigningService service, String alias, String delivery) {
        ProviderSettings settings = service.settings();
        Instant now = clock.instant();
        Credential credential = credential(service, alias, work.doctor(), now);
        boolean sends = credential.otp() != Need.NONE && credential.sendsOtp();
        if (sends) {
            Duration wait = preparations.takeTurn(settings.code(), alias, now, otpInterval);
            if (wait != null) {
                throw new SnodoException(
                        SnodoCode.SIGNATURE_OTP_TOO_SOON,
                        "Per questa credenziale un OTP è stato richiesto poco fa: se ne può chiedere un altro fra %d secondi."
                                .formatted(Math.max(1, (wait.toMillis() + 999) / 1000)));
            }
        }
        Pades.Terms terms = terms(credential, now);
        Instant expires = now.plus(settings.otpLifetime());
        // first kept, then asked for: an OTP that arrives finds what it is for, whatever becomes of the answer
        preparations.put(
                new Preparations.Row(
                        work.subject(),
                        settings.code(),
                        alias,
                        delivery,
                        work.doctor(),
                        sha256(work.pdf()),
                        terms,
                        pades.prepare(work.pdf(), terms).digest(),
                        expires),
                now);
        if (sends) {
            send(work, service, credential, alias, delivery);
        }
        return new Otp(expires, told(settings, credential, delivery, expires));
    }

    private void send(Work work, SigningService service, Credential credential, String alias, String delivery) {
        try {
            service.sendOtp(credential, delivery);
        } catch (Refused e) {
            if (e.code() != SnodoCode.SIGNATURE_ANSWER_LOST) {
                preparations.drop(work.subject());
                preparations.giveTurnBack(service.settings().code(), alias);
            }
            throw heeded(e, service, alias);
        }
    }

    private static String told(ProviderSettings settings, Credential credential, String delivery, Instant expires) {
        String until = CLOCK_TIME.format(expires);
        if (credential.otp() == Need.NONE) {
            return "%s non chiede OTP per questa credenziale: firmare con il PIN entro le %s."
                    .formatted(settings.name(), until);
        }
        if (!credential.sendsOtp()) {
            return "Leggere l'OTP dall'app o dal dispositivo di %s e firmare entro le %s."
                    .formatted(settings.name(), until);
        }
        String how = settings.deliveries().stream()
                .filter(one -> one.code().equals(delivery))
                .map(one -> " (" + one.name() + ")")
                .findFirst()
                .orElse("");
        return "%s ha inviato l'OTP%s: vale fino alle %s.".formatted(settings.name(), how, until);
    }

    @Override
    public Signer.Signed sign(Work work, String provider, String alias, Secret pin, Secret otp) {
        try (pin;
                otp) {
            SigningService service = service(provider);
            String name = alias(alias);
            return alone(work, () -> signNow(work, service, name, pin, otp));
        }
    }

    private Signer.Signed signNow(Work work, SigningService service, String alias, Secret pin, Secret otp) {
        ProviderSettings settings = service.settings();
        Instant now = clock.instant();
        Optional<Preparations.Row> kept = kept(work, settings, alias, now);
        Credential credential = credential(service, alias, work.doctor(), now);
        if (kept.isEmpty() && credential.otp() == Need.REQUIRED && credential.sendsOtp()) {
            throw new SnodoException(
                    SnodoCode.SIGNATURE_NOT_PREPARED,
                    "Per questo documento non è stato richiesto un OTP a %s con l'alias indicato: richiederlo, poi firmare."
                            .formatted(settings.name()));
        }
        char[] pinSent = needed(credential.pin(), pin, "il PIN", settings);
        char[] otpSent = needed(credential.otp(), otp, "l'OTP", settings);
        Pades.Terms terms = kept.map(Preparations.Row::terms).orElseGet(() -> terms(credential, now));
        Pades.Prepared prepared = pades.prepare(work.pdf(), terms);
        byte[] digest = prepared.digest();
        kept.ifPresent(row -> requireSame(row, credential, digest));
        byte[] value;
        try {
            String delivery = kept.map(Preparations.Row::delivery).orElse(null);
            value = service.sign(credential, digest, pinSent, otpSent, delivery);
        } catch (Refused e) {
            if (e.spent()) {
                preparations.drop(work.subject());
            }
            throw heeded(e, service, alias);
        }
        // the OTP is spent, whatever happens now
        preparations.drop(work.subject());
        return signed(work, terms, prepared, value);
    }

    private static Signer.Signed signed(Work work, Pades.Terms terms, Pades.Prepared prepared, byte[] value) {
        byte[] pdf;
        try {
            pdf = prepared.signed(new SignatureValue(terms.algorithm(), value));
        } catch (SnodoException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new SnodoException(SnodoCode.SIGNATURE_FAILED, "La firma PAdES non è riuscita: " + e.getMessage(), e);
        }
        SignatureCheck.requireSigned(work.pdf(), pdf);
        return new Signer.Signed(
                pdf,
                terms.at(),
                terms.chain().get(0).getCertificate().getSubjectX500Principal().getName());
    }

    /** What was prepared for this work, provider and alias; nothing when it was for others. */
    private Optional<Preparations.Row> kept(Work work, ProviderSettings settings, String alias, Instant now) {
        Optional<Preparations.Row> kept = preparations
                .get(work.subject())
                .filter(row ->
                        row.provider().equals(settings.code()) && row.alias().equals(alias));
        if (kept.isEmpty()) {
            return kept;
        }
        Preparations.Row row = kept.get();
        if (!now.isBefore(row.expiresAt())) {
            throw new SnodoException(
                    SnodoCode.SIGNATURE_OTP_EXPIRED,
                    "L'OTP richiesto valeva fino alle %s: richiederne uno nuovo."
                            .formatted(CLOCK_TIME.format(row.expiresAt())));
        }
        if (!row.doctor().equalsIgnoreCase(work.doctor()) || !Arrays.equals(row.pdfSha256(), sha256(work.pdf()))) {
            preparations.drop(work.subject());
            throw changed("Il documento è cambiato dopo la richiesta dell'OTP");
        }
        return kept;
    }

    private void requireSame(Preparations.Row row, Credential credential, byte[] digest) {
        List<CertificateToken> now =
                credential.chain().stream().map(CertificateToken::new).toList();
        if (!now.get(0).equals(row.terms().chain().get(0))) {
            preparations.drop(row.subject());
            throw changed("Il fornitore ha cambiato il certificato del medico dopo la richiesta dell'OTP");
        }
        if (!Arrays.equals(digest, row.digest())) {
            preparations.drop(row.subject());
            throw changed("Ciò che si firmerebbe non è più ciò che era stato preparato");
        }
    }

    private static SnodoException changed(String what) {
        return new SnodoException(SnodoCode.SIGNATURE_PREPARATION_CHANGED, what + ": richiedere un nuovo OTP.");
    }

    @Override
    public void forget(String subject) {
        preparations.drop(subject);
    }

    /** A locked credential signs nothing more, so nothing waits for it. */
    private Refused heeded(Refused refused, SigningService service, String alias) {
        if (refused.locked()) {
            preparations.dropAll(service.settings().code(), alias);
        }
        return refused;
    }

    private Credential credential(SigningService service, String alias, String doctor, Instant now) {
        Credential credential =
                service.credential(alias, certificate -> DoctorsCertificate.belongs(certificate, doctor));
        DoctorsCertificate.require(credential, doctor, now);
        return credential;
    }

    private Pades.Terms terms(Credential credential, Instant now) {
        return pades.terms(
                now.truncatedTo(ChronoUnit.SECONDS),
                credential.chain().stream().map(CertificateToken::new).toList(),
                SignatureAlgorithm.forJAVA(credential.algorithm()).getEncryptionAlgorithm(),
                words);
    }

    private static char[] needed(Need need, Secret secret, String what, ProviderSettings settings) {
        if (need == Need.NONE || need == Need.OPTIONAL && secret == null) {
            return null;
        }
        if (secret == null) {
            throw new SnodoException(
                    SnodoCode.SIGNATURE_SECRET_MISSING, "%s chiede %s.".formatted(settings.name(), what));
        }
        return secret.characters();
    }

    private SigningService service(String provider) {
        SigningService service = provider == null ? null : services.get(provider);
        if (service == null) {
            throw new SnodoException(
                    SnodoCode.SIGNATURE_PROVIDER_UNKNOWN,
                    services.isEmpty()
                            ? "Nessun fornitore di firma remota è configurato (snodo.signature.providers)."
                            : "Fornitore di firma sconosciuto; quelli configurati sono "
                                    + String.join(", ", services.keySet()) + ".");
        }
        return service;
    }

    private static String way(ProviderSettings settings, String delivery) {
        return settings.deliveries().stream()
                .map(ProviderSettings.Delivery::code)
                .filter(code -> code.equalsIgnoreCase(delivery.strip()))
                .findFirst()
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.SIGNATURE_PROVIDER_UNKNOWN,
                        "%s non invia l'OTP nel modo chiesto.".formatted(settings.name())));
    }

    private static String alias(String alias) {
        if (alias == null || alias.isBlank()) {
            throw new SnodoException(SnodoCode.SIGNATURE_CREDENTIAL_UNKNOWN, "Manca l'alias della credenziale.");
        }
        return alias.strip();
    }

    /** A PIN that is sent twice at the same time may count as two errors. */
    private <T> T alone(Work work, Supplier<T> action) {
        if (!underWay.add(work.subject())) {
            throw new SnodoException(
                    SnodoCode.SIGNATURE_UNDER_WAY, "Per questo documento un'altra richiesta di firma è in corso.");
        }
        try {
            return action.get();
        } finally {
            underWay.remove(work.subject());
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
