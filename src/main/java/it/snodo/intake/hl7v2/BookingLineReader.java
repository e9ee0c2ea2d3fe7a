package it.snodo.intake.hl7v2;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the RESOURCES groups: a service each, or several that share what stands beside them. Segments come in any order
 * within their group, since the standard has two, and real senders more.
 */
final class BookingLineReader {

    /** Systems of what AIS-11 carries, and of the notes that carry it before version 2.4. */
    static final String QUANTITY = "99QTY";

    static final String SIDE = "99LATO";
    static final String DISTRICT = "99DIST";
    static final String QUESTION = "99QUES";
    static final String EXEMPT = "99ESE";
    static final String PROPOSED = "99PROP";
    private static final Set<String> SUPPLEMENTS = Set.of(QUANTITY, SIDE, DISTRICT, QUESTION, EXEMPT);

    static final String NATIONAL = "99NTR";
    static final String CATALOGUE = "99CRP";

    static final String AZIENDA_OID = "2.16.840.1.113883.2.9.4.1.1";
    static final String STRUCTURE_OID = "2.16.840.1.113883.2.9.4.1.3";

    /** An item of the catalogue that is no service by itself: {@code 95.02-CATARATTA}. */
    private static final Pattern ITEM = Pattern.compile("\\d{2}\\.[0-9A-Z.]+-[A-Z].*", Pattern.CASE_INSENSITIVE);

    private static final Pattern AZIENDA = Pattern.compile("\\d{6}|\\d{3}|AS[LO] ?\\d{1,3}", Pattern.CASE_INSENSITIVE);

    private final BookingTree tree;
    private final List<Group> groups;
    private boolean hasSlot;

    /** What a whole message says for the lines that do not say it themselves; each value with its place, null when unsaid. */
    record Usual(
            String azienda,
            String aziendaAt,
            String agenda,
            String agendaAt,
            String start,
            String startAt,
            String minutes,
            String minutesAt,
            String minutesUnit) {}

    private static final class Group {
        private final List<Er7.Segment> services = new ArrayList<>();
        private final List<Er7.Segment> resources = new ArrayList<>();
        private final List<Er7.Segment> locations = new ArrayList<>();
        private final List<Er7.Segment> persons = new ArrayList<>();
        private final Map<Er7.Segment, List<Er7.Segment>> notes = new IdentityHashMap<>();

        /** The first service that stays; -1 when there is none. */
        private int first() {
            for (int i = 0; i < services.size(); i++) {
                if (!"D".equalsIgnoreCase(services.get(i).get(2))) {
                    return i;
                }
            }
            return -1;
        }

        private boolean isEmpty() {
            return services.isEmpty() && resources.isEmpty() && locations.isEmpty() && persons.isEmpty();
        }
    }

    BookingLineReader(Er7 message, BookingTree tree) {
        this.tree = tree;
        this.groups = groups(message);
    }

    private static List<Group> groups(Er7 message) {
        List<Group> groups = new ArrayList<>();
        Group open = new Group();
        Er7.Segment last = null;
        for (Er7.Segment each : message.segments()) {
            switch (each.id()) {
                case "RGS" -> {
                    if (!open.isEmpty()) {
                        groups.add(open);
                    }
                    open = new Group();
                }
                case "AIS" -> open.services.add(each);
                case "AIG" -> open.resources.add(each);
                case "AIL" -> open.locations.add(each);
                case "AIP" -> open.persons.add(each);
                case "NTE" -> {
                    if (last != null) {
                        open.notes
                                .computeIfAbsent(last, key -> new ArrayList<>())
                                .add(each);
                    }
                }
                default -> {}
            }
            if (!each.id().equals("NTE")) {
                last = each;
            }
        }
        if (!open.isEmpty()) {
            groups.add(open);
        }
        return groups;
    }

    /** @param withDropped whether a service that is to be left out (AIS-2 D) counts */
    void lines(Usual usual, boolean withDropped) {
        int line = 0;
        for (Group group : groups) {
            int index = 0;
            for (Er7.Segment service : group.services) {
                if (withDropped || !"D".equalsIgnoreCase(service.get(2))) {
                    line("lines[" + line++ + "]", group, service, index, usual);
                }
                index++;
            }
        }
        tree.place("lines", "RGS^1");
    }

    /** The one line of a notice: the first service that is not left out (AIS-2 D), else any, or where and when without one. */
    void first(String path, Usual usual) {
        Group group = groups.stream()
                .filter(each -> each.first() >= 0)
                .findFirst()
                .or(() ->
                        groups.stream().filter(each -> !each.services.isEmpty()).findFirst())
                .orElse(groups.isEmpty() ? new Group() : groups.get(0));
        int index = Math.max(0, group.first());
        line(path, group, group.services.isEmpty() ? null : group.services.get(index), index, usual);
    }

