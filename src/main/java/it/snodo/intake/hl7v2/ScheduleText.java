package it.snodo.intake.hl7v2;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.Note;
import it.snodo.booking.Proposal;
import it.snodo.booking.Ruling;
import it.snodo.booking.Slot;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The SCHEDULE group of SRR and SQR: an appointment, or a free place that is offered. */
final class ScheduleText {

    /** The national number of a dematerialised prescription. */
    private static final String NRE_OID = "2.16.840.1.113883.2.9.4.3.8";

    private static final String STATUS = "HL70278";

    private final Er7.Separators separators;
    private final int minor;
    private final Echo echo;
    private final StringBuilder out = new StringBuilder();
    private int notes;

    /**
     * What goes back as it came, in the sender's own separators.
     *
     * @param placer ARQ-1
     * @param eventReason ARQ-6
     * @param reason ARQ-7
     * @param type ARQ-8
     * @param enteredBy ARQ-19
     * @param pid whole segment, without its end
     * @param pv1 likewise
     * @param query QRD-4
     */
    record Echo(
            String placer,
            String eventReason,
            String reason,
            String type,
            String enteredBy,
            String pid,
            String pv1,
            String query) {

        /** A segment longer than this does not go back. */
        private static final int LONGEST = 16_384;

        private static final int FIELDS = 60;

        static Echo of(Er7 message) {
            Er7.Segment arq = message.segment("ARQ");
            return new Echo(
                    clean(arq.raw(1)),
                    clean(arq.raw(6)),
                    clean(arq.raw(7)),
                    clean(arq.raw(8)),
                    clean(arq.raw(19)),
                    whole(message.segment("PID"), message.separators().field()),
                    whole(message.segment("PV1"), message.separators().field()),
                    clean(message.segment("QRD").raw(4)));
        }

        private static String whole(Er7.Segment segment, char bar) {
            if (!segment.exists() || segment.end() - segment.start() > LONGEST) {
                return "";
            }
            StringBuilder text = new StringBuilder(segment.id());
            int end = text.length();
            for (int i = 1; i < FIELDS; i++) {
                String field = clean(segment.raw(i));
                text.append(bar).append(field);
                end = field.isEmpty() ? end : text.length();
            }
            text.setLength(end);
            return text.toString();
        }

        private static String clean(String raw) {
            return raw.chars()
                    .filter(each -> each >= ' ')
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
        }
    }

    ScheduleText(Er7.Separators separators, int minor, Echo echo) {
        this.separators = separators;
        this.minor = minor;
        this.echo = echo;
    }

    @Override
    public String toString() {
        return out.toString();
    }

    // --- a booking -------------------------------------------------------------------------------------------

    /**
     * @param status of table 0278
     * @param warnings that have no other place: the versions before 2.5 have no severity
     */
    ScheduleText booking(Booking booking, String status, List<Ruling> warnings, List<Proposal> proposals) {
        Slot first = booking.firstSlot();
        SegmentText sch = schedule(first, booking.azienda(), null);
        sch.set(1, booking.code(), BookingMessage.NAMESPACE, BookingMessage.OID, "ISO");
        if (booking.fillerCode() != null) {
            sch.set(2, booking.fillerCode(), "CUP" + shortCode(booking.azienda()));
        }
        List<String> numbers = booking.prescription() == null
                ? List.of()
                : booking.prescription().numbers();
        if (!numbers.isEmpty()) {
            sch.set(4, numbers.get(0), "NRE", NRE_OID, "ISO");
            if (minor >= 4) {
                numbers.forEach(number -> sch.repeat(26, number, "NRE", NRE_OID, "ISO"));
            }
        }
        sch.set(25, status, null, STATUS);
        out.append(sch);
        timing(first);
        if (booking.ticket() != null) {
            note("Ticket " + italian(booking.ticket()) + " EUR", "TICKET");
        }
        for (Note each : booking.notes()) {
            note(words(each, booking.lines().size() > 1), kind(each));
        }
        warnings(warnings);
        proposalNotes(proposals);
        patient();
        int group = 0;
        for (BookedLine line : booking.lines()) {
            resources(
                    ++group,
                    new Service(
                            line.service(),
                            line.description(),
                            line.localCode() != null ? line.localCode() : line.item(),
                            line.quantity(),
                            line.side(),
                            line.ticket(),
                            status),
                    line.slot());
        }
        if (group == 0) {
            out.append(new SegmentText("RGS", separators).set(1, 1));
        }
        return this;
    }

