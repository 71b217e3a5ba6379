package dev.weft.cli.client;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The libraries' own logging is not for a command's standard error: what matters arrives as the error of a call. */
public final class QuietLogging {

    // Held: java.util.logging forgets the level of a logger that nobody refers to.
    private static final List<Logger> LOGGERS = List.of(Logger.getLogger("io.grpc"), Logger.getLogger("io.netty"));

    private QuietLogging() {}

    public static void install() {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
    }
}
