package it.snodo.intake.hl7v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import it.snodo.booking.BookingAnswer;
import it.snodo.demo.MllpClient;
import it.snodo.intake.Arrival;
import it.snodo.intake.BookingArrival;
import it.snodo.intake.Incoming;
import it.snodo.intake.Incoming.Outcome;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Whatever comes over the wire, in whatever pieces: every frame is found once, and every frame can be answered. */
class MllpFuzzTest {

    private static final MllpProperties PROPERTIES = Listener.properties();

    /** One connection of the codec, answered as the route would: at once, by the intake. */
    private static final class Wire {
        private final EmbeddedChannel channel = new EmbeddedChannel(
                new MllpEncoder(Listener.quarantine()), new MllpDecoder(PROPERTIES, Listener.connections(PROPERTIES)));
        private final List<byte[]> frames = new ArrayList<>();
        private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
        private final Hl7v2Intake intake = Listener.intake(PROPERTIES);

        void send(byte[] bytes) {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes));
            pump();
        }

        private void pump() {
            byte[] frame;
            while ((frame = channel.readInbound()) != null) {
                frames.add(frame);
                List<Arrival> messages = intake.read(frame, "fuzz");
                assertThat(messages).isNotEmpty();
                ByteArrayOutputStream answer = new ByteArrayOutputStream();
                messages.forEach(message -> answer.writeBytes(answered(message)));
                channel.writeOutbound((Object) answer.toByteArray());
                channel.runPendingTasks();
                io.netty.buffer.ByteBuf out;
                while ((out = channel.readOutbound()) != null) {
                    byte[] written = new byte[out.readableBytes()];
                    out.readBytes(written);
                    out.release();
                    answers.writeBytes(written);
                }
            }
        }
    }

    private static byte[] answered(Arrival arrival) {
        if (arrival instanceof BookingArrival booking) {
            return booking.writer().write(booking, BookingAnswer.refused(List.of(), booking.faults()));
        }
        Incoming message = (Incoming) arrival;
        boolean good = message.faults().isEmpty();
        return message.answer().build(message, new Outcome(1, good, good ? 1L : null, null, message.faults()));
    }

    @Property(tries = 300)
    void frames_cut_anywhere_come_out_whole_and_in_order(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 0, max = 400) Integer> padding,
            @ForAll @Size(max = 12) List<@IntRange(min = 1, max = 2000) Integer> cuts) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < padding.size(); i++) {
            String message = Samples.certificate("F" + i)
                    .with("OBX", 4, 5, "è".repeat(padding.get(i) + 1))
                    .toString();
            sent.add(message);
            stream.writeBytes(MllpClient.frame(message));
        }
        byte[] bytes = stream.toByteArray();
        Wire wire = new Wire();
        int at = 0;
        for (int cut : cuts) {
            int to = Math.min(bytes.length, at + cut);
            wire.send(Arrays.copyOfRange(bytes, at, to));
            at = to;
        }
        wire.send(Arrays.copyOfRange(bytes, at, bytes.length));
        assertThat(wire.frames)
                .extracting(frame -> new String(frame, StandardCharsets.UTF_8))
                .isEqualTo(sent);
        assertThat(count(wire.answers.toByteArray(), MllpDecoder.FS)).isEqualTo(sent.size());
    }

    @Property(tries = 2000)
    void mutated_messages_are_answered_and_never_fail(@ForAll @LongRange(min = 0) long seed) {
        Random random = new Random(seed);
        byte[] bytes = MllpClient.frame(Samples.certificate("G" + seed).toString());
        Wire wire = new Wire();
        wire.send(mutate(bytes, random));
        // Whatever state that left: end the frame and begin anew.
        wire.send(new byte[] {MllpDecoder.FS, MllpDecoder.CR});
        int before = wire.frames.size();
        if (!wire.channel.isActive()) {
            return;
        }
        wire.send(MllpClient.frame(Samples.certificate("AFTER").toString()));
        assertThat(wire.frames.size()).isGreaterThan(before);
        assertThat(count(wire.answers.toByteArray(), MllpDecoder.FS)).isEqualTo(wire.frames.size());
        assertThat(wire.answers.toString(StandardCharsets.UTF_8)).contains("AFTER");
    }

    @Property(tries = 1000)
    void any_bytes_at_all_can_be_read_and_answered(@ForAll("soup") byte[] content) {
        Hl7v2Intake intake = Listener.intake(PROPERTIES);
        for (Arrival message : intake.read(content, "fuzz")) {
            byte[] answer = answered(message);
            assertThat(answer.length == 0
                            || answer[0] == 'M'
                            || answer[0] == (byte) 0xFE
                            || answer[0] == (byte) 0xFF
                            || answer[1] == 'M')
                    .isTrue();
        }
    }

    @Provide
    Arbitrary<byte[]> soup() {
        Arbitrary<String> pieces = Arbitraries.of(
                "MSH|^~\\&|",
                "MSH",
                "BHS|^~\\&|",
                "FHS|",
                "BTS|1",
                "MDM^T02",
                "SRM^S01",
                "ARQ|",
                "AIS|",
                "PID|",
                "OBX|",
                "|",
                "^",
                "~",
                "\\",
                "&",
                "\r",
                "\n",
                "\"\"",
                "è",
                "\\X",
                "\\X41\\",
                "\\.sp99\\",
                "TXA|",
                "2.5",
                "P",
                "\u0000",
                "\uFEFF",
                "UNICODE UTF-16",
                "8859/1",
                "29308-4^^LN",
                "FT",
                "20261231");
        return pieces.list().ofMaxSize(60).map(parts -> String.join("", parts).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        byte[] out = bytes.clone();
        int changes = 1 + random.nextInt(8);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(out.length);
            switch (random.nextInt(4)) {
                case 0 -> out[at] = (byte) random.nextInt(256);
                case 1 -> out = Arrays.copyOf(out, Math.max(1, at));
                case 2 -> {
                    byte[] longer = Arrays.copyOf(out, out.length + 1);
                    System.arraycopy(out, at, longer, at + 1, out.length - at);
                    longer[at] = new byte[] {0x0B, 0x1C, 0x0D, 0x0A, 0, '|', '\\', '^', (byte) 0xC3}[random.nextInt(9)];
                    out = longer;
                }
                default -> {
                    int from = random.nextInt(out.length);
                    int length = random.nextInt(Math.min(100, out.length - Math.max(at, from)) + 1);
                    System.arraycopy(out, from, out, at, Math.min(length, out.length - Math.max(at, from)));
                }
            }
        }
        return out;
    }

    private static long count(byte[] bytes, byte mark) {
        long found = 0;
        for (byte each : bytes) {
            found += each == mark ? 1 : 0;
        }
        return found;
    }
}
