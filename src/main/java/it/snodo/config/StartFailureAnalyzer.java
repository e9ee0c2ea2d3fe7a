package it.snodo.config;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;

/** Why the hub does not start and what helps, in the words of the catalogue, in place of a stack trace. */
class StartFailureAnalyzer implements FailureAnalyzer, Ordered {

    private static final Pattern PORT = Pattern.compile(":(\\d{2,5})(?!\\d)");

    private static final Pattern ROUTE = Pattern.compile("[Rr]oute:?\\s+([\\w-]+)");

    @Override
    public FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SnodoException known) {
                return analysis(known.code(), known.getMessage(), failure);
            }
            if (cause instanceof PortInUseException web) {
                return analysis(SnodoCode.PORT_IN_USE, "La porta " + web.getPort() + " è già occupata.", failure);
            }
            if (cause instanceof BindException) {
                return analysis(SnodoCode.PORT_IN_USE, port(failure) + " è già occupata.", failure);
            }
            if (cause instanceof FileSystemException file && refused(file)) {
                return analysis(
                        SnodoCode.DATA_FOLDER_NOT_WRITABLE, "L'hub non può scrivere " + file.getFile() + ".", failure);
            }
        }
        return null;
    }

    private static boolean refused(FileSystemException file) {
        return file instanceof AccessDeniedException
                || (file.getReason() != null && file.getReason().contains("Read-only"));
    }

    /** What the messages on the way name: an address, or else only the route that listens. */
    private static String port(Throwable failure) {
        String named = "Una delle porte";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            Matcher port = PORT.matcher(message);
            if (port.find()) {
                return "La porta " + port.group(1);
            }
            Matcher route = ROUTE.matcher(message);
            if (route.find()) {
                named = "La porta della rotta " + route.group(1);
            }
        }
        return named;
    }

    private static FailureAnalysis analysis(SnodoCode code, String reason, Throwable failure) {
        return new FailureAnalysis(code.code() + " " + code.title() + ". " + reason, code.advice(), failure);
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
