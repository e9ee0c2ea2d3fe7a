package it.snodo.pratica;

import static it.snodo.pratica.PraticaKit.VERDI;

import it.snodo.access.Operator;
import it.snodo.exemption.IssuedExemption;
import it.snodo.fault.SnodoException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** A person, the certificates and what should come of them: the rules of pratiche said once more, plainly. */
final class ExpectedWorld {

    private static final LocalDate NEVER = LocalDate.of(9999, 12, 31);

    final String person;
    final LocalDate today;
    final List<Certificate> certificates;
    final List<Expected> pratiche = new ArrayList<>();
    /** What AURA has, by exemption and diagnosis: the last day. */
    private final Map<String, LocalDate> onAura = new TreeMap<>();

    private int told;
    private int turns;
    PlayedAura.Mood mood = PlayedAura.Mood.WELL;
    /** The ASL where the person lives, and that assists. */
    String home = PraticaKit.TORINO;

    boolean dead;

    ExpectedWorld(String person, LocalDate today, List<Certificate> certificates) {
        this.person = person;
        this.today = today;
        this.certificates = certificates;
    }

    /** Signed by Doctor Verdi. */
    static final class Certificate {
        final long number;
        final String code;
        final String diagnosis;
        String state = "VALIDO";

        Certificate(long number, String code, String diagnosis) {
            this.number = number;
            this.code = code;
            this.diagnosis = diagnosis;
        }

        private Certificate copy() {
            Certificate copy = new Certificate(number, code, diagnosis);
            copy.state = state;
            return copy;
        }
    }

    /** A pratica. */
    static final class Expected {
        final String asl;
        /** Index; -1 when a citizen's papers justify it. */
        final int certificate;

        final String code;
        final String diagnosis;
        final boolean straight;
        /** Null until it has been found among the rows. */
        String number;

        String state;
        int revision;
        private int transitions;
        private String lastMove;
        private String lastActor;
        private LocalDate end;
        private String beneficiaryNote;
        private String internalNote;
        private String reason;
        private String takenBy;
        private String aura = "-";
        /** What AURA is being asked: true to end, false to take it, null nothing. */
        private Boolean ending;

        private String asker;
        /** When AURA was asked, among the others. */
        private int turn;

        private boolean certificateAnnulled;
        private final Set<String> files = new LinkedHashSet<>();
        private final List<String> rights = new ArrayList<>();

        private Expected(String asl, int certificate, String code, String diagnosis, boolean straight) {
            this.asl = asl;
            this.certificate = certificate;
            this.code = code;
            this.diagnosis = diagnosis;
            this.straight = straight;
        }

        private Expected copy() {
            Expected copy = new Expected(asl, certificate, code, diagnosis, straight);
            copy.number = number;
            copy.state = state;
            copy.revision = revision;
            copy.transitions = transitions;
            copy.lastMove = lastMove;
            copy.lastActor = lastActor;
            copy.end = end;
            copy.beneficiaryNote = beneficiaryNote;
            copy.internalNote = internalNote;
            copy.reason = reason;
            copy.takenBy = takenBy;
            copy.aura = aura;
            copy.ending = ending;
            copy.asker = asker;
            copy.turn = turn;
            copy.certificateAnnulled = certificateAnnulled;
            copy.files.addAll(files);
            copy.rights.addAll(rights);
            return copy;
        }

        private boolean open() {
            return state.equals("INVIATA") || state.equals("IN_LAVORAZIONE");
        }

        private void event(Move move, String to, String actor) {
            revision++;
            if (!to.equals(state)) {
                transitions++;
            }
            state = to;
            lastMove = move.name();
            lastActor = actor;
        }

        private void note(Pratiche.Notes notes) {
            beneficiaryNote = note(notes.beneficiary(), beneficiaryNote);
            internalNote = note(notes.internal(), internalNote);
        }

        private static String note(String said, String before) {
            return said == null ? before : said.isBlank() ? null : said.strip();
        }

        private void ask(boolean toEnd, String by) {
            ending = toEnd;
            asker = by;
            aura = (toEnd ? "ANNULLA" : "VALIDA") + " IN_ATTESA";
            if (toEnd) {
                right("ANNULLING");
            } else {
                rights.add("PENDING " + end);
            }
        }

