package it.snodo.booking.desk;

import com.fasterxml.jackson.annotation.JsonInclude;
import it.snodo.access.Audit;
import it.snodo.booking.Booking;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.security.Principal;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What operations see and do of the commands that go to CUPs. Nothing of the person is shown. */
@RestController
@RequestMapping("/api/v1/bookings/{code}/commands")
class CommandsController {

    private final Register register;
    private final Settlement settlement;
    private final Transactions transactions;
    private final Audit audit;

    CommandsController(Register register, Settlement settlement, Transactions transactions, Audit audit) {
        this.register = register;
        this.settlement = settlement;
        this.transactions = transactions;
        this.audit = audit;
    }

    /**
     * One command.
     *
     * @param messageId the message that asked for it: its calls hold the bytes
     * @param inFavourOf the booking because of which this one is revoked
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            long id,
            String operation,
            String azienda,
            String controlId,
            String state,
            int attempts,
            long messageId,
            String inFavourOf,
            boolean givenUp,
            OffsetDateTime created) {}

    record Commands(String booking, String state, List<View> items) {}

    /**
     * How a command ended, as a person has found out at the CUP.
     *
     * @param happened whether the CUP has done it
     * @param fillerCode the CUP's code of the booking; may be left out
     */
    record Closing(Boolean happened, String fillerCode, String reason) {}

    @GetMapping
    ResponseEntity<Commands> list(@PathVariable String code) {
        Booking booking = known(code);
        audit.read("booking " + booking.code(), Persons.identifier(booking.patient()), "lettura dei comandi al CUP");
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(commands(booking));
    }

    @PostMapping("/ask")
    Commands ask(@PathVariable String code) {
        Booking booking = known(code);
        if (!register.askNow(booking.code())) {
            throw new SnodoException(
                    SnodoCode.REQUEST_INVALID, "La prenotazione %s non ha comandi senza esito.".formatted(code));
        }
        return commands(booking);
    }

    @PostMapping("/{id}/close")
    Commands close(@PathVariable String code, @PathVariable long id, @RequestBody Closing closing, Principal who) {
        Booking booking = known(code);
        if (closing.happened() == null
                || closing.reason() == null
                || closing.reason().isBlank()) {
            throw new SnodoException(
                    SnodoCode.REQUEST_INVALID, "Servono happened (true o false) e il motivo (reason).");
        }
        transactions.in(() -> {
            register.lock(booking.code());
            Command command = register.command(id)
                    .filter(each -> each.booking().equals(booking.code()))
                    .orElseThrow(() -> new SnodoException(
                            SnodoCode.NOT_FOUND, "La prenotazione %s non ha un comando %d.".formatted(code, id)));
            String words =
                    "chiuso da " + who.getName() + ": " + closing.reason().strip();
            if (command.state() == Command.State.REFUSED && command.inFavourOf() != null) {
                register.closedBy(id, who.getName());
                return null;
            }
            Reply reply = new Reply(
                    closing.happened() ? Reply.Outcome.DONE : Reply.Outcome.REFUSED,
                    closing.fillerCode(),
                    Map.of(),
                    null,
                    List.of(),
                    null,
                    words,
                    null);
            Settlement.Settled settled = settlement
                    .settle(command, reply, false, false)
                    .orElseThrow(() -> new SnodoException(
                            SnodoCode.REQUEST_INVALID, "Il comando %d ha già un esito.".formatted(id)));
            settlement.tell(command, settled.outcome(), words);
            register.closedBy(id, who.getName());
            return null;
        });
        audit.read("booking " + booking.code(), Persons.identifier(booking.patient()), "chiusura di un comando al CUP");
        return commands(known(code));
    }

    private Booking known(String code) {
        return register.find(code)
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.BOOKING_UNKNOWN, "Nessuna prenotazione con codice «%s».".formatted(code)));
    }

    private Commands commands(Booking booking) {
        return new Commands(
                booking.code(),
                booking.state().name(),
                register.all(booking.code()).stream()
                        .map(each -> new View(
                                each.id(),
                                each.operation().name(),
                                each.azienda(),
                                each.controlId(),
                                each.state().name(),
                                each.attempts(),
                                each.messageId(),
                                each.inFavourOf(),
                                each.givenUp(),
                                each.created().atZone(Register.ROME).toOffsetDateTime()))
                        .toList());
    }
}
