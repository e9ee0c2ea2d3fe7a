package it.snodo.booking.cup;

import it.snodo.intake.hl7v2.Er7.Separators;
import java.util.ArrayList;
import java.util.List;

/** A message in the making: segments of fields, by position, escaped; nothing is written after the last value. */
final class Hl7Text {

    private static final Separators MARKS = Separators.STANDARD;

    private final StringBuilder done = new StringBuilder(2048);
    private String segment;
    private final List<String> fields = new ArrayList<>();

    /** Begins the next segment. */
    Hl7Text segment(String name) {
        finish();
        segment = name;
        return this;
    }

    /** A field of one value; null leaves it empty. */
    Hl7Text put(int field, Object value) {
        return raw(field, escaped(value));
    }

    /** A field of components; those that are null stay empty. */
    Hl7Text put(int field, Object first, Object second, Object... more) {
        Object[] all = new Object[more.length + 2];
        all[0] = first;
        all[1] = second;
        System.arraycopy(more, 0, all, 2, more.length);
        return raw(field, components(all));
    }

    /** A field as it shall stand there; a second one is a repetition. */
    Hl7Text raw(int field, String value) {
        if (value.isEmpty()) {
            return this;
        }
        while (fields.size() <= field) {
            fields.add("");
        }
        String before = fields.get(field);
        fields.set(field, before.isEmpty() ? value : before + MARKS.repetition() + value);
        return this;
    }

    static String escaped(Object value) {
        return value == null ? "" : MARKS.escape(value.toString());
    }

    /** Components, or subcomponents joined by {@link #within}, which are taken as they are. */
    static String components(Object... values) {
        return joined(MARKS.component(), values);
    }

    /** A component of subcomponents. */
    static Within within(Object... values) {
        return new Within(joined(MARKS.subcomponent(), values));
    }

    /** Escaped already. */
    record Within(String text) {}

    private static String joined(char mark, Object... values) {
        StringBuilder out = new StringBuilder();
        int length = 0;
        for (int i = 0; i < values.length; i++) {
            if (i > 0) {
                out.append(mark);
            }
            String text = values[i] instanceof Within made ? made.text : escaped(values[i]);
            out.append(text);
            if (!text.isEmpty()) {
                length = out.length();
            }
        }
        out.setLength(length);
        return out.toString();
    }

    private void finish() {
        if (segment == null) {
            return;
        }
        done.append(segment);
        // MSH-1 is the separator itself
        int from = segment.equals("MSH") ? 2 : 1;
        for (int i = from; i < fields.size(); i++) {
            done.append(MARKS.field()).append(fields.get(i));
        }
        done.append('\r');
        fields.clear();
    }

    @Override
    public String toString() {
        finish();
        segment = null;
        return done.toString();
    }
}