    /** There is no appointment: only what else can be said and had. */
    ScheduleText refusal(List<Ruling> warnings, List<Proposal> proposals) {
        // before 2.5 no SCH goes without a time
        Slot next = minor < 5 && !proposals.isEmpty() ? proposals.get(0).slot() : null;
        out.append(schedule(next, null, null).raw(1, placer()));
        warnings(warnings);
        proposalNotes(proposals);
        patient();
        int group = 0;
        for (Proposal each : proposals) {
            resources(++group, service(each), each.slot());
        }
        if (group == 0) {
            out.append(new SegmentText("RGS", separators).set(1, 1));
        }
        return this;
    }

    // --- a free place ----------------------------------------------------------------------------------------

    ScheduleText offer(Proposal proposal) {
        Slot slot = proposal.slot();
        SegmentText sch = schedule(slot, slot == null ? null : slot.azienda(), "OFFERTA");
        out.append(minor == 3 ? sch.raw(1, placer()) : sch);
        timing(slot);
        if (proposal.ticket() != null) {
            note("Ticket " + italian(proposal.ticket()) + " EUR", "TICKET");
        }
        if (proposal.why() != null) {
            note(proposal.why(), "99WHY");
        }
        if (Boolean.FALSE.equals(proposal.withinTerm())) {
            note("Oltre il termine della classe di priorità", "99TERM");
        }
        for (Note each : proposal.notes()) {
            note(words(each, false), kind(each));
        }
        patient();
        resources(1, service(proposal), slot);
        return this;
    }

    private Service service(Proposal each) {
        return new Service(each.service(), null, each.localCode(), 1, null, each.ticket(), null);
    }

    // --- segments --------------------------------------------------------------------------------------------

    /** The number that the sender gave to his request; 2.3 has no SCH without one. */
    private String placer() {
        return !echo.placer().isEmpty() ? echo.placer() : minor == 3 ? "0" : "";
    }

    private SegmentText schedule(Slot slot, String azienda, String event) {
        SegmentText sch = new SegmentText("SCH", separators);
        sch.set(5, slot == null ? null : slot.agenda());
        sch.raw(6, event != null ? event : echo.eventReason().isEmpty() ? "NEW" : echo.eventReason());
        sch.raw(7, echo.reason()).raw(8, echo.type());
        if (slot != null && slot.minutes() != null) {
            sch.set(9, slot.minutes()).set(10, "min");
        }
        if (slot != null && slot.start() != null) {
            sch.set(
                    11,
                    null,
                    null,
                    slot.minutes(),
                    BookingTimes.stamp(slot.start()),
                    end(slot) == null ? null : BookingTimes.stamp(end(slot)));
        }
        // filled by the azienda's CUP; by the hub where there is none
        sch.set(16, azienda == null ? "SNODO" : azienda, azienda == null ? null : "CUP " + shortCode(azienda));
        sch.raw(20, echo.enteredBy().isEmpty() ? "SNODO" : echo.enteredBy());
        return sch;
    }

    private void timing(Slot slot) {
        if (minor >= 5 && slot != null && slot.start() != null) {
            SegmentText tq1 = new SegmentText("TQ1", separators).set(1, 1).set(7, BookingTimes.stamp(slot.start()));
            if (end(slot) != null) {
                tq1.set(8, BookingTimes.stamp(end(slot)));
            }
            out.append(tq1);
        }
    }

    private static OffsetDateTime end(Slot slot) {
        return slot.minutes() == null ? null : slot.start().plusMinutes(slot.minutes());
    }

    private void note(String text, String type) {
        out.append(new SegmentText("NTE", separators)
                .set(1, ++notes)
                .set(2, "L")
                .set(3, text)
                .set(4, type));
    }

    private void warnings(List<Ruling> warnings) {
        for (Ruling each : warnings) {
            note(each.code() + " " + each.title() + ": " + each.message(), "99SC");
        }
    }

