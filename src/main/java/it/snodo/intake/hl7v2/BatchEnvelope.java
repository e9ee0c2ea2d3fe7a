package it.snodo.intake.hl7v2;

import java.nio.charset.Charset;
import java.util.List;

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

    /** One frame: the headers with sender and receiver exchanged, the answers in order, and their number. */
    byte[] around(List<byte[]> answers) {
        StringBuilder out = new StringBuilder();
        if (files) {
            out.append(header("FHS"));
        }
        out.append(header("BHS"));
        int count = 0;
        for (byte[] answer : answers) {
            for (byte[] message : Acknowledgement.messages(answer)) {
                if (message.length > 0) {
                    out.append(new String(message, charset));
                    count++;
                }
            }
        }
        out.append("BTS").append(separators.field()).append(count).append('\r');
        if (files) {
            out.append("FTS").append(separators.field()).append("1\r");
        }
        return Hl7Charset.encode(out.toString(), charset);
    }

    private String header(String name) {
        char bar = separators.field();
        return name
                + bar
                + separators.declared()
                + bar
                + to
                + bar
                + from
                + bar
                + Hl7Time.now()
                + String.valueOf(bar).repeat(4)
                + Acknowledgement.newControlId()
                + bar
                + controlId
                + '\r';
    }
}
