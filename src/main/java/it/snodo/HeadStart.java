package it.snodo;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.PerformanceOptionsEnum;
import java.util.List;
import net.sf.saxon.s9api.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads, on a second processor, what the start will need and what depends on nothing: while Spring still looks at its
 * configuration, the FHIR model is scanned and the largest libraries are loaded. Whoever comes to them earlier simply
 * waits or does it himself; if this fails, the start is slower and says why at the place that needs it.
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
            // in the order in which the start comes to them
            load("org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl");
            load("org.apache.activemq.artemis.core.client.impl.ServerLocatorImpl");
            new Processor(false).newXsltCompiler();
            FhirContext fhir = FhirContext.forR4Cached();
            fhir.setPerformanceOptions(PerformanceOptionsEnum.DEFERRED_MODEL_SCANNING);
            List.of("Bundle", "Binary", "DocumentReference", "CapabilityStatement", "OperationOutcome", "Parameters")
                    .forEach(fhir::getResourceDefinition);
            load("eu.europa.esig.dss.spi.DSSUtils");
            load("eu.europa.esig.dss.pades.signature.PAdESService");
            load("com.openhtmltopdf.pdfboxout.PdfRendererBuilder");
        } catch (ClassNotFoundException | RuntimeException | LinkageError e) {
            LoggerHolder.LOG.debug("Head start ended early: {}", e.toString());
        }
    }

    private static void load(String name) throws ClassNotFoundException {
        Class.forName(name, true, HeadStart.class.getClassLoader());
    }

    /** Logging must not begin here: it is configured by the start. */
    private static final class LoggerHolder {
        private static final Logger LOG = LoggerFactory.getLogger(HeadStart.class);
    }
}
