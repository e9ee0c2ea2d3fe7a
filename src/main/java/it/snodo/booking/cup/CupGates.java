package it.snodo.booking.cup;

import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.publication.Pause;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The gates of all CUPs that have been called: each opens and shuts by itself. */
@Component
class CupGates {

    private final CupProperties properties;
    private final Map<String, Pair> gates = new ConcurrentHashMap<>();
    private volatile Map<String, Pause> pauses = Map.of();

    /** Searches do not shut the gate for commands: they have less time. */
    record Pair(CupGate commands, CupGate searches) {}

    CupGates(CupProperties properties) {
        this.properties = properties;
    }

    Pair of(CupAzienda azienda) {
        return gates.computeIfAbsent(
                azienda.code(),
                code -> new Pair(
                        new CupGate("cup-" + code, properties), new CupGate("cup-" + code + "-search", properties)));
    }

    /** From now on a person has stopped these, by code of the azienda, and no others. */
    void pause(Map<String, Pause> now) {
        pauses = Map.copyOf(now);
    }

    /** Null when nobody has stopped it. */
    Pause pause(String azienda) {
        return pauses.get(azienda);
    }

    /** By code of the azienda. */
    Map<String, Pair> all() {
        return new TreeMap<>(gates);
    }
}
