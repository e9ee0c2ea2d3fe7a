/**
 * What the hub knows by itself: identifiers and how they are checked, and the code tables of {@code mappings/}. Knows
 * nothing of messages, documents or protocols.
 */
package it.snodo.registry;
