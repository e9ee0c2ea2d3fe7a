package it.snodo.signature;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * A device that holds the key for automatic signatures: an HSM or a smart card behind a PKCS#11 library.
 *
 * @param library of the device's maker; no device when absent
 * @param slot identifier of the slot; or else its place in the list of slots
 * @param slotIndex place of the slot in the list, from 0; 0 when neither is given
 * @param pin of the device's user
 * @param alias label of the key; the first one when absent
 * @param options further lines of a SunPKCS11 configuration, for devices that need them
 */
@ConfigurationProperties("snodo.signature.pkcs11")
record Pkcs11Properties(Path library, Integer slot, Integer slotIndex, String pin, String alias, String options) {

    /** Without the PIN. */
    @Override
    public String toString() {
        return "Pkcs11Properties[library=" + library + ", slot=" + slot + ", slotIndex=" + slotIndex + ", alias="
                + alias + "]";
    }
}
