package it.snodo.messages;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blackens the citizen's PIN in a message that is shown: nobody but the citizen has a reason to read it. */
public final class PinMask {

    /** The forms that a PIN comes in; the second group is the PIN. */
    private static final List<Pattern> FORMS = List.of(
            // JSON of the canonical request and of what ROL is told, XML of the canonical request
            Pattern.compile("(\"(?:pin|codicePin)\"\\s*:\\s*\"?)([^\"\\s,}]+)"),
            Pattern.compile("(<pin>)([^<]+)"),
            // the extension of FHIR, in both orders and both formats
            Pattern.compile("(\"url\"\\s*:\\s*\"pin\"\\s*,\\s*\"valueString\"\\s*:\\s*\")([^\"]+)"),
            Pattern.compile("(\"valueString\"\\s*:\\s*\")([^\"]+)(?=\"\\s*,\\s*\"url\"\\s*:\\s*\"pin\")"),
            Pattern.compile("(url=\"pin\"\\s*>\\s*<valueString\\s+value=\")([^\"]+)"));

    private static final Pattern USUAL_OBX = obx('|');
    private static final Pattern MSH = Pattern.compile("(?:^|[\\r\\n])MSH(.)");

    private PinMask() {}

    /** OBX of HL7 v2, with the field separator that the message declares. */
    private static Pattern obx(char separator) {
        String field = "[^" + Pattern.quote("" + separator) + "\\r\\n]";
        String next = Pattern.quote("" + separator);
        return Pattern.compile("(OBX" + next + field + "*" + next + field + "*" + next + "PIN(?![A-Za-z0-9])" + field
                + "*" + next + field + "*" + next + ")(" + field + "+)");
    }

    /** The same bytes with an asterisk for each one of a PIN. */
    public static byte[] masked(byte[] raw) {
        String text = new String(raw, StandardCharsets.ISO_8859_1);
        Matcher header = MSH.matcher(text);
        if (header.find()) {
            char separator = header.group(1).charAt(0);
            text = blacken(text, separator == '|' ? USUAL_OBX : obx(separator));
        }
        for (Pattern form : FORMS) {
            text = blacken(text, form);
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String blacken(String text, Pattern form) {
        return form.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) + "*".repeat(found.group(2).length())));
    }
}