    private void line(String path, Group group, Er7.Segment ais, int index, Usual usual) {
        if (ais != null) {
            service(path, ais);
            List<Er7.Segment> notes = group.notes.getOrDefault(ais, List.of());
            supplements(path, ais, notes);
        }
        Er7.Segment ail = at(group.locations, index);
        Er7.Segment aig = agendaOf(group, index);
        int structureAt = 0;
        String azienda = usual.azienda;
        String aziendaAt = usual.aziendaAt;
        for (int i = 1; ail != null && i <= ail.repetitions(3); i++) {
            String facility = ail.get(3, i, 4);
            if (facility == null || !isAzienda(facility, ail.get(3, i, 4, 2))) {
                structureAt = structureAt == 0 && ail.text(3, i) != null ? i : structureAt;
                continue;
            }
            azienda = facility;
            aziendaAt = place(ail, 3) + "^" + i + "^4";
            if (ail.get(3, i, 1) != null || ail.get(3, i, 9) != null) {
                structureAt = structureAt == 0 ? i : structureAt;
            }
        }
        tree.code(path + ".azienda", azienda, aziendaAt);
        String start = ais == null ? null : ais.get(4);
        String startAt = ais == null ? usual.startAt : place(ais, 4);
        if (start == null) {
            start = usual.start;
            startAt = usual.start == null ? startAt : usual.startAt;
        }
        if (start == null && ais == null) {
            start = first(aig == null ? null : aig.get(8), ail == null ? null : ail.get(6));
            startAt = aig != null && aig.get(8) != null ? place(aig, 8) : ail == null ? startAt : place(ail, 6);
        }
        if (start == null) {
            tree.place(path + ".slot", startAt);
            return;
        }
        hasSlot = true;
        String slot = path + ".slot";
        tree.place(slot, startAt);
        tree.code(slot + ".azienda", azienda, aziendaAt);
        tree.instant(slot + ".start", start, startAt);
        boolean own = aig != null && aig.get(3) != null;
        tree.text(slot + ".agenda", own ? aig.get(3) : usual.agenda, own ? place(aig, 3) : usual.agendaAt);
        minutes(slot + ".minutes", ais, usual);
        proposed(slot, ais);
        if (ail != null && structureAt > 0) {
            place(slot, ail, structureAt);
        }
    }

    private void service(String path, Er7.Segment ais) {
        String at = place(ais, 3);
        boolean turned = CATALOGUE.equalsIgnoreCase(ais.get(3, 3)) && ais.get(3, 4) != null;
        // A CUP puts its own code first and the catalogue's behind it.
        String code = turned ? ais.get(3, 4) : ais.get(3, 1);
        String other = turned ? ais.get(3, 1) : CATALOGUE.equalsIgnoreCase(ais.get(3, 6)) ? ais.get(3, 4) : null;
        tree.place(path, at);
        tree.code(path + ".service", code, at + "^1^" + (turned ? 4 : 1));
        // The specific item of the catalogue is named after its service, or after another one, which R34 refuses; any
        // other code is a CUP's own.
        if (other != null
                && code != null
                && (ITEM.matcher(other).matches()
                        || other.toUpperCase(Locale.ROOT).startsWith(code.toUpperCase(Locale.ROOT)))) {
            tree.code(path + ".item", other, at + "^1^" + (turned ? 1 : 4));
        }
        tree.text(path + ".description", first(ais.get(3, 2), ais.get(3, 5)), at + "^1^2");
    }

    private void supplements(String path, Er7.Segment ais, List<Er7.Segment> notes) {
        for (int i = 1; i <= ais.repetitions(11); i++) {
            String system = ais.get(11, i, 3);
            String value = ais.get(11, i, 1);
            String beside = ais.get(11, i, 2);
            // some write the number beside a word: quantity^3^99QTY
            boolean turned = beside != null && QUANTITY.equalsIgnoreCase(system) && BookingTree.isNumber(beside);
            supplement(path, system, value == null || turned ? beside : value, place(ais, 11) + "^" + i);
        }
        tree.place(path + ".quantity", place(ais, 11));
        tree.place(path + ".side", place(ais, 11));
        for (Er7.Segment note : notes) {
            String system =
                    note.get(4) != null && SUPPLEMENTS.contains(note.get(4).toUpperCase(Locale.ROOT))
                            ? note.get(4)
                            : note.get(3, 3);
            supplement(path, system, note.get(3, 1), place(note, 3));
        }
    }

