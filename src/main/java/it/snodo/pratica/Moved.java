package it.snodo.pratica;

/**
 * What a move did.
 *
 * @param waits AURA has not answered yet: it completes by itself
 * @param message for the person who did it
 */
public record Moved(Pratica pratica, boolean waits, String message) {}
