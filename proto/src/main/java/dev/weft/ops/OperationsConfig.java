package dev.weft.ops;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * How a daemon shows itself to operators.
 *
 * @param metricsListen where health and metrics are served, if they are; not resolved yet
 */
public record OperationsConfig(Optional<InetSocketAddress> metricsListen, LogFormat logFormat) {

    /** Nothing is served, and the log is text. */
    public static final OperationsConfig DEFAULT = new OperationsConfig(Optional.empty(), LogFormat.TEXT);
}
