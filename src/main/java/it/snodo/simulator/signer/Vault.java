package it.snodo.simulator.signer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Journal;
import it.snodo.simulator.wire.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The credentials and who may use them: PINs, OTPs, locks, authorizations. What happened is kept in the journal, but for
 * OTPs, which nobody gets again, and PINs, which are written nowhere.
 */
final class Vault {
    /** How many signatures one authorization may give. */
    static final int MULTISIGN = 10;

    private static final int ERRORS_TO_LOCK = 3;
    private static final int MESSAGES_SHOWN = 50;
    /** SHA-256 of the PIN of all: the digits from 1 to 8. Not the PIN, so that a search of the memory for it finds none. */
    private static final byte[] PIN =
            HexFormat.of().parseHex("ef797c8118f02dfb649607dd5d3f8c7623048c9c063d532cc95c5ed7a898a64f");

    /** Which of the two was wrong or locked. */
    enum Factor {
        PIN,
        OTP
    }

    /** What was given to prove who asks. The two interfaces say it in different words. */
    static final class Refused extends RuntimeException {
        final Factor factor;
        final boolean locked;
        final boolean expired;

        Refused(Factor factor, boolean locked, boolean expired) {
            super(factor + (locked ? " locked" : expired ? " expired" : " wrong"), null, false, false);
            this.factor = factor;
            this.locked = locked;
            this.expired = expired;
        }
    }

    /** @param status valid, suspended or revoked, {@code since} when */
    record Standing(String status, Instant since) {}

    private static final class Authorization {
        final String alias;
        final Instant expires;
        final Set<String> hashes = new LinkedHashSet<>();
        int left;

        Authorization(String alias, Instant expires, int left) {
            this.alias = alias;
            this.expires = expires;
            this.left = left;
        }
    }

    private final SignerSettings settings;
    private final Clock clock;
    private final Journal journal;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Credential> credentials = new LinkedHashMap<>();
    /** By SHA-256 of the SAD. */
    private final Map<String, Authorization> authorizations = new LinkedHashMap<>();

    private final List<ObjectNode> messages = new ArrayList<>();
    private final List<ObjectNode> effects = new ArrayList<>();

    Vault(SignerSettings settings, Journal journal, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.journal = journal;
        Doctor.known().forEach(this::admit);
        journal.past().forEach(this::apply);
    }

    private void admit(Doctor doctor) {
        String alias = doctor.fiscalCode().toLowerCase(Locale.ROOT);
        credentials.putIfAbsent(alias, new Credential(alias, doctor, true, false));
        credentials.putIfAbsent("nootp-" + alias, new Credential("nootp-" + alias, doctor, false, false));
        credentials.putIfAbsent("ec-" + alias, new Credential("ec-" + alias, doctor, true, true));
    }

    /** The credential of that id. */
    synchronized Credential find(String id) {
        Credential known = credentials.get(id.toLowerCase(Locale.ROOT));
        if (known == null) {
            throw CscError.parameter("credentialID");
        }
        return known;
    }

    /** The credential's state in words of both interfaces: valid, suspended, revoked. */
    synchronized Standing standing(String alias) {
        Credential known = credentials.get(alias);
        return known == null ? new Standing("valid", null) : new Standing(known.status, known.statusSince);
    }

    synchronized Map<String, Standing> standings() {
        Map<String, Standing> all = new LinkedHashMap<>();
        credentials.keySet().forEach(alias -> all.put(alias, standing(alias)));
        return all;
    }

    Duration sadLife() {
        return settings.sadLife();
    }

