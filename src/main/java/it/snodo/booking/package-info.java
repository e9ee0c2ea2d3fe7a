/**
 * SovraCup: what is asked for, the region's rules about it, and what came of it. Knows neither transport nor flow.
 *
 * <p>Source of the rules: operator manual of SovraCup for Torino and its Provincia, December 2007, cited as "manual".
 */
package it.snodo.booking;
