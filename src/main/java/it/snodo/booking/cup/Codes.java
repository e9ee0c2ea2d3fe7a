package it.snodo.booking.cup;

import it.snodo.intake.hl7v2.Er7.Segment;
import it.snodo.intake.hl7v2.Hl7Time;
import java.time.OffsetDateTime;

/** Codes and times out of a CUP's messages. */
final class Codes {

    private static final String OWN = "99CRP";
    private static final String REGIONAL = "99NTR";

    private Codes() {}

    /** The regional code of a CE, whichever half it stands in; null when it is not there. */
    static String regional(Segment segment, int field) {
        if (REGIONAL.equalsIgnoreCase(segment.get(field, 6))) {
            return segment.get(field, 4);
        }
        return REGIONAL.equalsIgnoreCase(segment.get(field, 3)) ? segment.get(field, 1) : null;
    }

    /** The CUP's own code of a CE: what names it so, else the first that is not regional. */
    static String own(Segment segment, int field) {
        if (OWN.equalsIgnoreCase(segment.get(field, 6))) {
            return segment.get(field, 4);
        }
        return REGIONAL.equalsIgnoreCase(segment.get(field, 3)) ? null : segment.get(field, 1);
    }

    /** @return null when it is none */
    static OffsetDateTime time(String text) {
        return text == null || text.length() < 10 ? null : Hl7Time.time(text);
    }

    /** @return null when it is none, or no number of minutes that a visit takes */
    static Integer minutes(String text) {
        return text != null && text.matches("\\d{1,4}") ? Integer.valueOf(text) : null;
    }
}
