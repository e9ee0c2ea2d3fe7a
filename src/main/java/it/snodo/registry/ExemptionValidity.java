package it.snodo.registry;

import java.time.LocalDate;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Until when a certificate, and the exemption it justifies, hold by default: counted from the day of the visit. */
@Component
public class ExemptionValidity {

    private final CodeTables tables;

    public ExemptionValidity(CodeTables tables) {
        this.tables = tables;
    }

    /**
     * The end that an exemption has when nobody says another.
     *
     * @param last the last day; null when unlimited
     */
    public record End(LocalDate last) {

        public boolean before(LocalDate day) {
            return last != null && last.isBefore(day);
        }
    }

    /**
     * @param exemption canonical code
     * @param diagnosis either spelling, or a filler; may be null
     * @param from the day of the visit
     * @param birthDate of the person; null when not known
     * @return empty when the catalogue knows that it ends, but not after how long
     */
    public Optional<End> end(String exemption, String diagnosis, LocalDate from, LocalDate birthDate) {
        String known = CodeTables.isFiller(diagnosis) ? null : diagnosis;
        return tables.duration(exemption, known).map(duration -> new End(duration.endFrom(from, birthDate)));
    }
}
