package it.snodo.document;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a CDA in other ways than its sender did: prefixes, comments, CDATA, entities, byte order marks, encodings, and
 * texts that a parser may see differently. Some of these change the verdict and some must not. The same seed writes it the
 * same way.
 */
final class CdaTextMutator {

    private static final Pattern TAG = Pattern.compile("<(/?)([A-Za-z][\\w.-]*)([^<>]*?)(/?)>");
    private static final Pattern TEXT = Pattern.compile(">([^<>]*[\\p{L}][^<>]*)<");
    private static final Pattern ATTRIBUTE = Pattern.compile("(\\s[\\w:]+=\")([^\"]*)(\")");
    private static final Pattern SECTION = Pattern.compile("(?s)<section\\b.*?</section>");
    private static final Pattern ELEMENT = Pattern.compile("(?s)<(\\w+)\\b[^<>]*(?:/>|>[^<>]*</\\1>)");

    private final Random random;
    private String cda;

    private CdaTextMutator(String cda, long seed) {
        this.cda = cda;
        random = new Random(seed);
    }

    static byte[] mutate(byte[] cda, long seed) {
        CdaTextMutator mutator = new CdaTextMutator(new String(cda, StandardCharsets.UTF_8), seed);
        int changes = 1 + mutator.random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            mutator.change();
        }
        return mutator.bytes();
    }

    private void change() {
        switch (random.nextInt(18)) {
            case 0 -> prefixed();
            case 1 -> at(ELEMENT, m -> "<!-- nota --> " + m.group() + "<?pi x?>");
            case 2 ->
                at(TEXT, m -> "><![CDATA[" + m.group(1).replace("&lt;", "<").replace("&amp;", "&") + "]]><");
            case 3 -> at(TEXT, m -> ">" + m.group(1).replaceFirst("\\p{L}", "&#x41;") + "<");
            case 4 -> at(TEXT, m -> "> \t\n <");
            case 5 ->
                at(
                        TEXT,
                        m -> ">" + m.group(1).charAt(0) + "<!-- dentro -->"
                                + m.group(1).substring(1) + "<");
            case 6 -> at(ATTRIBUTE, m -> m.group(1) + m.group(2) + " " + m.group(3));
            case 7 -> at(ATTRIBUTE, m -> m.group(1) + "  " + m.group(3));
            case 8 -> at(ATTRIBUTE, m -> m.group(1) + m.group(2).toLowerCase() + m.group(3));
            case 9 ->
                at(
                        TAG,
                        m -> m.group(1).isEmpty()
                                ? "<" + m.group(2) + " nullFlavor=\"" + pick("UNK", "NI", "NA", "MSK", "XX") + "\""
                                        + m.group(3) + m.group(4) + ">"
                                : m.group());
            case 10 -> at(SECTION, m -> m.group() + "</component><component>" + m.group());
            case 11 ->
                at(
                        Pattern.compile("xsi:type=\"[^\"]*\""),
                        m -> "xsi:type=\"" + pick("CD", "CE", "ST", "INT", "PQ", "IVL_TS", "II", "hl7:CD", "BL", "ED")
                                + "\"");
            case 12 ->
                at(
                        TAG,
                        m -> m.group(1).isEmpty()
                                ? "<" + m.group(2) + " xmlns=\""
                                        + pick("", "urn:hl7-org:v3", "urn:altro", "urn:hl7-org:sdtc") + "\""
                                        + m.group(3) + m.group(4) + ">"
                                : m.group());
            case 13 -> at(ELEMENT, m -> "");
            case 14 -> at(ELEMENT, m -> m.group() + m.group());
            case 15 ->
                at(
                        TAG,
                        m -> m.group(1).isEmpty() && m.group(4).isEmpty()
                                ? m.group() + pick("testo fuori posto", "&#160;", "<extra/>", "\uFEFF", "<![CDATA[]]>")
                                : m.group());
            case 16 ->
                at(
                        Pattern.compile("value=\"[0-9]{8}[^\"]*\""),
                        m -> "value=\""
                                + pick(
                                        "2020",
                                        "202013",
                                        "20200230",
                                        "20200101250000+0100",
                                        "20200101100000",
                                        "2020-01-01",
                                        "20200101100000.123+0100",
                                        "20200101100000+01:00")
                                + "\"");
            default ->
                at(
                        ATTRIBUTE,
                        m -> m.group(1)
                                + pick("\u00E8", "\uD83D\uDE00", "&lt;", "&quot;", "&#9;", "a".repeat(300))
                                + m.group(3));
        }
    }

    /** All of HL7's elements with a prefix, or only some. */
    private void prefixed() {
        if (cda.contains("<h:") || !cda.contains("xmlns=\"urn:hl7-org:v3\"")) {
            return;
        }
        cda = TAG.matcher(cda.replace("xmlns=\"urn:hl7-org:v3\"", "xmlns:h=\"urn:hl7-org:v3\""))
                .replaceAll(m ->
                        Matcher.quoteReplacement("<" + m.group(1) + "h:" + m.group(2) + m.group(3) + m.group(4) + ">"));
    }

    private void at(Pattern pattern, java.util.function.Function<Matcher, String> change) {
        List<Integer> starts = new ArrayList<>();
        Matcher matcher = pattern.matcher(cda);
        while (matcher.find()) {
            starts.add(matcher.start());
        }
        if (!starts.isEmpty() && matcher.find(starts.get(random.nextInt(starts.size())))) {
            String with = change.apply(matcher);
            cda = cda.substring(0, matcher.start()) + with + cda.substring(matcher.end());
        }
    }

    private byte[] bytes() {
        String body = cda.replaceFirst("^\uFEFF?\\s*<\\?xml[^>]*\\?>", "");
        return switch (random.nextInt(12)) {
            case 0 -> ("\uFEFF<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + body).getBytes(StandardCharsets.UTF_8);
            case 1 -> ("\uFEFF<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + body).getBytes(StandardCharsets.UTF_16BE);
            case 2 -> ("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + body).getBytes(StandardCharsets.ISO_8859_1);
            case 3 -> body.getBytes(StandardCharsets.UTF_8);
            case 4 -> ("<?xml version=\"1.1\" encoding=\"UTF-8\"?>" + body).getBytes(StandardCharsets.UTF_8);
            case 5 ->
                ("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><!-- prima -->" + body + "<!-- dopo -->")
                        .getBytes(StandardCharsets.UTF_8);
            case 6 -> (" <?xml version=\"1.0\"?>" + body).getBytes(StandardCharsets.UTF_8);
            default -> ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + body).getBytes(StandardCharsets.UTF_8);
        };
    }

    private String pick(String... values) {
        return values[random.nextInt(values.length)];
    }
}
