package it.snodo.intake.hl7v2;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.model.Group;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Structure;
import ca.uhn.hl7v2.parser.Parser;
import ca.uhn.hl7v2.parser.UnexpectedSegmentBehaviourEnum;
import java.util.ArrayList;
import java.util.List;

/** Another's parser at its strictest: no segment out of place, nothing required absent, nothing repeated too often. */
final class StrictReader {

    private static final HapiContext CONTEXT = context();
    private static final Parser PARSER = CONTEXT.getPipeParser();

    private StrictReader() {}

    private static HapiContext context() {
        HapiContext context = new DefaultHapiContext();
        context.getParserConfiguration()
                .setUnexpectedSegmentBehaviour(UnexpectedSegmentBehaviourEnum.THROW_HL7_EXCEPTION);
        return context;
    }

    /** What is wrong with the message; empty when nothing is. */
    static List<String> faults(String message, String structure) {
        List<String> faults = new ArrayList<>();
        try {
            Message read;
            synchronized (PARSER) {
                read = PARSER.parse(message);
            }
            if (!read.getName().equals(structure)) {
                faults.add("is a " + read.getName());
            }
            look(read, "", faults);
        } catch (HL7Exception e) {
            faults.add(e.getMessage());
        }
        return faults;
    }

    private static void look(Group group, String at, List<String> faults) throws HL7Exception {
        for (String name : group.getNames()) {
            Structure[] all = group.getAll(name);
            if (group.isRequired(name) && (all.length == 0 || all[0].isEmpty())) {
                faults.add(at + name + " is absent");
            }
            if (!group.isRepeating(name) && all.length > 1) {
                faults.add(at + name + " repeats");
            }
            for (Structure each : all) {
                if (each.isEmpty()) {
                    continue;
                }
                if (each instanceof Group inner) {
                    look(inner, at + name + "/", faults);
                } else {
                    look((Segment) each, at + name, faults);
                }
            }
        }
    }

    private static void look(Segment segment, String at, List<String> faults) throws HL7Exception {
        for (int i = 1; i <= segment.numFields(); i++) {
            int count = segment.getField(i).length;
            boolean empty = count == 0 || segment.getField(i)[0].isEmpty();
            if (segment.isRequired(i) && empty) {
                faults.add(at + "-" + i + " is absent");
            }
            int most = segment.getMaxCardinality(i);
            if (most > 0 && count > most) {
                faults.add(at + "-" + i + " comes " + count + " times");
            }
        }
    }
}
