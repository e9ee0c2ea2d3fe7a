package it.snodo.simulator.cup;

import it.snodo.simulator.cup.CupFiles.Service;
import it.snodo.simulator.cup.Hl7.Segment;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes what a CUP says, in the version of who asked. */
final class Hl7Replies {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Map<Integer, String> CONDITIONS = Map.ofEntries(
            Map.entry(100, "Segment sequence error"),
            Map.entry(101, "Required field missing"),
            Map.entry(102, "Data type error"),
            Map.entry(103, "Table value not found"),
            Map.entry(200, "Unsupported message type"),
            Map.entry(201, "Unsupported event code"),
            Map.entry(202, "Unsupported processing id"),
            Map.entry(203, "Unsupported version id"),
            Map.entry(204, "Unknown key identifier"),
            Map.entry(205, "Duplicate key identifier"),
            Map.entry(206, "Application record locked"),
            Map.entry(207, "Application internal error"));

    private final Cup cup;

    Hl7Replies(Cup cup) {
        this.cup = cup;
    }

    /** A control id of this CUP: unique, at most 20 characters. */
    String controlId() {
        return "C" + cup.description.number()
                + Long.toString(cup.instant().toEpochMilli(), 36).toUpperCase()
                + Integer.toString(NUMBER.incrementAndGet() % 46656, 36).toUpperCase();
    }

    /** MSH and MSA; {@code type} such as {@code SRR^S01^SRR_S01}. */
    StringBuilder head(Hl7 asked, String type, String acknowledgement, String controlId, String text) {
        Segment msh = asked.msh();
        String version = version(asked);
        StringBuilder reply = new StringBuilder("MSH|^~\\&|CUP|")
                .append(cup.description.azienda())
                .append("^2.16.840.1.113883.2.9.4.1.1^ISO|")
                .append(echo(asked, msh.field(3)))
                .append('|')
                .append(echo(asked, msh.field(4)))
                .append('|')
                .append(Hl7.time(cup.now()))
                .append("||")
                .append(version.equals("2.3") && type.startsWith("ACK") ? "ACK" : type)
                .append('|')
                .append(controlId())
                .append("|P|")
                .append(version)
                .append("|||||ITA|")
                .append(msh.value(18).isEmpty() ? "" : Hl7.escaped(msh.value(18)))
                .append('\r')
                .append("MSA|")
                .append(acknowledgement)
                .append('|')
                .append(Hl7.escaped(controlId));
        if (!text.isEmpty() && !isNew(asked)) {
            reply.append('|').append(Hl7.escaped(text.length() > 80 ? text.substring(0, 80) : text));
        }
        return reply.append('\r');
    }

    /** ERR in the form of the version; {@code place} such as {@code PID^1^5}. */
    void error(StringBuilder reply, Hl7 asked, int condition, String place, String code, String text) {
        String meaning = CONDITIONS.getOrDefault(condition, "Application internal error");
        if (isNew(asked)) {
            reply.append("ERR||")
                    .append(place)
                    .append('|')
                    .append(condition)
                    .append('^')
                    .append(meaning);
            reply.append("^HL70357|E|").append(Hl7.escaped(code)).append('^').append(Hl7.escaped(text));
            reply.append("^99CUP|||").append(Hl7.escaped(text)).append('\r');
        } else {
            reply.append("ERR|").append(place.chars().filter(c -> c == '^').count() < 2 ? place + "^1^1" : place);
            reply.append('^').append(condition).append('&').append(meaning).append("&HL70357&");
            reply.append(Hl7.escaped(code))
                    .append('&')
                    .append(Hl7.escaped(text))
                    .append("&99CUP\r");
        }
    }

    /** Where in a message of that type stands what the refusal is about. */
    static String place(String type, Refusal refusal) {
        int line = Math.max(1, refusal.line);
        boolean order = type.equals("OMG");
        String head = type.equals("SIU") ? "SCH" : "ARQ";
        return switch (refusal.about) {
            case MESSAGE -> type.equals("SQM") ? "QRD^1^4" : "MSH^1^9";
            case PLACER -> order ? "ORC^" + line + "^4" : head + "^1^1";
            case REASON -> head + "^1^6";
            case ENTERED_BY -> order ? "ORC^" + line + "^10" : head + (head.equals("SCH") ? "^1^20" : "^1^19");
            case PERSON_ID -> "PID^1^3";
            case PERSON_NAME -> "PID^1^5";
            case BIRTH_DATE -> "PID^1^7";
            case SEX -> "PID^1^8";
            case SERVICE -> order ? "OBR^" + line + "^4" : "AIS^" + line + "^3";
            case AGENDA -> order ? "OBR^" + line + "^19" : "AIG^" + line + "^3";
            case START -> order ? "TQ1^" + line + "^7" : "AIS^" + line + "^4";
        };
    }

    /** The facts of a command that was carried out, one NTE each. */
    void facts(StringBuilder reply, Booking booking, boolean ended) {
        int number = note(reply, 1, booking.filler(), "FILLER");
        if (ended) {
            return;
        }
        number = note(reply, number, money(cup.due(booking.lines())), "TICKET");
        for (int i = 0; i < booking.lines().size(); i++) {
            number = note(reply, number, money(price(booking.lines().get(i))), "TICKET" + (i + 1));
        }
        warnings(reply, number, booking);
    }

    private void warnings(StringBuilder reply, int from, Booking booking) {
        int number = from;
        Set<String> patient = new LinkedHashSet<>();
        Set<String> operator = new LinkedHashSet<>();
        for (Booking.Line line : booking.lines()) {
            Service service = cup.offer().services().get(line.service());
            patient.add(service.patientNote());
            operator.add(service.operatorNote());
        }
        for (String text : patient) {
            number = note(reply, number, text, "PI");
        }
        for (String text : operator) {
            number = note(reply, number, text, "99NO");
        }
    }

