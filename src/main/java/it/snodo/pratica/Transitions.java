package it.snodo.pratica;

import static it.snodo.pratica.Move.*;
import static it.snodo.pratica.Standing.*;

import java.util.List;
import java.util.Set;

/** The state machine of a pratica, whole: a row for each standing and move. src/docs/pratiche.md shows it. */
final class Transitions {

    static final String DISTRICT = "distretto";
    static final String DOCTOR = "specialista";
    /** Not a person: what AURA answered. */
    static final String HUB = "hub";

    private static final String CLOSED = "la pratica è già chiusa";
    private static final String AURA_ASKED = "la validazione è già stata chiesta e si attende la risposta di AURA";
    private static final String END_ASKED = "l'annullamento è già stato chiesto e si attende la risposta di AURA";
    private static final String VALIDATED =
            "la pratica è già validata e l'esenzione è su AURA; per toglierla si annulla la pratica";

    /**
     * @param from null: there is none yet
     * @param to null: refused
     * @param roles who may
     * @param refusal why not, after "Stato pratica non coerente: "
     */
    record Row(Standing from, Move move, Standing to, Set<String> roles, String refusal) {

        boolean allowed() {
            return to != null;
        }
    }

    static final List<Row> TABLE = List.of(
            may(null, INVIA, INVIATA, DOCTOR, DISTRICT),
            may(null, CREA_E_VALIDA, IN_VALIDAZIONE, DOCTOR),
            // ---
            may(INVIATA, PRENDI_IN_CARICO, IN_LAVORAZIONE, DISTRICT),
            may(INVIATA, VALIDA, IN_VALIDAZIONE, DISTRICT),
            may(INVIATA, RESPINGI, RESPINTA, DISTRICT),
            may(INVIATA, ANNULLA, ANNULLATA, DISTRICT),
            may(INVIATA, ANNOTA, INVIATA, DISTRICT),
            may(INVIATA, ALLEGA, INVIATA, DISTRICT),
            // ---
            not(IN_LAVORAZIONE, PRENDI_IN_CARICO, "la pratica è già in lavorazione"),
            may(IN_LAVORAZIONE, VALIDA, IN_VALIDAZIONE, DISTRICT),
            may(IN_LAVORAZIONE, RESPINGI, RESPINTA, DISTRICT),
            may(IN_LAVORAZIONE, ANNULLA, ANNULLATA, DISTRICT),
            may(IN_LAVORAZIONE, ANNOTA, IN_LAVORAZIONE, DISTRICT),
            may(IN_LAVORAZIONE, ALLEGA, IN_LAVORAZIONE, DISTRICT),
            // ---
            not(IN_VALIDAZIONE, PRENDI_IN_CARICO, "la pratica è già in lavorazione"),
            not(IN_VALIDAZIONE, VALIDA, AURA_ASKED),
            not(IN_VALIDAZIONE, RESPINGI, AURA_ASKED),
            not(IN_VALIDAZIONE, ANNULLA, AURA_ASKED),
            may(IN_VALIDAZIONE, ANNOTA, IN_VALIDAZIONE, DISTRICT),
            not(IN_VALIDAZIONE, ALLEGA, AURA_ASKED),
            may(IN_VALIDAZIONE, AURA_OK, VALIDATA, HUB),
            // of a "crea e valida" ANNULLATA: the certificate can be used again
            may(IN_VALIDAZIONE, AURA_KO, IN_LAVORAZIONE, HUB),
            // AURA was asked once more by a person, after it had refused
            may(IN_LAVORAZIONE, AURA_OK, VALIDATA, HUB),
            // ---
            not(VALIDATA, PRENDI_IN_CARICO, VALIDATED),
            not(VALIDATA, VALIDA, VALIDATED),
            not(VALIDATA, RESPINGI, VALIDATED),
            may(VALIDATA, ANNULLA, IN_ANNULLAMENTO, DISTRICT),
            may(VALIDATA, ANNOTA, VALIDATA, DISTRICT),
            not(VALIDATA, ALLEGA, CLOSED),
            // ---
            not(IN_ANNULLAMENTO, PRENDI_IN_CARICO, END_ASKED),
            not(IN_ANNULLAMENTO, VALIDA, END_ASKED),
            not(IN_ANNULLAMENTO, RESPINGI, END_ASKED),
            not(IN_ANNULLAMENTO, ANNULLA, END_ASKED),
            may(IN_ANNULLAMENTO, ANNOTA, IN_ANNULLAMENTO, DISTRICT),
            not(IN_ANNULLAMENTO, ALLEGA, CLOSED),
            may(IN_ANNULLAMENTO, AURA_OK, ANNULLATA, HUB),
            may(IN_ANNULLAMENTO, AURA_KO, VALIDATA, HUB),
            // ---
            not(RESPINTA, PRENDI_IN_CARICO, "la pratica è stata respinta"),
            not(RESPINTA, VALIDA, "la pratica è stata respinta"),
            not(RESPINTA, RESPINGI, "la pratica è già stata respinta"),
            not(RESPINTA, ANNULLA, "la pratica è stata respinta"),
            may(RESPINTA, ANNOTA, RESPINTA, DISTRICT),
            not(RESPINTA, ALLEGA, CLOSED),
            // ---
            not(ANNULLATA, PRENDI_IN_CARICO, "la pratica è stata annullata"),
            not(ANNULLATA, VALIDA, "la pratica è stata annullata"),
            not(ANNULLATA, RESPINGI, "la pratica è stata annullata"),
            not(ANNULLATA, ANNULLA, "la pratica è già stata annullata"),
            may(ANNULLATA, ANNOTA, ANNULLATA, DISTRICT),
            not(ANNULLATA, ALLEGA, CLOSED));

    private Transitions() {}

    private static Row may(Standing from, Move move, Standing to, String... roles) {
        return new Row(from, move, to, Set.of(roles), null);
    }

    private static Row not(Standing from, Move move, String refusal) {
        return new Row(from, move, null, Set.of(DISTRICT), refusal);
    }

    static Row of(Standing from, Move move) {
        return TABLE.stream()
                .filter(row -> row.from == from && row.move == move)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(move + " from " + from));
    }

    /** What that role may do now, in the order of the table. */
    static List<Move> possible(Standing from, String role) {
        return TABLE.stream()
                .filter(row -> row.from == from && row.allowed() && row.roles.contains(role))
                .map(Row::move)
                .toList();
    }
}
