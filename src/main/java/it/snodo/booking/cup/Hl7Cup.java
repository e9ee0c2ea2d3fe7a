package it.snodo.booking.cup;

import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A CUP that speaks HL7 v2 over MLLP, in one of three styles. Searches are SQM^S25 in all of them. */
final class Hl7Cup implements Cup {

    private final String type;
    private final Style style;
    private final CupProperties properties;
    private final MllpLines lines;
    private final BookingCatalogue catalogue;

    /** Writes a command in a style. */
    @FunctionalInterface
    interface Style {
        String write(Dialect dialect, Booking booking, Operation operation, String controlId, String reason, Term term);
    }

    /** @param type of its commands, MSH-9.1 */
    Hl7Cup(String type, Style style, CupProperties properties, MllpLines lines, BookingCatalogue catalogue) {
        this.type = type;
        this.style = style;
        this.properties = properties;
        this.lines = lines;
        this.catalogue = catalogue;
    }

    @Override
    public byte[] command(CupAzienda azienda, Booking booking, Operation operation, String controlId, String reason) {
        Dialect dialect = Dialect.of(azienda);
        return dialect.bytes(style.write(dialect, booking, operation, controlId, reason, Term.of(booking, catalogue)));
    }

    @Override
    public boolean wrote(byte[] command) {
        String[] header = new String(command, StandardCharsets.ISO_8859_1).split("\\|", 10);
        return header.length == 10 && header[8].startsWith(type + "^");
    }

    @Override
    public CupPort.Reply send(
            CupAzienda azienda, Operation operation, String controlId, byte[] command, Deadline deadline)
            throws NoAnswer {
        long began = System.nanoTime();
        byte[] answer = lines.of(azienda, Address.of(azienda, properties), false)
                .exchange(command, frame -> AnswerReader.fit(frame, controlId), deadline);
        long waited = System.nanoTime() - began;
        return AnswerReader.read(answer, command).waited(waited);
    }

    @Override
    public CupPort.Found find(
            CupAzienda azienda,
            AvailabilityQuery query,
            boolean publicOnly,
            List<SqmWriter.Wanted> wanted,
            Deadline deadline)
            throws NoAnswer {
        Dialect dialect = Dialect.of(azienda);
        String id = QueryIds.next();
        byte[] message = dialect.bytes(SqmWriter.write(dialect, query, publicOnly, wanted, id, Cup.limit(query)));
        long began = System.nanoTime();
        byte[] answer = lines.of(azienda, Address.of(azienda, properties), true)
                .exchange(message, frame -> AnswerReader.fit(frame, id), deadline);
        long waited = System.nanoTime() - began;
        return PlacesReader.read(answer, azienda.code(), catalogue).waited(waited);
    }
}
