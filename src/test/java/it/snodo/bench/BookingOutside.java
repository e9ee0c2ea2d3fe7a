package it.snodo.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import it.snodo.demo.CupPorts;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import it.snodo.simulator.cup.CupSettings;
import it.snodo.simulator.fse.FseSettings;
import it.snodo.simulator.signer.SignerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.LoggerFactory;

/**
 * The simulated CUPs in a process of their own, so that what they cost is not the hub's. Ends with its standard input.
 *
 * <pre>BookingOutside ports.txt</pre>
 *
 * <p>The file tells the port of the pages and the number to which the aziende's are added.
 */
final class BookingOutside {

    private BookingOutside() {}

    public static void main(String[] given) throws Exception {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        int base = CupPorts.reserve();
        SimulatorSettings settings = new SimulatorSettings(
                0,
                null,
                null,
                FseSettings.defaults(),
                "snodo",
                "snodo",
                new CupSettings(base, "localhost", 0),
                SignerSettings.defaults());
        try (Simulators simulators = new Simulators(settings).start()) {
            Path ports = Path.of(given[0]);
            Path written = ports.resolveSibling("ports.part");
            Files.writeString(written, simulators.port() + " " + base);
            Files.move(written, ports, StandardCopyOption.ATOMIC_MOVE);
            while (System.in.read() >= 0) {
                // nothing is said here
            }
        }
        System.exit(0);
    }
}