        private void right(String state) {
            int last = rights.size() - 1;
            rights.set(last, state + " " + rights.get(last).split(" ")[1]);
        }

        private void answered(boolean ok) {
            aura = (ending ? "ANNULLA" : "VALIDA") + (ok ? " COMPLETATA" : " RIFIUTATA");
            if (ok) {
                right(ending ? "ANNULLED" : "ACTIVE");
                event(Move.AURA_OK, ending ? "ANNULLATA" : "VALIDATA", asker);
            } else {
                right(ending ? "ACTIVE" : "REFUSED");
                event(Move.AURA_KO, ending ? "VALIDATA" : straight ? "ANNULLATA" : "IN_LAVORAZIONE", asker);
            }
            ending = null;
        }

        private String shown() {
            return String.join(
                    " / ",
                    number,
                    state,
                    "r" + revision,
                    "t" + transitions,
                    lastMove + " by " + lastActor,
                    asl,
                    String.valueOf(certificateAnnulled),
                    code,
                    diagnosis,
                    "straight " + straight,
                    "to " + end,
                    "notes " + beneficiaryNote + "|" + internalNote,
                    "reason " + reason,
                    "taken " + takenBy,
                    aura,
                    files.size() + " files",
                    rights.toString());
        }
    }

    /** What two at once may have come to. */
    record Outcome(ExpectedWorld world, List<Boolean> done) {}

    /** Something that somebody tries. */
    sealed interface Act {

        boolean may(ExpectedWorld world);

        /** @return the pratica and the right that AURA is asked for; null when it is not asked */
        Asked begin(ExpectedWorld world);

        /** @return whether the caller heard of success */
        default boolean attempt(PraticaKit kit, ExpectedWorld world) {
            try {
                call(kit, world);
                return true;
            } catch (SnodoException e) {
                return false;
            }
        }

        void call(PraticaKit kit, ExpectedWorld world);

        default boolean creates() {
            return !(this instanceof Work);
        }

        default boolean sameCertificateAs(Act other) {
            return false;
        }

        /** "Crea e valida". */
        record Issue(int certificate, Operator who, Wanted wanted) implements Act {

            @Override
            public boolean may(ExpectedWorld world) {
                return world.mayUse(certificate, who)
                        && world.sound(wanted)
                        && !world.inForce(world.certificates.get(certificate).code)
                        && (world.mood == PlayedAura.Mood.DOWN || !world.dead && world.home.equals(PraticaKit.TORINO));
            }

            @Override
            public Asked begin(ExpectedWorld world) {
                Certificate justifies = world.certificates.get(certificate);
                Expected made = new Expected(PraticaKit.TORINO, certificate, justifies.code, justifies.diagnosis, true);
                made.end = wanted.end();
                made.takenBy = VERDI;
                made.event(Move.CREA_E_VALIDA, "IN_LAVORAZIONE", VERDI);
                return world.asked(world.entered(made), false, VERDI);
            }

            @Override
            public void call(PraticaKit kit, ExpectedWorld world) {
                kit.issuing().issue(who, world.certificates.get(certificate).number, wanted);
            }

            @Override
            public boolean sameCertificateAs(Act other) {
                return other instanceof Issue issue && issue.certificate == certificate
                        || other instanceof Request request && request.certificate == certificate;
            }
        }

        /** "Richiedi esenzione". */
        record Request(int certificate, Operator who, Pratiche.Notes notes) implements Act {

            @Override
            public boolean may(ExpectedWorld world) {
                return world.mayUse(certificate, who) && world.mood != PlayedAura.Mood.DOWN && !world.dead;
            }

            @Override
            public Asked begin(ExpectedWorld world) {
                Certificate justifies = world.certificates.get(certificate);
                Expected made = new Expected(world.home, certificate, justifies.code, justifies.diagnosis, false);
                made.note(notes);
                made.event(Move.INVIA, "INVIATA", VERDI);
                world.entered(made);
                return null;
            }

