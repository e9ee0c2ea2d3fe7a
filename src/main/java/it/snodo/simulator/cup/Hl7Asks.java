package it.snodo.simulator.cup;

import it.snodo.simulator.cup.Hl7.Segment;
import it.snodo.simulator.cup.Refusal.About;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What HL7 v2 messages ask for. */
final class Hl7Asks {

    /** A search: {@code QRD-4}, services, days, and where. */
    record Search(
            String queryId,
            List<Segment> services,
            String agenda,
            String structure,
            boolean publicOnly,
            LocalDate from,
            LocalDate to,
            int limit) {}

    private static final int USUAL_LIMIT = 20;
    private static final int MOST = 100;

    private Hl7Asks() {}

    /** SIU: placer and filler stand in SCH. */
    static Ask siu(Hl7 message) {
        Segment sch = message.first("SCH");
        need(sch.value(6), About.REASON, "MOTIVO", "Manca il motivo dell'evento");
        need(sch.value(20), About.ENTERED_BY, "OPERATORE", "Manca chi ha registrato la richiesta");
        String filler = sch.value(2).isEmpty() ? null : sch.value(2);
        return new Ask(
                sch.value(1), filler, person(message), lines(message, sch.value(11, 4), sch.value(5)), exempt(message));
    }

    /** SRM: they stand in ARQ. */
    static Ask srm(Hl7 message) {
        Segment arq = message.first("ARQ");
        need(arq.value(19), About.ENTERED_BY, "OPERATORE", "Manca chi ha registrato la richiesta");
        String filler = arq.value(2).isEmpty() ? null : arq.value(2);
        return new Ask(arq.value(1), filler, person(message), lines(message, "", arq.value(5)), exempt(message));
    }

    /** OMG: one order a line; ORC-2 is {@code placer#line}, ORC-4 the placer. */
    static Ask omg(Hl7 message) {
        String placer = "";
        String filler = null;
        List<Ask.Line> lines = new ArrayList<>();
        for (List<Segment> order : message.groups("ORC")) {
            Segment orc = order.get(0);
            String own = orc.value(4).isEmpty() ? orc.value(2).split("#", 2)[0] : orc.value(4);
            if (!placer.isEmpty() && !placer.equals(own)) {
                throw new Refusal(207, "RICHIESTE-DIVERSE", About.PLACER, "Un messaggio porta una richiesta sola");
            }
            placer = own;
            filler = orc.value(3).isEmpty() ? filler : orc.value(3).split("#", 2)[0];
            Segment obr = first(order, "OBR");
            Segment tq1 = first(order, "TQ1");
            int number = lines.size() + 1;
            String start = firstOf(value(tq1, 7), orc.value(7, 4), value(obr, 27, 4), value(obr, 36));
            // OBR-19, a field left to the placer: no standard says where an agenda goes
            String agenda = value(obr, 19);
            lines.add(new Ask.Line(
                    value(obr, 4),
                    agenda.isEmpty() ? null : agenda,
                    time(start, number),
                    number(firstOf(value(tq1, 2), value(obr, 27)))));
        }
        return new Ask(placer, filler, person(message), lines, exempt(message));
    }

    static Search sqm(Hl7 message) {
        Segment qrd = message.first("QRD");
        need(qrd.value(4), About.MESSAGE, "QRD-4", "Manca il codice della domanda");
        List<Segment> services = message.all("AIS");
        if (services.isEmpty()) {
            throw new Refusal(101, "PRESTAZIONE", About.SERVICE, "Manca la prestazione cercata");
        }
        Segment arq = message.first("ARQ");
        String agenda = firstOf(message.first("AIG").value(3), arq.value(5));
        String structure = message.first("AIL").value(3, 4);
        String quantity = qrd.value(7);
        int limit = quantity.matches("[1-9]\\d{0,2}") ? Math.min(MOST, Integer.parseInt(quantity)) : USUAL_LIMIT;
        return new Search(
                qrd.value(4),
                services,
                agenda.isEmpty() ? null : agenda,
                structure.isEmpty() ? null : structure,
                message.first("AIL").value(3, 6).equals("C"),
                day(arq.value(11, 1)),
                day(arq.value(11, 2)),
                limit);
    }

    private static List<Ask.Line> lines(Hl7 message, String commonStart, String commonAgenda) {
        List<Ask.Line> lines = new ArrayList<>();
        for (List<Segment> group : message.groups("RGS")) {
            Segment ais = first(group, "AIS");
            if (ais == null || ais.value(2).equals("D")) {
                continue;
            }
            int number = lines.size() + 1;
            need(ais.value(3), About.SERVICE, "PRESTAZIONE", "Manca la prestazione");
            String agenda = firstOf(value(first(group, "AIG"), 3), commonAgenda);
            int quantity = 1;
            for (String each : ais.repetitions(11)) {
                if (message.component(each, 3).equals("99QTY")) {
                    quantity = number(message.component(each, 1));
                }
            }
            lines.add(new Ask.Line(
                    ais.value(3),
                    agenda.isEmpty() ? null : agenda,
                    time(firstOf(ais.value(4), commonStart), number),
                    quantity));
        }
        return lines;
    }

    private static Ask.Person person(Hl7 message) {
        Segment pid = message.first("PID");
        if (pid.fields().length == 1) {
            return null;
        }
        return new Ask.Person(pid.value(3), pid.value(5, 1), pid.value(5, 2), pid.value(7), pid.value(8));
    }

    private static boolean exempt(Hl7 message) {
        return message.all("OBX").stream()
                .anyMatch(obx -> obx.value(3).equals("ESENZ") && !obx.value(5).isEmpty()
                        || obx.value(3).equals("TARIFFA")
                                && Set.of("ESENTE", "ESENTE_TOTALE").contains(obx.value(5)));
    }

    private static LocalDateTime time(String text, int line) {
        if (text.isEmpty()) {
            return null;
        }
        LocalDateTime time = Hl7.time(text);
        if (time == null) {
            throw new Refusal(102, "ORARIO", About.START, line, text + " non è un giorno con l'ora");
        }
        return time;
    }

    private static LocalDate day(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return LocalDate.parse(text.substring(0, Math.min(8, text.length())), DateTimeFormatter.BASIC_ISO_DATE);
        } catch (java.time.DateTimeException e) {
            throw new Refusal(102, "PERIODO", About.START, text + " non è una data");
        }
    }

    private static int number(String text) {
        return text.matches("[1-9]\\d?") ? Integer.parseInt(text) : 1;
    }

    private static Segment first(List<Segment> group, String name) {
        return group.stream()
                .filter(segment -> segment.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static String value(Segment segment, int field) {
        return value(segment, field, 1);
    }

    private static String value(Segment segment, int field, int component) {
        return segment == null ? "" : segment.value(field, component);
    }

    private static String firstOf(String... values) {
        for (String value : values) {
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    private static void need(String value, About about, String code, String text) {
        if (value.isEmpty()) {
            throw new Refusal(101, code, about, text);
        }
    }
}
