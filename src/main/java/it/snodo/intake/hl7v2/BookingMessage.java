package it.snodo.intake.hl7v2;

import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.BookingAsk;
import it.snodo.booking.BookingFact;
import it.snodo.booking.BookingNotice;
import it.snodo.booking.BookingNotice.Event;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.certificate.CertificateRequest.Sender;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.hl7v2.BookingLineReader.Usual;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads SRM, SQM and SIU: every field under its canonical name, with its place. What the values must be is the business of
 * the rules; a fault here is only what leaves no message to speak of.
 */
final class BookingMessage {

    /** Where a patient is treated already: an observation of a search alone. */
    static final String CONTINUITY = "CONTINUITA";
    /** A documented reason not to have come: an observation of a notice alone. */
    static final String FORCE_MAJEURE = "FORZAMAGGIORE";

    static final Set<String> OWN = Set.of(CONTINUITY, FORCE_MAJEURE);

    static final String OID = "2.16.840.1.113883.2.9.2.10.4.13.1";
    static final String NAMESPACE = "SOVRACUP";

    private static final Pattern CODE = Pattern.compile("(?i)SC\\d{10,}");
    private static final Pattern SIX_DIGITS = Pattern.compile("\\d{6}");
    /** Whom a message is addressed to that is addressed to no azienda. */
    private static final Set<String> HUB = Set.of(
            NAMESPACE,
            "SNODO",
            "REGIONE",
            "REGIONE PIEMONTE",
            "REGIONE_PIEMONTE",
            "REGIONEPIEMONTE",
            "PIEMONTE",
            "010",
            "CSI",
            "CSI PIEMONTE",
            "CSI-PIEMONTE");
    /** The hub as an application. */
    private static final Set<String> ITSELF = Set.of(NAMESPACE, "SNODO");
    /** What is meant for an azienda's code or legacy name, be there such a one or not: R1 says so when there is none. */
    private static final Pattern AZIENDA = Pattern.compile("(?i)\\d+|AS[LO] ?\\d+");
    /** What senders write in ARQ-6 and SCH-6 to say what happens, not why. */
    private static final Set<String> NO_REASON = Set.of(
            "NEW",
            "ADD",
            "BOOK",
            "BOOKED",
            "APPT",
            "MOVE",
            "RESCHEDULE",
            "RESCHEDULED",
            "CHANGE",
            "MODIFY",
            "UPDATE",
            "CANCEL",
            "CANCELLED",
            "CANCELED",
            "REVOKE",
            "DELETE",
            "DELETED",
            "NOSHOW",
            "DISCONTINUE",
            "S",
            "U",
            "A",
            "D");
    /** Priority classes by table 0485, by ActPriority and in words. */
    private static final Map<String, String> LETTERS = Map.ofEntries(
            Map.entry("S", "U"),
            Map.entry("STAT", "U"),
            Map.entry("TH72", "U"),
            Map.entry("URGENTE", "U"),
            Map.entry("A", "B"),
            Map.entry("ASAP", "B"),
            Map.entry("TD10", "B"),
            Map.entry("BREVE", "B"),
            Map.entry("EL", "D"),
            Map.entry("TD30", "D"),
            Map.entry("TD60", "D"),
            Map.entry("DIFFERIBILE", "D"),
            Map.entry("R", "P"),
            Map.entry("TD180", "P"),
            Map.entry("PROGRAMMATA", "P"),
            Map.entry("PROGRAMMABILE", "P"));

    private static final Set<String> CLASSES = Set.of("U", "B", "D", "P");

    private final Er7 message;
    private final Header header;
    private final Sender sender;
    private final BookingTree tree = new BookingTree();
    private final Er7.Segment msh;
    /** ARQ of a request, SCH of a notice: their first eleven fields are the same. */
    private final Er7.Segment act;

    BookingMessage(Er7 message, Header header, Sender sender) {
        this.message = message;
        this.header = header;
        this.sender = sender;
        this.msh = message.segment("MSH");
        this.act = message.segment(header.type().equals("SIU") ? "SCH" : "ARQ");
    }

    BookingTree tree() {
        return tree;
    }

    /** @return null when there is no message to speak of: the tree's faults say why */
    BookingReading<? extends BookingAsk> read() {
        single("PID");
        single(act.id());
        places();
        BookingReading<? extends BookingAsk> reading =
                switch (header.type()) {
                    case "SRM" -> request();
                    case "SQM" -> query();
                    default -> notice();
                };
        return tree.faults().isEmpty() ? reading : null;
    }

    /** Of two persons or two appointments it cannot be known which is meant. */
    private void single(String segment) {
        if (message.all(segment).size() > 1) {
            tree.fault(
                    SnodoCode.NOT_ALLOWED_TOGETHER,
                    "",
                    segment + "^2",
                    "Il messaggio porta più di un segmento " + segment
                            + ": una prenotazione riguarda una sola persona, e un messaggio una sola prenotazione.");
        }
    }

