package it.snodo.booking;

/**
 * A field that came with something that is no value of its type. It is null in the request; the rule that the field belongs
 * to says what is wrong (R14 of a date), and what no rule claims is a fault of the message.
 *
 * @param path in the {@link BookingAsk}, such as {@code prescription.compiled}
 * @param given what came, cut to 80 characters
 * @param expected Italian: "una data aaaa-mm-gg"
 */
public record Unreadable(String path, String given, String expected) {}
