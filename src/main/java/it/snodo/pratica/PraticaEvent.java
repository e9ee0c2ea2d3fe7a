package it.snodo.pratica;

import java.time.OffsetDateTime;

/**
 * One thing that happened to a pratica.
 *
 * @param from state before; null for the first
 * @param state state after
 * @param actor codice fiscale, or the user's or system's name where no person is known
 * @param role MEDICO_SPECIALISTA_CAS or OPERATORE_ASL_DISTRETTO; null for the hub itself
 * @param beneficiaryNote as it read then
 * @param words what else is to be said, such as AURA's refusal
 */
public record PraticaEvent(
        int revision,
        OffsetDateTime at,
        Move move,
        PraticaState from,
        PraticaState state,
        String actor,
        String role,
        RejectionReason reason,
        String beneficiaryNote,
        String internalNote,
        String words) {

    /** Whether it is a line of the cronologia: one for each transition. */
    public boolean transition() {
        return from != state;
    }
}