    /** Sends a new OTP; the one before is good no more. {@code clientData} may be null. */
    synchronized void sendOtp(Credential credential, String clientData) {
        usable(credential);
        if (!credential.needsOtp) {
            throw CscError.invalid("The credential needs no OTP");
        }
        refuseLocked(credential);
        messages.stream()
                .filter(m -> m.path("alias").asText().equals(credential.alias))
                .forEach(m -> forget(m, "SOSTITUITO"));
        credential.otp = "%06d".formatted(random.nextInt(1_000_000));
        credential.otpExpires = clock.instant().plus(settings.otpLife());
        ObjectNode message = Json.object()
                .put("at", clock.instant().toString())
                .put("alias", credential.alias)
                .put("to", credential.doctor.given() + " " + credential.doctor.family())
                .put("clientData", clientData)
                .put("otp", credential.otp)
                .put("expiresAt", credential.otpExpires.toString())
                .put("state", "VALIDO");
        messages.add(message);
        if (messages.size() > MESSAGES_SHOWN) {
            messages.remove(0);
        }
    }

    /**
     * Allows signatures of exactly these digests.
     *
     * @return the SAD
     */
    synchronized String authorize(Credential credential, int count, List<byte[]> hashes, String pin, String otp) {
        usable(credential);
        countOf(count, hashes);
        refuseLocked(credential);
        if (!MessageDigest.isEqual(PIN, sha256(pin))) {
            note(effect("PIN_ERRATO", credential));
            throw new Refused(Factor.PIN, credential.pinErrors >= ERRORS_TO_LOCK, false);
        }
        if (credential.needsOtp) {
            checkOtp(credential, otp);
        }
        if (credential.pinErrors > 0 || credential.otpErrors > 0) {
            note(effect("CREDENZIALI_ESATTE", credential));
        }
        return grant(credential, count, hashes);
    }

    private void checkOtp(Credential credential, String otp) {
        if (credential.otp != null && !clock.instant().isBefore(credential.otpExpires)) {
            forgetOtp(credential, "SCADUTO");
            throw new Refused(Factor.OTP, false, true);
        }
        if (credential.otp == null || !credential.otp.equals(otp)) {
            note(effect("OTP_ERRATO", credential));
            boolean locked = credential.otpErrors >= ERRORS_TO_LOCK;
            if (locked) {
                forgetOtp(credential, "BLOCCATO");
            }
            throw new Refused(Factor.OTP, locked, false);
        }
        forgetOtp(credential, "USATO");
    }

    private String grant(Credential credential, int count, List<byte[]> hashes) {
        Instant now = clock.instant();
        authorizations.values().removeIf(a -> a.expires.plus(settings.sadLife()).isBefore(now));
        String sad = newSad();
        ObjectNode effect = effect("AUTORIZZA", credential)
                .put("sad", fingerprint(sad))
                .put("expires", now.plus(settings.sadLife()).toString())
                .put("left", count);
        ArrayNode list = effect.putArray("hashes");
        hashes.forEach(h -> list.add(Base64.getEncoder().encodeToString(h)));
        note(effect);
        return sad;
    }

    /** A new SAD for more digests of the same authorization; the old one is good no more. */
    synchronized String extend(Credential credential, String sad, List<byte[]> hashes) {
        usable(credential);
        Authorization old = authorization(credential, sad);
        if (hashes.size() > old.left) {
            throw CscError.invalid("Numbers of signatures is too high");
        }
        int left = old.left;
        note(effect("CHIUDE", credential).put("sad", fingerprint(sad)));
        return grant(credential, left, hashes);
    }

    /**
     * Uses up the authorization for these digests, all or none, and makes the signatures.
     *
     * @param make from the credential and a digest to a signature in Base64
     */
    synchronized List<String> sign(
            Credential credential, String sad, List<byte[]> hashes, BiFunction<Credential, byte[], String> make) {
        usable(credential);
        Authorization authorization = authorization(credential, sad);
        Set<String> asked = new LinkedHashSet<>();
        for (byte[] hash : hashes) {
            String text = Base64.getEncoder().encodeToString(hash);
            if (!authorization.hashes.contains(text) || !asked.add(text)) {
                throw CscError.invalid("Hash is not authorized by the SAD");
            }
        }
        if (asked.size() > authorization.left) {
            throw CscError.invalid("Numbers of signatures is too high");
        }
        List<String> signatures =
                hashes.stream().map(hash -> make.apply(credential, hash)).toList();
        ObjectNode effect = effect("FIRMA", credential).put("sad", fingerprint(sad));
        ArrayNode list = effect.putArray("hashes");
        asked.forEach(list::add);
        note(effect);
        return signatures;
    }

