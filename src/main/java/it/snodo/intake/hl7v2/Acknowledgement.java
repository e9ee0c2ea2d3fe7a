package it.snodo.intake.hl7v2;

import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Incoming;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Writes the answer to one message: MSH, MSA and one ERR for each fault, in the sender's version, separators and
 * character set.
 *
 * <p>Original mode: AA, AE or AR. Enhanced mode (MSH-15 or MSH-16 valued): CA, CE or CR when MSH-15 wants it for this
 * outcome, and after a CA the application's AA as a message of its own when MSH-16 wants it; without an accept
 * acknowledgement AA, AE or AR when MSH-16 wants it; else nothing, as an empty array. The application is the register of
 * certificates: its answer is known at once. Nothing follows a CE or CR (HL7 v2.5, 2.9.3).
 */
final class Acknowledgement implements Incoming.Answer {

    /** Enough of a frame to read its MSH. */
    private static final int HEADER_LENGTH = 4096;

    private static final String NODE = node();
    private static final AtomicLong COUNTER = new AtomicLong();

    /** Between two messages of one answer: the end of one frame and the start of the next. */
    static final byte[] NEXT_FRAME = {MllpDecoder.FS, MllpDecoder.CR, MllpDecoder.VT};

    private final Header header;
    private final Charset charset;
    private final boolean several;

    /**
     * @param several whether the way back can carry more than one message
     */
    Acknowledgement(Header header, Charset charset, boolean several) {
        this.header = header;
        this.charset = charset;
        this.several = several;
    }

    /** The messages of one answer, one or two. */
    static List<byte[]> messages(byte[] answer) {
        for (int i = 0; i + 2 < answer.length; i++) {
            if (Arrays.equals(answer, i, i + 3, NEXT_FRAME, 0, 3)) {
                return List.of(Arrays.copyOf(answer, i), Arrays.copyOfRange(answer, i + 3, answer.length));
            }
        }
        return List.of(answer);
    }

    @Override
    public byte[] build(Incoming message, Incoming.Outcome outcome) {
        List<Fault> faults =
                outcome.faults() == null || outcome.faults().isEmpty() ? message.faults() : outcome.faults();
        String text = "";
        if (outcome.accepted()) {
            text = outcome.certificateNumber() == null
                    ? "Accettato"
                    : "Accettato: certificato n. " + outcome.certificateNumber();
        } else if (header.minor() > 0 && header.minor() < 5) {
            text = faults.stream()
                    .map(fault -> fault.code().code() + " " + reason(fault))
                    .collect(Collectors.joining("; "));
        }
        return write(outcome.accepted(), text, faults, message.locations());
    }

    @Override
    public boolean namesMessage() {
        return false;
    }

    /** The answer when everything else has failed: from the bytes alone, never an exception. */
    static byte[] lastResort(byte[] frame) {
        byte[] beginning = Arrays.copyOf(frame, Math.min(frame.length, HEADER_LENGTH));
        Fault fault =
                new Fault(SnodoCode.INTERNAL, "", null, SnodoCode.INTERNAL.cause() + " " + SnodoCode.INTERNAL.advice());
        try {
            Header header = Header.of(Er7.read(beginning, 0, beginning.length, StandardCharsets.ISO_8859_1));
            Charset named = Hl7Charset.named(header.charset());
            return new Acknowledgement(header, named == null ? StandardCharsets.UTF_8 : named, false)
                    .write(false, "", List.of(fault), Map.of());
        } catch (RuntimeException e) {
            return new Acknowledgement(Header.NONE, StandardCharsets.UTF_8, false)
                    .write(false, "", List.of(fault), Map.of());
        }
    }