    /** SCH, notes, person and resources of a booking, as SRR carries them. */
    void schedule(StringBuilder reply, Booking booking, String placer, String status) {
        Booking.Line first = booking.lines().get(0);
        reply.append("SCH|").append(placer).append('|').append(booking.filler()).append("^CUP");
        reply.append(cup.description.number())
                .append("|||")
                .append(first.agenda())
                .append("|PRENOTAZIONE|||");
        int minutes = minutes(first);
        reply.append(minutes)
                .append("|min|")
                .append(timing(first.start(), minutes))
                .append("|||||");
        reply.append("CUP").append(cup.description.number()).append("^SPORTELLO||||CUP");
        reply.append(cup.description.number())
                .append("^SPORTELLO|||||")
                .append(status)
                .append("^^HL70278\r");
        int number = note(reply, 1, money(cup.due(booking.lines())), "TICKET");
        warnings(reply, number, booking);
        person(reply, booking.person());
        for (int i = 0; i < booking.lines().size(); i++) {
            Booking.Line line = booking.lines().get(i);
            Agenda agenda = cup.offer().agendas().get(line.agenda());
            reply.append("RGS|").append(i + 1).append('\r');
            reply.append("AIS|1||").append(service(line.service())).append('|').append(Hl7.time(line.start()));
            reply.append("|||")
                    .append(agenda.minutes())
                    .append("|min||")
                    .append(status)
                    .append("^^HL70278||");
            reply.append(money(price(line))).append("^EUR^99TKT\r");
            reply.append("AIG|1||").append(agenda.id()).append("|AGENDA\r");
            reply.append("AIL|1||").append(place(agenda)).append('\r');
        }
    }

    /** A free place, as one SCHEDULE group of SQR. */
    void free(StringBuilder reply, Cup.Free free, String asked) {
        Agenda agenda = free.agenda();
        reply.append("SCH|||||").append(agenda.id()).append("|DISPONIBILITA|||").append(agenda.minutes());
        reply.append("|min|").append(timing(free.start(), agenda.minutes())).append("|||||");
        reply.append("CUP").append(cup.description.number()).append("^SPORTELLO||||CUP");
        reply.append(cup.description.number()).append("^SPORTELLO\r");
        BigDecimal ticket = free.service().ticket();
        int number = note(
                reply, 1, money(cup.description.cap() == null ? ticket : ticket.min(cup.description.cap())), "TICKET");
        number = note(reply, number, free.service().patientNote(), "PI");
        note(reply, number, free.service().operatorNote(), "99NO");
        reply.append("RGS|1\rAIS|1||").append(asked).append('|').append(Hl7.time(free.start()));
        reply.append("|||").append(agenda.minutes()).append("|min\r");
        reply.append("AIG|1||").append(agenda.id()).append("|AGENDA\r");
        reply.append("AIL|1||").append(place(agenda)).append('\r');
    }

    /** The orders of an ORG^O20. */
    void orders(StringBuilder reply, Hl7 asked, Booking booking, boolean accepted) {
        int number = 0;
        for (Segment orc : asked.all("ORC")) {
            number++;
            reply.append("ORC|").append(accepted ? "OK" : "UA").append('|').append(echo(asked, orc.field(2)));
            reply.append('|')
                    .append(booking == null ? "" : booking.filler() + "#" + number)
                    .append('|');
            reply.append(echo(asked, orc.field(4))).append('\r');
        }
    }

    void person(StringBuilder reply, Ask.Person person) {
        reply.append("PID|1||").append(Hl7.escaped(person.id())).append("||");
        reply.append(Hl7.escaped(person.family()))
                .append('^')
                .append(Hl7.escaped(person.given()))
                .append("||");
        reply.append(person.birthDate()).append('|').append(person.sex()).append('\r');
    }

    String service(String code) {
        return code + "^" + Hl7.escaped(cup.offer().services().get(code).title()) + "^99CRP";
    }

    String place(Agenda agenda) {
        return agenda.unit() + "^^^" + agenda.structure() + "&2.16.840.1.113883.2.9.4.1.3&ISO^^"
                + (agenda.privateStructure() ? "P" : "C") + "^^^" + Hl7.escaped(agenda.place());
    }

    int minutes(Booking.Line line) {
        return cup.offer().agendas().get(line.agenda()).minutes();
    }

    static String timing(LocalDateTime start, int minutes) {
        return "^^M" + minutes + "^" + Hl7.time(start) + "^" + Hl7.time(start.plusMinutes(minutes));
    }

    /** A field as it came, when it was written with the usual separators; else its first value. */
    static String echo(Hl7 asked, String field) {
        return asked.msh().field(2).equals("^~\\&") ? field : Hl7.escaped(asked.component(field, 1));
    }

    private static BigDecimal price(Booking.Line line) {
        return line.ticket().multiply(BigDecimal.valueOf(line.quantity()));
    }

    private static String money(BigDecimal amount) {
        return amount.toPlainString();
    }

    private static int note(StringBuilder reply, int number, String text, String type) {
        if (text.isEmpty()) {
            return number;
        }
        reply.append("NTE|")
                .append(number)
                .append("|L|")
                .append(Hl7.escaped(text))
                .append('|')
                .append(type)
                .append('\r');
        return number + 1;
    }

    private static String version(Hl7 asked) {
        String version = asked.msh().value(12);
        return Hl7Desk.VERSIONS.contains(version) ? version : "2.5";
    }

    /** From 2.5 on ERR has fields of its own. */
    private static boolean isNew(Hl7 asked) {
        return version(asked).startsWith("2.5");
    }
}
