package it.snodo.publication;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The gates of all destinations: each opens and shuts by itself. */
@Component
public class Gates {

    private final Map<Destination, Gate> gates = new EnumMap<>(Destination.class);

    @Autowired
    public Gates(PublicationProperties properties) {
        this(properties, Clock.systemUTC(), new SteadyClock());
    }

    Gates(PublicationProperties properties, Clock clock) {
        this(properties, clock, clock);
    }

    private Gates(PublicationProperties properties, Clock clock, Clock steady) {
        for (Destination destination : Destination.values()) {
            gates.put(destination, new Gate(destination, properties.policy(destination), clock, steady));
        }
    }

    Gate of(Destination destination) {
        return gates.get(destination);
    }

    /** Shuts a destination for as long as the pause lasts; null opens it. */
    public void pause(Destination destination, Pause pause) {
        of(destination).pause(pause);
    }

    /** Whether what is due waits all the same: a pause, a window, a circuit that is not closed, a Retry-After. */
    public boolean isHeld(Destination destination) {
        return standing(destination).held() != null;
    }

    /** How a destination stands, as far as this process knows. */
    public Standing standing(Destination destination) {
        return of(destination).standing();
    }

    /**
     * @param pause null when nobody has stopped it
     * @param expectedDown the windows as configured; null when there are none
     * @param expectedDownUntil end of the window that we are in; null outside
     * @param circuit CLOSED (all goes through), OPEN (nothing), HALF_OPEN (a probe)
     * @param failures connection failures in a row
     * @param waitsUntil what the destination asked for by {@code Retry-After}; null when nothing
     */
    public record Standing(
            Destination destination,
            Pause pause,
            String expectedDown,
            Instant expectedDownUntil,
            String circuit,
            int failures,
            Instant waitsUntil,
            Instant lastSuccess,
            Instant lastFailure,
            String lastFailureWords) {

        private static final DateTimeFormatter AT =
                DateTimeFormatter.ofPattern("dd/MM/yyyy HH:mm:ss").withZone(ZoneId.of("Europe/Rome"));

        /** Why what is owed waits though it is due, for people; null when nothing holds it. */
        String held() {
            if (pause != null) {
                return "%s è in pausa (%s, di %s): l'invio parte quando riprende%s."
                        .formatted(
                                destination,
                                pause.reason(),
                                pause.owner(),
                                pause.until() == null ? "" : ", al più tardi il " + AT.format(pause.until()));
            }
            if (expectedDownUntil != null) {
                return "%s è in un fermo previsto fino al %s.".formatted(destination, AT.format(expectedDownUntil));
            }
            if (waitsUntil != null) {
                return "%s ha chiesto di attendere fino al %s.".formatted(destination, AT.format(waitsUntil));
            }
            return circuit.equals("CLOSED")
                    ? null
                    : "%s non risponde: l'hub prova con un invio alla volta, gli altri aspettano."
                            .formatted(destination);
        }
    }
}
