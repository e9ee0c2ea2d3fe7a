package it.snodo.intake.hl7v2;

import static it.snodo.demo.MllpClient.frame;
import static it.snodo.intake.hl7v2.Answers.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import it.snodo.demo.MllpClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Large and many messages, slow peers and a slow store: the memory does not grow with them. */
class MllpMemoryTest {

    private static final int MB = 1 << 20;

    /** Heap in use once what is garbage is gone, and what the sockets' buffers take. */
    private static long memory() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
                + PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    private static byte[] large(String id, int megabytes) {
        return frame(Samples.certificate(id)
                .plus("OBX|15|ED|PDF^Referto^99HIS||^application^pdf^Base64^" + "QUJD".repeat(megabytes * MB / 4)
                        + "||||||F")
                .toString());
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await(180, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void a_message_of_30_MB_is_held_once_while_it_is_stored() {
        byte[] message = large("A", 30);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (Listener listener = new Listener();
                MllpClient peer = listener.connect()) {
            listener.onAccept(each -> {
                entered.countDown();
                uninterruptibly(release);
            });
            long before = memory();
            peer.send(message);
            await().atMost(Duration.ofSeconds(60)).until(() -> entered.getCount() == 0);
            long held = memory() - before;
            // No lower bound: what earlier tests of this JVM let go meanwhile counts as less.
            assertThat(held).isLessThan(48L * MB);
            assertThat(listener.connections.memory().used()).isGreaterThan(29L * MB);
            release.countDown();
            assertThat(field(peer.receive(), "MSA", 1)).isEqualTo("AA");
            await().untilAsserted(() ->
                    assertThat(listener.connections.memory().used()).isZero());
        } finally {
            release.countDown();
        }
    }

    @Test
    void a_message_whose_peer_has_hung_up_counts_until_the_hub_is_done_with_it() {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (Listener listener = new Listener();
                MllpClient peer = listener.connect()) {
            listener.onAccept(each -> {
                entered.countDown();
                uninterruptibly(release);
            });
            peer.send(large("GONE", 3));
            await().atMost(Duration.ofSeconds(60)).until(() -> entered.getCount() == 0);
            peer.close();
            // for longer than it takes to notice
            await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(listener.connections.memory().used()).isGreaterThan(2L * MB);
                assertThat(listener.connections.count()).isEqualTo(1);
            });
            release.countDown();
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(listener.connections.memory().used()).isZero();
                assertThat(listener.connections.count()).isZero();
            });
        } finally {
            release.countDown();
        }
    }

    @Test
    void unfinished_large_messages_of_slow_peers_lie_on_disk() throws IOException {
        byte[] message = large("B", 6);
        byte[] half = Arrays.copyOf(message, 5 * MB);
        byte[] rest = Arrays.copyOfRange(message, 5 * MB, message.length);
        List<MllpClient> peers = new ArrayList<>();
        try (Listener listener = new Listener()) {
            listener.keepNothing();
            long before = memory();
            for (int i = 0; i < 20; i++) {
                peers.add(listener.connect().send(half));
            }
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(listener.connections.disk().used()).isGreaterThan(75L * MB));
            assertThat(memory() - before).isLessThan(50L * MB);
            assertThat(files(listener.data.resolve("spool"))).isLessThanOrEqualTo(20);
            // One goes away in the middle; the others end their messages, and each is taken whole.
            peers.remove(0).close();
            for (MllpClient peer : peers) {
                assertThat(field(peer.send(rest).receive(), "MSA", 1)).isEqualTo("AA");
            }
            await().untilAsserted(
                            () -> assertThat(listener.connections.disk().used()).isZero());
            assertThat(files(listener.data.resolve("spool"))).isZero();
        } finally {
            peers.forEach(MllpClient::close);
        }
    }

    @Test
    void a_message_that_went_over_the_disk_is_byte_for_byte_the_one_that_came() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60_000; i++) {
            // FS and VT inside a text, letters of two bytes at every place
            text.append("è").append(i % 977).append(i % 50 == 0 ? "\u001c" : i % 70 == 0 ? "\u000b" : "|");
        }
        byte[] content = (Samples.certificate("C") + "NTE|1||" + text + "\r").getBytes(StandardCharsets.UTF_8);
        try (Listener listener = new Listener(Listener.properties("spool-over=1KB"));
                MllpClient peer = listener.connect()) {
            byte[] framed = frame(content);
            for (int at = 0; at < framed.length; at += 7001) {
                peer.send(Arrays.copyOfRange(framed, at, Math.min(framed.length, at + 7001)));
            }
            assertThat(field(peer.receive(), "MSA", 1)).isEqualTo("AA");
            assertThat(listener.taken.peek().raw()).isEqualTo(content);
        }
    }

    @Test
    void unfinished_messages_beyond_the_room_on_disk_wait_and_get_through() {
        List<MllpClient> peers = new ArrayList<>();
        try (Listener listener = new Listener(Listener.properties("max-spooled=3MB"))) {
            List<Thread> senders = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                byte[] message = large("D" + i, 4);
                MllpClient peer = listener.connect();
                peers.add(peer);
                senders.add(new Thread(() -> peer.send(message)));
            }
            senders.forEach(Thread::start);
            for (MllpClient peer : peers) {
                peer.timeout(60_000);
                assertThat(field(peer.receive(), "MSA", 1)).isEqualTo("AA");
            }
            assertThat(listener.connections.disk().used()).isZero();
        } finally {
            peers.forEach(MllpClient::close);
        }
    }

    @Test
    void a_disk_that_takes_nothing_is_answered_AE_to_be_sent_again() throws IOException {
        try (Listener listener = new Listener();
                MllpClient peer = listener.connect()) {
            // a file where the folder should be
            Files.writeString(listener.data.resolve("spool"), "");
            String answer = peer.send(large("E", 3)).receive();
            assertThat(field(answer, "MSA", 1)).isEqualTo("AE");
            assertThat(field(answer, "MSA", 2)).isEqualTo("E");
            assertThat(field(answer, "ERR", 5)).startsWith("SNODO-9002");
        }
    }

    @Test
    void while_the_store_stands_still_the_hub_stops_reading_and_afterwards_answers_all_in_order() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        int connections = 30;
        int each = 20;
        AtomicLong sent = new AtomicLong();
        List<MllpClient> peers = new ArrayList<>();
        List<Thread> senders = new ArrayList<>();
        try (Listener listener = new Listener(Listener.properties("max-buffered=20MB"))) {
            listener.keepNothing();
            CountDownLatch entered = new CountDownLatch(20);
            listener.onAccept(message -> {
                entered.countDown();
                uninterruptibly(release);
            });
            long before = memory();
            byte[] filler = ("x".repeat(300 * 1024) + "\r\u001c\r").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < connections; i++) {
                MllpClient peer = listener.connect();
                peers.add(peer);
                int number = i;
                Thread sender = new Thread(() -> {
                    for (int k = 0; k < each; k++) {
                        String head = "\u000b" + Samples.certificate("F" + number + "-" + k) + "NTE|1||";
                        peer.send(head.getBytes(StandardCharsets.UTF_8)).send(filler);
                        sent.addAndGet(filler.length);
                    }
                });
                sender.setDaemon(true);
                senders.add(sender);
                sender.start();
            }
            assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
            // What goes on now is the systems' socket buffers filling up.
            AtomicLong last = new AtomicLong(-1);
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> last.getAndSet(sent.get()) == sent.get());
            assertThat(listener.connections.memory().used()).isLessThan(22L * MB);
            // of 180 MB: what the limit allows, and the frame that each connection has begun
            assertThat(memory() - before).isLessThan(60L * MB);
            release.countDown();
            for (int i = 0; i < connections; i++) {
                peers.get(i).timeout(60_000);
                for (int k = 0; k < each; k++) {
                    assertThat(field(peers.get(i).receive(), "MSA", 2)).isEqualTo("F" + i + "-" + k);
                }
            }
            await().untilAsserted(() ->
                    assertThat(listener.connections.memory().used()).isZero());
        } finally {
            release.countDown();
            peers.forEach(MllpClient::close);
        }
    }
}
