package it.snodo.messages;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blackens the citizen's PIN in a message that is shown: nobody but the citizen has a reason to read it. */
final class PinMask {

    /** The forms that a PIN comes in; the second group is the PIN. */
    private static final List<Pattern> FORMS = List.of(
            // OBX of HL7 v2
            Pattern.compile("(OBX\\|[^|\\r\\n]*\\|[^|\\r\\n]*\\|PIN(?:\\^[^|\\r\\n]*)?\\|[^|\\r\\n]*\\|)([^|\\r\\n]+)"),
            // JSON of the canonical request and of what ROL is told, XML of the canonical request
            Pattern.compile("(\"(?:pin|codicePin)\"\\s*:\\s*\"?)([^\"\\s,}]+)"),
            Pattern.compile("(<pin>)([^<]+)"),
            // the extension of FHIR, in both orders and both formats
            Pattern.compile("(\"url\"\\s*:\\s*\"pin\"\\s*,\\s*\"valueString\"\\s*:\\s*\")([^\"]+)"),
            Pattern.compile("(\"valueString\"\\s*:\\s*\")([^\"]+)(?=\"\\s*,\\s*\"url\"\\s*:\\s*\"pin\")"),
            Pattern.compile("(url=\"pin\"\\s*>\\s*<valueString\\s+value=\")([^\"]+)"));

    private PinMask() {}

    /** The same bytes with an asterisk for each one of a PIN. */
    static byte[] masked(byte[] raw) {
        String text = new String(raw, StandardCharsets.ISO_8859_1);
        for (Pattern form : FORMS) {
            text = form.matcher(text)
                    .replaceAll(found -> Matcher.quoteReplacement(
                            found.group(1) + "*".repeat(found.group(2).length())));
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