            @Override
            public void call(PraticaKit kit, ExpectedWorld world) {
                kit.issuing().request(who, world.certificates.get(certificate).number, notes);
            }

            @Override
            public boolean sameCertificateAs(Act other) {
                return new Issue(certificate, who, null).sameCertificateAs(other);
            }
        }

        /** A citizen's, entered at the desk. */
        record Submit(String code, Operator who, Pratiche.Notes notes) implements Act {

            @Override
            public boolean may(ExpectedWorld world) {
                return who.has("distretto")
                        && who.worksFor(world.home)
                        && !world.dead
                        && world.mood != PlayedAura.Mood.DOWN
                        && world.pratiche.stream()
                                .noneMatch(one -> one.open() && one.code.equals(code) && one.asl.equals(world.home));
            }

            @Override
            public Asked begin(ExpectedWorld world) {
                Expected made = new Expected(world.home, -1, code, null, false);
                made.note(notes);
                made.event(Move.INVIA, "INVIATA", who.fiscalCode());
                world.entered(made);
                return null;
            }

            @Override
            public void call(PraticaKit kit, ExpectedWorld world) {
                kit.issuing()
                        .submit(
                                who,
                                new Issuing.Submission(
                                        world.person,
                                        new Pratica.Compiler(Pratica.Compiler.Kind.UTENTE, null, null),
                                        code,
                                        null,
                                        Wanted.NOTHING,
                                        notes));
            }
        }

        /** A move of the district, by whoever tries it. */
        record Work(
                int index,
                Move move,
                Operator who,
                Integer revision,
                Pratiche.Notes notes,
                String reason,
                Wanted wanted,
                byte[] file)
                implements Act {

            @Override
            public boolean may(ExpectedWorld world) {
                Expected one = world.pratiche.get(index);
                if (!who.has("distretto") || !who.worksFor(one.asl)) {
                    return false;
                }
                if (move == Move.ALLEGA && !sound()) {
                    return false;
                }
                if (move == Move.ALLEGA && one.files.contains(name())) {
                    return true;
                }
                if (revision != null && revision != one.revision) {
                    return false;
                }
                boolean waits = one.ending != null;
                return switch (move) {
                    case PRENDI_IN_CARICO -> one.state.equals("INVIATA");
                    case VALIDA ->
                        one.open()
                                && !waits
                                && world.sound(wanted)
                                && world.stands(one.certificate)
                                && !world.inForce(one.code);
                    case RESPINGI -> one.open() && !waits && known() != null;
                    case ANNULLA -> (one.open() || one.state.equals("VALIDATA")) && !waits;
                    case ALLEGA -> one.open() && !waits;
                    default -> true;
                };
            }

            private String known() {
                return reason == null
                        ? null
                        : switch (reason) {
                            case "ALTRO" -> "ALTRO";
                            case "Requisiti non sufficienti" -> "REQUISITI_NON_SUFFICIENTI";
                            case "documentazione insuffciente" -> "DOCUMENTAZIONE_INSUFFICIENTE";
                            default -> null;
                        };
            }

            private boolean sound() {
                return file[0] != 'M';
            }

            private String name() {
                return String.valueOf((char) file[0]);
            }

            @Override
            public Asked begin(ExpectedWorld world) {
                Expected one = world.pratiche.get(index);
                String by = who.fiscalCode();
                switch (move) {
                    case PRENDI_IN_CARICO -> {
                        one.takenBy = by;
                        one.event(move, "IN_LAVORAZIONE", by);
                    }
                    case VALIDA -> {
                        if (one.state.equals("INVIATA")) {
                            one.takenBy = by;
                            one.event(Move.PRENDI_IN_CARICO, "IN_LAVORAZIONE", by);
                        }
                        one.event(move, "IN_LAVORAZIONE", by);
                        one.end = Boolean.TRUE.equals(wanted.unlimited())
                                ? null
                                : wanted.end() == null ? one.end : wanted.end();
                        return world.asked(one, false, by);
                    }
                    case RESPINGI -> {
                        one.note(notes);
                        one.reason = known();
                        one.event(move, "RESPINTA", by);
                    }
                    case ANNULLA -> {
                        one.note(notes);
                        boolean validated = one.state.equals("VALIDATA");
                        one.event(move, validated ? "VALIDATA" : "ANNULLATA", by);
                        return validated ? world.asked(one, true, by) : null;
                    }
                    case ALLEGA -> {
                        if (one.files.add(name())) {
                            one.event(move, one.state, by);
                        }
                    }
                    default -> {
                        one.note(notes);
                        one.event(move, one.state, by);
                    }
                }
                return null;
            }

            @Override
            public void call(PraticaKit kit, ExpectedWorld world) {
                String number = world.pratiche.get(index).number;
                switch (move) {
                    case PRENDI_IN_CARICO -> kit.pratiche().takeCharge(who, number, revision);
                    case VALIDA -> kit.pratiche().validate(who, number, revision, wanted);
                    case RESPINGI -> kit.pratiche().reject(who, number, revision, reason, notes);
                    case ANNULLA -> kit.pratiche().annul(who, number, revision, notes);
                    case ALLEGA -> kit.attachments().add(who, number, revision, "file", file);
                    default -> kit.pratiche().annotate(who, number, revision, notes);
                }
            }

            @Override
            public String toString() {
                return move + " of " + index + " by " + who.name() + " r" + revision + " " + notes + " " + reason + " "
                        + wanted + " " + name();
            }
        }
    }

