package it.snodo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RouteSwapsTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final RouteSwaps swaps = new RouteSwaps();

    @Test
    void a_call_that_comes_during_a_swap_waits_for_its_end_and_is_not_disturbed_by_it() throws Exception {
        CountDownLatch swapping = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Void> swap = CompletableFuture.runAsync(() -> swap(swapping, mayEnd));
        assertThat(swapping.await(60, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Long> call = new CompletableFuture<>();
        Thread caller = new Thread(() -> call.complete(swaps.await(LONG)));
        caller.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> caller.getState() == Thread.State.TIMED_WAITING);
        mayEnd.countDown();

        assertThat(swaps.disturbed(call.get(60, TimeUnit.SECONDS))).isFalse();
        swap.get(60, TimeUnit.SECONDS);
    }

    @Test
    void a_swap_waits_for_the_call_under_way() throws Exception {
        long call = swaps.await(LONG);
        CountDownLatch swapping = new CountDownLatch(1);
        CompletableFuture<Void> swap = CompletableFuture.runAsync(() -> swap(swapping, new CountDownLatch(0)));
        // the swap has been asked for
        await().atMost(Duration.ofSeconds(60)).until(() -> swaps.disturbed(call));
        assertThat(swapping.getCount()).isEqualTo(1);

        swaps.left();

        swap.get(60, TimeUnit.SECONDS);
        assertThat(swapping.getCount()).isZero();
    }

    @Test
    void a_swap_does_not_wait_for_ever_and_tells_the_call_that_it_was_disturbed() throws Exception {
        long call = swaps.await(LONG);

        swap(new CountDownLatch(1), new CountDownLatch(0));

        assertThat(swaps.disturbed(call)).isTrue();
    }

    @Test
    void after_a_swap_that_fails_calls_are_let_in() {
        assertThat(CompletableFuture.supplyAsync(() -> {
                    try {
                        return swaps.during(() -> {
                            throw new IllegalStateException("a route that cannot be made");
                        });
                    } catch (Exception e) {
                        return e;
                    }
                }))
                .succeedsWithin(LONG)
                .isInstanceOf(IllegalStateException.class);

        assertThat(CompletableFuture.supplyAsync(() -> swaps.await(LONG))).succeedsWithin(Duration.ofSeconds(60));
    }

    private void swap(CountDownLatch swapping, CountDownLatch mayEnd) {
        try {
            swaps.during(() -> {
                swapping.countDown();
                return mayEnd.await(60, TimeUnit.SECONDS);
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
