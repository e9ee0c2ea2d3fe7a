package it.snodo.simulator.cup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.cup.CupFiles.Description;
import it.snodo.simulator.cup.CupFiles.Offer;
import it.snodo.simulator.cup.CupFiles.Service;
import it.snodo.simulator.cup.Refusal.About;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Rules;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The register of one azienda's CUP: agendas, bookings, and what it says yes and no to. One place takes one patient; a booking
 * is known again by the asking system's code. Knows no protocol.
 */
final class Cup {
    static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyyMMddHHmm");
    private static final DateTimeFormatter WORDS = DateTimeFormatter.ofPattern("dd/MM/yyyy 'alle' HH:mm");
    /** How many messages are kept to be looked at. */
    private static final int REMEMBERED = 100;

    /** A free place. */
    record Free(Agenda agenda, Service service, LocalDateTime start) {}

    final Description description;
    final Rules rules = new Rules();
    private final Clock clock;
    /** Takes each change of the register, one JSON object. */
    private final Consumer<ObjectNode> kept;

    private Offer offer;
    /** By the CUP's own code. */
    private final Map<String, Booking> bookings = new LinkedHashMap<>();

    private final Map<String, Booking> byPlacer = new HashMap<>();
    /** Who has a place: the CUP's own code, or nobody that the asking systems know. */
    private final Map<String, String> occupied = new HashMap<>();

    private final Deque<ObjectNode> messages = new ArrayDeque<>();
    private int last;

    Cup(Description description, Clock clock, Consumer<ObjectNode> kept) {
        this.description = description;
        this.clock = clock;
        this.kept = kept;
    }

    synchronized Offer offer() {
        if (offer == null) {
            offer = CupFiles.offer(description.number());
        }
        return offer;
    }

    LocalDateTime now() {
        return LocalDateTime.now(clock.withZone(ROME));
    }

    java.time.Instant instant() {
        return clock.instant();
    }

    // ---- the asking systems' side

    /**
     * Free places of a service in time order.
     *
     * @param agenda only this one; null for any
     * @param structure only there; null for any
     * @param publicOnly not in accredited private structures
     * @throws Refusal when the service or the agenda is not known here
     */
    synchronized List<Free> search(
            String service,
            String agenda,
            String structure,
            boolean publicOnly,
            LocalDate from,
            LocalDate to,
            int limit) {
        Service wanted = service(service, 1);
        if (agenda != null && !offer().agendas().containsKey(agenda)) {
            throw new Refusal(204, "AGENDA", About.AGENDA, 1, "L'agenda " + agenda + " non esiste");
        }
        LocalDateTime now = now();
        LocalDate today = now.toLocalDate();
        List<Free> found = new ArrayList<>();
        for (Agenda each : offer().agendas().values()) {
            if (!each.services().contains(service)
                    || agenda != null && !agenda.equals(each.id())
                    || structure != null && !structure.equals(each.structure())
                    || publicOnly && each.privateStructure()) {
                continue;
            }
            LocalDate day = later(from == null ? today : from, today.plusDays(each.first()));
            LocalDate end = earlier(to == null ? today.plusDays(Agenda.HORIZON) : to, today.plusDays(Agenda.HORIZON));
            int ofThis = 0;
            while (!day.isAfter(end) && ofThis < limit) {
                for (LocalTime time : each.isOpenOn(day) ? each.starts() : List.<LocalTime>of()) {
                    LocalDateTime start = day.atTime(time);
                    if (ofThis < limit && start.isAfter(now) && isFree(each, start, today)) {
                        found.add(new Free(each, wanted, start));
                        ofThis++;
                    }
                }
                day = day.plusDays(1);
            }
        }
        found.sort(Comparator.comparing(Free::start)
                .thenComparing(free -> free.agenda().id()));
        return List.copyOf(found.subList(0, Math.min(limit, found.size())));
    }

    /**
     * Books every line, or none. Asked again with the same placer code and the same places it answers the same.
     *
     * @throws Refusal 205 when the code is that of another booking, 206 when a place is taken, and more
     */
    synchronized Booking book(Ask ask) {
        if (ask.placer().isEmpty()) {
            throw new Refusal(101, "CODICE-RICHIESTA", About.PLACER, "Manca il codice della richiesta");
        }
        checkPerson(ask.person());
        if (ask.lines().isEmpty()) {
            throw new Refusal(101, "PRESTAZIONE", About.SERVICE, "Manca la prestazione");
        }
        Booking known = byPlacer.get(ask.placer());
        if (known != null) {
            if (known.isInForce() && known.isAt(ask.lines())) {
                return known;
            }
            throw new Refusal(
                    205,
                    "CODICE-NOTO",
                    About.PLACER,
                    "Il codice " + ask.placer() + " è già quello della prenotazione " + known.filler() + ", "
                            + known.stateInWords());
        }
        List<Booking.Line> lines = places(ask, null);
        String filler = "CUP%s-%06d".formatted(description.number(), ++last);
        Booking booking = new Booking(filler, ask.placer(), Booking.State.BOOKED, ask.person(), lines, ask.exempt());
        keep("PRENOTATA", booking);
        return booking;
    }

