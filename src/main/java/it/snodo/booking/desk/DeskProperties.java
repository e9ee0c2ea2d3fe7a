package it.snodo.booking.desk;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long the booking desk takes, tries and looks.
 *
 * @param answerWithin callers have an answer by then
 * @param maxProposals so many free places are tried for a request that leaves the choice to the hub
 * @param giveUpAfter a command without an outcome for so long is a matter for a person; the hub goes on asking
 * @param firstBackOff wait before a command is sent again; doubles with each try
 * @param longestBackOff where the doubling ends
 * @param stuckAfter health names a booking without an outcome for so long
 * @param abandonAfter a message that was left before anything was recorded for a CUP is closed after so long
 * @param rememberProposals so long a free place that the hub has shown counts as proposed by it
 * @param retryWorkers commands sent again at the same time
 */
@ConfigurationProperties("snodo.booking")
record DeskProperties(
        @DefaultValue("10s") Duration answerWithin,
        @DefaultValue("5") int maxProposals,
        @DefaultValue("24h") Duration giveUpAfter,
        @DefaultValue("2s") Duration firstBackOff,
        @DefaultValue("5m") Duration longestBackOff,
        @DefaultValue("15m") Duration stuckAfter,
        @DefaultValue("10m") Duration abandonAfter,
        @DefaultValue("15m") Duration rememberProposals,
        @DefaultValue("8") int retryWorkers,
        @DefaultValue Search search) {

    /**
     * @param aziendaTimeout the most that one azienda's CUP may take
     * @param total the most that a search takes
     * @param workers aziende asked at the same time, by all searches together
     * @param limit proposals in an answer, unless the caller says how many
     */
    record Search(
            @DefaultValue("3s") Duration aziendaTimeout,
            @DefaultValue("4s") Duration total,
            @DefaultValue("64") int workers,
            @DefaultValue("20") int limit) {}
}
