package it.snodo.document;

import it.snodo.config.ConfigFolder;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * The code systems that the FSE gateway checks, and their codes where we have the whole list. A system that the gateway
 * does not manage is not looked at.
 */
final class CodeTables {

    static final String FOLDER = "mappings/codesystems/";
    private static final String INDEX = FOLDER + "index.csv";
    private static final CSVFormat CSV =
            CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();

    private final Map<String, CodeSystem> systems = new HashMap<>();
    private final Map<String, String> answerLists = new HashMap<>();

    /** @param codes null when we have no list of them */
    private record CodeSystem(String version, boolean unchecked, Set<String> codes) {}

    private CodeTables() {}

    /** The files that the tables are made from, for watching. */
    static List<String> files(ConfigFolder folder) {
        List<String> names = new ArrayList<>(List.of(INDEX));
        for (CSVRecord row : rows(folder.read(INDEX), INDEX)) {
            String name = FOLDER + row.get("system") + ".csv";
            if (folder.exists(name)) {
                names.add(name);
            }
        }
        return names;
    }

    /**
     * Reads the tables.
     *
     * @param terminology folder of {@code <OID>.csv} files that take the place of our lists; null for ours
     */
    static CodeTables read(ConfigFolder folder, Path terminology) {
        CodeTables tables = new CodeTables();
        for (CSVRecord row : rows(folder.read(INDEX), INDEX)) {
            String system = row.get("system");
            boolean unchecked = row.get("unchecked").equals("Y");
            Set<String> codes = unchecked
                    ? null
                    : (terminology == null ? ours(folder, system) : theirs(terminology, system)).orElse(null);
            tables.systems.put(system, new CodeSystem(row.get("version"), unchecked, codes));
            if (!row.get("answers").isEmpty()) {
                tables.answerLists.put(row.get("answers"), system);
            }
        }
        return tables;
    }

    /**
     * The list that answers to an observation are looked up in.
     *
     * @param observationCode LOINC code of the observation
     * @return OID of the list, or null when answers are looked up in the system they name
     */
    String answerList(String observationCode) {
        return answerLists.get(observationCode);
    }

    /**
     * Looks a code up as the gateway does.
     *
     * @param system OID, as written
     * @param version as written, null or empty for none
     * @param code as written, null for none
     * @return what is wrong with it, in words for a person; null when nothing is
     */
    String fault(String system, String version, String code) {
        CodeSystem known = systems.get(system);
        if (known != null && known.unchecked()) {
            return null;
        }
        if (isBlocked(system)) {
            return shown(code, system) + ": sistema di codifica non ammesso";
        }
        if (known == null) {
            return null;
        }
        if (version != null && !version.isEmpty() && !version.equals(known.version())) {
            return shown(code, system) + ": versione " + version + " sconosciuta"
                    + (known.version().isEmpty() ? "" : ", quella valida è " + known.version());
        }
        if (code == null || code.isEmpty()) {
            return shown(code, system) + ": manca il codice";
        }
        return known.codes() == null || known.codes().contains(code) ? null : shown(code, system);
    }

    private static boolean isBlocked(String system) {
        return system.contains("999") && List.of(system.split("\\.")).stream().anyMatch(a -> a.matches("9999?"));
    }

    private static String shown(String code, String system) {
        return (code == null ? "" : code) + " [" + system + "]";
    }

    private static Optional<Set<String>> ours(ConfigFolder folder, String system) {
        String name = FOLDER + system + ".csv";
        return folder.exists(name) ? Optional.of(codes(folder.read(name), name)) : Optional.empty();
    }

    private static Optional<Set<String>> theirs(Path folder, String system) {
        Path file = folder.resolve(system + ".csv");
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(codes(Files.readAllBytes(file), file.toString()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static Set<String> codes(byte[] csv, String name) {
        Set<String> codes = new HashSet<>();
        for (CSVRecord row : rows(csv, name)) {
            codes.add(row.get("code"));
        }
        return codes;
    }

    private static List<CSVRecord> rows(byte[] csv, String name) {
        String text = new String(csv, StandardCharsets.UTF_8);
        try {
            return CSV.parse(new StringReader(text.startsWith("\uFEFF") ? text.substring(1) : text))
                    .getRecords();
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalArgumentException(name + " is not a table: " + e.getMessage(), e);
        }
    }
}
