package it.snodo.intake.rest;

import it.snodo.access.Audit;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.Identity;
import it.snodo.booking.PromemoriaMaker;
import it.snodo.booking.desk.BookingDesk;
import it.snodo.fault.Problem;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.intake.BookingArrival;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * A booking and its promemoria, for who says first whose it is (R80): a code of the person, or surname and birth date. A
 * booking that is not there and one of somebody else are answered alike. Every question leaves a line in the audit.
 */
@RestController
@RequestMapping("/api/v1/bookings")
class BookingsController {

    private final ObjectProvider<BookingDesk> desk;
    private final PromemoriaMaker promemoria;
    private final Audit audit;

    BookingsController(ObjectProvider<BookingDesk> desk, PromemoriaMaker promemoria, Audit audit) {
        this.desk = desk;
        this.promemoria = promemoria;
        this.audit = audit;
    }

    @GetMapping(path = "/{code}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> read(
            @PathVariable String code,
            @RequestParam(required = false) String fiscalCode,
            @RequestParam(required = false) String family,
            @RequestParam(required = false) String given,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate birthDate) {
        Identity identity = new Identity(fiscalCode, family, given, birthDate);
        if (!identity.isEnough()) {
            return unidentified(code, "READ_BOOKING");
        }
        Booking booking = identified(code, identity, "READ_BOOKING");
        return ResponseEntity.ok()
                .eTag("\"" + booking.revision() + "\"")
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.APPLICATION_JSON)
                .body(BookingAnswers.bytes(booking));
    }

    @GetMapping("/{code}/promemoria")
    ResponseEntity<byte[]> promemoria(
            @PathVariable String code,
            @RequestParam(required = false) String fiscalCode,
            @RequestParam(required = false) String family,
            @RequestParam(required = false) String given,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate birthDate,
            @RequestParam(required = false) String service,
            @RequestParam(required = false) String start,
            @RequestParam(required = false) String phone,
            HttpServletRequest request,
            Principal user) {
        Identity identity = new Identity(fiscalCode, family, given, birthDate);
        if (!identity.isEnough()) {
            return unidentified(code, "PRINT_PROMEMORIA");
        }
        Booking booking = identified(code, identity, "PRINT_PROMEMORIA");
        String query = request.getQueryString();
        BookingDesk.Answered answered = desk.getObject().handle(reprint(booking.code(), query, user.getName()));
        if (!(answered.reply() instanceof BookingAnswer answer) || answer.result() != BookingAnswer.Result.REPRINTED) {
            return ResponseEntity.status(BookingAnswers.tree(answered.answer())
                            .path("status")
                            .asInt(500))
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(answered.answer());
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_PDF)
                .cacheControl(CacheControl.noStore())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("promemoria-" + booking.code() + ".pdf")
                                .build()
                                .toString())
                .body(promemoria.pdf(answer.booking() == null ? booking : answer.booking()));
    }

    /** A reprint is judged by the rules as every operation is (R68, R64). */
    private static BookingArrival reprint(String code, String query, String user) {
        BookingBody body = BookingBody.none();
        QueryFields.of(query).into(body);
        body.tree().put("operation", BookingRequest.Operation.REPRINT.name());
        body.tree().put("bookingCode", code);
        body.tree().withObject("/identification").put("bookingCode", code);
        body.tree().withObject("/requester").put("application", user);
        BookingReading<BookingRequest> reading = BookingReading.of(body.tree(), BookingRequest.class);
        return new BookingArrival(
                "REST",
                user,
                user,
                "urn:uuid:" + UUID.randomUUID(),
                "GET /bookings/promemoria",
                ("GET /bookings/" + code + "/promemoria?" + query).getBytes(StandardCharsets.UTF_8),
                reading.ask(),
                reading.unreadable(),
                List.of(),
                body.locations(),
                null,
                BookingAnswers::write);
    }

    private ResponseEntity<byte[]> unidentified(String code, String action) {
        audit.denied("booking " + plain(code), null, action);
        return ResponseEntity.unprocessableEntity()
                .contentType(MediaType.parseMediaType(Problem.MEDIA_TYPE))
                .body(BookingAnswers.refusal(
                        "SC-080",
                        "Dati di identificazione assenti",
                        "Per leggere una prenotazione serve che chi chiede dica di chi è: fiscalCode, oppure family e"
                                + " birthDate."));
    }

    private Booking identified(String code, Identity identity, String action) {
        Optional<Booking> found = desk.getObject().find(plain(code)).filter(identity::matches);
        if (found.isEmpty()) {
            audit.denied("booking " + plain(code), identity.fiscalCode(), action);
            throw new SnodoException(
                    SnodoCode.NOT_FOUND, "La prenotazione non esiste, oppure i dati forniti non corrispondono.");
        }
        audit.read("booking " + found.get().code(), found.get().patient().fiscalCode(), action);
        return found.get();
    }

    private static String plain(String code) {
        return code.strip().toUpperCase(Locale.ROOT);
    }
}