    private boolean isMissing(Er7.Segment segment, String what) {
        if (!segment.exists()) {
            tree.fault(
                    SnodoCode.FIELD_MISSING,
                    "",
                    segment.id() + "^1",
                    "Manca il segmento " + segment.id() + " (" + what + ").");
        }
        return !segment.exists();
    }

    // --- the three kinds -------------------------------------------------------------------------------------

    private BookingReading<BookingRequest> request() {
        if (isMissing(act, "richiesta di appuntamento")) {
            return null;
        }
        Operation operation = BookingEvents.REQUESTS.get(header.event());
        tree.text("operation", operation.name(), "MSH^1^9^1^2");
        requester();
        if (operation != Operation.BOOK) {
            tree.code("bookingCode", placer(), "ARQ^1^1");
        }
        tree.place("bookingCode", "ARQ^1^1");
        new BookingPersonReader(message, tree).read();
        prescription();
        BookingLineReader lines = new BookingLineReader(message, tree);
        boolean asks = operation == Operation.BOOK || operation == Operation.MOVE || operation == Operation.CHANGE;
        lines.lines(
                new Usual(azienda(), "MSH^1^6", act.get(5), "ARQ^1^5", null, null, act.get(9), "ARQ^1^9", act.get(10)),
                !asks);
        period();
        if (!lines.hasSlot()) {
            lines.wishes();
        }
        new BookingFactReader(message, tree).read(path -> true);
        tree.text("reason", reason(), "ARQ^1^6");
        return BookingReading.of(tree.root(), BookingRequest.class);
    }

    private BookingReading<AvailabilityQuery> query() {
        requester();
        new BookingPersonReader(message, tree).read();
        prescription();
        BookingLineReader lines = new BookingLineReader(message, tree);
        lines.lines(new Usual(null, "MSH^1^6", null, "ARQ^1^5", null, null, null, null, null), false);
        tree.code("wish.azienda", azienda(), "MSH^1^6");
        Er7.Segment qrf = message.segment("QRF");
        period();
        if (!tree.has("wish.from")) {
            tree.day("wish.from", qrf.get(2), "QRF^1^2");
        }
        if (!tree.has("wish.to")) {
            tree.day("wish.to", qrf.get(3), "QRF^1^3");
        }
        lines.wishes();
        tree.number("limit", message.segment("QRD").get(7), "QRD^1^7");
        new BookingFactReader(message, tree).read(path -> Stream.of("patient.", "prescription.", "requester.")
                .anyMatch(path::startsWith));
        Er7.Segment continuity = BookingFactReader.own(message, CONTINUITY);
        if (continuity != null) {
            tree.code("continuity", continuity.get(5), BookingFactReader.value(continuity));
        }
        return BookingReading.of(tree.root(), AvailabilityQuery.class);
    }

    private BookingReading<BookingNotice> notice() {
        if (isMissing(act, "appuntamento")) {
            return null;
        }
        tree.text("event", event().name(), "MSH^1^9^1^2");
        // Who counts the hub as the one who fills puts our code second.
        boolean placer = isOurs(1);
        boolean turned = !placer && isOurs(2);
        boolean known = placer || turned;
        int own = known ? turned ? 1 : 2 : act.get(2) == null ? 1 : 2;
        tree.code("bookingCode", known ? act.get(turned ? 2 : 1) : null, turned ? "SCH^1^2" : "SCH^1^1");
        tree.text("fillerCode", act.get(own), "SCH^1^" + own);
        if (message.segment("PID").exists()) {
            new BookingPersonReader(message, tree).read();
        }
        String azienda = sendingAzienda();
        tree.code("azienda", azienda, "MSH^1^4");
        Er7.Segment tq1 = message.segment("TQ1");
        boolean timed = tq1.get(7) != null;
        Usual usual = new Usual(
                azienda,
                "MSH^1^4",
                act.get(5),
                "SCH^1^5",
                timed ? tq1.get(7) : act.get(11, 4),
                timed ? "TQ1^1^7" : "SCH^1^11^1^4",
                act.get(9),
                "SCH^1^9",
                act.get(10));
        BookingLineReader reader = new BookingLineReader(message, tree);
        reader.first("line", usual);
        several(reader, usual);
        new BookingFactReader(message, tree)
                .read(path ->
                        path.startsWith("patient.") && message.segment("PID").exists());
        Er7.Segment excused = BookingFactReader.own(message, FORCE_MAJEURE);
        if (excused != null) {
            tree.flag("forceMajeure", excused.get(5), BookingFactReader.value(excused));
        }
        tree.text("reason", reason(), "SCH^1^6");
        return essential(BookingReading.of(tree.root(), BookingNotice.class));
    }

