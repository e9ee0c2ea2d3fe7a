package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Decision;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** What all rules about the prescription have: what they are called, and the words that they share. */
abstract class PrescriptionRule implements BookingRule {

    /** Conditions of HL7 table 0357. */
    static final int MISSING = 101;

    static final int MALFORMED = 102;
    static final int NOT_IN_TABLE = 103;
    static final int DUPLICATE = 205;
    static final int BUSINESS = 207;

    static final ZoneId ROME = ZoneId.of("Europe/Rome");

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd/MM/uuuu");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MM/uuuu 'alle' HH:mm");

    private final int number;
    private final String source;
    private final Step step;
    private final String says;
    private final List<Code> codes;

    PrescriptionRule(int number, String source, Step step, String says, Code... codes) {
        this.number = number;
        this.source = source;
        this.step = step;
        this.says = says;
        this.codes = List.of(codes);
    }

    @Override
    public final int number() {
        return number;
    }

    @Override
    public final String source() {
        return source;
    }

    @Override
    public final Step step() {
        return step;
    }

    @Override
    public final String says() {
        return says;
    }

    @Override
    public final List<Code> codes() {
        return codes;
    }

    /** Whether the request takes places: a new booking or a move; in others a place is only what was booked. */
    static boolean takesPlaces(BookingCase given) {
        return given.isNew() || given.request().operation() == Operation.MOVE;
    }

    static Code reject(String code, int condition, String title) {
        return new Code(code, Decision.REJECT, condition, title);
    }

    static Code code(String code, Decision decision, String title) {
        return new Code(code, decision, BUSINESS, title);
    }

    /** As people write it. */
    static String day(LocalDate day) {
        return DAY.format(day);
    }

    static String time(OffsetDateTime start) {
        return TIME.format(start.atZoneSameInstant(ROME));
    }

    static LocalDate dayOf(OffsetDateTime start) {
        return start.atZoneSameInstant(ROME).toLocalDate();
    }
}
