package it.snodo.deadletters;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The journal's entry, as far as an operator's action needs it. */
record Message(long id, String state, Long certificateNumber, String bookingCode) {

    static Message of(JdbcClient db, long id) {
        return db.sql("select id, state, certificate_number, booking_code from message where id = ?")
                .param(id)
                .query(Message.class)
                .optional()
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.NOT_FOUND, "Nessun messaggio con identificativo %d.".formatted(id)));
    }

    /** @throws SnodoException NOT_NOW when the message has had no effect that could be done again */
    long certificate() {
        if (bookingCode != null) {
            throw new SnodoException(
                    SnodoCode.NOT_NOW,
                    "Il messaggio %d riguarda la prenotazione %s: i comandi al CUP si vedono e si chiudono in /api/v1/bookings/%s/commands."
                            .formatted(id, bookingCode, bookingCode));
        }
        if (state.equals("REFUSED") || certificateNumber == null) {
            throw new SnodoException(
                    SnodoCode.NOT_NOW,
                    "Il messaggio %d è stato rifiutato all'ingresso e non ha avuto effetto: il mittente lo corregga e lo invii di nuovo."
                            .formatted(id));
        }
        return certificateNumber;
    }
}
