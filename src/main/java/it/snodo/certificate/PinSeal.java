package it.snodo.certificate;

import it.snodo.certificate.CertificateRequest.OnlineCollection;
import it.snodo.config.OwnerOnlySecret;
import it.snodo.config.SnodoProperties;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * A citizen's PIN as it lies in the store: AES-256 in GCM, with a key that is not in the store. Only the delivery to ROL, and an
 * operator's correction that leaves it as it is, open it. The key is {@code snodo.pin.key}, or else made at the first use and
 * kept in {@code <data-dir>/keys/pin.key}, readable by its owner alone. PINs stored before there was a key stay readable.
 */
@Component
public class PinSeal {

    private static final String MARK = "aesgcm:";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int IV = 12;
    private static final int TAG_BITS = 128;

    private final String given;
    private final Path file;
    private final SecureRandom random = new SecureRandom();
    private volatile SecretKeySpec key;

    @Autowired
    PinSeal(@Value("${snodo.pin.key:}") String given, SnodoProperties properties) {
        this(given, properties.dataDir().resolve("keys").resolve("pin.key"));
    }

    /**
     * @param given the secret; empty for the file's
     * @param file made when it is needed and not there
     */
    public PinSeal(String given, Path file) {
        if (!given.isBlank() && given.strip().length() < 16) {
            throw new IllegalArgumentException("snodo.pin.key must have at least 16 characters");
        }
        this.given = given.strip();
        this.file = file;
    }

    /** The request as it is stored. */
    public CertificateRequest sealed(CertificateRequest request) {
        OnlineCollection online = request.onlineCollection();
        return online == null || online.pin() == null || isSealed(online.pin())
                ? request
                : request.with(new OnlineCollection(online.requested(), seal(online.pin())));
    }

    /** @throws SnodoException PIN_UNREADABLE when it was sealed with another key */
    public CertificateRequest opened(CertificateRequest request) {
        OnlineCollection online = request.onlineCollection();
        return online == null || online.pin() == null
                ? request
                : request.with(new OnlineCollection(online.requested(), open(online.pin())));
    }

    /** A PIN as its sender wrote it is never that long. */
    private static boolean isSealed(String pin) {
        return pin.startsWith(MARK) && pin.length() > 40;
    }

    private String seal(String pin) {
        byte[] iv = new byte[IV];
        random.nextBytes(iv);
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.ENCRYPT_MODE, key(), new GCMParameterSpec(TAG_BITS, iv));
            byte[] sealed = cipher.doFinal(pin.getBytes(StandardCharsets.UTF_8));
            return MARK
                    + Base64.getEncoder()
                            .encodeToString(ByteBuffer.allocate(IV + sealed.length)
                                    .put(iv)
                                    .put(sealed)
                                    .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES in GCM", e);
        }
    }

    /**
     * @param stored sealed, or as it was stored before there was a key
     * @throws SnodoException PIN_UNREADABLE when it was sealed with another key
     */
    public String open(String stored) {
        if (stored == null || !stored.startsWith(MARK)) {
            return stored;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(stored.substring(MARK.length()));
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.DECRYPT_MODE, key(), new GCMParameterSpec(TAG_BITS, bytes, 0, IV));
            return new String(cipher.doFinal(bytes, IV, bytes.length - IV), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new SnodoException(SnodoCode.PIN_UNREADABLE, SnodoCode.PIN_UNREADABLE.cause(), e);
        }
    }

    private SecretKeySpec key() throws GeneralSecurityException {
        if (key == null) {
            String secret = given.isEmpty() ? OwnerOnlySecret.readOrCreate(file) : given;
            key = new SecretKeySpec(
                    MessageDigest.getInstance("SHA-256")
                            .digest(("snodo pin " + secret).getBytes(StandardCharsets.UTF_8)),
                    "AES");
        }
        return key;
    }
}
