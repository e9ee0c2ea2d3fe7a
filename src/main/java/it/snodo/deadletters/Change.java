package it.snodo.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One thing that an action changes.
 *
 * @param what {@code certificato 12}, {@code invio 33 FSE CREATE}, {@code messaggio 5}
 * @param note what to know about it; null when nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Change(String what, String from, String to, String note) {}