    /** Of whom AURA is asked what. */
    record Asked(int pratica, int right, boolean ending) {}

    private Asked asked(Expected one, boolean ending, String by) {
        one.ask(ending, by);
        if (!ending) {
            one.turn = turns++;
        }
        return new Asked(pratiche.indexOf(one), one.rights.size() - 1, ending);
    }

    private Expected entered(Expected made) {
        pratiche.add(made);
        return made;
    }

    // --- rules -----------------------------------------------------------------------------------------------

    private boolean mayUse(int certificate, Operator who) {
        return who == PraticaKit.DOCTOR
                && certificates.get(certificate).state.equals("VALIDO")
                && pratiche.stream()
                        .noneMatch(one -> one.certificate == certificate
                                && !one.state.equals("RESPINTA")
                                && !one.state.equals("ANNULLATA"));
    }

    private boolean stands(int certificate) {
        return certificate < 0 || certificates.get(certificate).state.equals("VALIDO");
    }

    private boolean sound(Wanted wanted) {
        return wanted.end() == null || !wanted.end().isBefore(today) && !Boolean.TRUE.equals(wanted.unlimited());
    }

    private boolean inForce(String code) {
        return pratiche.stream()
                .filter(one -> one.code.equals(code))
                .flatMap(one -> one.rights.stream())
                .anyMatch(right ->
                        right.startsWith("PENDING") || right.startsWith("ACTIVE") || right.startsWith("ANNULLING"));
    }

    void annulled(Certificate certificate) {
        certificate.state = "ANNULLATO";
        for (Expected one : pratiche) {
            if (one.certificate >= 0 && certificates.get(one.certificate) == certificate && !one.certificateAnnulled) {
                one.certificateAnnulled = true;
                one.event(Move.CERTIFICATO_ANNULLATO, one.state, "hub");
            }
        }
    }

    /** AURA is tried with everything that it is owed. */
    void deliver() {
        if (answers()) {
            pratiche.stream()
                    .filter(one -> one.ending != null)
                    .sorted(Comparator.comparing((Expected one) -> one.turn))
                    .toList()
                    .forEach(this::tell);
        }
    }

    private boolean answers() {
        return mood != PlayedAura.Mood.DOWN && mood != PlayedAura.Mood.LATE;
    }

    /** Another of the same code holds, or was asked for before. */
    private boolean comesSecond(Expected one, boolean sameOnAura) {
        return pratiche.stream()
                .filter(other -> other != one && other.code.equals(one.code) && !other.rights.isEmpty())
                .filter(other -> !sameOnAura || Objects.equals(other.diagnosis, one.diagnosis))
                .anyMatch(other -> {
                    String right = other.rights.get(other.rights.size() - 1);
                    return right.startsWith("ACTIVE")
                            || right.startsWith("ANNULLING")
                            || right.startsWith("PENDING") && other.turn < one.turn;
                });
    }

