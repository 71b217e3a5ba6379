package dev.weft.cli;

import dev.weft.cli.client.Connection;
import dev.weft.cli.client.ServerAddress;
import dev.weft.cli.output.TemplateException;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Composition root of the {@code weft} command: options that every command has, and where errors end. */
@Command(
        name = "weft",
        description = "Networks for containers, on one host and across hosts.",
        synopsisSubcommandLabel = "COMMAND")
public final class Weft {

    @Option(
            names = {"-H", "--host"},
            paramLabel = "ADDRESS",
            scope = ScopeType.INHERIT,
            description =
                    "Control plane or node daemon: unix:///path or host:port. Default: WEFT_HOST, else"
                            + " host in ~/.config/weft/config, else /run/weft/node.sock if present, else /run/weft/control-plane.sock.")
    private String host = "";

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Certificate of the cluster's authority (PEM), for a control plane by TCP. Default: WEFT_CA,"
                    + " else ca in ~/.config/weft/config.")
    private String authority = "";

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Your certificate (PEM), from weft ca issue. Default: WEFT_CERT, else cert in that file.")
    private String certificate = "";

    @Option(
            names = "--key",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Its private key (PEM, mode 0600). Default: WEFT_KEY, else key in that file.")
    private String key = "";

    @Option(
            names = "--insecure",
            scope = ScopeType.INHERIT,
            description = "Speak to a control plane that runs with --insecure, without TLS. Default: WEFT_INSECURE.")
    private boolean insecure;

    // picocli acts on it while it parses.
    @SuppressWarnings("unused")
    @Option(
            names = {"--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show what the command does and its options.")
    private boolean help;

    @SuppressWarnings("unused")
    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    private boolean version;

    private final Terminal terminal;
    private final Map<String, String> environment;

    public Weft(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = Map.copyOf(environment);
    }

    public static void main(String[] args) {
        Terminal terminal = Terminal.ofProcess();
        int code = new Weft(terminal, System.getenv()).run(args);
        terminal.out().flush();
        System.exit(code);
    }

    /** Runs one command to its end and answers its exit code. */
    public int run(String... args) {
        CommandLine commandLine = new CommandTree(this).forArguments(args);
        commandLine.setParameterExceptionHandler((thrown, _) -> {
            Misuse.report(thrown, terminal.err());
            return ExitCode.USAGE.code();
        });
        commandLine.setExecutionExceptionHandler((thrown, _, _) -> report(thrown));
        int code = commandLine.execute(args);
        // Also flushes. What nobody could read was not done.
        boolean lost = terminal.out().checkError();
        return lost && code == ExitCode.OK.code() ? ExitCode.FAILURE.code() : code;
    }

    private int report(Exception thrown) {
        terminal.out().flush();
        if (environment.containsKey("WEFT_DEBUG")) {
            thrown.printStackTrace(terminal.err());
        }
        return switch (thrown) {
            case CliException e -> {
                if (e.getMessage() != null && !e.getMessage().isEmpty()) {
                    terminal.err().println("weft: " + e.getMessage());
                }
                yield e.exitCode().code();
            }
            case TemplateException e -> {
                terminal.err().println("weft: template: " + e.getMessage());
                yield ExitCode.USAGE.code();
            }
            default -> {
                terminal.err().println("weft: internal error: " + thrown + " (WEFT_DEBUG=1 shows where)");
                yield ExitCode.FAILURE.code();
            }
        };
    }

    public Terminal terminal() {
        return terminal;
    }

    public Map<String, String> environment() {
        return environment;
    }

    /** The server that the options, the environment, the configuration file or the default name, in this order. */
    public ServerAddress server() {
        return settings().server();
    }

    /** A connection to that server, with what is said of certificates. */
    public Connection connect() {
        ClientSettings settings = settings();
        return Connection.open(settings.server(), settings.credentials(), terminal::warn);
    }

    /** Whether the command line says that there is to be no TLS. */
    public boolean isInsecure() {
        return insecure;
    }

    private ClientSettings settings() {
        return new ClientSettings(
                Map.of(
                        "host",
                        host,
                        "ca",
                        authority,
                        "cert",
                        certificate,
                        "key",
                        key,
                        "insecure",
                        insecure ? "true" : ""),
                environment);
    }
}