    /**
     * Another time or place. Where it stands already it stays, and that is a yes.
     *
     * @throws Refusal 204 when the booking is unknown, 206 when the new place is taken: the old one is kept
     */
    synchronized Booking move(Ask ask) {
        Booking old = inForce(ask);
        if (ask.lines().isEmpty()) {
            throw new Refusal(101, "PRESTAZIONE", About.SERVICE, "Manca la prestazione da spostare");
        }
        if (old.isAt(ask.lines())) {
            return old;
        }
        Booking moved = old.at(places(ask, old.filler()), old.exempt());
        keep("SPOSTATA", moved);
        return moved;
    }

    /** Other data at the same time. */
    synchronized Booking change(Ask ask) {
        Booking old = inForce(ask);
        if (!ask.lines().isEmpty()
                && ask.lines().stream().allMatch(line -> line.start() != null)
                && !old.isAt(ask.lines())) {
            throw new Refusal(207, "NON-SPOSTA", About.START, 1, "Una variazione dei dati non sposta l'appuntamento");
        }
        Booking changed = old.of(ask.person() == null ? old.person() : ask.person(), ask.exempt());
        keep("VARIATA", changed);
        return changed;
    }

    /** Frees the places; again it is a yes without effect. */
    synchronized Booking cancel(Ask ask, Booking.State state) {
        Booking old = known(ask);
        if (!old.isInForce()) {
            return old;
        }
        Booking ended = old.in(state);
        keep(state == Booking.State.DELETED ? "CANCELLATA" : "REVOCATA", ended);
        return ended;
    }

    /** What became of a code; null when it is not known. */
    synchronized Booking find(String placer) {
        return byPlacer.get(placer);
    }

    synchronized Booking byFiller(String filler) {
        return bookings.get(filler);
    }

    // ---- the CUP's own side

    /** Somebody else takes the place first. */
    synchronized void takeAway(Ask ask) {
        for (Ask.Line line : ask.lines()) {
            if (line.start() == null) {
                continue;
            }
            for (Agenda agenda : offer().agendas().values()) {
                if (agenda.services().contains(line.service())
                        && (line.agenda() == null || line.agenda().equals(agenda.id()))) {
                    String key = key(agenda.id(), line.start());
                    if (!occupied.containsKey(key)) {
                        ObjectNode change = change("OCCUPATO-DA-ALTRI").put("place", key);
                        kept.accept(change);
                        occupied.put(key, "");
                    }
                }
            }
        }
    }

    /** Bookings in force of an agenda's day; the agenda null for all. */
    synchronized List<Booking> onDay(String agenda, LocalDate day) {
        return bookings.values().stream()
                .filter(Booking::isInForce)
                .filter(booking -> booking.lines().stream()
                        .anyMatch(line -> line.start().toLocalDate().equals(day)
                                && (agenda == null || line.agenda().equals(agenda))))
                .toList();
    }

    /** The operator at the CUP cancels. */
    synchronized Booking cancelled(Booking booking, Booking.State state) {
        Booking ended = booking.in(state);
        keep(state == Booking.State.NO_SHOW ? "NON-PRESENTATO" : "ANNULLATA-DAL-CUP", ended);
        return ended;
    }

    /**
     * The operator at the CUP moves the first line, and those after it as far.
     *
     * @param start null for the next free place of the same agenda
     * @throws Refusal 206 when that is taken
     */
    synchronized Booking moved(Booking booking, LocalDateTime start) {
        Booking.Line first = booking.lines().get(0);
        LocalDateTime to = start != null
                ? start
                : search(
                                first.service(),
                                first.agenda(),
                                null,
                                false,
                                first.start().toLocalDate().plusDays(1),
                                null,
                                1)
                        .stream()
                        .map(Free::start)
                        .findFirst()
                        .orElseThrow(() -> new Refusal(206, "PIENO", About.START, "L'agenda è piena"));
        List<Ask.Line> lines = new ArrayList<>();
        for (Booking.Line line : booking.lines()) {
            java.time.Duration behind = java.time.Duration.between(first.start(), line.start());
            lines.add(new Ask.Line(line.service(), line.agenda(), to.plus(behind), line.quantity()));
        }
        Ask ask = new Ask(booking.placer(), booking.filler(), booking.person(), lines, booking.exempt());
        Booking moved = booking.at(places(ask, booking.filler()), booking.exempt());
        keep("SPOSTATA-DAL-CUP", moved);
        return moved;
    }

