package it.snodo.booking.cup;

import it.snodo.booking.Note;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.cup.CupPort.Reply.Outcome;
import it.snodo.intake.hl7v2.Er7;
import it.snodo.intake.hl7v2.Er7.Segment;
import it.snodo.intake.hl7v2.Hl7Charset;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what a CUP answers to a command: ACK, SRR, ORG or whatever else carries an MSA. MSA-1 decides; versions, structure
 * names and the order of the segments do not matter. Source: hl7-booking.md §3, §5.4, §5.5.
 */
final class AnswerReader {

    /** The slot is somebody else's by now; the one refusal that another slot mends (T0357). */
    private static final String LOCKED = "206";

    /** Known already (T0357): the same command has come before, and has taken effect. */
    private static final String DUPLICATE = "205";

    /** Something has gone wrong in there (T0357): says nothing of the booking. */
    private static final String INTERNAL = "207";

    /** T0278: what no booking is that stands, or not yet. */
    private static final Set<String> NOT_BOOKED = Set.of(
            "PENDING",
            "WAITLIST",
            "TENTATIVE",
            "BLOCKED",
            "CANCELLED",
            "CANCELED",
            "DELETED",
            "DC",
            "DISCONTINUED",
            "DCDISCONTINUED",
            "NOSHOW");

    /** Events that take a booking off. */
    private static final Set<String> OFF = Set.of("S04", "S06", "S15", "S17");