    /** For programs: names and values; the dates in HL7's form. */
    private void proposalNotes(List<Proposal> proposals) {
        for (Proposal each : proposals) {
            Slot slot = each.slot();
            if (slot == null || slot.start() == null) {
                continue;
            }
            note(
                    Stream.of(
                                    pair("service", each.service()),
                                    pair("azienda", slot.azienda()),
                                    pair("agenda", slot.agenda()),
                                    pair("start", BookingTimes.stamp(slot.start())),
                                    pair("minutes", slot.minutes()),
                                    pair("structure", slot.structure()),
                                    pair("unit", slot.unit()),
                                    pair("ticket", each.ticket() == null ? null : plain(each.ticket())))
                            .filter(text -> !text.isEmpty())
                            .collect(Collectors.joining(";")),
                    BookingLineReader.PROPOSED);
        }
    }

    private static String pair(String name, Object value) {
        return value == null ? "" : name + "=" + value.toString().replace(';', ',');
    }

    private void patient() {
        if (!echo.pid().isEmpty()) {
            out.append(echo.pid()).append('\r');
            if (!echo.pv1().isEmpty()) {
                out.append(echo.pv1()).append('\r');
            }
        }
    }

    /** A service as AIS tells it. */
    private record Service(
            String code, String title, String other, int quantity, String side, BigDecimal ticket, String status) {}

    private void resources(int group, Service service, Slot slot) {
        out.append(new SegmentText("RGS", separators).set(1, group));
        SegmentText ais = new SegmentText("AIS", separators).set(1, 1);
        ais.set(
                3,
                service.code,
                service.title,
                BookingLineReader.NATIONAL,
                service.other,
                null,
                service.other == null ? null : BookingLineReader.CATALOGUE);
        if (slot != null && slot.start() != null) {
            ais.set(4, BookingTimes.stamp(slot.start()));
        }
        if (slot != null && slot.minutes() != null) {
            ais.set(7, slot.minutes()).set(8, "min");
        }
        if (service.status != null) {
            ais.set(10, service.status, null, STATUS);
        }
        if (minor >= 4) {
            if (service.quantity > 1) {
                ais.repeat(11, service.quantity, "n", BookingLineReader.QUANTITY);
            }
            if (service.side != null) {
                ais.repeat(11, service.side, null, BookingLineReader.SIDE);
            }
            if (service.ticket != null) {
                ais.set(12, plain(service.ticket), "EUR", "99TKT");
            }
        }
        out.append(ais);
        if (slot == null) {
            return;
        }
        if (slot.agenda() != null) {
            out.append(new SegmentText("AIG", separators)
                    .set(1, 1)
                    .set(3, slot.agenda())
                    .set(4, "AGENDA"));
        }
        location(slot);
    }

    private void location(Slot slot) {
        SegmentText ail = new SegmentText("AIL", separators).set(1, 1);
        boolean placed = Stream.of(slot.unit(), slot.structure(), slot.place()).anyMatch(each -> each != null);
        if (placed) {
            Object structure = slot.structure() == null
                    ? null
                    : SegmentText.Joined.of(separators, slot.structure(), BookingLineReader.STRUCTURE_OID, "ISO");
            String kind = slot.privateStructure() == null ? null : slot.privateStructure() ? "P" : "C";
            ail.repeat(3, slot.unit(), null, null, structure, null, kind, null, null, slot.place());
        }
        // one location only before 2.5: SCH-16 names the azienda there
        if (slot.azienda() != null && (!placed || minor >= 5)) {
            ail.repeat(
                    3,
                    null,
                    null,
                    null,
                    SegmentText.Joined.of(separators, slot.azienda(), BookingLineReader.AZIENDA_OID, "ISO"));
        }
        if (placed || slot.azienda() != null) {
            // required in 2.3.1 and 2.4
            out.append(minor < 5 ? ail.set(4, "AMB") : ail);
        }
    }

    // --- words -----------------------------------------------------------------------------------------------

    private static String words(Note note, boolean several) {
        String text = note.form() == null ? note.text() : note.text() + " (modulo: " + note.form() + ")";
        return several && note.service() != null ? note.service() + ": " + text : text;
    }

    private static String kind(Note note) {
        return switch (note.kind()) {
            case SERVICE -> "99NP";
            case OPERATOR -> "99NO";
            case PATIENT -> "PI";
        };
    }

    private static String shortCode(String azienda) {
        return azienda == null || azienda.length() <= 3 ? azienda : azienda.substring(azienda.length() - 3);
    }

    private static String plain(BigDecimal amount) {
        return amount.setScale(2, RoundingMode.HALF_UP).toPlainString();
    }

    private static String italian(BigDecimal amount) {
        return plain(amount).replace('.', ',');
    }
}
