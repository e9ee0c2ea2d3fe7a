package it.snodo.booking;

/** What a message of the booking domain asks for, whatever protocol brought it. */
public sealed interface BookingAsk permits BookingRequest, AvailabilityQuery, BookingNotice {}
