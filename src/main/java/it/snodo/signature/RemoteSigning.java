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
import java.util.Date;
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
                        expires,
                        null),
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
        Optional<Signer.Signed> finished = finishNow(work);
        if (finished.isPresent()) {
            return finished.get();
        }
        ProviderSettings settings = service.settings();
        Instant now = clock.instant();
        Optional<Preparations.Row> kept = kept(work, settings, alias);
        Credential credential = credential(service, alias, work.doctor(), now);
        boolean needsRequest =
                credential.otp() == Need.REQUIRED && credential.sendsOtp() && credential.ownOtpObject() == null;
        if (kept.isPresent() && !now.isBefore(kept.get().expiresAt())) {
            if (needsRequest) {
                throw new SnodoException(
                        SnodoCode.SIGNATURE_OTP_EXPIRED,
                        "L'OTP richiesto valeva fino alle %s: richiederne uno nuovo."
                                .formatted(CLOCK_TIME.format(kept.get().expiresAt())));
            }
            kept = Optional.empty();
        }
        if (kept.isEmpty() && needsRequest) {
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
        // an OTP that nobody asked for is one that the doctor's own device has made
        String delivery = kept.isPresent() ? kept.get().delivery() : credential.ownOtpObject();
        byte[] value;
        try {
            value = service.sign(credential, digest, pinSent, otpSent, delivery);
        } catch (Refused e) {
            if (e.spent()) {
                preparations.drop(work.subject());
            }
            throw heeded(e, service, alias);
        }
        if (!prepared.fits(new SignatureValue(terms.algorithm(), value))) {
            preparations.drop(work.subject());
            throw new SnodoException(
                    SnodoCode.SIGNATURE_INVALID,
                    "Firma non valida: quella di %s non corrisponde al documento.".formatted(settings.name()));
        }
        // the OTP is spent, whatever happens now: its fruit is kept
        preparations.put(
                new Preparations.Row(
                        work.subject(),
                        settings.code(),
                        alias,
                        delivery,
                        work.doctor(),
                        sha256(work.pdf()),
                        terms,
                        digest,
                        kept.map(Preparations.Row::expiresAt).orElse(now.plus(settings.otpLifetime())),
                        value),
                now);
        return complete(work, terms, prepared, value);
    }

    /** The doctor's part is done: what is left needs neither him nor his provider. */
    private Signer.Signed complete(Work work, Pades.Terms terms, Pades.Prepared prepared, byte[] value) {
        boolean later = false;
        try {
            return signed(work, terms, prepared, value);
        } catch (SnodoException e) {
            if (e.code() != SnodoCode.SIGNATURE_EVIDENCE_MISSING) {
                throw e;
            }
            later = true;
            throw new SnodoException(
                    e.code(),
                    e.getMessage()
                            + ". La firma del medico è stata fatta ed è conservata: l'hub la completa da solo appena può, senza"
                            + " un nuovo OTP.",
                    e);
        } finally {
            if (!later) {
                preparations.drop(work.subject());
            }
        }
    }

    private Optional<Signer.Signed> finishNow(Work work) {
        Optional<Preparations.Row> found = preparations.get(work.subject()).filter(row -> row.value() != null);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Preparations.Row row = found.get();
        // a timestamp must fall into the life of the certificate
        boolean good = isFor(work, row) && row.terms().chain().get(0).isValidOn(Date.from(clock.instant()));
        Pades.Prepared prepared = good ? pades.prepare(work.pdf(), row.terms()) : null;
        if (prepared == null || !Arrays.equals(prepared.digest(), row.digest())) {
            preparations.drop(work.subject());
            return Optional.empty();
        }
        return Optional.of(complete(work, row.terms(), prepared, row.value()));
    }

    @Override
    public List<String> unfinished() {
        return preparations.withValue();
    }

    @Override
    public Optional<Signer.Signed> finish(Work work) {
        return alone(work, () -> finishNow(work));
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
    private Optional<Preparations.Row> kept(Work work, ProviderSettings settings, String alias) {
        Optional<Preparations.Row> kept = preparations
                .get(work.subject())
                .filter(row ->
                        row.provider().equals(settings.code()) && row.alias().equals(alias));
        if (kept.isPresent() && !isFor(work, kept.get())) {
            preparations.drop(work.subject());
            throw changed("Il documento è cambiato dopo la richiesta dell'OTP");
        }
        return kept;
    }

    private static boolean isFor(Work work, Preparations.Row row) {
        return row.doctor().equalsIgnoreCase(work.doctor()) && Arrays.equals(row.pdfSha256(), sha256(work.pdf()));
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
