package dev.weft.controlplane.config;

import dev.weft.config.ConfigException;
import dev.weft.config.ConfigFile;
import dev.weft.config.HostPort;
import dev.weft.controlplane.backup.Restore.Existing;
import dev.weft.controlplane.store.config.StoreConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The command line of {@code weft-control-plane}. Every option can stand in the configuration file, too. */
@Command(
        name = "weft-control-plane",
        description = {
            "Keeps Weft's networks, sandboxes and nodes, and tells each node what concerns it.",
            "weft-control-plane backup FILE and weft-control-plane restore FILE work on a store that no control plane"
                    + " runs on; each has --help."
        },
        mixinStandardHelpOptions = true,
        version = "weft-control-plane 0.1.0",
        sortOptions = false)
public final class ControlPlaneOptions implements Options {

    private static final Pattern CLUSTER_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,63}");
    private static final Pattern DURATION = Pattern.compile("([1-9]\\d{0,4})([smh])");
    private static final Set<String> NOT_IN_FILE = Set.of("config", "help", "version");

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Option(
            names = "--cluster-name",
            paramLabel = "NAME",
            defaultValue = "weft",
            description = "Tells clusters from each other: automatic IPv6 subnets follow from it"
                    + " (default: ${DEFAULT-VALUE}).")
    private String clusterName = "";

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "0.0.0.0:7400",
            description = "TCP address for nodes and clients, or none (default: ${DEFAULT-VALUE}).")
    private String listen = "";

    @Option(
            names = "--http-listen",
            paramLabel = "HOST:PORT",
            defaultValue = "",
            description = "TCP address for events over HTTP, at /v1/events; without it, no HTTP is served.")
    private String httpListen = "";

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            defaultValue = "/run/weft",
            description = "Directory of the unix socket (default: ${DEFAULT-VALUE}).")
    private Path runDirectory = Path.of("");

    @Option(
            names = "--leak-grace",
            paramLabel = "DURATION",
            defaultValue = "15m",
            description =
                    "How long a node may be silent before an address that it could still hold, and nobody needs, is"
                            + " released: 90s, 15m, 2h (default: ${DEFAULT-VALUE}).")
    private String leakGrace = "";

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private final TrustOptions trust = new TrustOptions();

    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private final OperationsOptions operations = new OperationsOptions();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "File of 'option = value' lines; the command line goes before it.")
    private @Nullable Path config;

    private ControlPlaneOptions() {}

    /** What the command line asks for. */
    public sealed interface Request {

        /** Run with this configuration. */
        record Run(ControlPlaneConfig config) implements Request {}

        /** Write a backup of the store to the file, and end. */
        record Backup(StoreConfig store, Path file) implements Request {}

        /** Bring the store to what the file has, and end. */
        record Restore(StoreConfig store, Path file, Existing existing) implements Request {}

        /** Print this text and end: help or version. */
        record Print(String text) implements Request {}
    }

    /**
     * @throws ConfigException for anything that is wrong
     */
    public static Request parse(String... arguments) {
        String[] rest = arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
        return switch (arguments.length == 0 ? "" : arguments[0]) {
            case "backup" -> parse(new BackupOptions(), rest);
            case "restore" -> parse(new RestoreOptions(), rest);
            default -> parse(new ControlPlaneOptions(), arguments);
        };
    }

    private static Request parse(Options options, String... arguments) {
        CommandLine commandLine = new CommandLine(options).registerConverter(Path.class, ControlPlaneOptions::path);
        try {
            commandLine.parseArgs(arguments);
            if (commandLine.isUsageHelpRequested()) {
                return new Request.Print(commandLine.getUsageMessage());
            }
            if (commandLine.isVersionHelpRequested()) {
                return new Request.Print(String.join(
                                System.lineSeparator(),
                                commandLine.getCommandSpec().version())
                        + System.lineSeparator());
            }
            Optional<Path> file = options.configFile();
            if (file.isPresent()) {
                // One file for all commands: each takes what concerns it.
                Map<String, String> values =
                        ConfigFile.read(file.get(), keys(new CommandLine(new ControlPlaneOptions())));
                commandLine.setDefaultValueProvider(argument -> argument instanceof OptionSpec option
                        ? values.getOrDefault(key(option), option.defaultValue())
                        : argument.defaultValue());
                commandLine.parseArgs(arguments);
            }
        } catch (ParameterException e) {
            throw new ConfigException(e.getMessage() + "; see " + commandLine.getCommandName() + " --help", e);
        }
        return options.toRequest();
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' is no path: " + e.getReason());
        }
    }

    @Override
    public Optional<Path> configFile() {
        return Optional.ofNullable(config);
    }

    @Override
    public Request toRequest() {
        return new Request.Run(toConfig());
    }

    private ControlPlaneConfig toConfig() {
        if (!CLUSTER_NAME.matcher(clusterName).matches()) {
            throw new ConfigException("option cluster-name: invalid name '" + clusterName
                    + "': it should be 1 to 63 letters, digits, '.', '_' and '-'");
        }
        StoreConfig storeConfig = store.toConfig();
        Optional<HostPort> address =
                listen.equals("none") ? Optional.empty() : Optional.of(HostPort.parse("listen", listen));
        return new ControlPlaneConfig(
                storeConfig,
                clusterName,
                address,
                httpListen.isEmpty() ? Optional.empty() : Optional.of(HostPort.parse("http-listen", httpListen)),
                runDirectory.toAbsolutePath(),
                duration("leak-grace", leakGrace),
                trust.toConfig(address.isPresent() || !httpListen.isEmpty(), store.stateDirectory()),
                kafka.toConfig(clusterName),
                cluster.toConfig(clusterName, storeConfig),
                operations.toConfig());
    }

    /** The version that the jar's manifest has. */
    public static String version() {
        return Optional.ofNullable(ControlPlaneOptions.class.getPackage().getImplementationVersion())
                .orElse("0.1.0-SNAPSHOT");
    }

    static Duration duration(String option, String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new ConfigException("option " + option + ": invalid duration '" + text
                    + "': it should be a number from 1 to 99999 and s, m or h");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    private static Set<String> keys(CommandLine commandLine) {
        return commandLine.getCommandSpec().options().stream()
                .map(ControlPlaneOptions::key)
                .filter(key -> !NOT_IN_FILE.contains(key))
                .collect(Collectors.toSet());
    }

    private static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^--", "");
    }
}
