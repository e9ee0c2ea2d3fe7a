package it.snodo.deadletters;

import it.snodo.fault.Remedy;
import it.snodo.fault.SnodoCode;
import java.util.Optional;

/** What a person does about a dead letter, in words. */
final class NextStep {

    private NextStep() {}

    static Optional<SnodoCode> code(String code) {
        return SnodoCode.find(code);
    }

    /**
     * Of a delivery that belongs to no message, such as an exemption that AURA has not been told of.
     *
     * @param unknown an earlier try may have taken effect: it is not closed before it has been read back
     */
    static String ofDelivery(String code, long delivery, boolean unknown) {
        String retry =
                ("ripetere l'invio (POST /api/v1/publications/%d/retry): prima di inviare l'hub rilegge il profilo,"
                                + " ripetere non crea un doppione.")
                        .formatted(delivery);
        return code(code).map(one -> one.advice() + " ").orElse("")
                + (unknown
                        ? "Un tentativo può avere avuto effetto su AURA: rimossa la causa, prima di tutto " + retry
                                + " Solo dopo, se AURA non l'ha e non è più dovuto, si può chiudere con un motivo (/close)."
                        : "Rimossa la causa, " + retry
                                + " Se non è più dovuto, chiuderlo con un motivo (/close): la pratica ne riceve notizia.");
    }

    /**
     * @param ofHub the step that failed is the hub's own, not a delivery
     * @param unknown an earlier try may have taken effect
     */
    static String of(String code, boolean ofHub, boolean unknown) {
        Optional<SnodoCode> known = code(code);
        Remedy remedy = known.map(SnodoCode::remedy).orElse(Remedy.REPAIR);
        String advice = known.map(one -> one.advice() + " ").orElse("");
        String doubt = unknown
                ? " Un tentativo può essere arrivato: ripetere non crea un doppione, la destinazione riconosce l'invio."
                : "";
        return advice
                + switch (remedy) {
                    case RETRY -> "Rimossa la causa, ripetere (replay)." + doubt;
                    case REPAIR ->
                        (ofHub
                                        ? "Se l'errore è nei dati correggere la richiesta (repair), se è in una tabella, un modello o"
                                                + " un'impostazione correggere quella e ripetere (replay)."
                                        : "Rimossa la causa, ripetere (replay); se l'errore è nei dati e nulla è ancora pubblicato"
                                                + " correggere la richiesta (repair), altrimenti chiedere al mittente una"
                                                + " sostituzione.")
                                + doubt;
                    case STOP ->
                        "Non ripetere senza una decisione: valutare il caso e scartare con un motivo (discard).";
                };
    }
}
