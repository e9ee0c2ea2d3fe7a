package it.snodo.simulator.signer;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the simulated provider of remote signatures is set up.
 *
 * @param username of the application that calls it (auth/login), or its OAuth 2 client_id; with {@code password} not a
 *     secret, the provider is simulated
 * @param otpLife how long an OTP is good
 * @param sadLife how long an authorization (SAD) is good
 */
public record SignerSettings(
        @DefaultValue("snodo") String username,
        @DefaultValue("snodo") String password,
        @DefaultValue("180s") Duration otpLife,
        @DefaultValue("300s") Duration sadLife) {

    public static SignerSettings defaults() {
        return new SignerSettings("snodo", "snodo", Duration.ofSeconds(180), Duration.ofSeconds(300));
    }
}
