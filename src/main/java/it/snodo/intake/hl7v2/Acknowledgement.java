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
import java.util.regex.Pattern;
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

    /** HL7 table 0357. */
    private static final Map<Integer, String> CONDITIONS = Map.ofEntries(
            Map.entry(0, "Message accepted"),
            Map.entry(100, "Segment sequence error"),
            Map.entry(101, "Required field missing"),
            Map.entry(102, "Data type error"),
            Map.entry(103, "Table value not found"),
            Map.entry(104, "Value too long"),
            Map.entry(200, "Unsupported message type"),
            Map.entry(201, "Unsupported event code"),
            Map.entry(202, "Unsupported processing id"),
            Map.entry(203, "Unsupported version id"),
            Map.entry(204, "Unknown key identifier"),
            Map.entry(205, "Duplicate key identifier"),
            Map.entry(206, "Application record locked"),
            Map.entry(207, "Application internal error"));

    /** Between two messages of one answer: the end of one frame and the start of the next. */
    private static final byte[] NEXT_FRAME = {MllpDecoder.FS, MllpDecoder.CR, MllpDecoder.VT};

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
        out.append("MSH").append(bar).append(separators.declared()).append(bar);
        // Who was addressed answers; a message addressed to nobody in particular is answered by the hub.
        String self = header.to().isEmpty() ? String.valueOf(bar) : header.to();
        out.append(self.charAt(0) == bar ? "SNODO" + self : self);
        out.append(bar).append(header.from().isEmpty() ? String.valueOf(bar) : header.from());
        out.append(bar).append(Hl7Time.now()).append(bar).append(bar);
        out.append(messageType(separators)).append(bar).append(newControlId()).append(bar);
        out.append(header.processing().isEmpty() ? "P" : header.processing()).append(bar);
        out.append(header.minor() == 0 ? "2.5" : header.version());
        boolean later = header.isEnhanced() && code.startsWith("A");
        if (later) {
            // An application acknowledgement is a message of its own: nobody needs to acknowledge it.
            out.append(String.valueOf(bar).repeat(3)).append("NE").append(bar).append("NE");
        }
        if (!header.charset().isEmpty()) {
            out.append(String.valueOf(bar).repeat(later ? 2 : 6)).append(header.charset());
        }
        out.append('\r');
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

    private String messageType(Er7.Separators separators) {
        boolean old = header.version().equals("2.3") || header.version().equals("2.3.0");
        if (old || header.event().isEmpty()) {
            return "ACK";
        }
        char component = separators.component();
        return "ACK" + component + separators.escape(header.event()) + component + "ACK";
    }

    /** @return none when the peer wants no answer for this outcome */
    private List<String> codes(boolean accepted, List<Fault> faults) {
        char outcome = accepted ? 'A' : faults.stream().anyMatch(Acknowledgement::rejects) ? 'R' : 'E';
        if (!header.isEnhanced()) {
            return List.of("A" + outcome);
        }
        boolean application = isWanted(header.applicationWanted(), accepted);
        if (isWanted(header.acceptWanted(), accepted)) {
            return accepted && application && several ? List.of("CA", "AA") : List.of("C" + outcome);
        }
        return application ? List.of("A" + outcome) : List.of();
    }

    /** HL7 table 0155; a value that is not in it is taken for "always". */
    private static boolean isWanted(String condition, boolean accepted) {
        return switch (condition) {
            case "", "NE" -> false;
            case "ER" -> !accepted;
            case "SU" -> accepted;
            default -> true;
        };
    }

    /** Rejected is what can never be taken in this form, whatever its content: it is not the content that is wrong. */
    private static boolean rejects(Fault fault) {
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
        char component = separators.component();
        String at = fault.location() != null ? fault.location() : nearest(fault.path(), locations);
        String location = at == null ? "" : at.replace('^', component);
        int number = fault.code().hl7ErrorCode();
        String condition = CONDITIONS.getOrDefault(number, "Application internal error");
        String reason = reason(fault);
        out.append("ERR").append(bar);
        if (header.minor() > 0 && header.minor() < 5) {
            old(out, separators, location, number, condition, fault, reason);
            out.append('\r');
            return;
        }
        out.append(bar).append(location).append(bar);
        out.append(number).append(component).append(condition).append(component).append("HL70357");
        out.append(bar).append(accepted ? 'W' : 'E').append(bar);
        out.append(fault.code().code()).append(component);
        out.append(separators.escape(fault.code().title())).append(component).append("99SNODO");
        out.append(bar).append(bar).append(separators.escape(fault.code().advice()));
        out.append(bar).append(separators.escape(reason)).append('\r');
    }

    /** ERR-1 of the versions before 2.5: segment, sequence, field, and code with text as subcomponents. */
    private static void old(
            StringBuilder out,
            Er7.Separators separators,
            String location,
            int number,
            String condition,
            Fault fault,
            String reason) {
        char component = separators.component();
        char sub = separators.subcomponent();
        String[] parts = location.split(Pattern.quote(String.valueOf(component)), -1);
        for (int i = 0; i < 3; i++) {
            out.append(i < parts.length ? parts[i] : "").append(component);
        }
        out.append(number)
                .append(sub)
                .append(condition)
                .append(sub)
                .append("HL70357")
                .append(sub);
        out.append(fault.code().code()).append(sub).append(separators.escape(reason));
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
