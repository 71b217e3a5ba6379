package dev.weft.node.config;

import dev.weft.config.ConfigException;
import dev.weft.config.ConfigFile;
import dev.weft.config.HostPort;
import dev.weft.net.IpAddress;
import dev.weft.ops.LogFormat;
import dev.weft.ops.OperationsConfig;
import dev.weft.trust.JoinToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command line. What it does not say the configuration file may, and what neither says has a default. */
@Command(
        name = "weft-node",
        description = "Turns this node's part of the networks into kernel state.",
        mixinStandardHelpOptions = true,
        version = "weft-node",
        sortOptions = false)
public final class NodeOptions {

    @Option(names = "--name", paramLabel = "NAME", description = "This node's name. Default: the host's name.")
    private @Nullable String name;

    @Option(
            names = "--control-plane",
            paramLabel = "ADDRESS",
            description =
                    "Where the control plane's replicas listen for nodes: HOST:PORT[,HOST:PORT...]; or unix:///path of the"
                            + " one on this host. Default: 127.0.0.1:7400.")
    private @Nullable String controlPlane;

    @Option(
            names = "--join",
            paramLabel = "TOKEN",
            description =
                    "Join the cluster with this token, from weft node token create. It is good once; a node that has"
                            + " joined with it starts with or without it.")
    private @Nullable String join;

    @Option(
            names = "--insecure",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "BOOL",
            description = "Speak to the control plane without TLS, as it must be started, too. Default: false.")
    private @Nullable String insecure;

    @Option(
            names = "--underlay",
            paramLabel = "ADDRESS",
            description = "This node's tunnel address, or none to take no part in overlays."
                    + " Default: the one from which the control plane is reached.")
    private @Nullable String underlay;

    @Option(
            names = "--underlay-mtu",
            paramLabel = "BYTES",
            description = "Largest packet that the way to other nodes carries. Default: that of the underlay's link.")
    private @Nullable String underlayMtu;

    @Option(
            names = "--allow-host-fallback",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "BOOL",
            description = "Let sandboxes whose policy says so fall back to this host's own network. Default: false.")
    private @Nullable String allowHostFallback;

    @Option(names = "--run-dir", paramLabel = "DIR", description = "Sockets and namespaces. Default: /run/weft.")
    private @Nullable String runDirectory;

    @Option(names = "--state-dir", paramLabel = "DIR", description = "State. Default: /var/lib/weft/node.")
    private @Nullable String stateDirectory;

    @Option(
            names = "--resolv-conf",
            paramLabel = "FILE",
            description = "Name servers and search domains for sandboxes that say nothing of them."
                    + " Default: /etc/resolv.conf.")
    private @Nullable String resolvConf;

