package it.snodo.booking.rules;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.Ruling;
import it.snodo.booking.catalogue.BookingCatalogue;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The rules in their order. Within a step every rule is heard, so that an operator is told everything at once; a step that
 * stops the request is the last one.
 */
@Component
public class RuleBook {

    private final List<BookingRule> rules;
    /** Those that are heard in each step: the same for every case. */
    private final Map<Step, List<BookingRule>> heard = new EnumMap<>(Step.class);

    private final BookingCatalogue catalogue;
    private final R63WhoMayRevoke whoMayRevoke;

    RuleBook(BookingCatalogue catalogue, BookingProperties properties) {
        this.catalogue = catalogue;
        this.whoMayRevoke = new R63WhoMayRevoke(catalogue);
        this.rules = Stream.of(PrescriptionRules.all(catalogue, properties), PersonRules.all(catalogue, properties))
                .flatMap(List::stream)
                .sorted(Comparator.comparing(BookingRule::step).thenComparing(BookingRule::number))
                .toList();
        for (Step step : Step.values()) {
            heard.put(step, rules.stream().filter(rule -> isHeard(rule, step)).toList());
        }
    }

    /**
     * What the rules of one phase say: notices of all steps reached, and whatever stops the request. A question that the
     * caller has confirmed already is not asked again: it goes along as a notice.
     */
    public Judgement judge(BookingCase given, Step.Phase phase) {
        List<Ruling> said = new ArrayList<>();
        for (Step step : Step.values()) {
            if (step.phase() != phase) {
                continue;
            }
            Rulings rulings = new Rulings();
            for (BookingRule rule : heard.get(step)) {
                rule.check(given, rulings);
            }
            for (Ruling each : rulings.all()) {
                said.add(isConfirmed(each, given) ? asNotice(each) : each);
            }
            if (said.stream().anyMatch(each -> each.decision().stops())) {
                return new Judgement(List.copyOf(said));
            }
        }
        return new Judgement(List.copyOf(said));
    }

    private static boolean isHeard(BookingRule rule, Step step) {
        return rule.step() == step || step == Step.SLOT && rule.alsoWithSlot();
    }

    /**
     * The only azienda where the lines of a new booking may go, six digits, when the rules bind them to one: the issuer of
     * a form that is good for its issuer only (R10), and where the other lines of the same prescription are (R30).
     */
    public Optional<String> boundTo(BookingCase given) {
        return Bound.azienda(given, catalogue);
    }

    /**
     * Code of the booking that a new one takes the place of, when the caller wants that (R39): the one of the same service
     * that is still to come, of the same prescription if there is such.
     */
    public Optional<String> replaced(BookingCase given) {
        return Duplicates.replaced(given);
    }

    /**
     * Why a booking cannot be revoked in favour of a new one (R63): it was not made through SovraCup, and the desk is none of
     * its azienda.
     *
     * @param given the new booking
     * @param path of the field that says that the old one is to go
     */
    public List<Ruling> againstRevoking(BookingCase given, Booking old, String path) {
        Rulings rulings = new Rulings();
        whoMayRevoke.check(given, old, path, rulings);
        return rulings.all();
    }

    /**
     * Indexes of the lines that are not to be booked though the request goes on: direct access (R37), and what only
     * another CUP books (R38, confirmed). The patient is told by the notices.
     */
    public Set<Integer> setAside(BookingCase given) {
        return given.isNew() ? Lines.setAside(given) : Set.of();
    }

    /**
     * Whether the form is none that accredited private structures take (R06): places there are not to be looked for.
     *
     * @param prescription null is the ricettario regionale, which they take
     */
    public boolean publicOnly(Prescription prescription, LocalDate day) {
        return !R06AccreditedPrivate.isGoodThere(catalogue, Bound.form(prescription), day);
    }

    List<BookingRule> rules() {
        return rules;
    }

    private static boolean isConfirmed(Ruling ruling, BookingCase given) {
        return ruling.decision() == it.snodo.booking.Decision.CONFIRM && given.confirmed(ruling.code());
    }

    private static Ruling asNotice(Ruling asked) {
        return new Ruling(
                asked.code(),
                it.snodo.booking.Decision.WARN,
                asked.condition(),
                asked.path(),
                asked.title(),
                "Confermato da chi prenota: " + asked.message(),
                asked.detail());
    }

    /** What the rules said. */
    public record Judgement(List<Ruling> rulings) {

        public boolean stops() {
            return rulings.stream().anyMatch(each -> each.decision().stops());
        }

        /** What goes along with a request that was not stopped. */
        public List<Ruling> notices() {
            return rulings.stream().filter(each -> !each.decision().stops()).collect(Collectors.toUnmodifiableList());
        }
    }
}