    /**
     * What becomes of an appointment is not left untold for a telephone number or a birth date that cannot be read; nor what has
     * ended, for its time. Of a new one everything counts.
     */
    private BookingReading<BookingNotice> essential(BookingReading<BookingNotice> reading) {
        Event event = reading.ask().event();
        boolean ended = event == Event.CANCELLED || event == Event.DELETED || event == Event.NO_SHOW;
        return event == Event.BOOKED
                ? reading
                : new BookingReading<>(
                        reading.ask(),
                        reading.unreadable().stream()
                                .filter(each -> !each.path().startsWith("patient.")
                                        && !(ended && each.path().startsWith("line")))
                                .toList());
    }

    /**
     * Of several services each goes to its own place. Where one service stands there more than once, with different times,
     * nobody knows which of them is meant: such a notice is not taken, rather than taken in part.
     */
    private void several(BookingLineReader reader, Usual usual) {
        Event event = event();
        List<Er7.Segment> services = message.all("AIS").stream()
                .filter(each -> !"D".equalsIgnoreCase(each.get(2)))
                .toList();
        if (services.size() < 2) {
            return;
        }
        boolean sameTime = services.stream().map(each -> each.get(4)).distinct().count() == 1;
        boolean distinct = services.stream()
                        .map(each -> each.get(3) + "|" + each.text(11, 1))
                        .distinct()
                        .count()
                == services.size();
        boolean moves = event == Event.MOVED || event == Event.CHANGED;
        boolean timed = services.stream().anyMatch(each -> each.get(4) != null);
        if (!timed && (moves || event == Event.BOOKED && tree.has("bookingCode"))) {
            // SCH-11 and TQ1 are of the whole appointment: it is no time of each service
            reader.lines(
                    new Usual(usual.azienda(), usual.aziendaAt(), null, null, null, null, null, null, null), false);
        } else if (moves && distinct || event == Event.BOOKED) {
            reader.lines(usual, false);
        } else if (!sameTime && moves) {
            tree.fault(
                    SnodoCode.NOT_ALLOWED_TOGETHER,
                    "line",
                    "AIS^2",
                    "La notifica porta più volte la stessa prestazione (AIS) con orari diversi: inviare un messaggio (S13) per"
                            + " ogni prestazione.");
        }
    }

    /** What says that the appointment is off, or that nobody came, or that there is none yet, is that. */
    private Event event() {
        Event event = BookingEvents.NOTICES.get(header.event());
        String status = upper(first(act.get(25), act.get(25, 2)));
        boolean says = event == Event.BOOKED || event == Event.MOVED || event == Event.CHANGED;
        if (!says || status == null) {
            return event;
        }
        return switch (status.replaceAll("[^A-Z]", "")) {
            case "CANCELLED", "CANCELED", "DC", "DISCONTINUED" -> Event.CANCELLED;
            case "DELETED" -> Event.DELETED;
            // who did not come and gets another time has not to pay for that one
            case "NOSHOW" -> event == Event.MOVED && liesAhead() ? event : Event.NO_SHOW;
            case "PENDING", "WAITLIST", "BLOCKED" -> event == Event.BOOKED ? Event.TENTATIVE : event;
            default -> event;
        };
    }

    private boolean liesAhead() {
        String start = first(message.segment("AIS").get(4), act.get(11, 4));
        OffsetDateTime time = start == null ? null : Hl7Time.time(start);
        return time != null && time.isAfter(OffsetDateTime.now());
    }

    // --- header and act --------------------------------------------------------------------------------------

    private void requester() {
        tree.text("requester.application", sender.application(), "MSH^1^3");
        tree.text("requester.facility", sender.facility(), "MSH^1^4");
        tree.text("requester.operator", first(act.get(19, 1), act.get(19, 2)), "ARQ^1^19");
        tree.text("requester.desk", first(act.get(21, 1), act.get(21, 9)), "ARQ^1^21");
        tree.code("requester.azienda", sixDigits(4), "MSH^1^4");
    }

    /** The azienda that the message is addressed to, as it came; null when it is addressed to none in particular. */
    private String azienda() {
        String code = sixDigits(6);
        String given = first(code, first(msh.get(6, 1), msh.get(6, 2)));
        if (given == null || HUB.contains(given.toUpperCase(Locale.ROOT))) {
            return null;
        }
        String application = upper(first(msh.get(5, 1), msh.get(5, 2)));
        boolean toUs = application != null && ITSELF.contains(application);
        return toUs && !AZIENDA.matcher(given).matches() ? null : given;
    }

    private String sendingAzienda() {
        String code = sixDigits(4);
        for (Er7.Segment ail : message.all("AIL")) {
            for (int i = 1; code == null && i <= ail.repetitions(3); i++) {
                String facility = ail.get(3, i, 4);
                code = facility != null && BookingLineReader.isAzienda(facility, ail.get(3, i, 4, 2)) ? facility : null;
            }
        }
        return first(code, sender.facility());
    }