    private Authorization authorization(Credential credential, String sad) {
        Authorization known = authorizations.get(fingerprint(sad));
        if (known == null || !known.alias.equals(credential.alias)) {
            throw CscError.parameter("SAD");
        }
        if (!clock.instant().isBefore(known.expires)) {
            throw CscError.invalid("SAD expired");
        }
        return known;
    }

    private static void usable(Credential credential) {
        if (credential.disabled || !credential.status.equals("valid")) {
            throw CscError.invalid("The credential identified by credentialID is disabled");
        }
    }

    private static void refuseLocked(Credential credential) {
        if (credential.pinErrors >= ERRORS_TO_LOCK) {
            throw new Refused(Factor.PIN, true, false);
        }
        if (credential.otpErrors >= ERRORS_TO_LOCK) {
            throw new Refused(Factor.OTP, true, false);
        }
    }

    private static void countOf(int count, List<byte[]> hashes) {
        if (count < 1) {
            throw CscError.invalid("Invalid value for parameter numSignatures");
        }
        if (count > MULTISIGN || hashes.size() > count) {
            throw CscError.invalid("Numbers of signatures is too high");
        }
    }

    /** Orders from {@code _control} that are no rules; false when the object holds none. */
    synchronized boolean order(JsonNode order) {
        boolean done = false;
        for (String word : List.of("unlock", "expire", "revoke", "suspend", "reinstate", "disable", "enable")) {
            if (order.hasNonNull(word)) {
                every(order.get(word).asText()).forEach(credential -> carryOut(word, credential));
                done = true;
            }
        }
        if (order.path("doctor").isObject()) {
            JsonNode doctor = order.get("doctor");
            for (String field : List.of("fiscalCode", "family", "given")) {
                if (doctor.path(field).asText().isBlank()) {
                    throw new IllegalArgumentException("doctor vuole fiscalCode, family e given");
                }
            }
            if (!doctor.path("fiscalCode").asText().matches("[A-Za-z0-9]{11,16}")) {
                throw new IllegalArgumentException("fiscalCode ha da 11 a 16 lettere o cifre");
            }
            note(Json.object()
                    .put("at", clock.instant().toString())
                    .put("operation", "MEDICO")
                    .put("fiscalCode", doctor.get("fiscalCode").asText().toUpperCase(Locale.ROOT))
                    .put("family", doctor.get("family").asText())
                    .put("given", doctor.get("given").asText()));
            done = true;
        }
        return done;
    }

    private List<Credential> every(String alias) {
        if (alias.equals("*")) {
            return List.copyOf(credentials.values());
        }
        Credential known = credentials.get(alias.toLowerCase(Locale.ROOT));
        if (known == null) {
            throw new IllegalArgumentException("credenziale sconosciuta: " + alias);
        }
        return List.of(known);
    }

    private void carryOut(String word, Credential credential) {
        if (word.equals("expire")) {
            if (credential.otp != null) {
                credential.otpExpires = clock.instant();
            }
            for (var entry : Map.copyOf(authorizations).entrySet()) {
                if (entry.getValue().alias.equals(credential.alias)) {
                    note(effect("SCADE", credential).put("sad", entry.getKey()));
                }
            }
        } else {
            note(effect(word.toUpperCase(Locale.ROOT), credential));
        }
    }

    // --- effects

    private ObjectNode effect(String operation, Credential credential) {
        return Json.object()
                .put("at", clock.instant().toString())
                .put("operation", operation)
                .put("alias", credential.alias);
    }

    private void note(ObjectNode effect) {
        journal.append(effect);
        apply(effect);
    }

