package it.snodo.signature;

import eu.europa.esig.dss.token.Pkcs11SignatureToken;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.nio.file.Files;
import java.security.KeyStore.PasswordProtection;

/** Automatic signature with a key in a device behind a PKCS#11 library, which is opened at the start. */
final class Pkcs11Signer {

    private Pkcs11Signer() {}

    /** @throws SnodoException {@link SnodoCode#SIGNER_NOT_CONFIGURED} when the device or its key cannot be used */
    static KeySigner of(Pkcs11Properties device, SignatureProperties words, Pades pades) {
        if (!Files.isRegularFile(device.library())) {
            throw notUsable(device, "la libreria non c'è", null);
        }
        if (device.slot() != null && device.slotIndex() != null) {
            throw notUsable(device, "indicare slot o slot-index, non entrambi", null);
        }
        PasswordProtection pin = new PasswordProtection(
                device.pin() == null ? new char[0] : device.pin().toCharArray());
        try {
            Pkcs11SignatureToken token = new Pkcs11SignatureToken(
                    device.library().toString(), pin::getPassword, slot(device), slotIndex(device), device.options());
            return new KeySigner(token, device.alias(), false, words, pades);
        } catch (RuntimeException | LinkageError e) {
            throw notUsable(device, reason(e), e);
        }
    }

    /** DSS takes a negative number for "not given". */
    private static int slot(Pkcs11Properties device) {
        return device.slot() == null ? -1 : device.slot();
    }

    private static int slotIndex(Pkcs11Properties device) {
        return device.slot() != null ? -1 : device.slotIndex() == null ? 0 : device.slotIndex();
    }

    /** What the device itself says stands deep in the causes, such as CKR_PIN_INCORRECT. */
    private static String reason(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.startsWith("CKR_")) {
                return switch (message) {
                    case "CKR_PIN_INCORRECT" -> "il PIN del dispositivo è errato (CKR_PIN_INCORRECT)";
                    case "CKR_PIN_LOCKED" -> "il PIN del dispositivo è bloccato (CKR_PIN_LOCKED)";
                    default -> message;
                };
            }
        }
        return e.getMessage();
    }

    private static SnodoException notUsable(Pkcs11Properties device, String reason, Throwable e) {
        return new SnodoException(
                SnodoCode.SIGNER_NOT_CONFIGURED,
                "Dispositivo di firma non utilizzabile (snodo.signature.pkcs11, " + device.library() + "): " + reason,
                e);
    }
}
