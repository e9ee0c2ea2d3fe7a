package it.snodo.booking.desk;

import static it.snodo.booking.desk.DeskKit.HERE;
import static it.snodo.booking.desk.DeskKit.arrival;
import static it.snodo.booking.desk.DeskKit.book;
import static it.snodo.booking.desk.DeskKit.newId;
import static it.snodo.booking.desk.DeskKit.on;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.desk.BookingDesk.Answered;
import it.snodo.booking.desk.FakeCups.Fate;
import it.snodo.fault.SnodoCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callers that come in the same moment. */
class ManyAtOnceTest {

    private DeskKit kit;

    @BeforeEach
    void start() {
        kit = DeskKit.fresh();
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private static <T> List<T> atOnce(int number, int threads, IntFunction<Callable<T>> each) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch start = new CountDownLatch(1);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                Callable<T> task = each.apply(i);
                running.add(pool.submit(() -> {
                    start.await();
                    return task.call();
                }));
            }
            start.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get(5, TimeUnit.MINUTES));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void of_two_hundred_bookings_for_one_place_one_stands() throws Exception {
        kit.cups.slow = azienda -> Duration.ofMillis(20);
        List<BookingAnswer> answers = atOnce(200, 40, i -> () -> kit.ask(book(i + 1, FakeCups.slot(HERE, 0))));

        List<BookingAnswer> booked =
                answers.stream().filter(each -> each.result() == Result.BOOKED).toList();
        assertThat(booked).hasSize(1);
        assertThat(kit.cups.standing()).containsExactly(booked.get(0).booking().code());
        assertThat(answers)
                .filteredOn(each -> each.result() != Result.BOOKED)
                .hasSize(199)
                .allSatisfy(each -> assertThat(each.faults().get(0).code()).isEqualTo(SnodoCode.SLOT_TAKEN));
        assertThat(kit.store
                        .jdbc
                        .sql("select count(*) from booking_slot")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void who_leaves_the_choice_to_the_hub_gets_a_place_of_his_own() throws Exception {
        kit.cups.places = 30;
        List<BookingAnswer> answers = atOnce(12, 12, i -> () -> kit.ask(book(i + 1)));

        Set<Object> places = new HashSet<>();
        answers.stream().filter(each -> each.result() == Result.BOOKED).forEach(each -> assertThat(
                        places.add(FakeCups.places(each.booking())))
                .isTrue());
        assertThat(places).isNotEmpty();
        assertThat(kit.cups.standing()).hasSize(places.size());
    }

    @Test
    void one_message_that_comes_many_times_at_once_has_one_effect_and_one_answer() throws Exception {
        kit.cups.slow = azienda -> Duration.ofMillis(300);
        String id = newId();
        List<Answered> answers =
                atOnce(12, 12, i -> () -> kit.desk().handle(arrival(id, book(1, FakeCups.slot(HERE, 0)))));

        assertThat(kit.cups.done()).hasSize(1);
        assertThat(answers.stream().map(each -> new String(each.answer())).distinct())
                .hasSize(1);
        assertThat(answers).filteredOn(each -> !each.repeated()).hasSize(1);
    }

    @Test
    void who_comes_while_it_is_tried_is_told_the_same_and_of_many_who_try_again_at_once_one_books() throws Exception {
        kit.cups.slow = azienda -> Duration.ofMillis(300);
        kit.cups.dead = Set.of(HERE);
        String id = newId();
        BookingRequest ask = book(1, FakeCups.slot(HERE, 0));
        List<Answered> put = atOnce(8, 8, i -> () -> kit.desk().handle(arrival(id, ask)));
        assertThat(put).allSatisfy(each -> assertThat(new String(each.answer())).contains("SNODO-8002"));

        // now and then the CUP is there
        AtomicInteger tries = new AtomicInteger();
        kit.cups.dead = Set.of();
        kit.cups.slow = azienda -> Duration.ofMillis(20);
        kit.cups.fate = operation -> tries.incrementAndGet() % 3 == 0 ? Fate.NORMAL : Fate.UNSENT;
        List<String> last = atOnce(12, 12, i -> () -> {
            String answer;
            do {
                answer = new String(kit.desk().handle(arrival(id, ask)).answer());
            } while (answer.contains("SNODO-8002"));
            return answer;
        });
        assertThat(last.stream().distinct()).hasSize(1).allMatch(each -> each.startsWith("BOOKED"));
        assertThat(kit.cups.done()).hasSize(1);
        assertThat(kit.cups.standing()).hasSize(1);
    }

    @Test
    void a_booking_is_revoked_once_however_many_ask() throws Exception {
        String code = kit.booked(1, FakeCups.slot(HERE, 0));
        kit.cups.slow = azienda -> Duration.ofMillis(50);
        List<BookingAnswer> answers = atOnce(8, 8, i -> () -> kit.ask(on(Operation.REVOKE, code)));

        assertThat(kit.cups.done()).containsExactly("BOOK " + code, "REVOKE " + code);
        assertThat(answers).filteredOn(each -> each.result() == Result.REVOKED).isNotEmpty();
    }

    @Test
    void the_rules_see_what_the_same_person_books_in_the_same_moment() throws Exception {
        kit.rules = (given, phase) -> given.request().operation() == Operation.BOOK
                        && given.answered() == null
                        && !given.earlier().isEmpty()
                ? List.of(new it.snodo.booking.Ruling(
                        "SC-039", it.snodo.booking.Decision.REJECT, 205, "", "Già prenotata", "Già prenotata.", null))
                : List.of();
        kit.cups.slow = azienda -> Duration.ofMillis(50);
        BookingRequest[] asks = new BookingRequest[6];
        for (int i = 0; i < asks.length; i++) {
            asks[i] = book(1, FakeCups.slot(HERE, i));
        }
        List<BookingAnswer> answers = atOnce(asks.length, asks.length, i -> () -> kit.ask(asks[i]));

        assertThat(answers).filteredOn(each -> each.result() == Result.BOOKED).hasSize(1);
        assertThat(kit.cups.standing()).hasSize(1);
    }
}
