package it.snodo.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.config.ConfigFolder;
import it.snodo.document.ValidationReport.Finding;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code validate [--json] [--schema DIR] [--schematron FILE] [--terminology DIR] FILE…}: the hub's document checks from
 * the command line, on CDA files and on PDFs with one inside. Exit code 0 when all are valid, 1 when some are not, 2 when
 * the command is wrong or a file cannot be read.
 */
public final class ValidateCommand {

    private static final String USAGE = """
            uso: validate [--json] [--schema CARTELLA] [--schematron FILE] [--terminology CARTELLA] FILE…

            Controlla documenti CDA (RSA), o PDF che ne contengono uno (cda.xml): schema, Schematron, codici, firma.
              --json         un array JSON, un oggetto per file
              --schema       schemi CDA ufficiali al posto dei nostri
              --schematron   Schematron ufficiale al posto del nostro
              --terminology  elenchi di codici <OID>.csv al posto dei nostri
            Uscita: 0 tutti validi, 1 qualcuno non valido, 2 comando errato o file illeggibile.
            """;

    private boolean json;
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
            if (!options || !arg.startsWith("--")) {
                files.add(arg);
            } else if (arg.equals("--")) {
                options = false;
            } else if (arg.equals("--json")) {
                json = true;
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
        CdaValidator validator;
        try {
            String home = System.getProperty("snodo.config-dir", System.getenv().getOrDefault("SNODO_CONFIG_DIR", "."));
            validator = CdaValidator.of(new ConfigFolder(Path.of(home)), schema, schematron, terminology);
        } catch (RuntimeException e) {
            err.println(e.getMessage());
            return 2;
        }
        List<Outcome> outcomes = new ArrayList<>();
        int exit = 0;
        for (String file : files) {
            Outcome outcome = check(file, validator);
            exit = Math.max(
                    exit,
                    switch (outcome.verdict()) {
                        case "valid" -> 0;
                        case "invalid" -> 1;
                        default -> 2;
                    });
            outcomes.add(outcome);
            if (!json) {
                out.println(line(outcome));
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

    private static Outcome check(String file, CdaValidator validator) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(Path.of(file));
        } catch (IOException | RuntimeException e) {
            return failure(file, "unreadable", "file non leggibile", "none");
        }
        String signature = "none";
        if (isPdf(bytes)) {
            try {
                signature = PdfReading.signature(bytes);
                Optional<byte[]> cda = PdfReading.cda(bytes);
                if (cda.isEmpty()) {
                    return failure(file, "invalid", "il PDF non contiene un CDA (cda.xml)", signature);
                }
                bytes = cda.get();
            } catch (IOException | RuntimeException e) {
                return failure(file, "invalid", "PDF non leggibile: " + e.getMessage(), "none");
            }
        }
        ValidationReport report = validator.validate(bytes);
        boolean valid = report.isValid() && !signature.startsWith("invalid");
        return new Outcome(
                file,
                valid ? "valid" : "invalid",
                report.schema(),
                report.failed().stream().map(Finding::id).toList(),
                report.warnings().stream().map(Finding::id).toList(),
                report.unknownCodes(),
                signature);
    }

    private static boolean isPdf(byte[] bytes) {
        return bytes.length > 4 && new String(bytes, 0, 5, StandardCharsets.ISO_8859_1).equals("%PDF-");
    }

    private static Outcome failure(String file, String verdict, String reason, String signature) {
        return new Outcome(file, verdict, List.of(reason), List.of(), List.of(), List.of(), signature);
    }

    private static String line(Outcome o) {
        StringBuilder line = new StringBuilder(o.file()).append(": ").append(o.verdict());
        if (!o.schema().isEmpty()) {
            line.append("; schema ")
                    .append(o.schema().size())
                    .append(" (")
                    .append(o.schema().get(0))
                    .append(')');
        }
        if (!o.schematron().isEmpty()) {
            line.append("; schematron ").append(String.join(" ", o.schematron()));
        }
        if (!o.warnings().isEmpty()) {
            line.append("; warnings ").append(String.join(" ", o.warnings()));
        }
        if (!o.codes().isEmpty()) {
            line.append("; codes ").append(String.join(", ", o.codes()));
        }
        return line.append("; signature ").append(o.signature()).toString();
    }
}