    /** Forgets everything that happened. */
    synchronized void reset() {
        kept.accept(change("AZZERATO"));
        forget();
        messages.clear();
        rules.clear();
    }

    /** Puts a change of an earlier life back. */
    synchronized void replay(JsonNode change) {
        switch (change.path("change").asText()) {
            case "AZZERATO" -> forget();
            case "OCCUPATO-DA-ALTRI" -> occupied.put(change.path("place").asText(), "");
            default -> put(Booking.of(change.path("booking")));
        }
    }

    private void forget() {
        bookings.clear();
        byPlacer.clear();
        occupied.clear();
        last = 0;
    }

    // ---- what people and tests look at

    /** Notes one message and its answer. */
    void note(String operation, String placer, String controlId, String in, String out, String outcome) {
        ObjectNode message = Json.object()
                .put("at", clock.instant().toString())
                .put("operation", operation)
                .put("placer", placer)
                .put("controlId", controlId)
                .put("outcome", outcome)
                .put("in", in)
                .put("out", out);
        synchronized (messages) {
            messages.addLast(message);
            if (messages.size() > REMEMBERED) {
                messages.removeFirst();
            }
        }
    }

    List<ObjectNode> messages() {
        synchronized (messages) {
            return List.copyOf(messages);
        }
    }

    synchronized Collection<Booking> bookings() {
        return List.copyOf(bookings.values());
    }

    /** How many places of the agenda this simulator has given away. */
    synchronized long given(String agenda) {
        return occupied.keySet().stream()
                .filter(key -> key.startsWith(agenda + "|"))
                .count();
    }

    // ---- inside

    private Service service(String code, int line) {
        Service found = offer().services().get(code);
        if (found == null) {
            throw new Refusal(
                    103,
                    "PRESTAZIONE",
                    About.SERVICE,
                    line,
                    "La prestazione " + code + " non è nel catalogo di questo CUP");
        }
        return found;
    }

    private static void checkPerson(Ask.Person person) {
        if (person == null || person.id().isEmpty()) {
            throw new Refusal(101, "PAZIENTE", About.PERSON_ID, "Manca l'identificativo del paziente");
        }
        if (person.family().isEmpty() || person.given().isEmpty()) {
            throw new Refusal(101, "PAZIENTE", About.PERSON_NAME, "Manca il cognome o il nome del paziente");
        }
        if (person.birthDate().isEmpty()) {
            throw new Refusal(101, "PAZIENTE", About.BIRTH_DATE, "Manca la data di nascita del paziente");
        }
        if (!isDay(person.birthDate())) {
            throw new Refusal(102, "PAZIENTE", About.BIRTH_DATE, "La data di nascita non è una data");
        }
        if (person.sex().isEmpty()) {
            throw new Refusal(101, "PAZIENTE", About.SEX, "Manca il sesso del paziente");
        }
        if (!Set.of("M", "F", "U").contains(person.sex())) {
            throw new Refusal(103, "PAZIENTE", About.SEX, "Il sesso può essere M, F o U");
        }
    }

    private static boolean isDay(String text) {
        try {
            LocalDate.parse(text, DateTimeFormatter.BASIC_ISO_DATE);
            return true;
        } catch (java.time.DateTimeException e) {
            return false;
        }
    }

    private Booking known(Ask ask) {
        Booking found = ask.placer().isEmpty() ? null : byPlacer.get(ask.placer());
        if (found == null && ask.placer().isEmpty() && ask.filler() != null) {
            found = bookings.get(ask.filler());
        }
        if (found == null) {
            throw new Refusal(204, "NON-TROVATA", About.PLACER, "Nessuna prenotazione ha il codice " + ask.placer());
        }
        return found;
    }

    private Booking inForce(Ask ask) {
        Booking found = known(ask);
        if (!found.isInForce()) {
            throw new Refusal(
                    207,
                    "NON-IN-VIGORE",
                    About.PLACER,
                    "La prenotazione " + found.filler() + " non è più in vigore: " + found.stateInWords());
        }
        return found;
    }

