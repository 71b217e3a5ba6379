package dev.weft.controlplane;

import java.util.Arrays;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** Hands what gRPC logs through the JDK's own logging to the process's log, so that everything has one form. */
final class JdkLogForwarder extends Handler {

    private final SimpleFormatter formatter = new SimpleFormatter();

    private JdkLogForwarder() {}

    /** Takes the place of the handlers there are. */
    static void install() {
        java.util.logging.Logger root = LogManager.getLogManager().getLogger("");
        Arrays.stream(root.getHandlers()).forEach(root::removeHandler);
        root.addHandler(new JdkLogForwarder());
    }

    @Override
    public void publish(LogRecord event) {
        String name = event.getLoggerName() == null ? "jdk" : event.getLoggerName();
        org.slf4j.Logger log = LoggerFactory.getLogger(name);
        String message = formatter.formatMessage(event);
        int level = event.getLevel().intValue();
        if (level >= Level.SEVERE.intValue()) {
            log.error(message, event.getThrown());
        } else if (level >= Level.WARNING.intValue()) {
            log.warn(message, event.getThrown());
        } else {
            log.debug(message, event.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
