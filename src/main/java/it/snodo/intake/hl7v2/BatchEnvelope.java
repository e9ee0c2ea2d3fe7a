package it.snodo.intake.hl7v2;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The headers of a batch, to put the answers to its messages in one frame again.
 *
 * @param separators of the batch
 * @param files whether FHS and FTS stood around it
 * @param from sending application and facility, as they came
 * @param to receiving application and facility, as they came
 * @param controlId BHS-11 as it came
 */
record BatchEnvelope(
        Er7.Separators separators, boolean files, String from, String to, String controlId, Charset charset) {

    static BatchEnvelope of(Er7 frame, Charset charset) {
        Er7.Segment bhs = frame.segment("BHS");
        Er7.Segment head = bhs.exists() ? bhs : frame.segment("FHS");
        char bar = frame.separators().field();
        return new BatchEnvelope(
                frame.separators(),
                frame.segment("FHS").exists(),
                head.raw(3) + bar + head.raw(4),
                head.raw(5) + bar + head.raw(6),
                head.raw(11),
                charset);
    }

    /**
     * One frame: the headers with sender and receiver exchanged, the answers in order, and their number. Date and id of the
     * headers come from the answers, so that a batch sent again, whose answers are the stored ones, is answered with the
     * same bytes.
     */
    byte[] around(List<byte[]> answers) {
        StringBuilder messages = new StringBuilder();
        int count = 0;
        for (byte[] answer : answers) {
            for (byte[] message : Acknowledgement.messages(answer)) {
                if (message.length > 0) {
                    messages.append(new String(message, charset));
                    count++;
                }
            }
        }
        StringBuilder out = new StringBuilder(messages.length() + 256);
        if (files) {
            out.append(header("FHS", messages));
        }
        out.append(header("BHS", messages)).append(messages);
        out.append("BTS").append(separators.field()).append(count).append('\r');
        if (files) {
            out.append("FTS").append(separators.field()).append("1\r");
        }
        return Hl7Charset.encode(out.toString(), charset);
    }

    private String header(String name, CharSequence messages) {
        char bar = separators.field();
        return name
                + bar
                + separators.declared()
                + bar
                + to
                + bar
                + from
                + bar
                + time(messages)
                + String.valueOf(bar).repeat(4)
                + (messages.isEmpty() ? Acknowledgement.newControlId() : id(name + controlId + messages))
                + bar
                + controlId
                + '\r';
    }

    /** MSH-7 of the first answer; now when nothing is answered. */
    private static String time(CharSequence messages) {
        String[] fields = messages.isEmpty()
                ? new String[0]
                : messages.toString().split("\r", 2)[0].split(Pattern.quote(String.valueOf(messages.charAt(3))), 8);
        return fields.length > 6 ? fields[6] : Hl7Time.now();
    }

    /** As long as the other ids: twenty characters. */
    private static String id(String content) {
        String hash = UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        return "S" + hash.substring(0, 19).toUpperCase(Locale.ROOT);
    }
}