    private void supplement(String path, String system, String value, String at) {
        if (system == null || value == null) {
            return;
        }
        switch (system.toUpperCase(Locale.ROOT)) {
            case QUANTITY -> tree.number(path + ".quantity", value, at);
            case SIDE -> tree.code(path + ".side", value, at);
            case DISTRICT -> tree.text(path + ".district", value, at);
            case QUESTION -> tree.text(path + ".question", value, at);
            case EXEMPT -> tree.flag(path + ".exempt", value, at);
            default -> {}
        }
    }

    /** Whether the caller says that the place comes from an answer of the hub (R5, exception 3). */
    private void proposed(String slot, Er7.Segment ais) {
        for (int i = 1; ais != null && i <= ais.repetitions(11); i++) {
            if (PROPOSED.equalsIgnoreCase(ais.get(11, i, 3))) {
                tree.flag(slot + ".proposed", ais.get(11, i, 1), place(ais, 11) + "^" + i);
            }
        }
    }

    private void minutes(String path, Er7.Segment ais, Usual usual) {
        String length = ais == null ? null : ais.get(7);
        String unit = length == null ? usual.minutesUnit : ais.get(8);
        String at = length == null && usual.minutes != null ? usual.minutesAt : ais == null ? null : place(ais, 7);
        length = length == null ? usual.minutes : length;
        if (length == null) {
            return;
        }
        String code = unit == null ? "" : unit.toLowerCase(Locale.ROOT);
        if (length.matches("\\d{1,6}(\\.0+)?") && (code.startsWith("h") || code.startsWith("o"))) {
            length = String.valueOf(number(length) * 60);
        } else if (length.matches("\\d{1,6}(\\.0+)?") && code.startsWith("s")) {
            length = String.valueOf(number(length) / 60);
        }
        tree.number(path, length, at);
    }

    private static int number(String digits) {
        return new java.math.BigDecimal(digits).intValue();
    }

    private void place(String slot, Er7.Segment ail, int repetition) {
        String at = place(ail, 3) + "^" + repetition;
        String facility = ail.get(3, repetition, 4);
        boolean azienda = facility != null && isAzienda(facility, ail.get(3, repetition, 4, 2));
        tree.code(slot + ".structure", azienda ? null : facility, at + "^4");
        tree.text(slot + ".unit", ail.get(3, repetition, 1), at + "^1");
        tree.text(slot + ".place", ail.get(3, repetition, 9), at + "^9");
        String kind = ail.get(3, repetition, 6);
        if ("P".equalsIgnoreCase(kind) || "C".equalsIgnoreCase(kind)) {
            tree.flag(slot + ".privateStructure", "P".equalsIgnoreCase(kind) ? "Y" : "N", at + "^6");
        }
    }

    /** Whether any line has named its place. */
    boolean hasSlot() {
        return hasSlot;
    }

    /** Where somebody would like to go, and to whom, when no line names its place. */
    void wishes() {
        for (Group group : groups) {
            for (Er7.Segment ail : group.locations) {
                String facility = ail.get(3, 4);
                if (facility != null && !isAzienda(facility, ail.get(3, 1, 4, 2)) && !tree.has("wish.structure")) {
                    tree.code("wish.structure", facility, place(ail, 3) + "^1^4");
                }
            }
            for (Er7.Segment aip : group.persons) {
                String person = first(aip.get(3, 1), aip.get(3, 2));
                if (person != null && !tree.has("wish.practitioner")) {
                    tree.text("wish.practitioner", person, place(aip, 3));
                }
            }
        }
    }

    /** By the authority that gave the code; without one by its form. */
    static boolean isAzienda(String facility, String authority) {
        return AZIENDA_OID.equals(authority)
                || authority == null && AZIENDA.matcher(facility).matches();
    }

    private static Er7.Segment agendaOf(Group group, int index) {
        List<Er7.Segment> agendas = group.resources.stream()
                .filter(each -> each.get(4) == null || each.get(4).equalsIgnoreCase("AGENDA"))
                .toList();
        return at(agendas, index);
    }

    private static Er7.Segment at(List<Er7.Segment> segments, int index) {
        return segments.isEmpty() ? null : segments.get(Math.min(index, segments.size() - 1));
    }

    static String place(Er7.Segment segment, int field) {
        return segment.id() + "^" + segment.occurrence() + "^" + field;
    }

    private static String first(String one, String other) {
        return one != null ? one : other;
    }
}