    private void tell(Expected one) {
        String key = one.code + " " + one.diagnosis;
        LocalDate wanted = one.ending ? today : Objects.requireNonNullElse(one.end, NEVER);
        // what stands there may be another's
        boolean there = wanted.equals(onAura.get(key)) && (one.ending || !comesSecond(one, true));
        if (!there) {
            boolean unfit = !one.ending
                    && (dead || !home.equals(one.asl) || !stands(one.certificate) || comesSecond(one, false));
            if (unfit || mood == PlayedAura.Mood.REFUSES) {
                one.answered(false);
                return;
            }
            told++;
            onAura.put(key, wanted);
        }
        // taken there, and read back before anything else when the answer is lost
        if (mood != PlayedAura.Mood.ANSWER_LOST) {
            one.answered(true);
        }
    }

    // --- playing ---------------------------------------------------------------------------------------------

    /** @return whether the caller hears of success: done, or waiting */
    boolean play(Act act) {
        Asked asked = act.begin(this);
        if (asked != null) {
            deliver();
        }
        return heard(asked);
    }

    private boolean heard(Asked asked) {
        if (asked == null) {
            return true;
        }
        String right = pratiche.get(asked.pratica).rights.get(asked.right);
        return !right.startsWith("REFUSED") && !(asked.ending && right.startsWith("ACTIVE"));
    }

    /**
     * One after the other in both orders, and the second while AURA has not been told of the first. Of two that are not about
     * the same pratica both may have been looked at before either was begun: then AURA's turn tells who comes first.
     */
    List<Outcome> both(Act first, Act second) {
        List<Outcome> outcomes = new ArrayList<>();
        boolean apart = !(first instanceof Act.Work one && second instanceof Act.Work other && one.index == other.index)
                && !first.sameCertificateAs(second);
        for (boolean blind : apart ? new boolean[] {false, true} : new boolean[] {false}) {
            for (boolean between : new boolean[] {false, true}) {
                for (boolean turned : new boolean[] {false, true}) {
                    for (boolean backwards : between ? new boolean[] {false, true} : new boolean[] {false}) {
                        ExpectedWorld copy = copy();
                        List<Act> order = turned ? List.of(second, first) : List.of(first, second);
                        List<Boolean> done = copy.play(order, blind, between, backwards);
                        outcomes.add(new Outcome(copy, turned ? List.of(done.get(1), done.get(0)) : done));
                    }
                }
            }
        }
        return outcomes;
    }

