package it.snodo.booking.cup;

import it.snodo.booking.Note;
import it.snodo.booking.Proposal;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.BookingCatalogue.LocalService;
import it.snodo.booking.cup.CupPort.Found;
import it.snodo.intake.hl7v2.Er7;
import it.snodo.intake.hl7v2.Er7.Segment;
import it.snodo.intake.hl7v2.Hl7Time;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads SQR^S25: a SCHEDULE group for each free place. A CUP's own codes become regional ones by the hidden relations; a place
 * whose service nobody knows, or that says no time, is left out.
 */
final class PlacesReader {

    private final Er7 answer;
    private final String azienda;
    private final BookingCatalogue catalogue;
    private final LocalDate today = LocalDate.now(Hl7Time.ROME);
    private final List<Proposal> found = new ArrayList<>();

    private PlacesReader(Er7 answer, String azienda, BookingCatalogue catalogue) {
        this.answer = answer;
        this.azienda = azienda;
        this.catalogue = catalogue;
    }

    static Found read(byte[] frame, String azienda, BookingCatalogue catalogue) {
        try {
            return new PlacesReader(AnswerReader.parse(frame), azienda, catalogue).found();
        } catch (Er7.TooManySegments e) {
            return new Found(List.of(), "la risposta del CUP non è leggibile");
        }
    }

    private Found found() {
        String verdict = answer.segment("MSA").get(1);
        String status = answer.segment("QAK").get(2);
        if (!"AA".equalsIgnoreCase(verdict) && !"NF".equalsIgnoreCase(status)) {
            String words = AnswerReader.words(answer.segment("ERR"), 8);
            String said = words == null ? AnswerReader.words(answer.segment("MSA"), 3) : words;
            return new Found(List.of(), "il CUP rifiuta la ricerca" + (said == null ? "" : ": " + said));
        }
        Group group = null;
        for (Segment segment : answer.segments()) {
            if (segment.id().equals("SCH")) {
                close(group);
                group = new Group(segment);
            } else if (group != null) {
                group.take(segment);
            }
        }
        close(group);
        found.sort(Comparator.comparing(each -> each.slot().start().toInstant()));
        return new Found(List.copyOf(found), null);
    }

    private void close(Group group) {
        if (group != null) {
            group.end();
        }
    }

    /** A SCHEDULE group: one free place, of one service or more. */
    private final class Group {

        private final Segment schedule;
        private final List<Note> notes = new ArrayList<>();
        private BigDecimal ticket;
        private Segment service;
        private Segment resource;
        private Segment location;
        private OffsetDateTime start;
        private Integer minutes;

        Group(Segment schedule) {
            this.schedule = schedule;
            this.start = Codes.time(schedule.get(11, 4));
            this.minutes = Codes.minutes(schedule.get(9));
        }

        void take(Segment segment) {
            switch (segment.id()) {
                case "TQ1" -> start = start == null ? Codes.time(segment.get(7)) : start;
                case "RGS" -> end();
                case "AIS" -> {
                    if (service != null) {
                        end();
                    }
                    service = segment;
                }
                case "AIG" -> resource = segment;
                case "AIL" -> location = segment;
                case "NTE" -> note(segment);
                default -> {}
            }
        }

        private void note(Segment note) {
            String kind = AnswerReader.kind(note);
            String text = AnswerReader.words(note, 3);
            if (text != null && kind.equals("TICKET")) {
                ticket = AnswerReader.amount(text);
            } else if (text != null && !kind.startsWith("TICKET")) {
                notes.add(AnswerReader.note(kind, null, text));
            }
        }

        /** One service of the place is complete. */
        void end() {
            if (service == null) {
                return;
            }
            String own = Codes.own(service, 3);
            LocalService known =
                    own == null ? null : catalogue.regional(azienda, own, today).orElse(null);
            String regional = known == null ? Codes.regional(service, 3) : known.service();
            OffsetDateTime at = Codes.time(service.get(4)) == null ? start : Codes.time(service.get(4));
            if (regional != null && at != null) {
                BigDecimal own12 = AnswerReader.ticketOf(service);
                found.add(new Proposal(regional, own, slot(at), own12 == null ? ticket : own12, null, null, notes));
            }
            service = null;
            resource = null;
            location = null;
        }

        private Slot slot(OffsetDateTime at) {
            String agenda = resource == null ? null : resource.get(3);
            Integer own = Codes.minutes(service.get(7));
            return new Slot(
                    azienda,
                    agenda == null ? schedule.get(5) : agenda,
                    at,
                    own == null ? minutes : own,
                    location == null ? null : location.get(3, 4),
                    location == null ? null : location.get(3, 9),
                    location == null ? null : location.get(3, 1),
                    isPrivate(),
                    true);
        }

        private Boolean isPrivate() {
            String kind = location == null ? null : location.get(3, 6);
            return kind == null ? null : kind.equalsIgnoreCase("P");
        }
    }
}
