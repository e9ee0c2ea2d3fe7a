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
                return analysis(SnodoCode.PORT_IN_USE, "La porta" + port(failure) + " è già occupata.", failure);
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

    /** Netty and the JDK name the address in one of the messages on the way. */
    private static String port(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher port = PORT.matcher(String.valueOf(cause.getMessage()));
            if (port.find()) {
                return " " + port.group(1);
            }
        }
        return "";
    }

    private static FailureAnalysis analysis(SnodoCode code, String reason, Throwable failure) {
        return new FailureAnalysis(code.code() + " " + code.title() + ". " + reason, code.advice(), failure);
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
