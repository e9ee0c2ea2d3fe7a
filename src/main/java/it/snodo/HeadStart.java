package it.snodo;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.PerformanceOptionsEnum;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Does on a second processor what the start will need and what depends on nothing: it loads the libraries' classes, in the
 * order in which the start comes to them ({@code head-start.classes}; CONTRIBUTING.md tells how that list is made), then
 * reads the FHIR model. Whoever comes to one of them earlier does it himself; a class that is no longer there is passed
 * over. If all this fails, the start is slower and says why at the place that needs it.
 */
final class HeadStart {

    private HeadStart() {}

    static void begin() {
        Thread thread = new Thread(HeadStart::run, "head-start");
        thread.setDaemon(true);
        thread.start();
    }

    private static void run() {
        try {
            classes().forEach(HeadStart::load);
            FhirContext fhir = FhirContext.forR4Cached();
            fhir.setPerformanceOptions(PerformanceOptionsEnum.DEFERRED_MODEL_SCANNING);
            List.of("Bundle", "Binary", "DocumentReference", "CapabilityStatement", "OperationOutcome", "Parameters")
                    .forEach(fhir::getResourceDefinition);
        } catch (IOException | RuntimeException | LinkageError e) {
            // the start itself meets what is wrong
        }
    }

    private static List<String> classes() throws IOException {
        try (BufferedReader names = new BufferedReader(new InputStreamReader(
                HeadStart.class.getResourceAsStream("head-start.classes"), StandardCharsets.US_ASCII))) {
            return names.lines().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void load(String name) {
        try {
            // asking for its constructors verifies a class without running any of it
            Class.forName(name, false, HeadStart.class.getClassLoader()).getDeclaredConstructors();
        } catch (ClassNotFoundException | LinkageError e) {
            // of another version of its library, or of a part of it that nobody uses
        }
    }
}
