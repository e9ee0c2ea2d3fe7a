package it.snodo.registry;

import it.snodo.config.ConfigFolder;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads one table of {@code mappings/}, and says file, line and column of what is wrong in it. */
public final class Csv {

    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreEmptyLines(true)
            .setTrim(true)
            .get();

    private Csv() {}

    /**
     * Hands every row to the reader, in the order of the file.
     *
     * @throws TableException when the file is no such table, or the reader refuses a cell
     */
    public static void read(ConfigFolder folder, String file, Consumer<Row> reader) {
        byte[] bytes = folder.read(file);
        // A spreadsheet may put a byte order mark before the first column's name.
        int start = bytes.length > 2 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB ? 3 : 0;
        try (Reader text = new StringReader(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, start, bytes.length - start))
                        .toString());
                CSVParser parser = CSVParser.parse(text, FORMAT)) {
            Map<String, Integer> header = parser.getHeaderMap();
            for (CSVRecord record : parser) {
                // The parser stands on the last line of the row; a row of ours never spans lines.
                Row row = new Row(file, parser.getCurrentLineNumber(), header, record);
                if (record.size() != header.size()) {
                    throw new TableException(
                            file + ", riga " + row.line + ": " + record.size() + " colonne invece di " + header.size());
                }
                reader.accept(row);
            }
        } catch (CharacterCodingException e) {
            throw new TableException(file + ": il file non è in UTF-8", e);
        } catch (IOException e) {
            throw new TableException(file + ": illeggibile, " + e.getMessage(), e);
        } catch (UncheckedIOException | IllegalArgumentException | IllegalStateException e) {
            throw new TableException(file + ": " + e.getMessage(), e);
        }
    }

    /** One row. */
    public static final class Row {

        private final String file;
        private final long line;
        private final Map<String, Integer> header;
        private final CSVRecord record;

        private Row(String file, long line, Map<String, Integer> header, CSVRecord record) {
            this.file = file;
            this.line = line;
            this.header = header;
            this.record = record;
        }

        /** The cell, or null when it is empty. */
        public String get(String column) {
            Integer index = header.get(column);
            if (index == null) {
                throw new TableException(file + ", riga 1: manca la colonna «" + column + "»");
            }
            String value = record.get(index);
            return value == null || value.isEmpty() ? null : value;
        }

        /** The cell, which must not be empty. */
        public String need(String column) {
            String value = get(column);
            if (value == null) {
                throw wrong(column, "vuota");
            }
            return value;
        }

        /** The cell, which must match. */
        public String need(String column, java.util.regex.Pattern form) {
            String value = need(column);
            if (!form.matcher(value).matches()) {
                throw wrong(column, "il valore «" + value + "» non ha la forma prevista");
            }
            return value;
        }

        /** A day, or null when the cell is empty. */
        public LocalDate date(String column) {
            String value = get(column);
            try {
                return value == null ? null : LocalDate.parse(value);
            } catch (DateTimeParseException e) {
                throw wrong(column, "«" + value + "» non è una data aaaa-mm-gg");
            }
        }

        /** Y; N and an empty cell are false. */
        public boolean flag(String column) {
            String value = get(column);
            if (value == null || value.equals("N")) {
                return false;
            }
            if (value.equals("Y")) {
                return true;
            }
            throw wrong(column, "«" + value + "» non è Y né N");
        }

        /** One of two words; true for the first. */
        public boolean either(String column, String yes, String no) {
            String value = need(column);
            if (value.equals(yes) || value.equals(no)) {
                return value.equals(yes);
            }
            throw wrong(column, "«" + value + "» non è " + yes + " né " + no);
        }

        /** What is to be thrown when a cell is wrong: says where, and why in Italian. */
        public TableException wrong(String column, String why) {
            return new TableException(file + ", riga " + line + ", colonna «" + column + "»: " + why);
        }
    }
}
