package it.snodo.intake.hl7v2;

import it.snodo.Shared;
import it.snodo.intake.Demo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Breaks messages in the ways they break in the field, and in ways they do not. */
final class MllpMutator {

    private static final String[] PIECES = {
        "MSH|^~\\&|",
        "\rMSH|^~\\&|A|B|||||MDM^T02|X1|P|2.5\r",
        "BHS|^~\\&|A|B\r",
        "\rBTS|1\r",
        "FHS|^~\\&|\r",
        "\rFTS|1\r",
        "|",
        "||||||||||||||||||||",
        "^^^^^^^^",
        "~~~~",
        "&",
        "\\",
        "\\X",
        "\\X4\\",
        "\\XC3\\",
        "\\.sp99\\",
        "\\.br\\",
        "\"\"",
        "\r",
        "\n",
        "\r\n",
        "\r\r\r",
        "\u000b",
        "\u001c",
        "\u001c\r",
        "\u001c\r\u000b",
        "\u0000",
        "\u007f",
        "\u001b[31m",
        "è",
        "\u20ac",
        "\uFEFF",
        "\uD83E\uDE7A",
        "%s%n${jndi:ldap://x}",
        "' or 1=1 --",
        "<!DOCTYPE x>",
        "20261332",
        "-1",
        "99999999999999999999",
        "UNICODE UTF-16",
        "8859/1",
        "KLINGON",
        "AL",
        "NE",
        "2.9",
        "ZZZ|1",
        "OBX|1|ED|PDF||^^^Base64^%%%"
    };

    private final List<byte[]> seeds = new ArrayList<>();
    private final Random random;

    MllpMutator(long seed) {
        random = new Random(seed);
        seeds.add(Samples.certificate("FUZZ").toString().getBytes(StandardCharsets.UTF_8));
        for (String name : new String[] {"01-cronica.hl7", "02-rara.hl7", "03-tumore-048.hl7", "06-errata.hl7"}) {
            seeds.add(Demo.bytes(name));
        }
        Shared.dir("hl7-messages").ifPresent(this::addAll);
    }

    private void addAll(Path corpus) {
        try (Stream<Path> files = Files.list(corpus)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".hl7"))
                    .sorted()
                    .toList()) {
                byte[] content = Files.readAllBytes(file);
                if (content.length < 20_000) {
                    seeds.add(content);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The content of one frame; it may hold frame marks of its own. */
    byte[] next() {
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        for (int left = random.nextInt(6); left >= 0; left--) {
            bytes = mutate(bytes);
        }
        return bytes;
    }

    private byte[] mutate(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(9)) {
            case 0 -> {
                bytes[at] = (byte) random.nextInt(256);
                yield bytes;
            }
            case 1 -> Arrays.copyOf(bytes, at);
            case 2 -> Arrays.copyOfRange(bytes, at, bytes.length);
            case 3, 4, 5 -> {
                byte[] piece = PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8);
                yield splice(bytes, at, at, piece);
            }
            case 6 -> splice(bytes, at, Math.min(bytes.length, at + random.nextInt(40)), new byte[0]);
            case 7 -> {
                int to = Math.min(bytes.length, at + random.nextInt(200));
                byte[] piece = Arrays.copyOfRange(bytes, at, to);
                int where = random.nextInt(bytes.length);
                yield splice(bytes, where, where, piece);
            }
            default -> {
                byte[] piece = new byte[random.nextInt(30)];
                random.nextBytes(piece);
                yield splice(bytes, at, at, piece);
            }
        };
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] piece) {
        byte[] out = new byte[bytes.length - (to - from) + piece.length];
        System.arraycopy(bytes, 0, out, 0, from);
        System.arraycopy(piece, 0, out, from, piece.length);
        System.arraycopy(bytes, to, out, from + piece.length, bytes.length - to);
        return out;
    }
}
