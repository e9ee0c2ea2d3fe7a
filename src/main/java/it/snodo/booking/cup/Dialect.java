package it.snodo.booking.cup;

import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.intake.hl7v2.Hl7Charset;
import it.snodo.intake.hl7v2.Hl7Time;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;

/**
 * How a CUP wants HL7 v2 written: its row of {@code mappings/aziende.csv}.
 *
 * @param version MSH-12
 * @param charsetName MSH-18
 * @param quirks {@code TS_LOCAL} times without offset; {@code NO_MSH18} no character set declared; {@code ORIGINAL_MODE}
 *     MSH-15 and MSH-16 empty; {@code PHONE_XTN1} telephone numbers in XTN-1
 */
record Dialect(CupAzienda azienda, String version, String charsetName, Set<String> quirks) {

    private static final DateTimeFormatter WITH_OFFSET = DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx");
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd");

    static Dialect of(CupAzienda azienda) {
        return new Dialect(
                azienda,
                blank(azienda.version()) ? "2.5" : azienda.version().strip(),
                blank(azienda.charset()) ? "UNICODE UTF-8" : azienda.charset().strip(),
                azienda.quirks());
    }

    private static boolean blank(String text) {
        return text == null || text.isBlank();
    }

    boolean atLeast(String wanted) {
        int ours = CupAzienda.VERSIONS.indexOf(version);
        return ours < 0 || ours >= CupAzienda.VERSIONS.indexOf(wanted);
    }

    Dialect atVersion(String other) {
        return new Dialect(azienda, other, charsetName, quirks);
    }

    boolean has(String quirk) {
        return quirks.contains(quirk);
    }

    String time(OffsetDateTime at) {
        if (at == null) {
            return "";
        }
        return at.atZoneSameInstant(Hl7Time.ROME).format(has("TS_LOCAL") ? LOCAL : WITH_OFFSET);
    }

    static String day(LocalDate day) {
        return day == null ? "" : DAY.format(day);
    }

    byte[] bytes(String message) {
        Charset named = Hl7Charset.named(charsetName);
        // frames need a set whose marks are single bytes
        boolean wide = named == null
                || named.name().startsWith("UTF-16")
                || named.name().startsWith("UTF-32");
        return Hl7Charset.encode(message, wide ? StandardCharsets.UTF_8 : named);
    }
}