    private void apply(ObjectNode effect) {
        String operation = effect.path("operation").asText();
        if (operation.equals("MEDICO")) {
            admit(new Doctor(
                    effect.path("fiscalCode").asText(),
                    effect.path("family").asText(),
                    effect.path("given").asText()));
            return;
        }
        Credential credential = credentials.get(effect.path("alias").asText());
        if (credential == null) {
            return; // of a doctor who is in the list no more
        }
        Instant at = Instant.parse(effect.path("at").asText());
        switch (operation) {
            case "PIN_ERRATO" -> credential.pinErrors++;
            case "OTP_ERRATO" -> credential.otpErrors++;
            case "CREDENZIALI_ESATTE", "UNLOCK" -> {
                credential.pinErrors = 0;
                credential.otpErrors = 0;
            }
            case "REVOKE", "SUSPEND", "REINSTATE" -> {
                credential.status = Map.of("REVOKE", "revoked", "SUSPEND", "suspended", "REINSTATE", "valid")
                        .get(operation);
                credential.statusSince = at;
            }
            case "DISABLE" -> credential.disabled = true;
            case "ENABLE" -> credential.disabled = false;
            case "AUTORIZZA" -> {
                Authorization fresh = new Authorization(
                        credential.alias,
                        Instant.parse(effect.path("expires").asText()),
                        effect.path("left").asInt());
                effect.path("hashes").forEach(h -> fresh.hashes.add(h.asText()));
                authorizations.put(effect.path("sad").asText(), fresh);
            }
            case "CHIUDE" -> authorizations.remove(effect.path("sad").asText());
            case "SCADE" ->
                authorizations.computeIfPresent(effect.path("sad").asText(), (sad, old) -> {
                    Authorization ended = new Authorization(old.alias, at, old.left);
                    ended.hashes.addAll(old.hashes);
                    return ended;
                });
            case "FIRMA" -> {
                effects.add(effect);
                credential.signatures += effect.path("hashes").size();
                Authorization used = authorizations.get(effect.path("sad").asText());
                if (used != null) {
                    effect.path("hashes").forEach(h -> used.hashes.remove(h.asText()));
                    used.left -= effect.path("hashes").size();
                    if (used.left <= 0) {
                        authorizations.remove(effect.path("sad").asText());
                    }
                }
            }
            default -> {}
        }
    }

    private void forgetOtp(Credential credential, String why) {
        messages.stream()
                .filter(m -> m.path("alias").asText().equals(credential.alias))
                .forEach(m -> forget(m, why));
        credential.otp = null;
    }

    private static void forget(ObjectNode message, String why) {
        if (message.path("state").asText().equals("VALIDO")) {
            message.put("state", why);
            message.remove("otp");
        }
    }

    /** Messages with their OTPs, credentials, signatures. */
    synchronized ObjectNode state() {
        ObjectNode state = Json.object();
        Instant now = clock.instant();
        ArrayNode sms = state.putArray("sms");
        messages.forEach(m -> {
            if (!now.isBefore(Instant.parse(m.path("expiresAt").asText()))) {
                forget(m, "SCADUTO");
            }
            sms.add(m.deepCopy());
        });
        ArrayNode all = state.putArray("credentials");
        for (Credential c : credentials.values()) {
            all.add(Json.object()
                    .put("alias", c.alias)
                    .put("fiscalCode", c.doctor.fiscalCode())
                    .put("name", c.doctor.family() + " " + c.doctor.given())
                    .put("otp", c.needsOtp)
                    .put("algorithm", c.elliptic ? "ECDSA" : "RSA")
                    .put("status", c.status)
                    .put("enabled", !c.disabled)
                    .put("pinErrors", c.pinErrors)
                    .put("otpErrors", c.otpErrors)
                    .put("pinLocked", c.pinErrors >= ERRORS_TO_LOCK)
                    .put("otpLocked", c.otpErrors >= ERRORS_TO_LOCK)
                    .put("signatures", c.signatures));
        }
        state.put(
                "authorizations",
                authorizations.values().stream()
                        .filter(a -> now.isBefore(a.expires))
                        .count());
        ArrayNode log = state.putArray("effects");
        effects.forEach(e -> log.add(e.deepCopy().without("sad")));
        return state;
    }

    private String newSad() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String fingerprint(String sad) {
        return HexFormat.of().formatHex(sha256(sad));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