    /** With cents, and perhaps points between the thousands; no part of a date. */
    private static final Pattern CENTS =
            Pattern.compile("(?<!\\d)(?<!\\d[.,])(\\d{1,3}(?:\\.\\d{3})+|\\d{1,9})[.,](\\d{2})(?![.,]?\\d)");

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,3}(?:\\.\\d{3})+|\\d{1,6})(?:[.,](\\d))?(?!\\d)");
    private static final Pattern LINE_TICKET = Pattern.compile("TICKET(\\d{1,2})");

    private final Er7 answer;
    private final byte[] raw;

    private AnswerReader(Er7 answer, byte[] raw) {
        this.answer = answer;
        this.raw = raw;
    }

    /** The message in a frame, in the character set it is really written in. */
    static Er7 parse(byte[] frame) {
        byte[] bytes = Hl7Charset.asBytesWithAsciiSeparators(frame);
        Er7 plain = Er7.read(bytes, 0, bytes.length, StandardCharsets.ISO_8859_1);
        Hl7Charset charset = Hl7Charset.of(bytes, plain.segment("MSH").get(18), null);
        return plain.in(charset.read());
    }

    /** Whose answer a frame is. MSA-2 must be our MSH-10, or it is none of ours. */
    static MllpLine.Fit fit(byte[] frame, String controlId) {
        try {
            Segment msa = parse(frame).segment("MSA");
            if (!controlId.equals(msa.get(2))) {
                return MllpLine.Fit.FOREIGN;
            }
            return "CA".equalsIgnoreCase(msa.get(1)) ? MllpLine.Fit.COMMIT : MllpLine.Fit.OURS;
        } catch (Er7.TooManySegments e) {
            return MllpLine.Fit.FOREIGN;
        }
    }

    /** @param command what was sent: tells whether a booking that is known already is this one */
    static Reply read(byte[] frame, byte[] command) {
        try {
            return new AnswerReader(parse(frame), frame).reply(command);
        } catch (Er7.TooManySegments e) {
            return Replies.unknown("la risposta del CUP non è leggibile", frame);
        }
    }

    private Reply reply(byte[] command) {
        String verdict = answer.segment("MSA").get(1);
        Refusal refusal = refusal();
        return switch (verdict == null ? "" : verdict.toUpperCase(Locale.ROOT)) {
            case "AA" -> orders(parse(command));
            case "AE", "CE", "AR", "CR" -> {
                if (LOCKED.equals(refusal.condition)) {
                    yield refused(Outcome.TAKEN, refusal);
                }
                if (DUPLICATE.equals(refusal.condition) && isOurs(refusal, parse(command))) {
                    yield done(parse(command));
                }
                // a rejection without a reason of the booking's own: it was not looked at, and may be sent again
                boolean unread = verdict.toUpperCase(Locale.ROOT).endsWith("R")
                        && refusal.code == null
                        && (refusal.condition == null || INTERNAL.equals(refusal.condition));
                yield refused(unread ? Outcome.UNSENT : Outcome.REFUSED, refusal);
            }
            default -> Replies.unknown("la risposta del CUP non dice l'esito (MSA-1)", raw);
        };
    }

    /** ORC-1 of each order tells whether the CUP could do it; where there is none, MSA has said all. */
    private Reply orders(Er7 command) {
        Set<String> controls = new LinkedHashSet<>();
        for (Segment order : answer.all("ORC")) {
            if (order.get(1) != null) {
                controls.add(order.get(1).toUpperCase(Locale.ROOT));
            }
        }
        boolean unable = controls.removeIf(each -> each.equals("UA") || each.equals("UX") || each.equals("UC"));
        if (!unable) {
            return done(command);
        }
        if (controls.isEmpty()) {
            Refusal refusal = refusal();
            return refused(LOCKED.equals(refusal.condition) ? Outcome.TAKEN : Outcome.REFUSED, refusal);
        }
        return Replies.unknown("il CUP ha accettato solo una parte delle prestazioni", raw);
    }

    /** Amounts and times stand with the services of the command, in whatever order the CUP names them (R69). */
    private Reply done(Er7 command) {
        String status = answer.segment("SCH").get(25);
        if (status != null
                && NOT_BOOKED.contains(status.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", ""))
                && !OFF.contains(String.valueOf(command.segment("MSH").get(9, 2)))) {
            return Replies.unknown(
                    "il CUP accetta il comando e mostra la prenotazione come «%s»".formatted(status), raw);
        }
        List<Segment> asked = command.all("AIS");
        Set<Integer> found = new HashSet<>();
        Map<Integer, BigDecimal> lines = new TreeMap<>();
        Map<Integer, OffsetDateTime> starts = new TreeMap<>();
        OffsetDateTime whole = toTheMinute(
                first(answer.segment("SCH").get(11, 4), answer.segment("TQ1").get(7)));
        if (whole != null) {
            starts.put(0, whole);
        }
        List<Note> notes = new ArrayList<>();
        BigDecimal ticket = null;
        String filler = answer.segment("SCH").get(2);
        int group = -1;
        String service = null;
        for (Segment segment : answer.segments()) {
            switch (segment.id()) {
                case "RGS" -> {
                    group++;
                    service = null;
                }
                case "AIS" -> {
                    service = Codes.regional(segment, 3);
                    int line = line(segment, Math.max(group, 0), asked, found);
                    found.add(line);
                    OffsetDateTime start = toTheMinute(segment.get(4));
                    if (start != null) {
                        starts.put(line, start);
                    }
                    BigDecimal amount = ticketOf(segment);
                    if (amount != null) {
                        lines.put(line, amount);
                    }
                }
                case "ORC" -> filler = filler == null ? segment.get(3) : filler;
                case "NTE" -> {
                    String kind = kind(segment);
                    String text = words(segment, 3);
                    Matcher line = LINE_TICKET.matcher(kind);
                    if (text == null) {
                        continue;
                    }
                    if (kind.equals("FILLER")) {
                        filler = filler == null ? segment.get(3) : filler;
                    } else if (kind.equals("TICKET")) {
                        ticket = ticket == null ? amount(text) : ticket;
                    } else if (line.matches()) {
                        BigDecimal amount = amount(text);
                        if (amount != null) {
                            lines.put(Integer.parseInt(line.group(1)) - 1, amount);
                        }
                    } else {
                        notes.add(note(kind, service, text));
                    }
                }
                default -> {}
            }
        }
        return new Reply(Outcome.DONE, filler, lines, ticket, notes, null, warning(), raw).startingAt(starts);
    }

    /** Less than that does not say that it is another time. */
    private static OffsetDateTime toTheMinute(String text) {
        return text == null || !text.matches("\\d{12}.*") ? null : Codes.time(text);
    }

    /** The line of the prescription that an AIS is about: by its code where that stands elsewhere, else by its place. */
    private static int line(Segment service, int group, List<Segment> asked, Set<Integer> taken) {
        if (group < asked.size() && isSame(service, asked.get(group))) {
            return group;
        }
        for (int i = 0; i < asked.size(); i++) {
            if (!taken.contains(i) && isSame(service, asked.get(i))) {
                return i;
            }
        }
        return group;
    }

    private static boolean isSame(Segment one, Segment other) {
        String regional = Codes.regional(one, 3);
        String own = Codes.own(one, 3);
        return regional != null
                        && regional.equalsIgnoreCase(Codes.regional(other, 3))
                        && (own == null || Codes.own(other, 3) == null || own.equalsIgnoreCase(Codes.own(other, 3)))
                || regional == null && own != null && own.equalsIgnoreCase(Codes.own(other, 3));
    }

    /** What goes along with a yes. */
    private String warning() {
        Refusal said = refusal();
        return said.words;
    }

    private Reply refused(Outcome outcome, Refusal why) {
        return new Reply(
                outcome,
                null,
                Map.of(),
                null,
                List.of(),
                why.code == null ? why.condition : why.code,
                why.words == null ? "il CUP non ha detto il motivo" : why.words,
                raw);
    }

    /**
     * @param condition T0357; null when not said
     * @param code the CUP's own; null when not said
     */
    private record Refusal(String condition, String code, String words) {}

    /** 2.5 says it in ERR-3, ERR-5, ERR-7, ERR-8; older versions in ERR-1 and MSA-3; some only in a note. */
    private Refusal refusal() {
        String condition = null;
        String code = null;
        Set<String> words = new LinkedHashSet<>();
        for (Segment err : answer.all("ERR")) {
            String own = condition(err);
            String other = err.get(5) == null ? err.get(1, 1, 4, 4) : err.get(5);
            // of several, the one that another slot would mend says least
            if (condition == null || LOCKED.equals(condition)) {
                condition = own == null ? condition : own;
                code = other == null ? code : other;
            }
            String said = first(words(err, 8), words(err, 7), err.get(5, 2), err.get(1, 1, 4, 5), err.get(3, 2));
            if (said != null) {
                words.add(said);
            }
        }
        Segment msa = answer.segment("MSA");
        String old = msa.get(6);
        if (condition == null && isCondition(old)) {
            condition = old;
        }
        if (words.isEmpty()) {
            String said = first(words(msa, 3), msa.get(6, 2));
            if (said == null
                    && !"AA".equalsIgnoreCase(msa.get(1))
                    && answer.segment("NTE").exists()) {
                said = words(answer.segment("NTE"), 3);
            }
            if (said != null) {
                words.add(said);
            }
        }
        return new Refusal(condition, code, words.isEmpty() ? null : String.join("; ", words));
    }

    /** T0357, in ERR-3 or its other half, or in ERR-1, where some of the old ones write nothing else. */
    private static String condition(Segment err) {
        if (err.get(3) != null) {
            return !isCondition(err.get(3)) && isCondition(err.get(3, 4)) ? err.get(3, 4) : err.get(3);
        }
        String old = err.get(1, 1, 4, 1);
        return old == null && isCondition(err.get(1)) ? err.get(1) : old;
    }

    private static boolean isCondition(String code) {
        return code != null && code.matches("\\d{3}");
    }

    /**
     * Whether what the CUP knows already is this very command: where it shows the booking that it has, code and time are ours;
     * where it does not show our code, it gives no reason of its own.
     */
    private boolean isOurs(Refusal refusal, Er7 command) {
        Segment has = answer.segment("SCH");
        String asked = first(
                command.segment("SCH").get(1),
                command.segment("ARQ").get(1),
                command.segment("ORC").get(4));
        boolean shown = has.get(1) != null && asked != null;
        if (shown && !has.get(1).equals(asked)) {
            return false;
        }
        if (!shown && refusal.code != null && !refusal.code.equals(DUPLICATE)) {
            return false;
        }
        if (!has.exists()) {
            return true;
        }
        OffsetDateTime known =
                Codes.time(first(has.get(11, 4), answer.segment("AIS").get(4)));
        OffsetDateTime wanted = Codes.time(first(
                command.segment("AIS").get(4),
                command.segment("TQ1").get(7),
                command.segment("ORC").get(7, 4)));
        return known == null || wanted == null || known.isEqual(wanted);
    }

    /** NTE-4, or what else tells a note's kind. */
    static String kind(Segment note) {
        String kind = note.get(4);
        return kind == null ? "" : kind.toUpperCase(Locale.ROOT);
    }

    /** All repetitions of a text, line by line. */
    static String words(Segment segment, int field) {
        List<String> lines = new ArrayList<>();
        for (String each : segment.texts(field)) {
            if (each != null) {
                lines.add(each);
            }
        }
        return lines.isEmpty() ? null : String.join("\n", lines);
    }

    static Note note(String kind, String service, String text) {
        return switch (kind) {
            case "PI" -> new Note(Note.Kind.PATIENT, service, text, null);
            case "99NP" -> new Note(Note.Kind.SERVICE, service, text, null);
            default -> new Note(Note.Kind.OPERATOR, service, text, null);
        };
    }

    /** AIS-12 {@code 36.15^EUR^99TKT}, among whatever else stands there. */
    static BigDecimal ticketOf(Segment service) {
        for (int i = 1; i <= service.repetitions(12); i++) {
            if ("99TKT".equalsIgnoreCase(service.get(12, i, 3))) {
                return amount(service.get(12, i, 1));
            }
        }
        return null;
    }

    /** The amount in a text, which may be {@code 2 prestazioni: 1.236,15 EUR}: the first with cents, else the first number. */
    static BigDecimal amount(String text) {
        if (text == null) {
            return null;
        }
        Matcher found = CENTS.matcher(text);
        if (!found.find()) {
            found = AMOUNT.matcher(text);
            if (!found.find()) {
                return null;
            }
        }
        String cents = found.group(2) == null ? "00" : found.group(2);
        return new BigDecimal(found.group(1).replace(".", "") + "." + cents).setScale(2);
    }

    private static String first(String... texts) {
        for (String each : texts) {
            if (each != null) {
                return each;
            }
        }
        return null;
    }
}
