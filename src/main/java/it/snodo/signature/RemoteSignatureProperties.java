package it.snodo.signature;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.signature.csc.ProviderSettings;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who keeps the doctors' keys.
 *
 * @param providers in the order in which they are shown; none when absent
 * @param otpInterval shortest time between two requests of an OTP for one credential
 */
@ConfigurationProperties("snodo.signature")
public record RemoteSignatureProperties(
        List<ProviderSettings> providers,
        @DefaultValue("30s") Duration otpInterval) {

    public RemoteSignatureProperties {
        providers = providers == null ? List.of() : List.copyOf(providers);
    }

    /** @throws SnodoException {@link SnodoCode#SIGNER_NOT_CONFIGURED} which says what is missing or wrong */
    void check() {
        Set<String> codes = new HashSet<>();
        for (ProviderSettings provider : providers) {
            provider.check();
            if (!codes.add(provider.code())) {
                throw new SnodoException(
                        SnodoCode.SIGNER_NOT_CONFIGURED,
                        "Il fornitore di firma " + provider.code()
                                + " è configurato due volte (snodo.signature.providers).");
            }
        }
        if (otpInterval.isNegative()) {
            throw new SnodoException(
                    SnodoCode.SIGNER_NOT_CONFIGURED, "snodo.signature.otp-interval non può essere negativo.");
        }
    }
}
