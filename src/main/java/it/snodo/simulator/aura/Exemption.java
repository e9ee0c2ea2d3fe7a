package it.snodo.simulator.aura;

/**
 * An exemption of a person; texts as they came, days as dd/MM/yyyy.
 *
 * @param to last day; empty: none
 * @param annulled day; empty: it is not
 * @param source who told AURA
 */
record Exemption(
        String code,
        String title,
        String diagnosis,
        String diagnosisTitle,
        String from,
        String to,
        String annulled,
        String source) {

    /** What makes it one and the same. */
    String key() {
        return code + "|" + diagnosis + "|" + from;
    }
}