    private String sixDigits(int field) {
        return Stream.of(1, 2)
                .map(component -> msh.get(field, component))
                .filter(each -> each != null && SIX_DIGITS.matcher(each).matches())
                .findFirst()
                .orElse(null);
    }

    /** SovraCup's code, wherever the sender counts it: as the placer's, or as that of who fills the request. */
    private String placer() {
        String one = act.get(1);
        String two = act.get(2);
        if (two != null
                && CODE.matcher(two).matches()
                && (one == null || !CODE.matcher(one).matches())) {
            return two;
        }
        return first(one, two);
    }

    /** Whether an appointment's id is SovraCup's: by who gave it, and without that by its form. */
    private boolean isOurs(int field) {
        String id = act.get(field);
        String namespace = act.get(field, 2);
        String oid = act.get(field, 3);
        if (id == null) {
            return false;
        }
        return NAMESPACE.equalsIgnoreCase(namespace)
                || OID.equals(oid)
                || CODE.matcher(id).matches() && (field == 1 || namespace == null && oid == null);
    }

    private String reason() {
        String text = act.get(6, 2);
        String code = act.get(6, 1);
        if (text != null && !NO_REASON.contains(upper(text))) {
            return text;
        }
        return code == null || NO_REASON.contains(upper(code)) ? null : code;
    }

    private void period() {
        tree.day("wish.from", act.get(11, 1), "ARQ^1^11^1^1");
        tree.day("wish.to", act.get(11, 2), "ARQ^1^11^1^2");
    }

    // --- prescription ----------------------------------------------------------------------------------------

    private void prescription() {
        tree.place("prescription", "ARQ^1");
        tree.more("prescription.numbers", act.get(4), "ARQ^1^4");
        for (int i = 1; i <= act.repetitions(24); i++) {
            String number = act.get(24, i, 1);
            if (number != null && !number.equalsIgnoreCase(act.get(4))) {
                tree.more("prescription.numbers", number, "ARQ^1^24^" + i);
            }
        }
        tree.place("prescription.numbers", "ARQ^1^4");
        priority();
        prescriber();
        Er7.Segment dg1 = message.segment("DG1");
        // DG1-4 has room for forty characters: who has more to ask cuts it there
        String name = dg1.get(3, 2);
        String words = dg1.get(4);
        boolean named = name != null && (words == null || name.length() > words.length());
        tree.text("prescription.question", named ? name : words, named ? "DG1^1^3" : "DG1^1^4");
        for (BookingFact each : BookingFact.values()) {
            tree.place(each.path(), CertificateReader.NO_OBX);
        }
    }

    private void priority() {
        String given = act.get(12, 1);
        String at = "ARQ^1^12";
        if (given == null) {
            for (Er7.Segment tq1 : message.all("TQ1")) {
                for (int i = 1; i <= tq1.repetitions(9); i++) {
                    String code = tq1.get(9, i, 1);
                    if (code != null && (given == null || CLASSES.contains(upper(code)))) {
                        given = code;
                        at = "TQ1^" + tq1.occurrence() + "^9^" + i;
                    }
                }
            }
        }
        tree.code("prescription.priority", given == null ? null : LETTERS.getOrDefault(upper(given), given), at);
    }

    /** ARQ-15, or the referring doctor; of several the one with a codice fiscale. */
    private void prescriber() {
        Er7.Segment pv1 = message.segment("PV1");
        Er7.Segment segment = act.text(15, 1) != null ? act : pv1;
        int field = segment == act ? 15 : 8;
        int best = 1;
        for (int i = segment.repetitions(field); i > 0; i--) {
            if ("MEF".equalsIgnoreCase(segment.get(field, i, 9))) {
                best = i;
            }
        }
        String doctor = first(segment.get(field, best, 1), segment.get(field, best, 2));
        // ARQ-15 is required: who knows nobody writes something that says so
        boolean nobody = PatientIdentifiers.isPlaceholder(upper(doctor));
        tree.text("prescription.prescriber", nobody ? null : doctor, segment.id() + "^1^" + field + "^" + best);
    }

    private void places() {
        tree.place("", "MSH^1");
        tree.place("requester", "MSH^1^3");
        tree.place("wish", "ARQ^1^11");
        tree.place("identification", "PID^1");
        for (String each : List.of("confirmations", "replaceExisting", "movesFrom")) {
            tree.place(each, CertificateReader.NO_OBX);
        }
    }

    private static String upper(String text) {
        return text == null ? null : text.toUpperCase(Locale.ROOT);
    }

    private static String first(String one, String other) {
        return one != null ? one : other;
    }
}
