package it.snodo.document;

import com.openhtmltopdf.util.Diagnostic;
import com.openhtmltopdf.util.XRLog;
import com.openhtmltopdf.util.XRLogger;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets openhtmltopdf's warnings through and spares us its ten lines of chatter for every document. */
final class OpenHtmlLog implements XRLogger {

    private static final Logger LOG = LoggerFactory.getLogger("com.openhtmltopdf");

    private OpenHtmlLog() {}

    static void install() {
        XRLog.setLoggerImpl(new OpenHtmlLog());
    }

    @Override
    public boolean isLogLevelEnabled(Diagnostic diagnostic) {
        return diagnostic.getLevel().intValue() >= Level.WARNING.intValue();
    }

    @Override
    public void log(String where, Level level, String message) {
        LOG.warn("{}", message);
    }

    @Override
    public void log(String where, Level level, String message, Throwable cause) {
        LOG.warn("{}", message, cause);
    }

    @Override
    public void setLevel(String logger, Level level) {
        // slf4j decides
    }
}
