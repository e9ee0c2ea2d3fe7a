package it.snodo.document;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.config.ConfigFolder;
import it.snodo.document.ValidationReport.Finding;
import it.snodo.signature.SignatureCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code validate [--json] [--schema DIR] [--schematron FILE] [--terminology DIR] FILE…}: the hub's document checks from
 * the command line, on CDA files and on PDFs with one inside. Exit code 0 when all are valid, 1 when some are not, 2 when
 * the command is wrong or a file cannot be read.
 */
public final class ValidateCommand {

    private static final int MOST_BYTES = 256 << 20;
    private static final int WIDEST_NAME = 60;

    private static final String USAGE = """
            uso: java -jar snodo.jar validate [--json] [--schema CARTELLA] [--schematron FILE] [--terminology CARTELLA] FILE…

            Controlla documenti CDA (RSA), o PDF che ne contengono uno (cda.xml): schema, Schematron, codici, firma.
              --json         un array JSON, un oggetto per file
              --schema       schemi CDA ufficiali al posto dei nostri
              --schematron   Schematron ufficiale al posto del nostro
              --terminology  elenchi di codici <OID>.csv al posto dei nostri
              --help         queste righe
            Ogni file una riga: verdetto, nome, errori (schema, identificativi Schematron, codici), avvisi, firma del PDF.
            Uscita: 0 tutti validi, 1 qualcuno non valido, 2 comando errato o file illeggibile.
            """;

    private boolean json;
    private boolean help;
    private SignatureCheck signatures;
    private Path schema;
    private Path schematron;
    private Path terminology;
    private final List<String> files = new ArrayList<>();

    private ValidateCommand() {}

    /**
     * One file's outcome; the components are the JSON fields.
     *
     * @param file as named on the command line
     * @param verdict {@code valid}, {@code invalid} or {@code unreadable}
     * @param schema schema errors, {@code line:column message}
     * @param schematron ids of failed assertions, as often as they failed
     * @param warnings ids of fired reports
     * @param codes unknown codes
     * @param signature of a PDF: {@code none}, {@code valid}, {@code invalid: reason}; {@code none} for a CDA
     */
    record Outcome(
            String file,
            String verdict,
            List<String> schema,
            List<String> schematron,
            List<String> warnings,
            List<String> codes,
            String signature) {}

