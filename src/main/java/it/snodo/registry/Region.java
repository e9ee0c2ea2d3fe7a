package it.snodo.registry;

/** A region: three digits (ministry), name, and the name that the FSE gateway wants for it. */
public record Region(String code, String name, String organization) {}
