package it.snodo.intake.hl7v2;

import static it.snodo.demo.MllpClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.demo.MllpClient;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Broken messages over real sockets to one listener: no crash, no hang, an answer to each, and a heap as flat at the end
 * as at the beginning. 20,000 of them; a million with {@code -Pchaos}.
 */
@Tag("chaos")
class MllpSocketFuzzTest {

    private static final int FRAMES =
            Integer.getInteger("snodo.fuzz.frames", Boolean.getBoolean("snodo.chaos") ? 1_000_000 : 20_000);
    private static final long SEED = Long.getLong("snodo.fuzz.seed", System.nanoTime());
    private static final int CONNECTIONS = 4;
    private static final int TOGETHER = 10;

    /** What MSH-15 and MSH-16 say when no answer is wanted, for some outcome or at all (HL7 0155). */
    private static final Pattern CONDITIONS =
            Pattern.compile("(?<![A-Za-z0-9])(NE|ER|SU)(?![A-Za-z0-9])", Pattern.CASE_INSENSITIVE);

    private static final Pattern CODE = Pattern.compile("\rMSA\\|([A-Z]{2})\\|");

    /** How often each code was answered. */
    private final ConcurrentMap<String, LongAdder> answers = new ConcurrentHashMap<>();

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void every_broken_message_is_answered_and_leaves_nothing_behind() throws Exception {
        try (Listener listener = new Listener(Listener.properties("frame-timeout=60s"))) {
            listener.keepNothing();
            send(listener, FRAMES / 10, SEED);
            long before = heap();
            long begun = System.nanoTime();
            send(listener, FRAMES - FRAMES / 10, SEED + 1000);
            long seconds = Math.max(1, (System.nanoTime() - begun) / 1_000_000_000);
            long after = heap();
            System.out.printf(
                    "%d broken frames, seed %d: %d/s, answers %s, heap %d kB then %d kB%n",
                    FRAMES, SEED, FRAMES * 9L / 10 / seconds, new TreeMap<>(answers), before >> 10, after >> 10);
            assertThat(after - before).as("heap growth, seed " + SEED).isLessThan(16L << 20);
            assertThat(listener.connections.memory().used()).isZero();
            assertThat(listener.connections.disk().used()).isZero();
            assertThat(listener.data.resolve("quarantine"))
                    .as("what made the hub fail, seed " + SEED)
                    .doesNotExist();
        }
    }

    private void send(Listener listener, int frames, long seed) throws Exception {
        ExecutorService peers = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            AtomicInteger left = new AtomicInteger(frames);
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                long own = seed + i;
                work.add(() -> talk(listener, left, own));
            }
            for (Future<Void> each : peers.invokeAll(work)) {
                each.get();
            }
        } finally {
            peers.shutdownNow();
        }
    }

    /** Some broken messages and one whole behind them, whose answer ends theirs. */
    private Void talk(Listener listener, AtomicInteger left, long seed) {
        MllpMutator mutator = new MllpMutator(seed);
        int round = 0;

        try (MllpClient peer = listener.connect()) {
            // nothing here depends on how fast the machine is
            peer.timeout(120_000);
            while (left.getAndAdd(-TOGETHER) > 0) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                int due = 0;
                for (int i = 0; i < TOGETHER; i++) {
                    byte[] content = mutator.next();
                    due += mayStaySilent(content) ? 0 : 1;
                    out.writeBytes(frame(content));
                }
                String last = "WHOLE" + ++round;
                out.writeBytes(frame(Samples.certificate(last).toString()));
                peer.send(out.toByteArray());
                int got = 0;
                while (true) {
                    byte[] answer = peer.receiveBytes();
                    assertThat(answer).as("seed " + seed + ", round " + round).isNotNull();
                    String text = new String(answer, StandardCharsets.ISO_8859_1);
                    if (text.contains("|AA|" + last)) {
                        break;
                    }
                    got++;
                    count(text);
                }
                assertThat(got).as("answers, seed " + seed + ", round " + round).isGreaterThanOrEqualTo(due);
            }
        } catch (UncheckedIOException | IllegalStateException e) {
            throw new AssertionError("no whole answer, seed " + seed + ", round " + round, e);
        }
        return null;
    }

    private void count(String answer) {
        Matcher code = CODE.matcher(answer);
        boolean any = false;
        while (code.find()) {
            any = true;
            answers.computeIfAbsent(code.group(1), key -> new LongAdder()).increment();
        }
        if (!any) {
            // in the sender's own separators or charset, or a batch of nothing
            answers.computeIfAbsent("other", key -> new LongAdder()).increment();
        }
    }

    /** What holds no text, what may ask for no answer, and what frame marks of its own cut into pieces. */
    private static boolean mayStaySilent(byte[] content) {
        for (byte each : content) {
            if (each == MllpDecoder.VT || each == MllpDecoder.FS) {
                return true;
            }
        }
        String text = new String(content, StandardCharsets.ISO_8859_1);
        return text.chars().allMatch(each -> each <= ' ')
                || CONDITIONS.matcher(text).find();
    }
}
