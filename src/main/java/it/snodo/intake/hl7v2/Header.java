package it.snodo.intake.hl7v2;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the answer needs of a message: its header, as far as there is one. Fields that go back as they came are kept as
 * they stand between the separators.
 *
 * @param from MSH-3 and MSH-4 with the separator between them
 * @param to MSH-5 and MSH-6 likewise
 * @param controlId MSH-10 as it came; empty when absent
 * @param version MSH-12.1 as it came
 * @param minor 3 for 2.3 and 2.3.1 … 6 for 2.6; 0 for any other; 3 also for an SIU of 2.2, a version that had no SIU yet:
 *     its senders mean 2.3
 * @param acceptWanted MSH-15
 * @param applicationWanted MSH-16
 * @param charset MSH-18 as it came, all repetitions
 */
record Header(
        Er7.Separators separators,
        String from,
        String to,
        String type,
        String event,
        String controlId,
        String processing,
        String version,
        int minor,
        String acceptWanted,
        String applicationWanted,
        String charset) {

    private static final Pattern VERSION = Pattern.compile("[vV]?2\\.([3-6])(\\.\\d+)*");

    static final Header NONE = new Header(Er7.Separators.STANDARD, "", "", "", "", "", "", "", 0, "", "", "");

    static Header of(Er7 message) {
        Er7.Segment msh = message.segment("MSH");
        Er7.Separators separators = message.separators();
        String event = upper(msh.get(9, 2));
        String structure = upper(msh.get(9, 3));
        // of a booking the structure does not tell the event: one serves them all
        if (event.isEmpty() && structure.contains("_") && !BookingEvents.isBooking(upper(msh.get(9, 1)))) {
            event = structure.substring(structure.indexOf('_') + 1);
        }
        if (event.isEmpty()) {
            event = upper(message.segment("EVN").get(1));
        }
        String type = upper(msh.get(9, 1));
        String version = orEmpty(msh.get(12));
        Matcher known = VERSION.matcher(version);
        return new Header(
                separators,
                clean(msh.raw(3)) + separators.field() + clean(msh.raw(4)),
                clean(msh.raw(5)) + separators.field() + clean(msh.raw(6)),
                type,
                event,
                clean(msh.raw(10)),
                clean(msh.raw(11)),
                version,
                known.matches()
                        ? known.group(1).charAt(0) - '0'
                        : type.equals("SIU") && version.startsWith("2.2") ? 3 : 0,
                upper(msh.get(15)),
                upper(msh.get(16)),
                clean(msh.raw(18)));
    }

    /** What the journal calls it: {@code MDM^T02}. */
    String name() {
        return CertificateReader.shown(event.isEmpty() ? type : type + "^" + event);
    }

    /** Either of MSH-15 and MSH-16 valued: the peer speaks of accept and application acknowledgements. */
    boolean isEnhanced() {
        return !acceptWanted.isEmpty() || !applicationWanted.isEmpty();
    }

    private static String clean(String raw) {
        StringBuilder out = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) >= ' ') {
                out.append(raw.charAt(i));
            }
        }
        String text = out.toString().strip();
        return text.equals("\"\"") ? "" : text;
    }

    private static String upper(String text) {
        return text == null ? "" : text.toUpperCase(Locale.ROOT);
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
