package it.snodo.booking.cup;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.stereotype.Component;

/** How the CUPs that were called stand. The hub is well while they are not, so this is never DOWN. */
@Component("cups")
class CupsHealth extends AbstractHealthIndicator {

    private final CupGates gates;

    CupsHealth(CupGates gates) {
        this.gates = gates;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.up();
        gates.all().forEach((azienda, pair) -> {
            CupGate.Standing commands = pair.commands().standing();
            CupGate.Standing searches = pair.searches().standing();
            Map<String, Object> detail = new LinkedHashMap<>();
            boolean works = commands.failures() == 0 && searches.failures() == 0;
            detail.put("state", gates.pause(azienda) != null ? "PAUSED" : works ? "UP" : "FAILING");
            put(detail, "commands", commands);
            put(detail, "searches", searches);
            health.withDetail(azienda, detail);
        });
    }

    private static void put(Map<String, Object> detail, String name, CupGate.Standing standing) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("circuit", standing.circuit());
        one.put("failures", standing.failures());
        if (standing.lastAnswer() != null) {
            one.put("lastAnswer", standing.lastAnswer());
        }
        if (standing.lastFailure() != null) {
            one.put("lastFailure", standing.lastFailure());
            one.put("lastFailureWords", standing.lastFailureWords());
        }
        detail.put(name, one);
    }
}