    private byte[] write(boolean accepted, String text, List<Fault> faults, Map<String, String> locations) {
        List<String> codes = codes(accepted, faults);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String code : codes) {
            if (out.size() > 0) {
                out.writeBytes(NEXT_FRAME);
            }
            out.writeBytes(one(code, accepted, text, faults, locations));
        }
        return out.toByteArray();
    }

    private byte[] one(String code, boolean accepted, String text, List<Fault> faults, Map<String, String> locations) {
        Er7.Separators separators = header.separators();
        char bar = separators.field();
        StringBuilder out = new StringBuilder(512);
        AnswerHead head = new AnswerHead(header);
        out.append(head.msh(head.acknowledgement(), header.isEnhanced() && code.startsWith("A")));
        out.append("MSA").append(bar).append(code).append(bar).append(header.controlId());
        if (!text.isEmpty()) {
            out.append(bar).append(separators.escape(text));
        }
        out.append('\r');
        for (Fault fault : faults) {
            error(out, separators, fault, accepted, locations);
        }
        return Hl7Charset.encode(out.toString(), charset);
    }

    /** @return none when the peer wants no answer for this outcome */
    private List<String> codes(boolean accepted, List<Fault> faults) {
        char outcome = accepted ? 'A' : faults.stream().anyMatch(Acknowledgement::rejects) ? 'R' : 'E';
        if (!header.isEnhanced()) {
            return List.of("A" + outcome);
        }
        boolean application = AnswerHead.isWanted(header.applicationWanted(), accepted);
        if (AnswerHead.isWanted(header.acceptWanted(), accepted)) {
            return accepted && application && several ? List.of("CA", "AA") : List.of("C" + outcome);
        }
        return application ? List.of("A" + outcome) : List.of();
    }

    /** Rejected is what can never be taken in this form, whatever its content: it is not the content that is wrong. */
    static boolean rejects(Fault fault) {
        return switch (fault.code()) {
            case MESSAGE_UNREADABLE,
                    MESSAGE_TYPE_UNKNOWN,
                    MESSAGE_TYPE_MISSING,
                    EVENT_UNKNOWN,
                    PROCESSING_ID_UNKNOWN,
                    VERSION_UNKNOWN,
                    CONTROL_ID_MISSING,
                    ENCODING_CHARACTERS_INVALID,
                    CONTINUATION_UNSUPPORTED,
                    SENDER_NOT_ALLOWED,
                    FRAME_TOO_LARGE -> true;
            default -> false;
        };
    }

    private void error(
            StringBuilder out,
            Er7.Separators separators,
            Fault fault,
            boolean accepted,
            Map<String, String> locations) {
        char bar = separators.field();
        AnswerHead head = new AnswerHead(header);
        String at = fault.location() != null ? fault.location() : nearest(fault.path(), locations);
        int number = fault.code().hl7ErrorCode();
        String condition = AnswerHead.condition(number);
        String reason = reason(fault);
        SnodoCode code = fault.code();
        out.append("ERR").append(bar);
        if (head.isOld()) {
            out.append(head.oldError(at, number, condition, code.code(), reason));
        } else {
            char severity = accepted ? 'W' : 'E';
            out.append(bar)
                    .append(head.error(
                            at,
                            number,
                            condition,
                            severity,
                            new String[] {code.code(), code.title(), "99SNODO"},
                            "",
                            code.advice(),
                            reason));
        }
        out.append('\r');
    }

    private static String nearest(String path, Map<String, String> locations) {
        String at = path == null ? "" : path;
        while (!at.isEmpty() && !locations.containsKey(at)) {
            int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
            at = cut < 0 ? "" : at.substring(0, cut);
        }
        return locations.get(at);
    }

    /** An absent observation has no place of its own: the reason says which one it is. */
    private static String reason(Fault fault) {
        if (CertificateReader.NO_OBX.equals(fault.location())) {
            String observation = CertificateReader.absentObservation(fault.path());
            if (observation != null) {
                return fault.reason() + " Manca un OBX con OBX-3 = " + observation + ".";
            }
        }
        return fault.reason();
    }

    /** Unique among all answers of all instances, at most 20 characters. */
    static String newControlId() {
        return "S" + Long.toString(System.currentTimeMillis(), 36).toUpperCase(Locale.ROOT) + NODE
                + Long.toString(COUNTER.getAndIncrement() % 60_466_176L, 36).toUpperCase(Locale.ROOT);
    }

    private static String node() {
        String random = Integer.toString(new SecureRandom().nextInt(36 * 36 * 36 * 36), 36);
        return ("0".repeat(4 - random.length()) + random).toUpperCase(Locale.ROOT);
    }
}
