package it.snodo.booking;

/** What the hub says to a {@link BookingAsk}. */
public sealed interface BookingReply permits BookingAnswer, AvailabilityAnswer {}
