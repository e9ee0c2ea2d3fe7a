/**
 * Pratiche: requests for an exemption, as the district of an ASL works them. States and their moves, number, notes,
 * attachments, history.
 */
package it.snodo.pratica;