    private List<Boolean> play(List<Act> order, boolean blind, boolean between, boolean backwards) {
        List<Boolean> allowed = order.stream().map(act -> act.may(this)).toList();
        List<Asked> asked = new ArrayList<>();
        List<Boolean> begun = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            boolean may = blind ? allowed.get(i) : order.get(i).may(this);
            begun.add(may);
            asked.add(may ? order.get(i).begin(this) : null);
            if (!between && asked.get(i) != null) {
                deliver();
            }
        }
        if (backwards && asked.get(1) != null && answers()) {
            // what was begun last was committed, and told, before the other
            tell(pratiche.get(asked.get(1).pratica));
        }
        if (between && asked.stream().anyMatch(Objects::nonNull)) {
            deliver();
        }
        return List.of(begun.get(0) && heard(asked.get(0)), begun.get(1) && heard(asked.get(1)));
    }

    private ExpectedWorld copy() {
        ExpectedWorld copy = new ExpectedWorld(
                person, today, certificates.stream().map(Certificate::copy).toList());
        pratiche.forEach(one -> copy.pratiche.add(one.copy()));
        copy.onAura.putAll(onAura);
        copy.told = told;
        copy.turns = turns;
        copy.mood = mood;
        copy.home = home;
        copy.dead = dead;
        return copy;
    }

    // --- the rows --------------------------------------------------------------------------------------------

    private record Events(
            String pratica, int number, int transitions, int last, String move, String actor, int files) {}

    /** Null when the rows, and AURA, are as they should be. */
    String differenceTo(PraticaKit kit) {
        List<Pratica> found = kit.jdbc
                .sql("select * from pratica where patient_id = ? order by number")
                .param(person)
                .query(PraticaRegister::pratica)
                .list();
        if (found.size() != pratiche.size()) {
            return found.size() + " pratiche instead of " + pratiche.size();
        }
        Map<String, Events> events = new HashMap<>();
        kit.jdbc.sql("""
                        select e.pratica, count(*) as number, count(*) filter (where from_state is distinct from e.state)
                          as transitions, max(e.revision) as last, (array_agg(move order by e.revision desc))[1] as move,
                          (array_agg(actor order by e.revision desc))[1] as actor,
                          (select count(*) from pratica_attachment a where a.pratica = e.pratica) as files
                        from pratica_event e join pratica p on p.number = e.pratica where p.patient_id = ?
                        group by e.pratica""").param(person).query(Events.class).list().forEach(one -> events.put(one.pratica, one));
        List<IssuedExemption> rights = kit.exemptions().of(person);
        for (Pratica one : found) {
            Expected expected = pratiche.stream()
                    .filter(each -> one.number().equals(each.number))
                    .findFirst()
                    .or(() -> pratiche.stream()
                            .filter(each -> each.number == null)
                            .findFirst())
                    .orElse(null);
            if (expected == null) {
                return "nobody made " + one.number();
            }
            if (expected.number == null && !one.number().matches("\\d{4}" + expected.asl + "\\d{8}")) {
                return "a wrong number: " + one.number();
            }
            expected.number = one.number();
            String there = shown(one, events.get(one.number()), rights);
            if (!there.equals(expected.shown())) {
                return "\n  there    " + there + "\n  expected " + expected.shown();
            }
        }
        // of two that wait for AURA the first one counts, and nothing else in the rows tells which that is
        List<String> waiting = rights.stream()
                .filter(one -> one.state() == IssuedExemption.State.PENDING)
                .sorted(Comparator.comparing(IssuedExemption::id))
                .map(IssuedExemption::pratica)
                .toList();
        List<String> expectedToWait = pratiche.stream()
                .filter(one -> Boolean.FALSE.equals(one.ending))
                .sorted(Comparator.comparing((Expected one) -> one.turn))
                .map(one -> one.number)
                .toList();
        if (!waiting.equals(expectedToWait)) {
            return "AURA was asked for " + waiting + ", expected " + expectedToWait;
        }
        Map<String, LocalDate> aura = new TreeMap<>();
        kit.aura.ends.forEach((key, end) -> aura.put(key.substring(person.length() + 1, key.lastIndexOf(' ')), end));
        if (!aura.equals(onAura) || kit.aura.told.size() != told) {
            return "AURA has " + aura + " by " + kit.aura.told + ", expected " + onAura + " by " + told;
        }
        return null;
    }

    private static String shown(Pratica one, Events events, List<IssuedExemption> rights) {
        boolean counted = events.number == one.revision() && events.last == one.revision();
        return String.join(
                " / ",
                one.number(),
                one.state().name(),
                counted ? "r" + one.revision() : "r" + one.revision() + " and " + events.number + " events",
                "t" + events.transitions,
                events.move + " by " + events.actor,
                one.asl(),
                String.valueOf(one.certificateAnnulledAt() != null),
                one.exemption(),
                one.diagnosis(),
                "straight " + one.straight(),
                "to " + one.end() + (one.unlimited() == (one.end() == null) ? "" : " unlimited " + one.unlimited()),
                "notes " + one.beneficiaryNote() + "|" + one.internalNote(),
                "reason " + (one.reason() == null ? null : one.reason().name()),
                "taken " + one.takenBy(),
                one.aura() == null
                        ? "-"
                        : one.aura().action() + " " + one.aura().state(),
                events.files + " files",
                rights.stream()
                        .filter(right -> right.pratica().equals(one.number()))
                        .sorted(Comparator.comparing(IssuedExemption::id))
                        .map(right -> right.state() + " " + right.to())
                        .toList()
                        .toString());
    }
}
