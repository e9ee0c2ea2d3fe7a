package it.snodo.simulator.cup;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the simulated CUPs are set up.
 *
 * @param basePort the CUP of azienda NNN listens on this number plus NNN; 0 gives each one a free port
 * @param hubHost where the CUPs tell of what they decide by themselves, with {@code hubPort} (MLLP)
 */
public record CupSettings(
        @DefaultValue("26000") int basePort,
        @DefaultValue("localhost") String hubHost,
        @DefaultValue("2575") int hubPort) {

    /** Free ports, and nobody to tell. */
    public static CupSettings onFreePorts() {
        return new CupSettings(0, "localhost", 0);
    }

    public CupSettings withHubPort(int port) {
        return new CupSettings(basePort, hubHost, port);
    }
}
