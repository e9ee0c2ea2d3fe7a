package it.snodo.intake.hl7v2;

import java.util.Map;
import java.util.TreeMap;

/** A segment that is being written, field by field. */
final class SegmentText {

    private final String id;
    private final Er7.Separators separators;
    private final Map<Integer, String> fields = new TreeMap<>();

    SegmentText(String id, Er7.Separators separators) {
        this.id = id;
        this.separators = separators;
    }

    /** A field as it stands between the separators; nothing for null. */
    SegmentText raw(int field, String value) {
        if (value != null && !value.isEmpty()) {
            fields.put(field, value);
        }
        return this;
    }

    /** A field of components, each escaped; null ones are empty. */
    SegmentText set(int field, Object... components) {
        return raw(field, joined(separators, components));
    }

    /** One more repetition. */
    SegmentText repeat(int field, Object... components) {
        String before = fields.get(field);
        String more = joined(separators, components);
        return raw(field, before == null ? more : before + separators.repetition() + more);
    }

    static String joined(Er7.Separators separators, Object... components) {
        StringBuilder out = new StringBuilder();
        int pending = 0;
        for (int i = 0; i < components.length; i++) {
            pending += i == 0 ? 0 : 1;
            String text = components[i] == null ? "" : components[i].toString();
            if (!text.isEmpty()) {
                out.append(String.valueOf(separators.component()).repeat(pending));
                // what is put together already brings its own marks
                out.append(components[i] instanceof Joined ? text : separators.escape(text));
                pending = 0;
            }
        }
        return out.toString();
    }

    /** Subcomponents of one component. */
    record Joined(String text) {

        static Joined of(Er7.Separators separators, String... parts) {
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < parts.length; i++) {
                out.append(i == 0 ? "" : String.valueOf(separators.subcomponent()));
                out.append(parts[i] == null ? "" : separators.escape(parts[i]));
            }
            return new Joined(out.toString());
        }

        @Override
        public String toString() {
            return text;
        }
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(id);
        int at = 0;
        for (Map.Entry<Integer, String> each : fields.entrySet()) {
            out.append(String.valueOf(separators.field()).repeat(each.getKey() - at))
                    .append(each.getValue());
            at = each.getKey();
        }
        return out.append('\r').toString();
    }
}