    /** The places of every line, free or the booking's own; all, or a refusal. */
    private List<Booking.Line> places(Ask ask, String filler) {
        LocalDateTime now = now();
        List<Booking.Line> lines = new ArrayList<>();
        Set<String> wanted = new HashSet<>();
        int number = 0;
        for (Ask.Line line : ask.lines()) {
            number++;
            Service service = service(line.service(), number);
            if (line.start() == null) {
                throw new Refusal(101, "ORARIO", About.START, number, "Manca il giorno e l'ora");
            }
            Agenda agenda = agenda(line, number);
            if (!line.start().isAfter(now)) {
                throw new Refusal(207, "PASSATO", About.START, number, WORDS.format(line.start()) + " è già passato");
            }
            String key = key(agenda.id(), line.start());
            String holder = occupied.get(key);
            boolean own = filler != null && filler.equals(holder);
            if (!wanted.add(key)
                    || holder != null && !own
                    || !own && !agenda.isOffered(line.start(), now.toLocalDate())) {
                throw new Refusal(
                        206,
                        "POSTO-OCCUPATO",
                        About.START,
                        number,
                        "Il posto del " + WORDS.format(line.start()) + " nell'agenda " + agenda.id()
                                + " non è più libero");
            }
            BigDecimal price = ask.exempt() ? BigDecimal.ZERO.setScale(2) : capped(service.ticket());
            lines.add(new Booking.Line(service.code(), agenda.id(), line.start(), line.quantity(), price));
        }
        return lines;
    }

    private Agenda agenda(Ask.Line line, int number) {
        if (line.agenda() == null) {
            LocalDate today = now().toLocalDate();
            return offer().agendas().values().stream()
                    .filter(each -> each.services().contains(line.service()) && isFree(each, line.start(), today))
                    .findFirst()
                    .orElseThrow(() -> new Refusal(
                            206,
                            "POSTO-OCCUPATO",
                            About.START,
                            number,
                            "Nessuna agenda ha un posto libero il " + WORDS.format(line.start())));
        }
        Agenda agenda = offer().agendas().get(line.agenda());
        if (agenda == null) {
            throw new Refusal(204, "AGENDA", About.AGENDA, number, "L'agenda " + line.agenda() + " non esiste");
        }
        if (!agenda.services().contains(line.service())) {
            throw new Refusal(
                    207,
                    "AGENDA",
                    About.AGENDA,
                    number,
                    "L'agenda " + line.agenda() + " non eroga la prestazione " + line.service());
        }
        return agenda;
    }

    private boolean isFree(Agenda agenda, LocalDateTime start, LocalDate today) {
        return agenda.isOffered(start, today) && !occupied.containsKey(key(agenda.id(), start));
    }

    /** What is due for the lines together. */
    BigDecimal due(List<Booking.Line> lines) {
        BigDecimal sum = lines.stream()
                .map(line -> line.ticket().multiply(BigDecimal.valueOf(line.quantity())))
                .reduce(BigDecimal.ZERO.setScale(2), BigDecimal::add);
        return capped(sum);
    }

    private BigDecimal capped(BigDecimal amount) {
        return description.cap() == null ? amount : amount.min(description.cap());
    }

    private void keep(String what, Booking booking) {
        ObjectNode line = change(what);
        line.set("booking", booking.json());
        kept.accept(line);
        put(booking);
    }

    private ObjectNode change(String what) {
        return Json.object()
                .put("cup", description.number())
                .put("at", clock.instant().toString())
                .put("change", what);
    }

    private void put(Booking booking) {
        Booking before = bookings.put(booking.filler(), booking);
        if (before != null) {
            before.lines().forEach(line -> occupied.remove(key(line.agenda(), line.start()), booking.filler()));
        }
        if (booking.isInForce()) {
            booking.lines().forEach(line -> occupied.put(key(line.agenda(), line.start()), booking.filler()));
        }
        byPlacer.put(booking.placer(), booking);
        last = Math.max(
                last,
                Integer.parseInt(booking.filler().substring(booking.filler().indexOf('-') + 1)));
    }

    private static String key(String agenda, LocalDateTime start) {
        return agenda + "|" + MINUTE.format(start);
    }

    private static LocalDate later(LocalDate a, LocalDate b) {
        return a.isAfter(b) ? a : b;
    }

    private static LocalDate earlier(LocalDate a, LocalDate b) {
        return a.isBefore(b) ? a : b;
    }
}
