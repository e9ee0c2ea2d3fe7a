package it.snodo.intake.hl7v2;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.model.AbstractPrimitive;
import ca.uhn.hl7v2.model.Composite;
import ca.uhn.hl7v2.model.GenericMessage;
import ca.uhn.hl7v2.model.Group;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.Primitive;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Structure;
import ca.uhn.hl7v2.model.Type;
import ca.uhn.hl7v2.model.Varies;
import ca.uhn.hl7v2.parser.Parser;
import ca.uhn.hl7v2.parser.UnexpectedSegmentBehaviourEnum;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Another's parser at its strictest: HAPI with its default rules of the data types, no segment out of place, nothing required
 * absent, nothing repeated too often, no field and no component that the version does not have, no simple field longer than
 * the version allows, and of HL7's own tables no value that they do not have.
 */
public final class StrictReader {

    private static final HapiContext CONTEXT = context();
    private static final Parser PARSER = CONTEXT.getPipeParser();

    /** Tables whose values HL7 itself fixes, as far as bookings use them. */
    private static final Map<Integer, Set<String>> TABLES = Map.ofEntries(
            Map.entry(8, Set.of("AA", "AE", "AR", "CA", "CE", "CR")),
            Map.entry(38, Set.of("A", "CA", "CM", "DC", "ER", "HD", "IP", "RP", "SC")),
            Map.entry(85, Set.of("F")),
            Map.entry(91, Set.of("D", "I")),
            Map.entry(100, Set.of("D", "O", "R", "S", "T")),
            Map.entry(103, Set.of("D", "P", "T")),
            Map.entry(105, Set.of("L", "P", "O")),
            Map.entry(106, Set.of("B", "D", "R", "T")),
            Map.entry(119, Set.of("NW", "XO", "CA")),
            Map.entry(126, Set.of("CH", "LI", "PG", "RD", "ZO")),
            Map.entry(155, Set.of("AL", "ER", "NE", "SU")),
            Map.entry(200, Set.of("A", "B", "C", "D", "I", "L", "M", "N", "P", "S", "T", "U", "V")),
            Map.entry(206, Set.of("A", "D", "U")),
            Map.entry(208, Set.of("OK", "NF", "AE", "AR")),
            Map.entry(301, Set.of("DNS", "GUID", "HCD", "HL7", "ISO", "L", "M", "N", "Random", "UUID", "x400", "x500")),
            Map.entry(516, Set.of("E", "F", "I", "W")));

    /** MSH-18: the name that everybody knows UTF-8 by is longer than older versions have room for. */
    private static final Set<String> LONGER = Set.of("MSH-18");

    private StrictReader() {}

    private static HapiContext context() {
        HapiContext context = new DefaultHapiContext();
        context.getParserConfiguration()
                .setUnexpectedSegmentBehaviour(UnexpectedSegmentBehaviourEnum.THROW_HL7_EXCEPTION);
        context.setValidationContext(ValidationContextFactory.defaultValidation());
        return context;
    }

    /** What is wrong with the message; empty when nothing is. */
    public static List<String> faults(String message, String structure) {
        List<String> faults = new ArrayList<>();
        try {
            Message read;
            synchronized (PARSER) {
                read = PARSER.parse(message);
            }
            if (!read.getName().equals(structure) || read instanceof GenericMessage) {
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
        int defined = segment.getNames().length;
        for (int i = 1; i <= segment.numFields(); i++) {
            int count = segment.getField(i).length;
            boolean empty = count == 0 || segment.getField(i)[0].isEmpty();
            if (i > defined) {
                if (!empty) {
                    faults.add(at + "-" + i + " does not exist");
                }
                continue;
            }
            if (!empty && segment.getLength(i) == 0) {
                faults.add(at + "-" + i + " was withdrawn");
            }
            if (segment.isRequired(i) && empty) {
                faults.add(at + "-" + i + " is absent");
            }
            int most = segment.getMaxCardinality(i);
            if (most > 0 && count > most) {
                faults.add(at + "-" + i + " comes " + count + " times");
            }
            for (Type each : segment.getField(i)) {
                Type type = each instanceof Varies any ? any.getData() : each;
                String value = type instanceof Primitive one ? one.getValue() : null;
                String name = segment.getName() + "-" + i;
                if (value != null && value.length() > segment.getLength(i) && !LONGER.contains(name)) {
                    faults.add(at + "-" + i + " has " + value.length() + " characters of " + segment.getLength(i));
                }
                look(type, at + "-" + i, faults);
            }
        }
    }

    private static void look(Type type, String at, List<String> faults) throws HL7Exception {
        if (type.getExtraComponents().numComponents() > 0) {
            faults.add(at + " has more components than " + type.getName() + ": " + type.encode());
        }
        if (type instanceof Composite composite) {
            Type[] components = composite.getComponents();
            for (int i = 0; i < components.length; i++) {
                look(components[i], at + "." + (i + 1), faults);
            }
        } else if (type instanceof Varies any) {
            look(any.getData(), at, faults);
        } else if (type instanceof AbstractPrimitive primitive && primitive.getValue() != null) {
            int table = table(primitive);
            Set<String> values = TABLES.get(table);
            if (values != null && !values.contains(primitive.getValue())) {
                faults.add(at + " has «" + primitive.getValue() + "», which table " + table + " has not");
            }
        }
    }

    private static int table(AbstractPrimitive primitive) {
        if (primitive instanceof ca.uhn.hl7v2.model.primitive.ID coded) {
            return coded.getTable();
        }
        return primitive instanceof ca.uhn.hl7v2.model.primitive.IS coded ? coded.getTable() : 0;
    }
}
