package it.snodo.simulator.fse;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A CDA as text, read leniently: the gateway takes ids and codes out of documents that are not even well-formed, before
 * any schema sees them.
 */
final class CdaText {
    private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);
    private static final Pattern LEGAL_AUTHENTICATOR =
            Pattern.compile("<((?:[\\w.-]+:)?)legalAuthenticator\\b.*?</\\1legalAuthenticator\\s*>", Pattern.DOTALL);
    private static final Pattern SIGNATURE =
            Pattern.compile("<((?:[\\w.-]+:)?)Signature\\b.*?</\\1Signature\\s*>", Pattern.DOTALL);
    private static final Pattern VALUE = Pattern.compile("=\\s*(\"[^\"]*\"|'[^']*')");
    /** A start tag and the text up to the end tag that follows at once. */
    private static final Pattern LEAF = Pattern.compile("(<[^/!?>](?:[^>]*[^/>])?>)([^<]*[^<\\s][^<]*)(?=</)");

    private final String text;
    private final String idRoot;
    private final String idExtension;
    private final String code;
    private final String codeSystem;
    private final String confidentiality;
    private final Map<String, String> patientIds = new LinkedHashMap<>();

    CdaText(byte[] bytes) {
        text = decode(bytes);
        String plain = COMMENT.matcher(text).replaceAll("");
        String id = firstTag(plain, "id", 0);
        idRoot = attribute(id, "root");
        idExtension = attribute(id, "extension");
        String codeTag = firstTag(plain, "code", 0);
        code = attribute(codeTag, "code");
        codeSystem = attribute(codeTag, "codeSystem");
        confidentiality = attribute(firstTag(plain, "confidentialityCode", 0), "code");
        Matcher role = Pattern.compile("<(?:[\\w.-]+:)?patientRole\\b").matcher(plain);
        if (role.find()) {
            Matcher end = Pattern.compile("<(?:[\\w.-]+:)?patient\\b|</(?:[\\w.-]+:)?patientRole\\b")
                    .matcher(plain);
            String segment =
                    end.find(role.end()) ? plain.substring(role.end(), end.start()) : plain.substring(role.end());
            Matcher ids = tags("id").matcher(segment);
            while (ids.find()) {
                String extension = attribute(ids.group(), "extension");
                if (!extension.isEmpty()) {
                    patientIds.putIfAbsent(extension, attribute(ids.group(), "root"));
                }
            }
        }
    }

    private static String decode(byte[] bytes) {
        boolean big = bytes.length > 1 && bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF;
        boolean little = bytes.length > 1 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE;
        return new String(bytes, big || little ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
    }

    private static Pattern tags(String name) {
        return Pattern.compile("<(?:[\\w.-]+:)?" + name + "\\b[^>]*>");
    }

    private static String firstTag(String text, String name, int from) {
        Matcher matcher = tags(name).matcher(text);
        return matcher.find(from) ? matcher.group() : "";
    }

    private static String attribute(String tag, String name) {
        Matcher matcher = Pattern.compile("\\s" + name + "\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)')")
                .matcher(tag);
        if (!matcher.find()) {
            return "";
        }
        String value = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return value.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }

    /** Whether there is anything to work with; the gateway's code breaks when there is not. */
    boolean looksLikeCda() {
        return !code.isEmpty() && !idRoot.isEmpty();
    }

    String code() {
        return code;
    }

    String codeSystem() {
        return codeSystem;
    }

    String confidentiality() {
        return confidentiality;
    }

    /** Root by extension. */
    Map<String, String> patientIds() {
        return patientIds;
    }

    /** What the validator is given: the text as UTF-8, whatever it was before. */
    byte[] utf8() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The document's part of a workflow id: root, then the SHA-256 of the extension. */
    String workflowStem() {
        return idRoot + "." + sha256(idExtension.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The hash by which a published document is found to be the validated one: inside legalAuthenticator values may
     * differ (but not be absent), elsewhere nothing may.
     */
    String matchHash() {
        Matcher matcher = LEGAL_AUTHENTICATOR.matcher(text);
        StringBuilder blanked = new StringBuilder();
        while (matcher.find()) {
            String inside = SIGNATURE.matcher(matcher.group()).replaceAll("");
            inside = VALUE.matcher(inside).replaceAll("=\"\"");
            inside = LEAF.matcher(inside).replaceAll(m -> Matcher.quoteReplacement(m.group(1)) + "-");
            matcher.appendReplacement(blanked, Matcher.quoteReplacement(inside));
        }
        matcher.appendTail(blanked);
        return sha256(blanked.toString().getBytes(StandardCharsets.UTF_8));
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .toLowerCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
