package it.snodo.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final ExecutorService singles = Executors.newFixedThreadPool(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<List<String>> worked = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() {
        release.countDown();
        workers.shutdown();
        singles.shutdown();
    }

    private GroupCommit<String, String> group(Function<String, String> work) {
        return group(1, work);
    }

    private GroupCommit<String, String> group(int atATime, Function<String, String> work) {
        return group(atATime, Duration.ofDays(1), work);
    }

    private GroupCommit<String, String> group(int atATime, Duration slow, Function<String, String> work) {
        return new GroupCommit<>(
                new GroupCommit.Work<>() {
                    @Override
                    public List<String> together(List<String> items) {
                        worked.add(items);
                        if (items.contains("slow")) {
                            uninterruptibly(release);
                        }
                        return items.stream().map(work).collect(Collectors.toList());
                    }

                    @Override
                    public String alone(String item) {
                        worked.add(List.of(item));
                        if (item.equals("stuck")) {
                            uninterruptibly(release);
                        }
                        return "alone " + work.apply(item);
                    }

                    @Override
                    public boolean alike(String one, String other) {
                        return one.startsWith("FHIR") == other.startsWith("FHIR");
                    }

                    @Override
                    public boolean clash(String one, String other) {
                        return one.equals(other);
                    }

                    @Override
                    public boolean isHopeless(RuntimeException failure) {
                        return failure.getMessage().equals("nobody");
                    }
                },
                atATime,
                slow,
                workers,
                singles);
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets them all queue up behind a slow one. */
    private List<CompletableFuture<String>> behindASlowOne(GroupCommit<String, String> group, String... items) {
        List<CompletableFuture<String>> all = new ArrayList<>();
        all.add(group.add("slow"));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> worked.size() == 1);
        for (String item : items) {
            all.add(group.add(item));
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> group.waiting() == all.size() - 1);
        }
        release.countDown();
        return all;
    }

    @Test
    void a_lone_item_is_worked_on_at_once_and_holds_no_thread_of_its_sender() {
        GroupCommit<String, String> group = group(item -> item + "!");
        CompletableFuture<String> slow = group.add("slow");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> worked.size() == 1);
        assertThat(slow).isNotDone();
        release.countDown();
        assertThat(slow.join()).isEqualTo("slow!");
        assertThat(group.add("b").join()).isEqualTo("b!");
        assertThat(worked).containsExactly(List.of("slow"), List.of("b"));
    }

    @Test
    void those_who_come_meanwhile_are_worked_on_together_in_their_order() {
        List<CompletableFuture<String>> all = behindASlowOne(group(item -> item + "!"), "a", "b", "c");
        assertThat(all).extracting(CompletableFuture::join).containsExactly("slow!", "a!", "b!", "c!");
        assertThat(worked).containsExactly(List.of("slow"), List.of("a", "b", "c"));
    }

    @Test
    void what_does_not_fit_goes_with_a_later_group_and_overtakes_nobody_of_its_kind() {
        List<CompletableFuture<String>> all = behindASlowOne(group(item -> item + "!"), "a", "a", "b", "a");
        assertThat(all).extracting(CompletableFuture::join).containsExactly("slow!", "a!", "a!", "b!", "a!");
        assertThat(worked).containsExactly(List.of("slow"), List.of("a", "b"), List.of("a"), List.of("a"));
    }

    @Test
    void what_is_not_alike_goes_with_a_later_group() {
        List<CompletableFuture<String>> all = behindASlowOne(group(item -> item + "!"), "a", "FHIR 1", "b", "FHIR 2");
        assertThat(all).extracting(CompletableFuture::join).containsExactly("slow!", "a!", "FHIR 1!", "b!", "FHIR 2!");
        assertThat(worked).containsExactly(List.of("slow"), List.of("a", "b"), List.of("FHIR 1", "FHIR 2"));
    }

    @Test
    void enough_for_a_second_group_is_begun_beside_a_slow_one_and_what_clashes_with_that_waits_for_its_end() {
        GroupCommit<String, String> group = group(2, item -> item + "!");
        CompletableFuture<String> slow = group.add("slow");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> worked.size() == 1);
        CompletableFuture<String> again = group.add("slow");
        CompletableFuture<String> a = group.add("a");
        assertThat(group.waiting()).isEqualTo(2);
        CompletableFuture<String> b = group.add("b");
        assertThat(a.join()).isEqualTo("a!");
        assertThat(b.join()).isEqualTo("b!");
        assertThat(slow).isNotDone();
        assertThat(again).isNotDone();
        release.countDown();
        assertThat(slow.join()).isEqualTo("slow!");
        assertThat(again.join()).isEqualTo("slow!");
        assertThat(worked).containsExactly(List.of("slow"), List.of("a", "b"), List.of("slow"));
    }

    /** As many as said were there at once; what is called "later" is held up by the latch. */
    private GroupCommit<String, String> afterAtOnce(int many, CountDownLatch later) {
        GroupCommit<String, String> group = group(2, item -> {
            if (item.startsWith("hold")) {
                uninterruptibly(release);
            } else if (item.equals("later")) {
                uninterruptibly(later);
            }
            return item + "!";
        });
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            all.add(group.add("hold " + i));
        }
        release.countDown();
        assertThat(all).allSatisfy(each -> assertThat(each.join()).endsWith("!"));
        return group;
    }

    @Test
    void where_many_send_a_second_group_is_begun_with_half_of_them() {
        CountDownLatch later = new CountDownLatch(1);
        GroupCommit<String, String> group = afterAtOnce(12, later);
        CompletableFuture<String> slow = group.add("later");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> worked.get(worked.size() - 1)
                .equals(List.of("later")));
        List<CompletableFuture<String>> half = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            half.add(group.add("one of them " + i));
        }
        assertThat(group.waiting()).isEqualTo(5);
        half.add(group.add("the sixth"));
        assertThat(half).allSatisfy(each -> assertThat(each.join()).endsWith("!"));
        assertThat(slow).isNotDone();
        later.countDown();
        assertThat(slow.join()).isEqualTo("later!");
    }

    @Test
    void sixteen_are_enough_for_a_second_group_however_many_send() {
        CountDownLatch later = new CountDownLatch(1);
        GroupCommit<String, String> group = afterAtOnce(60, later);
        CompletableFuture<String> slow = group.add("later");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> worked.get(worked.size() - 1)
                .equals(List.of("later")));
        List<CompletableFuture<String>> sixteen = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            sixteen.add(group.add("one of them " + i));
        }
        assertThat(group.waiting()).isEqualTo(15);
        sixteen.add(group.add("the sixteenth"));
        // half of those who send would be nearly thirty
        assertThat(sixteen).allSatisfy(each -> assertThat(each).succeedsWithin(Duration.ofSeconds(60)));
        assertThat(slow).isNotDone();
        later.countDown();
        assertThat(slow.join()).isEqualTo("later!");
    }

    @Test
    void three_groups_are_never_under_way_where_two_may_be() {
        GroupCommit<String, String> group = group(2, item -> {
            if (item.startsWith("hold")) {
                uninterruptibly(release);
            }
            return item + "!";
        });
        List<CompletableFuture<String>> all = new ArrayList<>();
        all.add(group.add("hold 1"));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> worked.size() == 1);
        for (int i = 2; i <= 4; i++) {
            all.add(group.add("hold " + i));
        }
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> worked.size() == 2);
        for (int i = 5; i <= 9; i++) {
            all.add(group.add("hold " + i));
        }
        assertThat(group.waiting()).isEqualTo(5);
        assertThat(worked).hasSize(2);
        release.countDown();
        assertThat(all).allSatisfy(each -> assertThat(each.join()).endsWith("!"));
        assertThat(group.waiting()).isZero();
    }

    @Test
    void groups_go_on_while_those_of_a_failed_one_are_tried_alone() {
        GroupCommit<String, String> group = group(item -> {
            if (item.equals("stuck") && release.getCount() > 0) {
                throw new IllegalArgumentException("locked");
            }
            return item + "!";
        });
        CompletableFuture<String> stuck = group.add("stuck");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> worked.size() == 2);
        // the only thread for single tries is taken for as long as it likes
        for (int i = 0; i < 10; i++) {
            assertThat(group.add("next " + i).join()).isEqualTo("next " + i + "!");
        }
        assertThat(stuck).isNotDone();
        release.countDown();
        assertThat(stuck.join()).isEqualTo("alone stuck!");
    }

    @Test
    void a_bad_item_spoils_no_other() {
        List<CompletableFuture<String>> all = behindASlowOne(
                group(item -> {
                    if (item.equals("bad")) {
                        throw new IllegalArgumentException("this one");
                    }
                    return item + "!";
                }),
                "a",
                "bad",
                "b");
        assertThat(all.get(1).join()).isEqualTo("alone a!");
        assertThat(all.get(3).join()).isEqualTo("alone b!");
        assertThatThrownBy(all.get(2)::join)
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("this one");
        assertThat(worked).contains(List.of("a", "bad", "b"), List.of("a"), List.of("bad"), List.of("b"));
    }

    @Test
    void a_failure_that_each_would_meet_alone_is_everybody_s_at_once() {
        List<CompletableFuture<String>> all = behindASlowOne(
                group(item -> {
                    if (item.equals("slow")) {
                        return "slow!";
                    }
                    throw new IllegalStateException("nobody");
                }),
                "a",
                "b");
        for (CompletableFuture<String> each : all.subList(1, 3)) {
            assertThatThrownBy(each::join).hasRootCauseMessage("nobody");
        }
        assertThat(worked).containsExactly(List.of("slow"), List.of("a", "b"));
    }

    @Test
    void an_error_is_the_outcome_of_its_item_alone_and_the_next_ones_are_worked_on() {
        GroupCommit<String, String> group = group(item -> {
            if (item.equals("bad")) {
                throw new StackOverflowError();
            }
            return item + "!";
        });
        List<CompletableFuture<String>> all = behindASlowOne(group, "a", "bad");
        assertThat(all.get(1).join()).isEqualTo("alone a!");
        assertThatThrownBy(all.get(2)::join).hasRootCauseInstanceOf(StackOverflowError.class);
        assertThat(group.add("c").join()).isEqualTo("c!");
    }

    @Test
    void an_item_that_the_group_could_do_nothing_for_is_worked_on_alone() {
        List<CompletableFuture<String>> all = behindASlowOne(
                group(item -> item.equals("known") && worked.size() < 3 ? null : item + "!"), "a", "known");
        assertThat(all).extracting(CompletableFuture::join).containsExactly("slow!", "a!", "alone known!");
        assertThat(worked).containsExactly(List.of("slow"), List.of("a", "known"), List.of("known"));
    }

    @Test
    void a_group_of_one_that_failed_is_worked_on_alone_too() {
        GroupCommit<String, String> group = group(item -> {
            if (worked.size() == 1) {
                throw new IllegalArgumentException("together only");
            }
            return item + "!";
        });
        assertThat(group.add("a").join()).isEqualTo("alone a!");
        assertThat(worked).containsExactly(List.of("a"), List.of("a"));
    }

    @Test
    void when_no_worker_is_left_everybody_is_told() {
        GroupCommit<String, String> group = group(item -> item + "!");
        workers.shutdown();
        assertThatThrownBy(group.add("a")::join).hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(group.waiting()).isZero();
    }

    @Test
    void a_group_that_does_not_end_makes_nobody_wait_for_company() {
        GroupCommit<String, String> group = group(1, Duration.ofMillis(20), item -> item + "!");
        CompletableFuture<String> slow = group.add("slow");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> worked.size() == 1);
        assertThat(group.add("alone")).succeedsWithin(Duration.ofSeconds(60)).isEqualTo("alone!");
        // nor does what clashes with it: the store says what became of the other
        CompletableFuture<String> again = group.add("slow");
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> worked.size() == 3);
        assertThat(slow).isNotDone();
        release.countDown();
        assertThat(slow.join()).isEqualTo("slow!");
        assertThat(again.join()).isEqualTo("slow!");
    }

    @Test
    void a_store_that_is_slow_for_all_is_not_asked_by_ever_more() {
        GroupCommit<String, String> group = group(1, Duration.ofMillis(20), item -> {
            uninterruptibly(release);
            return item + "!";
        });
        List<CompletableFuture<String>> all = new ArrayList<>();
        all.add(group.add("0"));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> worked.size() == 1);
        all.add(group.add("1"));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> worked.size() == 2);
        for (int i = 2; i < 20; i++) {
            all.add(group.add(String.valueOf(i)));
        }
        assertThat(group.waiting()).isEqualTo(18);
        assertThat(worked).hasSize(2);
        release.countDown();
        assertThat(all).allSatisfy(each -> assertThat(each)
                .succeedsWithin(Duration.ofSeconds(60))
                .asString()
                .endsWith("!"));
    }

    @Test
    void what_nobody_can_do_is_the_outcome_of_all_that_wait_behind_it() {
        List<CompletableFuture<String>> all = behindASlowOne(
                group(item -> {
                    throw new IllegalStateException("nobody");
                }),
                "a",
                "FHIR 1",
                "b");
        for (CompletableFuture<String> each : all) {
            assertThatThrownBy(each::join).hasRootCauseMessage("nobody");
        }
        assertThat(worked).containsExactly(List.of("slow"));
    }
}
