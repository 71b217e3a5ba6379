package dev.weft.cli;

import java.util.List;

/**
 * Runs the common commands one after another in one JVM, so that the AOT cache made from this run knows the classes that
 * each needs. Started by {@code make build} through bin/weft, against a control plane and a daemon that are trained by it too:
 * what it makes there, it removes.
 */
final class Training {

    private static final List<List<String>> COMMANDS = List.of(
            List.of("network", "create", "--subnet", "10.1.0.0/24", "local"),
            List.of("network", "create", "--driver", "overlay", "--subnet", "10.2.0.0/24", "wide"),
            List.of("network", "ls"),
            List.of("run", "--name", "one", "--network", "local"),
            List.of("run", "--rm", "--network", "wide", "--", "true"),
            List.of("network", "connect", "wide", "one"),
            List.of("exec", "-i", "one", "cat"),
            List.of("network", "inspect", "wide"),
            List.of("network", "inspect", "-f", "{{range $k, $v := .Containers}}{{$v.Name}}{{end}}", "local"),
            List.of("sandbox", "ls"),
            List.of("sandbox", "inspect", "one"),
            List.of("node", "ls"),
            List.of("node", "inspect"),
            List.of("network", "disconnect", "wide", "one"),
            List.of("sandbox", "rm", "one"),
            List.of("network", "rm", "wide"),
            List.of("network", "prune", "--force"),
            List.of("network", "--help"),
            List.of("--help"));

    /** How errors are shown is to be quick as well. */
    private static final List<String> REFUSED = List.of("network", "inspect", "no-such-network");

    private Training() {}

    public static void main(String[] args) {
        Terminal terminal = Terminal.ofProcess();
        new Weft(terminal, System.getenv()).run(REFUSED.toArray(String[]::new));
        for (List<String> command : COMMANDS) {
            int code = new Weft(terminal, System.getenv()).run(command.toArray(String[]::new));
            if (code != 0) {
                throw new IllegalStateException("weft " + String.join(" ", command) + " ended with " + code);
            }
        }
        // dev/aot-train.sh waits for it.
        terminal.out().println("weft trained");
        terminal.out().flush();
    }
}