    /**
     * Runs the command.
     *
     * @param args what follows {@code validate}
     * @return the exit code
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        ValidateCommand command = new ValidateCommand();
        String wrong = command.read(args);
        if (command.help) {
            utf8(out).print(USAGE);
            return 0;
        }
        if (wrong != null) {
            utf8(err).println(wrong + "\n" + USAGE);
            return 2;
        }
        return command.run(utf8(out), utf8(err));
    }

    /** The same stream in UTF-8, so that a report reads the same wherever it is piped. */
    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    private String read(String[] args) {
        boolean options = true;
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            if (options && arg.equals("-h")) {
                help = true;
            } else if (!options || !arg.startsWith("--")) {
                files.add(arg);
            } else if (arg.equals("--")) {
                options = false;
            } else if (arg.equals("--json")) {
                json = true;
            } else if (arg.equals("--help")) {
                help = true;
            } else if (i + 1 == args.length) {
                return "opzione sconosciuta o senza valore: " + arg;
            } else {
                Path value = Path.of(args[++i]);
                switch (arg) {
                    case "--schema" -> schema = value;
                    case "--schematron" -> schematron = value;
                    case "--terminology" -> terminology = value;
                    default -> {
                        return "opzione sconosciuta: " + arg;
                    }
                }
            }
        }
        return files.isEmpty() ? "nessun file da controllare" : null;
    }

    private int run(PrintStream out, PrintStream err) {
        // the libraries' own words are for the hub's log; here they would stand between the verdicts
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logs) {
            logs.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        }
        CdaValidator validator;
        try {
            String home = System.getProperty("snodo.config-dir", System.getenv().getOrDefault("SNODO_CONFIG_DIR", "."));
            validator = CdaValidator.of(new ConfigFolder(Path.of(home)), schema, schematron, terminology);
        } catch (RuntimeException e) {
            err.println(e.getMessage());
            return 2;
        }
        int width = files.stream().mapToInt(String::length).max().orElse(0);
        List<Outcome> outcomes = new ArrayList<>();
        int exit = 0;
        for (String file : files) {
            Outcome outcome;
            try {
                outcome = check(file, validator);
            } catch (IllegalArgumentException e) {
                // a schema, Schematron or table of the caller's cannot be used: no verdict is possible
                err.println(e.getMessage());
                return 2;
            }
            exit = Math.max(
                    exit,
                    switch (outcome.verdict()) {
                        case "valid" -> 0;
                        case "invalid" -> 1;
                        default -> 2;
                    });
            outcomes.add(outcome);
            if (!json) {
                out.println(line(outcome, Math.min(width, WIDEST_NAME)));
            }
        }
        if (json) {
            try {
                out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(outcomes));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
        out.flush();
        return exit;
    }

    private Outcome check(String file, CdaValidator validator) {
        byte[] bytes;
        try {
            bytes = read(Path.of(file));
        } catch (IOException | RuntimeException e) {
            return failure(file, "unreadable", reason(e), "none");
        }
        if (!isPdf(bytes)) {
            return outcome(file, validator.validate(bytes), "none");
        }
        try {
            Optional<byte[]> cda = PdfCda.read(bytes);
            String signature = signature(bytes);
            return cda.isEmpty()
                    ? failure(file, "invalid", "il PDF non contiene un CDA (cda.xml)", signature)
                    : outcome(file, validator.validate(cda.get()), signature);
        } catch (InvalidPasswordException e) {
            return failure(file, "invalid", "PDF non leggibile: è protetto da una password", "none");
        } catch (IOException e) {
            return failure(file, "invalid", "PDF non leggibile: " + e.getMessage(), "none");
        }
    }

    private static byte[] read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("è una cartella");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("file più grande di " + (MOST_BYTES >> 20) + " MB");
            }
            return bytes;
        }
    }

    private static String reason(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "file inesistente";
        }
        if (e instanceof AccessDeniedException) {
            return "file non leggibile: manca il permesso";
        }
        return e instanceof FileSystemException || e instanceof RuntimeException
                ? "file non leggibile"
                : e.getMessage();
    }

    private Outcome outcome(String file, ValidationReport report, String signature) {
        return new Outcome(
                file,
                report.isValid() && !signature.startsWith("invalid") ? "valid" : "invalid",
                report.schema(),
                report.failed().stream().map(Finding::id).toList(),
                report.warnings().stream().map(Finding::id).toList(),
                report.unknownCodes(),
                signature);
    }

    /** What the hub itself would say of the signature: one, intact, over the whole file. Who is trusted is not asked. */
    private String signature(byte[] pdf) {
        if (signatures == null) {
            signatures = new SignatureCheck(List.of());
        }
        SignatureCheck.Report report = signatures.check(pdf);
        if (report.problem() != null) {
            return "invalid: " + report.problem();
        }
        if (report.count() == 0) {
            return "none";
        }
        if (report.intact() < report.count()) {
            return "invalid: il contenuto firmato è stato cambiato, o la firma non è del certificato che porta";
        }
        if (report.count() > 1) {
            return "invalid: " + report.count() + " firme, ne è ammessa una";
        }
        return report.isSignedOnce() ? "valid" : "invalid: la firma non copre tutto il file, c'è altro dopo di essa";
    }

    /** The mark may stand anywhere in the first 1024 bytes; what begins like XML is XML, whatever it quotes. */
    private static boolean isPdf(byte[] bytes) {
        String start = new String(bytes, 0, Math.min(bytes.length, 1024), StandardCharsets.ISO_8859_1);
        return start.contains("%PDF-") && !start.stripLeading().startsWith("<");
    }

    private static Outcome failure(String file, String verdict, String reason, String signature) {
        return new Outcome(file, verdict, List.of(reason), List.of(), List.of(), List.of(), signature);
    }

    private static String line(Outcome o, int width) {
        String verdict =
                switch (o.verdict()) {
                    case "valid" -> "valido";
                    case "invalid" -> "NON valido";
                    default -> "illeggibile";
                };
        List<String> found = new ArrayList<>();
        if (!o.schema().isEmpty()) {
            boolean checked = o.schema().get(0).matches("(?s)\\d+:\\d+ .*");
            int more = o.schema().size() - 1;
            found.add((checked ? "schema " : "")
                    + oneLine(o.schema().get(0))
                    + (more == 0 ? "" : " (e altri %d errori)".formatted(more)));
        }
        if (!o.schematron().isEmpty()) {
            found.add("Schematron " + counted(o.schematron()));
        }
        if (!o.codes().isEmpty()) {
            found.add("codici " + String.join(", ", o.codes()));
        }
        if (!o.warnings().isEmpty()) {
            found.add("avvisi " + counted(o.warnings()));
        }
        if (o.signature().equals("valid")) {
            found.add("firma valida");
        } else if (!o.signature().equals("none")) {
            found.add("firma NON valida: " + o.signature().substring("invalid: ".length()));
        }
        return (pad(verdict, 11) + "  " + pad(o.file(), width) + "  " + String.join("; ", found)).stripTrailing();
    }

    /** {@code 6 b20×3}: each id once, with how often it was found. */
    private static String counted(List<String> ids) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        ids.forEach(id -> counts.merge(id, 1, Integer::sum));
        return String.join(
                " ",
                counts.entrySet().stream()
                        .map(e -> e.getKey() + (e.getValue() == 1 ? "" : "×" + e.getValue()))
                        .toList());
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= 160 ? line : line.substring(0, 159) + "…";
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
