package it.snodo.certificate;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A telephone number or an e-mail address as people write it, made a URI as documents want it. */
final class Telecom {

    private static final Pattern SCHEME = Pattern.compile("(?i)(tel|fax|mailto|https?):(\\S.*)");
    private static final Pattern MAIL = Pattern.compile("[^\\s@<>\"]+@[^\\s@<>\"]+\\.[^\\s@<>\".]+");
    private static final Pattern PHONE = Pattern.compile("\\+?[0-9][0-9 ./()\\u00A0-]{2,30}");

    private static final Pattern NOT_DIALLED = Pattern.compile("[^+0-9]");

    private Telecom() {}

    /** {@code tel:}, {@code mailto:} or the URI it already was; empty when it is none of these. */
    static Optional<String> uri(String text) {
        if (text == null) {
            return Optional.empty();
        }
        Matcher named = SCHEME.matcher(text);
        if (named.matches()) {
            String scheme = named.group(1).toLowerCase(Locale.ROOT);
            String rest = named.group(2);
            // a scheme in front does not make a number of what is none
            return switch (scheme) {
                case "tel", "fax" ->
                    PHONE.matcher(rest).matches()
                            ? Optional.of(
                                    scheme + ":" + NOT_DIALLED.matcher(rest).replaceAll(""))
                            : Optional.empty();
                case "mailto" -> MAIL.matcher(rest).matches() ? Optional.of(text) : Optional.empty();
                default -> rest.contains(" ") ? Optional.empty() : Optional.of(text);
            };
        }
        if (MAIL.matcher(text).matches()) {
            return Optional.of("mailto:" + text);
        }
        if (PHONE.matcher(text).matches()) {
            return Optional.of("tel:" + NOT_DIALLED.matcher(text).replaceAll(""));
        }
        return Optional.empty();
    }
}
