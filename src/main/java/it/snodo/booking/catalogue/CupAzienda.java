package it.snodo.booking.catalogue;

import java.util.List;
import java.util.Set;

/**
 * An azienda and how its CUP is spoken to: a row of {@code mappings/aziende.csv}.
 *
 * @param code six digits, {@code 010301}
 * @param shortCode three digits, {@code 301}
 * @param profile SIU (the usual), SRM, OMG or FHIR; null when it has no CUP of its own
 * @param host null means the hub's simulator, or {@code snodo.cup.host}
 * @param port 0 means 26000 + short code
 * @param version HL7 version sent, {@code 2.5} when not said
 * @param charset MSH-18 sent, {@code UNICODE UTF-8} when not said
 * @param tls name of a Spring SSL bundle; null for plain
 * @param controlVisits control visits can be booked (R3)
 * @param pharmacies pharmacies reach it (R86)
 * @param fax takes requests by fax (R87)
 * @param payAfter payment may follow delivery (R71)
 * @param mixedExemption exempt and non-exempt services may stand together (R29)
 * @param quirks words that switch on what this CUP needs, such as {@code TS_LOCAL}, {@code NO_MSH18}, {@link #looksAtPlacerFirst}
 */
public record CupAzienda(
        String code,
        String shortCode,
        String name,
        String profile,
        String host,
        int port,
        String version,
        String charset,
        String tls,
        boolean controlVisits,
        boolean pharmacies,
        boolean fax,
        boolean payAfter,
        boolean mixedExemption,
        Set<String> quirks) {

    /** Of HL7 v2, that can be sent; the oldest first. */
    public static final List<String> VERSIONS = List.of("2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6");

    /**
     * Whether this CUP, asked once more for a booking, looks for our code before it looks at the place ({@code
     * PLACER_FIRST}): its "taken" then says that it has no such booking.
     */
    public boolean looksAtPlacerFirst() {
        return quirks.contains("PLACER_FIRST");
    }
}
