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

    /** Does not listen: a private place each of the first days, a public one on the third. */
    private static final class DeafCup implements CupPort {

        private final List<LocalDate> asked = new ArrayList<>();

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
            return new Found(List.of(place(from, from.isBefore(TODAY.plusDays(2)))), null);
        }

        private static Proposal place(LocalDate day, boolean ofPrivate) {
            OffsetDateTime start = day.atTime(9, 0).atOffset(ZoneOffset.ofHours(1));
            Slot slot = new Slot("010301", "AG-1", start, 20, "010001", null, null, ofPrivate, null);
            return new Proposal("89.7A.3", null, slot, null, null, null, null);
        }
    }

    private final DeafCup cup = new DeafCup();

    @Test
    void private_places_are_left_out_and_those_behind_them_are_found() {
        assertThat(search(true)).singleElement().satisfies(each -> {
            assertThat(each.slot().privateStructure()).isFalse();
            assertThat(each.slot().start().toLocalDate()).isEqualTo(TODAY.plusDays(2));
        });
        assertThat(cup.asked).containsExactly(TODAY, TODAY.plusDays(1), TODAY.plusDays(2));
    }

    @Test
    void with_the_regions_own_form_a_private_place_is_one_like_others() {
        assertThat(search(false))
                .singleElement()
                .satisfies(each -> assertThat(each.slot().privateStructure()).isTrue());
        assertThat(cup.asked).containsExactly(TODAY);
    }

    private List<Proposal> search(boolean publicOnly) {
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
            return availability
                    .search(
                            new AvailabilityQuery(null, null, null, List.of(line), null, null, null),
                            availability.aziende("010301", TODAY),
                            true,
                            TODAY,
                            Duration.ofMinutes(1))
                    .proposals();
        } finally {
            availability.destroy();
        }
    }
}
