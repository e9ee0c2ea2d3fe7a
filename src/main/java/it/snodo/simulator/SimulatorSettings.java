package it.snodo.simulator;

import it.snodo.simulator.cup.CupSettings;
import it.snodo.simulator.fse.FseSettings;
import it.snodo.simulator.signer.SignerSettings;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the simulators of outside systems are set up.
 *
 * @param port HTTP port; 0 takes a free one
 * @param dataDir where what they took is kept across restarts; nothing is kept when absent
 * @param fseFiles text of a path (Spring cannot make a Path of one that begins with ".."): folder with the official {@code xsd/}, {@code schematron/} and {@code terminology/}; where it does not
 *     exist the FSE gateway judges documents with rules of its own
 * @param auraUsername user that AURA's services expect, with {@code auraPassword}: not a secret, AURA is simulated
 * @param cup the CUPs of the aziende
 * @param signer the provider of remote signatures
 */
@ConfigurationProperties("snodo.simulator")
public record SimulatorSettings(
        @DefaultValue("8090") int port,
        Path dataDir,
        @DefaultValue("../shared/data/fse") String fseFiles,
        @DefaultValue FseSettings fse,
        @DefaultValue("snodo") String auraUsername,
        @DefaultValue("snodo") String auraPassword,
        @DefaultValue CupSettings cup,
        @DefaultValue SignerSettings signer) {

    /** The defaults, on this port; the CUPs on free ones. */
    public static SimulatorSettings onPort(int port) {
        return new SimulatorSettings(
                port,
                null,
                "../shared/data/fse",
                FseSettings.defaults(),
                "snodo",
                "snodo",
                CupSettings.onFreePorts(),
                SignerSettings.defaults());
    }

    public SimulatorSettings withDataDir(Path dir) {
        return new SimulatorSettings(port, dir, fseFiles, fse, auraUsername, auraPassword, cup, signer);
    }

    public SimulatorSettings withFseFiles(Path dir) {
        return new SimulatorSettings(
                port, dataDir, dir == null ? null : dir.toString(), fse, auraUsername, auraPassword, cup, signer);
    }

    public SimulatorSettings withFse(FseSettings settings) {
        return new SimulatorSettings(port, dataDir, fseFiles, settings, auraUsername, auraPassword, cup, signer);
    }

    public SimulatorSettings withCup(CupSettings settings) {
        return new SimulatorSettings(port, dataDir, fseFiles, fse, auraUsername, auraPassword, settings, signer);
    }

    public SimulatorSettings withSigner(SignerSettings settings) {
        return new SimulatorSettings(port, dataDir, fseFiles, fse, auraUsername, auraPassword, cup, settings);
    }
}
