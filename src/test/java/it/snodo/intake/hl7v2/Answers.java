package it.snodo.intake.hl7v2;

/** Looking into acknowledgements without the hub's own parser. */
final class Answers {

    private Answers() {}

    /** A field of the answer, counted as HL7 counts; the whole field as text. */
    static String field(String answer, String segment, int field) {
        for (String line : answer.split("\r")) {
            if (line.startsWith(segment + "|")) {
                String[] fields = line.split("\\|", -1);
                int index = segment.equals("MSH") ? field - 1 : field;
                return index < fields.length ? fields[index] : "";
            }
        }
        return null;
    }
}