    @Option(
            names = "--metrics-listen",
            paramLabel = "HOST:PORT",
            description = "TCP address for /healthz, /readyz and /metrics, which ask for no login: loopback, or an"
                    + " interface for those who watch. Without it, none of them is served.")
    private @Nullable String metricsListen;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            description = "The log on standard error: text, or json for an object a line. Default: WEFT_LOG_FORMAT in"
                    + " the environment, else text.")
    private @Nullable String logFormat;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A file of 'key = value' lines; keys are the long options without dashes.")
    private @Nullable Path config;

    private NodeOptions() {}

    /** What the command line asks for. */
    public sealed interface Request {

        record Run(NodeConfig config) implements Request {}

        /** Help, or the version. */
        record Print(String text) implements Request {}
    }

    /** @throws ConfigException for anything unknown, malformed or out of range */
    public static Request parse(String... arguments) {
        NodeOptions options = new NodeOptions();
        CommandLine commandLine = new CommandLine(options);
        try {
            CommandLine.ParseResult parsed = commandLine.parseArgs(arguments);
            if (parsed.isUsageHelpRequested()) {
                return new Request.Print(commandLine.getUsageMessage(CommandLine.Help.Ansi.OFF));
            }
            if (parsed.isVersionHelpRequested()) {
                return new Request.Print("weft-node " + version() + System.lineSeparator());
            }
        } catch (ParameterException e) {
            throw new ConfigException(e.getMessage() + " (see weft-node --help)", e);
        }
        Map<String, String> file = options.config == null
                ? Map.of()
                : ConfigFile.read(
                        options.config, keys(commandLine.getCommandSpec().options()));
        return new Request.Run(options.config(file));
    }

    /** The version that the jar's manifest has. */
    public static String version() {
        return Optional.ofNullable(NodeOptions.class.getPackage().getImplementationVersion())
                .orElse("0.1.0-SNAPSHOT");
    }

    private static TreeSet<String> keys(List<OptionSpec> options) {
        TreeSet<String> keys = new TreeSet<>();
        for (OptionSpec option : options) {
            String key = option.longestName().substring(2);
            if (!List.of("config", "help", "version").contains(key)) {
                keys.add(key);
            }
        }
        return keys;
    }

    private NodeConfig config(Map<String, String> file) {
        ControlPlaneAddress address = ControlPlaneAddress.parse(
                "--control-plane", value(controlPlane, "control-plane", file).orElse("127.0.0.1:7400"));
        return new NodeConfig(
                value(name, "name", file).orElseGet(NodeOptions::hostName),
                address,
                security(address, file),
                value(underlay, "underlay", file).filter("none"::equals).isPresent()
                        ? NodeConfig.Overlays.LEFT_OUT
                        : NodeConfig.Overlays.JOINED,
                value(underlay, "underlay", file)
                        .filter(text -> !text.equals("none"))
                        .map(text -> parsed("--underlay", text, IpAddress::parse)),
                value(underlayMtu, "underlay-mtu", file).map(text -> parsed("--underlay-mtu", text, Integer::valueOf)),
                value(allowHostFallback, "allow-host-fallback", file)
                        .map(text -> parsed("--allow-host-fallback", text, NodeOptions::hostFallback))
                        .orElse(NodeConfig.HostFallback.FORBIDDEN),
                path("run-dir", value(runDirectory, "run-dir", file).orElse("/run/weft")),
                path("state-dir", value(stateDirectory, "state-dir", file).orElse("/var/lib/weft/node")),
                path("resolv-conf", value(resolvConf, "resolv-conf", file).orElse("/etc/resolv.conf")),
                operations(file));
    }

    private OperationsConfig operations(Map<String, String> file) {
        return new OperationsConfig(
                value(metricsListen, "metrics-listen", file)
                        .map(text -> parsed("--metrics-listen", text, HostPort::parse))
                        .map(HostPort::unresolved),
                value(logFormat, "log-format", file)
                        .map(text -> parsed("--log-format", text, LogFormat::parse))
                        .orElseGet(LogFormat::ofEnvironment));
    }

    private Security security(ControlPlaneAddress address, Map<String, String> file) {
        Optional<JoinToken> token = value(join, "join", file).map(NodeOptions::token);
        boolean without = value(insecure, "insecure", file)
                .map(text -> parsed("--insecure", text, NodeOptions::bool))
                .orElse(false);
        if (without && token.isPresent()) {
            throw new ConfigException("--join and --insecure do not go together: give one of them");
        }
        return without || address instanceof ControlPlaneAddress.UnixSocket
                ? new Security.None()
                : new Security.Certificates(token);
    }

    /** Unlike other values it stands in no message. */
    private static JoinToken token(String text) {
        try {
            return JoinToken.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("invalid --join: " + e.getMessage(), e);
        }
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("give true or false");
        };
    }

    private static NodeConfig.HostFallback hostFallback(String text) {
        return switch (text) {
            case "true" -> NodeConfig.HostFallback.ALLOWED;
            case "false" -> NodeConfig.HostFallback.FORBIDDEN;
            default -> throw new IllegalArgumentException("give true or false");
        };
    }

    private static Optional<String> value(@Nullable String option, String key, Map<String, String> file) {
        return Optional.ofNullable(option).or(() -> Optional.ofNullable(file.get(key)));
    }

    private static Path path(String key, String text) {
        return parsed("--" + key, text, Path::of).toAbsolutePath();
    }

    private static <T> T parsed(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("invalid " + option + " '" + text + "': " + e.getMessage(), e);
        }
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            throw new ConfigException("the host's name cannot be read; give --name", e);
        }
    }
}
