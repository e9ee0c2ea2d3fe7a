package it.snodo.publication.fse;

import it.snodo.config.ConfigFolder;
import it.snodo.config.Watched;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * {@code mappings/assetto.csv}: which practice setting (AD_PSCnnn) a unit belongs to. Rows are tried in order: {@code unit}
 * compares the whole code of the unit, {@code name} looks for a word in its name, {@code default} takes the rest.
 */
final class PracticeSettings {

    private static final String FILE = "mappings/assetto.csv";
    private static final Pattern CODE = Pattern.compile("AD_PSC\\d{3}");

    private record Row(String match, String value, String setting) {}

    private final Watched<List<Row>> rows;

    PracticeSettings(ConfigFolder folder) {
        this.rows = new Watched<>(folder, List.of(FILE), PracticeSettings::read);
    }

    private static List<Row> read(ConfigFolder folder) {
        String text = new String(folder.read(FILE), StandardCharsets.UTF_8);
        try (CSVParser parser = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .setTrim(true)
                .get()
                .parse(new StringReader(text))) {
            List<Row> found = new ArrayList<>();
            for (CSVRecord line : parser) {
                Row row = new Row(line.get("match"), plain(line.get("value")), line.get("assetto"));
                if (!CODE.matcher(row.setting()).matches()) {
                    throw new IllegalArgumentException(
                            FILE + " line " + parser.getCurrentLineNumber() + ": " + row.setting());
                }
                found.add(row);
            }
            if (found.stream().noneMatch(row -> row.match().equals("default"))) {
                throw new IllegalArgumentException(FILE + " has no default");
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String of(String unitCode, String unitName) {
        String code = plain(unitCode);
        String name = plain(unitName);
        for (Row row : rows.get()) {
            boolean fits =
                    switch (row.match()) {
                        case "unit" -> !code.isEmpty() && code.equals(row.value());
                        case "name" -> name.contains(row.value());
                        default -> true;
                    };
            if (fits) {
                return row.setting();
            }
        }
        throw new IllegalStateException(FILE + " has no default");
    }

    /** Without case and accents. */
    private static String plain(String text) {
        return text == null
                ? ""
                : Normalizer.normalize(text, Normalizer.Form.NFD)
                        .replaceAll("\\p{M}", "")
                        .toLowerCase(Locale.ITALIAN)
                        .trim();
    }
}
