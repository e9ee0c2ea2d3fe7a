package it.snodo.simulator;

import it.snodo.simulator.aura.AuraService;
import it.snodo.simulator.cup.Cups;
import it.snodo.simulator.fse.FseGateway;
import it.snodo.simulator.rol.RolService;
import it.snodo.simulator.signer.SignerService;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Request;
import it.snodo.simulator.wire.WireServer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * Stand-ins for the systems outside: the national FSE gateway below {@code /fse}, ROL below {@code /rol}, AURA below
 * {@code /aura}, a provider of remote signatures below {@code /signer}, all on one HTTP port. Below each, {@code _control} orders misbehaviour (see
 * {@link it.snodo.simulator.wire.Rules}) and {@code _state} tells what was taken; {@code /} shows it to people. The CUPs of the
 * aziende listen on ports of their own, and are looked at and controlled below {@code /cup} (see {@link Cups}).
 *
 * <p>They share no code with the hub: what both sides believe wrongly, no test would find.
 */
public final class Simulators implements AutoCloseable {
    private final SimulatorSettings settings;
    private final Clock clock;
    private FseGateway fse;
    private RolService rol;
    private AuraService aura;
    private SignerService signer;
    private Cups cups;
    private WireServer server;

    /** With the defaults; port 0 takes a free one. */
    public Simulators(int port) {
        this(SimulatorSettings.onPort(port));
    }

    public Simulators(SimulatorSettings settings) {
        this(settings, Clock.systemUTC());
    }

    public Simulators(SimulatorSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Opens the port.
     *
     * @throws IllegalStateException when the port is taken
     */
    public synchronized Simulators start() {
        if (server == null) {
            fse = new FseGateway(
                    settings.fse(),
                    settings.fseFiles() == null ? null : Path.of(settings.fseFiles()),
                    journal("fse"),
                    clock);
            rol = new RolService(journal("rol"), clock);
            aura = new AuraService(settings.auraUsername(), settings.auraPassword(), journal("aura"), clock);
            signer = new SignerService(
                    settings.signer(),
                    this::url,
                    journal("signer"),
                    settings.dataDir() == null ? null : settings.dataDir().resolve("signer-keys"),
                    clock);
            WireServer opening = new WireServer(settings.port(), this::handle);
            try {
                cups = new Cups(settings.cup(), journal("cup"), clock);
                opening.start();
            } catch (RuntimeException e) {
                opening.close();
                closeServices();
                throw e;
            }
            server = opening;
        }
        return this;
    }

    /** Makes ready, aside, what the first call would wait for; nothing while closed. */
    public synchronized void warm() {
        if (server != null) {
            fse.warm();
        }
    }

    private Path journal(String name) {
        return settings.dataDir() == null ? null : settings.dataDir().resolve(name + ".jsonl");
    }

    private Answer handle(Request request) {
        String path = request.path();
        if (path.startsWith("/fse/")) {
            return fse.handle(request);
        }
        if (path.startsWith("/rol/")) {
            return rol.handle(request);
        }
        if (path.startsWith("/aura/")) {
            return aura.handle(request);
        }
        if (path.equals("/signer") || path.startsWith("/signer/")) {
            return signer.handle(request);
        }
        if (path.equals("/cup") || path.startsWith("/cup/")) {
            return cups.handle(request);
        }
        if (path.equals("/")) {
            return Answer.text(
                    200, "text/html; charset=UTF-8", StatePage.render(fse.state(null), rol.state(), aura.state()));
        }
        return Answer.text(404, "text/plain; charset=UTF-8", "Qui ci sono /fse, /rol, /aura, /signer e /cup.");
    }

    /** The port in use. */
    public synchronized int port() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server.port();
    }

    /** Where the CUP of each azienda listens, by its three digits. */
    public synchronized Map<String, Integer> cupPorts() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return cups.ports();
    }

    /** {@code http://localhost:port}. */
    public String url() {
        return "http://localhost:" + port();
    }

    public synchronized boolean isRunning() {
        return server != null;
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.close();
            server = null;
            closeServices();
        }
    }

    private void closeServices() {
        fse.close();
        rol.close();
        aura.close();
        signer.close();
        if (cups != null) {
            cups.close();
            cups = null;
        }
    }
}
