package it.snodo.registry;

/** A service of the national catalogue, such as 89.7A.3. */
public record Service(String code, String title) {}
