package it.snodo.booking.cup;

import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.NoAnswer.Kind;

/** Where a CUP is. */
record Address(String host, int port) {

    static Address of(CupAzienda azienda, CupProperties properties) throws NoAnswer {
        String host = blank(azienda.host()) ? properties.host() : azienda.host();
        if (blank(host)) {
            throw new NoAnswer(
                    Kind.NOT_TRIED,
                    "in mappings/aziende.csv manca l'indirizzo del CUP (cup_host), e snodo.cup.host non c'è");
        }
        int port = azienda.port() > 0
                ? azienda.port()
                : properties.basePort() + Integer.parseInt(azienda.shortCode().strip());
        return new Address(host.strip(), port);
    }

    private static boolean blank(String text) {
        return text == null || text.isBlank();
    }
}
