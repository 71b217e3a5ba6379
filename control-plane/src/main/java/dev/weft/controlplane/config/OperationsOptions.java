package dev.weft.controlplane.config;

import dev.weft.config.ConfigException;
import dev.weft.config.HostPort;
import dev.weft.ops.LogFormat;
import dev.weft.ops.OperationsConfig;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options about what operators see. */
final class OperationsOptions {

    @Option(
            names = "--metrics-listen",
            paramLabel = "HOST:PORT",
            defaultValue = "",
            description = "TCP address for /healthz, /readyz and /metrics, which ask for no login: loopback, or an"
                    + " interface for those who watch. Without it, none of them is served.")
    private String metricsListen = "";

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "",
            description = "The log on standard error: text, or json for an object a line (default: WEFT_LOG_FORMAT in"
                    + " the environment, else text).")
    private String logFormat = "";

    OperationsConfig toConfig() {
        return new OperationsConfig(
                Optional.of(metricsListen)
                        .filter(text -> !text.isEmpty())
                        .map(text -> HostPort.parse("metrics-listen", text).unresolved()),
                format());
    }

    private LogFormat format() {
        try {
            return logFormat.isEmpty() ? LogFormat.ofEnvironment() : LogFormat.parse(logFormat);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("option log-format: " + e.getMessage(), e);
        }
    }
}
