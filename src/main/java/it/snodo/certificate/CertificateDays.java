package it.snodo.certificate;

import java.time.Clock;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;

/** Days and moments as people in the region read them off the calendar and the clock. */
final class CertificateDays {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("dd/MM/uuuu HH:mm");

    private final Clock clock;
    private final CertificateProperties properties;

    CertificateDays(Clock clock, CertificateProperties properties) {
        this.clock = clock;
        this.properties = properties;
    }

    LocalDate today() {
        return LocalDate.now(clock.withZone(properties.zone()));
    }

    /** The day of the visit, which validities are counted on; today when the request does not say it. */
    LocalDate ofVisit(CertificateRequest request) {
        return request.visitTime() == null
                ? today()
                : request.visitTime().atZoneSameInstant(properties.zone()).toLocalDate();
    }

    /** Whether a time is later than clocks that differ a little can explain. */
    boolean inTheFuture(OffsetDateTime time) {
        return time.isAfter(OffsetDateTime.now(clock).plus(properties.clockTolerance()));
    }

    String moment(OffsetDateTime time) {
        return MOMENT.format(time.atZoneSameInstant(properties.zone()));
    }
}
