package it.snodo.booking.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Proposal;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort;
import it.snodo.booking.rules.PriorityTerm;
import it.snodo.booking.rules.RuleBook;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** With a form that accredited private structures refuse (R6), their places are not shown, whatever the CUP sends. */
class PublicPlacesTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

    /** Does not listen to what kind of place is wanted; to the day and the limit it does. */
    private static final class DeafCup implements CupPort {

        private final List<LocalDate> asked = new ArrayList<>();
        private final List<Proposal> free = new ArrayList<>();

        @Override
        public boolean speaks(CupAzienda azienda, byte[] command) {
            return true;
        }

        @Override
        public byte[] command(CupAzienda azienda, Booking booking, Operation operation, String id, String reason) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Reply send(CupAzienda azienda, Operation operation, String id, byte[] command, Duration deadline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Found find(CupAzienda azienda, AvailabilityQuery query, boolean publicOnly, Duration deadline) {
            LocalDate from = query.wish() == null ? TODAY : query.wish().from();
            asked.add(from);
            return new Found(
                    free.stream()
                            .filter(each -> !each.slot().start().toLocalDate().isBefore(from))
                            .limit(query.limit() == null ? 20 : query.limit())
                            .toList(),
                    null);
        }

        /** The n-th place of a day. */
        private void has(LocalDate day, int n, boolean ofPrivate) {
            OffsetDateTime start = day.atTime(9, 0).plusMinutes(5L * n).atOffset(ZoneOffset.ofHours(1));
            Slot slot = new Slot("010301", "AG-1", start, 20, "010001", null, null, ofPrivate, null);
            free.add(new Proposal("89.7A.3", null, slot, null, null, null, null));
        }
    }

    private final DeafCup cup = new DeafCup();

    @Test
    void private_places_are_left_out_and_those_behind_them_are_found() {
        cup.has(TODAY, 0, true);
        cup.has(TODAY.plusDays(1), 0, true);
        cup.has(TODAY.plusDays(1), 1, false);
        assertThat(search(true, null).proposals())
                .singleElement()
                .satisfies(each -> assertThat(each.slot().privateStructure()).isFalse());
        assertThat(search(false, null).proposals()).hasSize(3);
    }

    @Test
    void a_callers_small_number_hides_no_public_place_behind_private_ones() {
        cup.has(TODAY, 0, true);
        cup.has(TODAY, 1, true);
        cup.has(TODAY, 2, false);
        assertThat(search(true, 1).proposals())
                .singleElement()
                .satisfies(each -> assertThat(each.slot().privateStructure()).isFalse());
    }

    @Test
    void a_day_that_has_more_private_places_than_a_cup_shows_is_seen_to_its_end() {
        for (int n = 0; n < 30; n++) {
            cup.has(TODAY, n, true);
        }
        cup.has(TODAY, 30, false);
        cup.has(TODAY.plusDays(9), 0, false);
        assertThat(search(true, null).proposals())
                .extracting(each -> each.slot().start().toLocalDate())
                .containsExactly(TODAY, TODAY.plusDays(9));
    }

    @Test
    void the_rest_of_the_last_day_that_was_seen_is_looked_at_too() {
        cup.has(TODAY, 0, true);
        for (int n = 0; n < 19; n++) {
            cup.has(TODAY.plusDays(1), n, true);
        }
        cup.has(TODAY.plusDays(1), 19, false);
        assertThat(search(true, null).proposals())
                .extracting(each -> each.slot().start().toLocalDate())
                .containsExactly(TODAY.plusDays(1));
    }

    @Test
    void who_shows_private_places_only_has_told_nothing_of_public_ones() {
        for (int day = 0; day < 365; day++) {
            cup.has(TODAY.plusDays(day), 0, true);
        }
        Availability.Result found = search(true, 1);
        assertThat(found.proposals()).isEmpty();
        assertThat(found.silent()).singleElement().satisfies(each -> {
            assertThat(each.azienda()).isEqualTo("010301");
            assertThat(each.reason()).contains("di quelli pubblici non si sa");
        });
    }

    @Test
    void who_has_no_more_than_private_places_has_nothing() {
        cup.has(TODAY, 0, true);
        Availability.Result found = search(true, null);
        assertThat(found.proposals()).isEmpty();
        assertThat(found.silent()).isEmpty();
    }

    @Test
    void with_the_regions_own_form_a_private_place_is_one_like_others() {
        cup.has(TODAY, 0, true);
        assertThat(search(false, null).proposals())
                .singleElement()
                .satisfies(each -> assertThat(each.slot().privateStructure()).isTrue());
        assertThat(cup.asked).containsExactly(TODAY);
    }

    private Availability.Result search(boolean publicOnly, Integer limit) {
        RuleBook rules = mock(RuleBook.class);
        when(rules.publicOnly(any(), any())).thenReturn(publicOnly);
        BookingCatalogue catalogue = new FakeCatalogue();
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerSingleton("cupPort", cup);
        Availability availability = new Availability(
                beans.getBeanProvider(CupPort.class),
                catalogue,
                beans.getBeanProvider(PriorityTerm.class),
                rules,
                DeskKit.properties());
        try {
            Line line = new Line("89.7A.3", null, null, null, null, null, null, null, null, null);
            return availability.search(
                    new AvailabilityQuery(null, null, null, List.of(line), null, limit, null),
                    availability.aziende("010301", TODAY),
                    true,
                    TODAY,
                    Duration.ofMinutes(1));
        } finally {
            availability.destroy();
        }
    }
}
