package it.snodo.intake.fhir;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Tells a Bundle with a booking from one with a certificate, without parsing it: the one has an Appointment, the other a Composition. */
final class BookingBundles {

    private static final Pattern APPOINTMENT = resource("Appointment");
    private static final Pattern COMPOSITION = resource("Composition");

    private BookingBundles() {}

    private static Pattern resource(String type) {
        return Pattern.compile("\"resourceType\"\\s*:\\s*\"" + type + "\"|<(?:\\w+:)?" + type + "[\\s>/]");
    }

    static boolean isBooking(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        return APPOINTMENT.matcher(text).find() && !COMPOSITION.matcher(text).find();
    }
}
